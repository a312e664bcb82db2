import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InvalidIceberg } from "./errors.ts";
import type { PrimitiveType, Value } from "./model.ts";
import { compareValues, fromBytes, sizedUnscaledBytes, toBytes } from "./value.ts";
import { primitiveTypes, typedValues, valuesOf } from "./value-fixture.ts";

describe("single values as bytes (appendix D)", () => {
  const cases: [PrimitiveType, Value, string][] = [
    ["boolean", false, "00"],
    ["boolean", true, "01"],
    ["int", 34, "22000000"],
    ["int", -2, "feffffff"],
    ["long", 34n, "2200000000000000"],
    ["long", -(2n ** 63n), "0000000000000080"],
    ["float", 1.5, "0000c03f"],
    ["double", 1.5, "000000000000f83f"],
    ["date", 17486, "4e440000"],
    ["date", -1, "ffffffff"],
    ["time", 81_068_000_000n, "008307e012000000"],
    ["timestamp", -1n, "ffffffffffffffff"],
    ["string", "é\u{1f600}", "c3a9f09f9880"],
    ["uuid", Buffer.from("f79c3e09677c4bbda4793f349cb785e7", "hex"), "f79c3e09677c4bbda4793f349cb785e7"],
    ["fixed[3]", Buffer.of(1, 2, 3), "010203"],
    ["binary", Buffer.alloc(0), ""],
    ["decimal(9,2)", 1420n, "058c"],
    ["decimal(9,2)", 0n, "00"],
    ["decimal(9,2)", 127n, "7f"],
    ["decimal(9,2)", 128n, "0080"],
    ["decimal(9,2)", -1n, "ff"],
    ["decimal(9,2)", -128n, "80"],
    ["decimal(9,2)", -129n, "ff7f"],
    ["decimal(38,0)", 10n ** 38n - 1n, "4b3b4ca85a86c47a098a223fffffffff"],
  ];
  test.each(cases)("%s %s", (type, value, hex) => {
    expect(toBytes(value, type).toString("hex")).toBe(hex);
    expect(fromBytes(Buffer.from(hex, "hex"), type)).toEqual(value);
  });

  test("whatever is written is read again", () => {
    fc.assert(
      fc.property(typedValues, ({ type, values }) => {
        for (const value of values) expect(fromBytes(toBytes(value, type), type)).toEqual(value);
      }),
    );
  });

  test("what was written before a column was widened is read as the wide type", () => {
    expect(fromBytes(toBytes(-7, "int"), "long")).toBe(-7n);
    expect(fromBytes(toBytes(0.1, "float"), "double")).toBe(Math.fround(0.1));
    expect(fromBytes(toBytes(-129n, "decimal(4,2)"), "decimal(38,2)")).toBe(-129n);
  });

  test("bytes of another length and values of another kind are refused", () => {
    expect(() => fromBytes(Buffer.alloc(3), "int")).toThrow(
      new InvalidIceberg("A value of type int takes 4 bytes; here are 3."),
    );
    expect(() => fromBytes(Buffer.alloc(0), "decimal(9,2)")).toThrow("No bytes for a value of type decimal(9,2).");
    expect(() => toBytes(Buffer.alloc(2), "fixed[3]")).toThrow("A value of type fixed[3] takes 3 bytes; here are 2.");
    expect(() => toBytes(1, "long")).toThrow("A value of type long must be a bigint, not a number.");
    expect(() => toBytes("x", "uuid")).toThrow("A value of type uuid must be bytes, not a string.");
    expect(() => toBytes(2n ** 63n, "long")).toThrow(RangeError);
    expect(() => toBytes(2 ** 31, "date")).toThrow(RangeError);
  });

  test("decimals of a fixed size keep their sign", () => {
    expect(sizedUnscaledBytes(-2n, 4).toString("hex")).toBe("fffffffe");
    expect(sizedUnscaledBytes(2n, 4).toString("hex")).toBe("00000002");
  });
});

describe("the order of values", () => {
  test.each([
    ["boolean", false, true],
    ["int", -1, 0],
    ["long", -(2n ** 63n), 2n ** 63n - 1n],
    ["decimal(9,2)", -200n, 10n],
    ["double", -Infinity, Infinity],
    ["string", "Z", "a"],
    ["string", "a", "ab"],
    ["string", "\uffff", "\u{10000}"],
    ["string", "x\ud7ff", "x\ue000"],
    ["binary", Buffer.of(0x7f), Buffer.of(0x80)],
    ["uuid", Buffer.alloc(16, 0x7f), Buffer.alloc(16, 0x80)],
  ] satisfies [PrimitiveType, Value, Value][])("of %s: %s before %s", (type, first, second) => {
    expect(compareValues(first, second, type)).toBe(-1);
    expect(compareValues(second, first, type)).toBe(1);
    expect(compareValues(first, first, type)).toBe(0);
  });

  test("of text is that of its UTF-8 bytes, lone surrogates included", () => {
    fc.assert(
      fc.property(fc.string({ unit: unit() }), fc.string({ unit: unit() }), (a, b) => {
        expect(compareValues(a, b, "string")).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
  });

  test("is kept by what is read from bytes", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...primitiveTypes).chain((type) => fc.tuple(fc.constant(type), valuesOf(type), valuesOf(type))),
        ([type, a, b]) => {
          const again = compareValues(fromBytes(toBytes(a, type), type), fromBytes(toBytes(b, type), type), type);
          expect(again).toBe(compareValues(a, b, type));
        },
      ),
    );
  });

  test("-0 equals 0 as in SQL, NaN and mixed kinds have no order", () => {
    expect(compareValues(-0, 0, "double")).toBe(0);
    expect(() => compareValues(Number.NaN, 1, "double")).toThrow(
      new InvalidIceberg("Values without an order as double: number and number (NaN)."),
    );
    expect(() => compareValues(1, 1n, "long")).toThrow("Values without an order as long: number and bigint.");
    expect(() => compareValues(Buffer.of(1), "x", "binary")).toThrow(
      "Values without an order as binary: object and string.",
    );
  });
});

/** Single UTF-16 units near the surrogates, where the two orders part. */
function unit(): fc.Arbitrary<string> {
  return fc.oneof(
    fc.constantFrom("a", "\ud7ff", "\ud800", "\udbff", "\udc00", "\udfff", "\ue000", "\ufffd", "\uffff"),
    fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
  );
}
