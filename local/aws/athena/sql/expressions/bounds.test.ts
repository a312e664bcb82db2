import { expect, test } from "vitest";
import { answers } from "../fixture.ts";
import { growth } from "../growth.ts";
import { givesTrinosAnswer, refusesByName } from "../trino-answers.ts";

const nested = (depth: number, around: (inner: string) => string, inner: string): string =>
  depth === 0 ? inner : around(nested(depth - 1, around, inner));

const REFUSAL = "so many functions inside of one another is not implemented locally; name a part of the expression";
const MAP = "MAP(ARRAY['a'], ARRAY[1])";
const joined = (map: string): string => `map_concat(${map}, ${MAP})`;
const third = (text: string): string => `split_part(${text}, ',', 1)`;

givesTrinosAnswer([
  [nested(2, joined, MAP), "{a=1} :: map(varchar, integer)"],
  [nested(3, third, "'a,b'"), "a :: varchar"],
]);

refusesByName([
  [nested(5, joined, MAP), REFUSAL],
  [`map_zip_with(${nested(3, joined, MAP)}, ${nested(3, joined, MAP)}, (k, a, b) -> a)`, REFUSAL],
  [nested(9, third, "'a,b'"), REFUSAL],
  [Array.from({ length: 40 }, () => "ARRAY[1]").join(" || "), REFUSAL],
]);

test("a long list may be", async () => {
  const list = Array.from({ length: 20_000 }, (_, i) => i + 2).join(", ");
  const ask = await answers();
  expect(await ask(`SELECT 1 IN (${list})`)).toBe("false :: boolean");
});

test("growth counts what each macro names", () => {
  const size = growth([
    "CREATE OR REPLACE MACRO twice(x) AS x + x",
    "CREATE OR REPLACE MACRO both(x, y) AS CASE WHEN y THEN twice(x) ELSE 'x, y' END",
  ]);
  const sizes = ["1", "a.b", "twice(1)", "twice(twice(1 * 2))", "both(twice(1), [p, q])", "f('twice(1)', \"both\")"];
  expect(sizes.map(size)).toEqual([1, 3, 4, 18, 19, 3]);
});
