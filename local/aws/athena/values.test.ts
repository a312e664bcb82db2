import fc from "fast-check";
import { expect, test } from "vitest";
import { csvRow, parseCsv } from "./csv.ts";
import { REAL } from "./sql/types.ts";
import { javaDouble, valueText } from "./values.ts";

test.each([
  [0, "0.0"],
  [-0, "-0.0"],
  [1, "1.0"],
  [0.1, "0.1"],
  [0.001, "0.001"],
  [0.0001, "1.0E-4"],
  [1234567.891, "1234567.891"],
  [9999999, "9999999.0"],
  [10000000, "1.0E7"],
  [-1.5e300, "-1.5E300"],
  [5e-324, "4.9E-324"],
  [1e23, "1.0E23"],
  [Number.NaN, "NaN"],
  [Number.NEGATIVE_INFINITY, "-Infinity"],
])("a double %d is written as Java does: %s", (value, text) => {
  expect(javaDouble(value)).toBe(text);
});

test("a real keeps the sign of zero and has the shortest digits that are the same float", () => {
  const texts = [-0, Math.fround(0.1), Math.fround(3.4e38), Number.NaN].map((value) => valueText(value, REAL));
  expect(texts).toEqual(["-0.0", "0.1", "3.4E38", "NaN"]);
});

test("results read back as they were written, NULL apart from empty text", () => {
  expect(csvRow(["a", null, "", 'q"', "two\nlines"])).toBe('"a",,"","q""","two\nlines"\n');
  fc.assert(
    fc.property(fc.array(fc.array(fc.option(fc.string()), { minLength: 2, maxLength: 4 })), (rows) => {
      expect(parseCsv(rows.map(csvRow).join(""))).toEqual(rows);
    }),
  );
  // One column: a row of NULL is an empty line.
  expect(parseCsv(csvRow([null]) + csvRow(["x"]))).toEqual([[null], ["x"]]);
});
