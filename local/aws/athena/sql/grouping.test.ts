import { beforeAll, describe, expect, test } from "vitest";
import { answers } from "./fixture.ts";

let ask: (sql: string) => Promise<string>;
beforeAll(async () => {
  ask = await answers();
});

const query = (text: string): string => (/^(SELECT|WITH|VALUES) /.test(text) ? text : `SELECT ${text} AS x`);

// Expected values, types and errors are those of a real Trino.

describe("gives Trino's answer", () => {
  test.each([
    [
      "SELECT a, b, count(*) FROM (VALUES (1, 'x'), (2, 'y')) t(a, b) GROUP BY CUBE (a, b) ORDER BY 1, 2, 3",
      "1, x, 1; 1, NULL, 1; 2, y, 1; 2, NULL, 1; NULL, x, 1; NULL, y, 1; NULL, NULL, 2 :: integer, varchar, bigint",
    ],
    [
      "SELECT a, b, count(*) FROM (VALUES (1, 'x'), (2, 'y')) t(a, b) GROUP BY ROLLUP (a, b) ORDER BY 1, 2, 3",
      "1, x, 1; 1, NULL, 1; 2, y, 1; 2, NULL, 1; NULL, NULL, 2 :: integer, varchar, bigint",
    ],
    [
      "SELECT a, b, count(*) FROM (VALUES (1, 'x'), (2, 'y')) t(a, b) GROUP BY a, ROLLUP (b) ORDER BY 1, 2, 3",
      "1, x, 1; 1, NULL, 1; 2, y, 1; 2, NULL, 1 :: integer, varchar, bigint",
    ],
  ])("%s", async (expression, answer) => {
    expect(await ask(query(expression))).toBe(answer);
  });
});

describe("refuses by name", () => {
  test.each([
    [
      "SELECT a, b, grouping(a, b), sum(c) FROM (VALUES (1, 'x', 10), (1, 'y', 20)) t(a, b, c) GROUP BY GROUPING SETS ((a, b), (a), ()) ORDER BY 1, 2, 3",
      "function grouping is not implemented locally",
    ],
  ])("%s", async (expression, answer) => {
    await expect(ask(query(expression))).rejects.toThrow(answer);
  });
});
