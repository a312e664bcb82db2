import { expect, test } from "vitest";
import { SqlError } from "../errors.ts";
import { translateQuery } from "../translate.ts";
import { failsAsTrino, givesTrinosAnswer, refusesByName } from "../trino-answers.ts";

givesTrinosAnswer([["current_catalog", "awsdatacatalog :: varchar"]]);

failsAsTrino([
  ["current_catalog()", "SYNTAX_ERROR: mismatched input '('"],
  ["current_schema()", "SYNTAX_ERROR: mismatched input '('"],
]);

refusesByName([["current_schema", "current_schema without a database of the session is not implemented locally"]]);

test("current_schema is the session's database", () => {
  const { sql, columns } = translateQuery("SELECT current_schema", {
    table: () => {
      throw new SqlError("TABLE_NOT_FOUND", "there is none");
    },
    schema: "it's",
  });
  expect([sql.includes("'it''s'"), columns.map(({ type }) => type)]).toEqual([true, [{ kind: "varchar" }]]);
});
