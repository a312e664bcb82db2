import fc from "fast-check";
import type { PrimitiveType, Value } from "./model.ts";

/** Every kind of primitive type, decimals and fixed in several sizes. */
export const primitiveTypes: readonly PrimitiveType[] = [
  "boolean",
  "int",
  "long",
  "float",
  "double",
  "date",
  "time",
  "timestamp",
  "timestamptz",
  "string",
  "uuid",
  "binary",
  "fixed[5]",
  "decimal(9,2)",
  "decimal(18,0)",
  "decimal(38,10)",
];

const text = fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }), fc.string());

/** Values of a type; of floating ones also infinities and -0, never NaN. Text is well-formed, as UTF-8 cannot hold other. */
export function valuesOf(type: PrimitiveType): fc.Arbitrary<Value> {
  switch (type) {
    case "boolean":
      return fc.boolean();
    case "int":
      return fc.integer();
    case "date":
      // DuckDB's own range is narrower than 32 bits.
      return fc.integer({ min: -2_000_000, max: 2_900_000 });
    case "long":
      return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
    case "float":
      return fc.float({ noNaN: true });
    case "double":
      return fc.double({ noNaN: true });
    case "time":
      return fc.bigInt({ min: 0n, max: 86_399_999_999n });
    case "timestamp":
    case "timestamptz":
      return fc.bigInt({ min: -250_000_000_000_000_000n, max: 250_000_000_000_000_000n });
    case "string":
      return text;
    case "uuid":
      return bytes(16, 16);
    case "binary":
      return bytes(0, 40);
    case "fixed[5]":
      return bytes(5, 5);
    case "decimal(9,2)":
      return unscaled(9);
    case "decimal(18,0)":
      return unscaled(18);
    default:
      return unscaled(38);
  }
}

function bytes(minLength: number, maxLength: number): fc.Arbitrary<Buffer> {
  return fc.uint8Array({ minLength, maxLength }).map((array) => Buffer.from(array));
}

function unscaled(digits: number): fc.Arbitrary<bigint> {
  const most = 10n ** BigInt(digits) - 1n;
  return fc.oneof(fc.bigInt({ min: -most, max: most }), fc.bigInt({ min: -300n, max: 300n }));
}

/** A type and a few of its values. */
export const typedValues: fc.Arbitrary<{ readonly type: PrimitiveType; readonly values: readonly Value[] }> = fc
  .constantFrom(...primitiveTypes)
  .chain((type) => fc.array(valuesOf(type), { minLength: 1, maxLength: 6 }).map((values) => ({ type, values })));
