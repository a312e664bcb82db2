import { HUGEINT } from "@duckdb/node-api";
import { ofBytes } from "./bytes.ts";
import { BYTES, fail, LONG, NUMBER, TEXT, type Udf } from "./udf.ts";

const NONE = new Uint8Array();
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/** Remainders of eight characters in which whole bytes end. */
const LENGTHS = new Set([0, 2, 4, 5, 7]);

const invalid = (message: string): never => fail("INVALID_FUNCTION_ARGUMENT", message);

/** Base32 of RFC 4648, padded. */
export function toBase32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  const groups = bits.match(/.{1,5}/g) ?? [];
  const text = groups.map((group) => ALPHABET[Number.parseInt(group.padEnd(5, "0"), 2)]).join("");
  return text.padEnd(Math.ceil(text.length / 8) * 8, "=");
}

/** As Guava reads it: any padding or none, and no matter what the bits say that fill no byte. */
export function fromBase32(text: string): Uint8Array {
  const bare = text.replace(/=+$/, "");
  if (!LENGTHS.has(bare.length % 8)) invalid(`Invalid input length ${bare.length}`);
  const wrong = /[^A-Z2-7]/.exec(bare)?.[0];
  if (wrong !== undefined) invalid(`Unrecognized character: ${wrong}`);
  const bits = [...bare].map((c) => ALPHABET.indexOf(c).toString(2).padStart(5, "0")).join("");
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2));
}

/** A number of so many bytes, read or written with the high byte first. */
function sized(bytes: Uint8Array | undefined, size: number, message: (length: number) => string): DataView {
  const { buffer, byteOffset, length } = bytes ?? NONE;
  if (length !== size) invalid(message(length));
  return new DataView(buffer, byteOffset, length);
}

const ofNumber = (name: string, size: number, write: (view: DataView, value: number) => void): Udf => ({
  name,
  takes: [NUMBER],
  gives: BYTES,
  refuses: false,
  call: (x) => {
    const bytes = new Uint8Array(size);
    write(new DataView(bytes.buffer), Number(x));
    return bytes;
  },
});

const shortOf = (length: number): string => `expected 4-byte input, but got instead: ${length}`;
const floating = (size: number) => (): string => `Input floating-point value must be exactly ${size} bytes long`;

/** Java's `(long) x` of a double: towards zero, as far as a long goes; NaN is 0. */
const asLong = (value: number): number =>
  Number.isNaN(value) ? 0 : Math.max(-(2 ** 63), Math.min(2 ** 63, Math.trunc(value)));

const UNITS = ["", "K", "M", "B", "T", "Q"] as const;

/** Three digits or more and a unit: `1.23M`. What is negative always has two decimals. */
export function formatNumber(number: number): string {
  let value = asLong(number);
  let unit = 0;
  for (; Math.abs(value) >= 1000 && unit < UNITS.length - 1; unit++) value /= 1000;
  const decimals = value < 10 ? 2 : value < 100 ? 1 : 0;
  const text = value.toFixed(decimals);
  return `${decimals === 0 ? text : text.replace(/\.?0+$/, "")}${UNITS[unit]}`;
}

/** A sum as 64 bits that wrap, the low byte first. */
function lowWord(sum: bigint): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, sum));
  return bytes;
}

/** Bytes and texts that stand for numbers or for other bytes. */
export const encodingUdfs: readonly Udf[] = [
  ofBytes("trino_to_base32", 1, TEXT, (x = NONE) => toBase32(x)),
  ofBytes("trino_from_base32", 1, BYTES, (x = NONE) => fromBase32(Buffer.from(x).toString())),
  ofNumber("trino_to_big_endian_32", 4, (view, x) => view.setInt32(0, x)),
  ofNumber("trino_to_ieee754_32", 4, (view, x) => view.setFloat32(0, x)),
  ofNumber("trino_to_ieee754_64", 8, (view, x) => view.setFloat64(0, x)),
  ofBytes("trino_from_big_endian_32", 1, LONG, (x) => BigInt(sized(x, 4, shortOf).getInt32(0))),
  ofBytes("trino_from_ieee754_32", 1, NUMBER, (x) => sized(x, 4, floating(4)).getFloat32(0)),
  ofBytes("trino_from_ieee754_64", 1, NUMBER, (x) => sized(x, 8, floating(8)).getFloat64(0)),
  {
    name: "trino_checksum",
    takes: [HUGEINT],
    gives: BYTES,
    refuses: false,
    call: (sum) => lowWord(BigInt(String(sum))),
  },
  { name: "trino_short_number", takes: [NUMBER], gives: TEXT, refuses: false, call: (x) => formatNumber(Number(x)) },
];
