import { InvalidIceberg } from "./errors.ts";
import type { PrimitiveType, Value } from "./model.ts";
import { decimalParameters, fixedLength } from "./type-parameters.ts";

export { parseValue, valueText } from "./value-text.ts";

/**
 * Iceberg spec, appendix D "Binary single-value serialization", and the order of values that bounds and filters are
 * compared in.
 */

/**
 * @param value of the kind that `Value` says for the type.
 * @throws when the value is of another kind or does not fit the type.
 */
export function toBytes(value: Value, type: PrimitiveType): Buffer {
  switch (type) {
    case "boolean":
      return Buffer.of(kind(value, "boolean", type) ? 1 : 0);
    case "int":
    case "date": {
      const bytes = Buffer.alloc(4);
      bytes.writeInt32LE(kind(value, "number", type));
      return bytes;
    }
    case "long":
    case "time":
    case "timestamp":
    case "timestamptz": {
      const bytes = Buffer.alloc(8);
      bytes.writeBigInt64LE(kind(value, "bigint", type));
      return bytes;
    }
    case "float": {
      const bytes = Buffer.alloc(4);
      bytes.writeFloatLE(kind(value, "number", type));
      return bytes;
    }
    case "double": {
      const bytes = Buffer.alloc(8);
      bytes.writeDoubleLE(kind(value, "number", type));
      return bytes;
    }
    case "string":
      return Buffer.from(kind(value, "string", type));
    case "uuid":
    case "binary":
      return raw(value, type);
    default:
      return decimalParameters(type) === undefined ? raw(value, type) : unscaledBytes(kind(value, "bigint", type));
  }
}

/**
 * Reads what was written under this type or one it was widened from: 4 bytes of an int for a long, of a float for a
 * double, a decimal of less precision.
 * @throws when the bytes cannot be of the type.
 */
export function fromBytes(bytes: Uint8Array, type: PrimitiveType): Value {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (type) {
    case "boolean":
      return ofLength(buffer, 1, type)[0] !== 0;
    case "int":
    case "date":
      return ofLength(buffer, 4, type).readInt32LE();
    case "long":
      return buffer.length === 4 ? BigInt(buffer.readInt32LE()) : ofLength(buffer, 8, type).readBigInt64LE();
    case "time":
    case "timestamp":
    case "timestamptz":
      return ofLength(buffer, 8, type).readBigInt64LE();
    case "float":
      return ofLength(buffer, 4, type).readFloatLE();
    case "double":
      return buffer.length === 4 ? buffer.readFloatLE() : ofLength(buffer, 8, type).readDoubleLE();
    case "string":
      return buffer.toString();
    case "uuid":
      return ofLength(buffer, 16, type);
    case "binary":
      return buffer;
    default:
      return decimalParameters(type) === undefined
        ? ofLength(buffer, fixedLength(type) ?? buffer.length, type)
        : unscaledFrom(buffer, type);
  }
}

/**
 * The type's order: text by its UTF-8 bytes, bytes unsigned, decimals of one scale as numbers. -0.0 and 0.0 are equal, as
 * SQL has them.
 * @throws for NaN, which has no place in the order.
 */
export function compareValues(a: Value, b: Value, type: PrimitiveType): number {
  if (typeof a === "string" && typeof b === "string") return compareText(a, b);
  if (Buffer.isBuffer(a) && Buffer.isBuffer(b)) return Buffer.compare(a, b);
  if (typeof a !== typeof b || typeof a === "object" || typeof b === "object" || Number.isNaN(a) || Number.isNaN(b)) {
    throw new InvalidIceberg(
      `Values without an order as ${type}: ${typeof a} and ${typeof b}${Number.isNaN(a) || Number.isNaN(b) ? " (NaN)" : ""}.`,
    );
  }
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Big-endian two's complement in as few bytes as hold the sign: decimals in bounds and hashes. */
export function unscaledBytes(unscaled: bigint): Buffer {
  const magnitude = unscaled < 0n ? ~unscaled : unscaled;
  const bits = magnitude === 0n ? 0 : magnitude.toString(2).length;
  return sizedUnscaledBytes(unscaled, Math.floor(bits / 8) + 1);
}

/** Big-endian two's complement in exactly so many bytes: decimals in Avro. */
export function sizedUnscaledBytes(unscaled: bigint, length: number): Buffer {
  const digits = BigInt.asUintN(length * 8, unscaled).toString(16);
  return Buffer.from(digits.padStart(length * 2, "0"), "hex");
}

/** Reads both of the above. */
export function unscaledFrom(bytes: Buffer, type: PrimitiveType): bigint {
  if (bytes.length === 0) throw new InvalidIceberg(`No bytes for a value of type ${type}.`);
  return BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString("hex")}`));
}

interface Kinds {
  boolean: boolean;
  number: number;
  bigint: bigint;
  string: string;
}

function kind<K extends keyof Kinds>(value: Value, name: K, type: PrimitiveType): Kinds[K] {
  if (isKind(value, name)) return value;
  throw new InvalidIceberg(`A value of type ${type} must be a ${name}, not a ${typeof value}.`);
}

function isKind<K extends keyof Kinds>(value: unknown, name: K): value is Kinds[K] {
  return typeof value === name;
}

function raw(value: Value, type: PrimitiveType): Buffer {
  if (!Buffer.isBuffer(value))
    throw new InvalidIceberg(`A value of type ${type} must be bytes, not a ${typeof value}.`);
  return ofLength(value, type === "uuid" ? 16 : (fixedLength(type) ?? value.length), type);
}

function ofLength(bytes: Buffer, length: number, type: PrimitiveType): Buffer {
  if (bytes.length === length) return bytes;
  throw new InvalidIceberg(`A value of type ${type} takes ${length} bytes; here are ${bytes.length}.`);
}

function compareText(a: string, b: string): number {
  const shared = Math.min(a.length, b.length);
  for (let at = 0; at < shared; at++) {
    const left = a.charCodeAt(at);
    const right = b.charCodeAt(at);
    if (left === right) continue;
    // From the surrogates on, UTF-16 units sort otherwise than the bytes.
    return left < 0xd800 || right < 0xd800 ? Math.sign(left - right) : Buffer.compare(Buffer.from(a), Buffer.from(b));
  }
  return Math.sign(a.length - b.length);
}
