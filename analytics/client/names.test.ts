import fc from "fast-check";
import { expect, test } from "vitest";
import { uniqueNames } from "./names.ts";

const named = (names: readonly string[]) => uniqueNames(names.map((name) => ({ name, type: "integer" })));

test.each([
  [
    ["a", "b"],
    ["a", "b"],
  ],
  [
    ["x", "x", "x"],
    ["x", "x_2", "x_3"],
  ],
  // A number that a column has of its own is not given twice.
  [
    ["x", "x", "x_2"],
    ["x", "x_3", "x_2"],
  ],
])("%j -> %j", (names, expected) => {
  expect(named(names)).toEqual(expected);
});

test("no two columns get one name, and a name that is there once stays", () => {
  const name = fc.constantFrom("x", "x_2", "x_3", "y", "");
  fc.assert(
    fc.property(fc.array(name), (names) => {
      const given = named(names);
      expect(new Set(given).size).toBe(names.length);
      expect(given.filter((_, at) => names.indexOf(names[at] ?? "") === at)).toEqual([...new Set(names)]);
    }),
  );
});
