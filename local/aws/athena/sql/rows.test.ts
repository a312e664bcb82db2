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
    ["ROW(1,NULL) = ROW(1,2)", "NULL :: boolean"],
    ["ROW(1,NULL) = ROW(2,2)", "false :: boolean"],
    ["ROW(1,2) = ROW(1,2)", "true :: boolean"],
    ["ROW(1,NULL) IS DISTINCT FROM ROW(1,NULL)", "false :: boolean"],
    ["(1,2) IN ((1,2),(3,4))", "true :: boolean"],
    ["(1,NULL) IN ((1,2),(3,4))", "NULL :: boolean"],
    ["ROW(1,'a')", "{field0=1, field1=a} :: row(integer, varchar)"],
    ["CAST(ROW(1,'a') AS ROW(x bigint, y varchar)).y", "a :: varchar"],
    ["SELECT r[1], r[2] FROM (SELECT ROW(1,'a') AS r)", "1, a :: integer, varchar"],
  ])("%s", async (expression, answer) => {
    expect(await ask(query(expression))).toBe(answer);
  });
});

describe("fails as Trino does", () => {
  test.each([["ROW(1,NULL) < ROW(1,2)", "NOT_SUPPORTED: ROW comparison not supported for fields with null elements"]])(
    "%s",
    async (expression, answer) => {
      await expect(ask(query(expression))).rejects.toThrow(answer);
    },
  );
});

describe("refuses by name", () => {
  test.each([
    [
      "contains(ARRAY[ROW(1,2)], ROW(1,2))",
      "contains of (array(row(integer, integer)), row(integer, integer)) is not implemented local",
    ],
  ])("%s", async (expression, answer) => {
    await expect(ask(query(expression))).rejects.toThrow(answer);
  });
});
