import { createHash, createHmac } from "node:crypto";
import { crc32 } from "node:zlib";
import { BYTES, fail, LONG, ofTexts, type Plain, refuse, TEXT, type Udf } from "./udf.ts";

export const MASK = 0xffff_ffff_ffff_ffffn;
/** The primes of xxHash64 (https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md). */
export const XXHASH64_PRIMES = [
  0x9e3779b185ebca87n,
  0xc2b2ae3d27d4eb4fn,
  0x165667b19e3779f9n,
  0x85ebca77c2b2ae63n,
  0x27d4eb2f165667c5n,
] as const;
const [P1, P2, P3, P4, P5] = XXHASH64_PRIMES;
export const left = (x: bigint, by: bigint): bigint => ((x << by) | (x >> (64n - by))) & MASK;
export const times = (a: bigint, b: bigint): bigint => (a * b) & MASK;
const round = (acc: bigint, lane: bigint): bigint => times(left((acc + times(lane, P2)) & MASK, 31n), P1);

/** xxHash64 with seed 0 (https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md). */
export function xxhash64(bytes: Uint8Array): bigint {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  let hash: bigint;
  if (data.length >= 32) {
    const lanes = [(P1 + P2) & MASK, P2, 0n, -P1 & MASK];
    for (; at + 32 <= data.length; at += 32)
      for (const [i, lane] of lanes.entries()) lanes[i] = round(lane, data.readBigUInt64LE(at + 8 * i));
    const turns = [1n, 7n, 12n, 18n];
    hash = lanes.reduce((sum, lane, i) => (sum + left(lane, turns[i] ?? 0n)) & MASK, 0n);
    for (const lane of lanes) hash = (times(hash ^ round(0n, lane), P1) + P4) & MASK;
  } else hash = P5;
  hash = (hash + BigInt(data.length)) & MASK;
  for (; at + 8 <= data.length; at += 8)
    hash = (times(left(hash ^ round(0n, data.readBigUInt64LE(at)), 27n), P1) + P4) & MASK;
  if (at + 4 <= data.length) {
    hash = (times(left(hash ^ times(BigInt(data.readUInt32LE(at)), P1), 23n), P2) + P3) & MASK;
    at += 4;
  }
  for (; at < data.length; at++) hash = times(left(hash ^ times(BigInt(data[at] ?? 0), P5), 11n), P1);
  hash = times(hash ^ (hash >> 33n), P2);
  hash = times(hash ^ (hash >> 29n), P3);
  return hash ^ (hash >> 32n);
}

function bigEndian(value: bigint): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value & MASK);
  return bytes;
}

const bytesOf = (value: Plain | undefined): Uint8Array => {
  if (value instanceof Uint8Array) return value;
  throw new Error("bytes are expected");
};

/** A function of bytes. */
export const ofBytes = (
  name: string,
  count: number,
  gives: Udf["gives"],
  call: (...bytes: readonly Uint8Array[]) => Plain,
): Udf => ({
  name,
  takes: Array.from({ length: count }, () => BYTES),
  gives,
  refuses: false,
  call: (...args) => call(...args.map(bytesOf)),
});

const hash = (name: string, algorithm: string): Udf =>
  ofBytes(`trino_${name}`, 1, BYTES, (x) =>
    createHash(algorithm)
      .update(x ?? "")
      .digest(),
  );
const keyed = (name: string, algorithm: string): Udf =>
  ofBytes(`trino_${name}`, 2, BYTES, (x, key) =>
    createHmac(algorithm, key ?? "")
      .update(x ?? "")
      .digest(),
  );

function fromHex(text: string): Uint8Array {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(text))
    fail("INVALID_FUNCTION_ARGUMENT", "not a hexadecimal text of even length");
  return Buffer.from(text, "hex");
}

/** Java's decoder: padding may be left out, nothing else may be there. */
function fromBase64(text: string, url: boolean): Uint8Array {
  const form = url ? /^[A-Za-z0-9_-]*={0,2}$/ : /^[A-Za-z0-9+/]*={0,2}$/;
  const bare = text.replace(/=+$/, "");
  if (!form.test(text) || bare.length % 4 === 1 || (text !== bare && text.length % 4 !== 0))
    fail("INVALID_FUNCTION_ARGUMENT", "Illegal base64 text");
  return Buffer.from(text, url ? "base64url" : "base64");
}

/** Base64 of the URL kind, padded as Java's. */
const toBase64Url = (bytes: Uint8Array): string =>
  Buffer.from(bytes).toString("base64").replaceAll("+", "-").replaceAll("/", "_");

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Trino puts replacement characters where bytes are no UTF-8. */
function fromUtf8(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return refuse("from_utf8 of bytes that are no UTF-8");
  }
}

/** Functions on bytes. */
export const byteUdfs: readonly Udf[] = [
  hash("sha1", "sha1"),
  hash("sha512", "sha512"),
  keyed("hmac_md5", "md5"),
  keyed("hmac_sha1", "sha1"),
  keyed("hmac_sha256", "sha256"),
  keyed("hmac_sha512", "sha512"),
  ofBytes("trino_xxhash64", 1, BYTES, (x) => bigEndian(xxhash64(bytesOf(x)))),
  ofBytes("trino_crc32", 1, LONG, (x) => BigInt(crc32(Buffer.from(bytesOf(x))))),
  { ...ofBytes("trino_from_utf8", 1, TEXT, (x) => fromUtf8(bytesOf(x))), refuses: true },
  ofBytes("trino_from_big_endian_64", 1, LONG, (x) => {
    if (x?.length !== 8) fail("INVALID_FUNCTION_ARGUMENT", "expected 8-byte input");
    return Buffer.from(bytesOf(x)).readBigInt64BE();
  }),
  {
    name: "trino_to_big_endian_64",
    takes: [LONG],
    gives: BYTES,
    refuses: false,
    call: (x) => bigEndian(BigInt(String(x))),
  },
  ofTexts("trino_from_hex", 1, BYTES, fromHex),
  ofTexts("trino_from_base64", 1, BYTES, (x) => fromBase64(x ?? "", false)),
  ofTexts("trino_from_base64url", 1, BYTES, (x) => fromBase64(x ?? "", true)),
  ofBytes("trino_to_base64url", 1, TEXT, (x) => toBase64Url(bytesOf(x))),
];
