import fc from "fast-check";
import { expect, test } from "vitest";
import { lowerBound, upperBound } from "./bounds.ts";
import type { PrimitiveType } from "./model.ts";
import { fromBytes } from "./value.ts";

function bounds(text: string, type: PrimitiveType): unknown[] {
  return [lowerBound(text, type), upperBound(text, type)].map((bytes) => bytes && fromBytes(bytes, type));
}

test.each([
  ["boolean", "0", false],
  ["boolean", "1", true],
  ["int", "-7", -7],
  ["long", "4611686018427387905", 4611686018427387905n],
  ["decimal(9,2)", "-0.05", -5n],
  ["date", "1969-12-31", -1],
  ["timestamp", "1969-12-31 23:59:59.999999", -1n],
  ["timestamptz", "1970-01-01 00:00:00+00", 0n],
  ["double", "1.5", 1.5],
  ["string", "sixteen letters!", "sixteen letters!"],
  ["string", "", ""],
] satisfies [PrimitiveType, string, unknown][])("of %s %s are exact", (type, text, value) => {
  expect(bounds(text, type)).toEqual([value, value]);
});

test.each([
  ["sixteen letters!!", "sixteen letters!", 'sixteen letters"'],
  [`${"a".repeat(15)}\ud7ffb`, `${"a".repeat(15)}\ud7ff`, `${"a".repeat(15)}\ue000`],
  [`${"a".repeat(15)}\uffffb`, `${"a".repeat(15)}\uffff`, `${"a".repeat(15)}\u{10000}`],
  [`${"a".repeat(14)}\u{10ffff}\u{10ffff}b`, `${"a".repeat(14)}\u{10ffff}\u{10ffff}`, `${"a".repeat(13)}b`],
  ["\u{10ffff}".repeat(17), "\u{10ffff}".repeat(16), undefined],
])("of long text %j are cut to 16 code points", (text, lower, upper) => {
  expect(bounds(text, "string")).toEqual([lower, upper]);
});

test("zeros bound both zeros", () => {
  for (const zero of ["0.0", "-0.0"]) expect(bounds(zero, "double")).toEqual([-0, 0]);
  expect(bounds("0", "int")).toEqual([0, 0]);
});

test.each([
  ["double", "nan"],
  ["float", "inf"],
  ["double", "-inf"],
  ["date", "infinity"],
  ["timestamp", "-infinity"],
  ["time", "01:02:03"],
  ["uuid", "f79c3e09-677c-4bbd-a479-3f349cb785e7"],
  ["binary", "abc"],
  ["fixed[3]", "abc"],
] satisfies [PrimitiveType, string][])("are left out for %s %s", (type, text) => {
  expect(bounds(text, type)).toEqual([undefined, undefined]);
});

test("lie around every text as its UTF-8 bytes sort, surrogates and the last code points included", () => {
  const unit = fc.oneof(
    fc.constantFrom("a", "\ud7ff", "\ue000", "\uffff", "\u{10000}", "\u{10ffff}", "\ud800", "\udfff"),
    fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
  );
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 24 }), (text) => {
      const bytes = Buffer.from(text);
      const [lower, upper] = [lowerBound(text, "string"), upperBound(text, "string")];
      expect(Buffer.compare(lower ?? Buffer.alloc(0), bytes)).toBeLessThanOrEqual(0);
      if (upper !== undefined) expect(Buffer.compare(upper, bytes)).toBeGreaterThanOrEqual(0);
      else expect(codePoint(text)).toBe(0x10ffff);
      for (const bound of [lower, upper]) expect(Array.from(bound?.toString() ?? "").length).toBeLessThanOrEqual(16);
    }),
    { numRuns: 500 },
  );
});

/** Only text that begins with the last code point may have no upper bound. */
function codePoint(text: string): number | undefined {
  return text.codePointAt(0);
}
