import { expect, test } from "vitest";
import type { Binder } from "../scope.ts";
import { translateQuery } from "../translate.ts";

const binder: Binder = {
  table: () => {
    throw new Error("no table");
  },
};
const typeOf = (parameter: string): string =>
  translateQuery("SELECT ? AS v", binder, [parameter]).columns[0]?.type.kind ?? "";

test("a parameter is an expression when it is one and names nothing, else text, as AWS takes it", () => {
  const given = ["'abc'", "1 + 1", "-5", "1.5", "DATE '2020-01-01'", "true", "'it''s'"];
  expect(given.map(typeOf)).toEqual(["varchar", "integer", "integer", "decimal", "date", "boolean", "varchar"]);
  const texts = ["abc", "abc def", "it's", "123e4567-e89b-12d3-a456-426614174000", "x + 1", "t.x", "", "1) FROM t --"];
  expect(texts.map(typeOf)).toEqual(texts.map(() => "varchar"));
  expect(translateQuery("SELECT ? AS v", binder, ["it's"]).sql).toContain("'it''s'");
  expect(translateQuery("SELECT ? AS v", binder, ["'it''s'"]).sql).toContain("'it''s'");
});

test("their number matters where there is a place for any", () => {
  expect(() => translateQuery("SELECT ?, ?", binder, ["1"])).toThrow("INVALID_PARAMETER_USAGE");
  expect(() => translateQuery("SELECT ?", binder, ["1", "2"])).toThrow("expected 1 but found 2");
  expect(translateQuery("SELECT 1 AS one", binder, ["1"]).columns).toHaveLength(1);
});
