import { expect, test } from "vitest";
import type { Schema } from "../../../iceberg/format/model.ts";
import type { Predicate } from "../sql/scope.ts";
import { VARCHAR } from "../sql/types.ts";
import { filtersOf } from "./iceberg-filters.ts";

const field = (id: number, name: string, type: Schema["fields"][number]["type"]) => ({
  id,
  name,
  required: false,
  type,
});
const schema: Schema = {
  type: "struct",
  "schema-id": 0,
  fields: [
    field(1, "Id", "long"),
    field(2, "day", "date"),
    field(3, "price", "decimal(10,2)"),
    field(4, "share", "float"),
    field(5, "tags", { type: "list", "element-id": 6, element: "string", "element-required": false }),
  ],
};
const where = (column: string, operator: Predicate["operator"], ...values: string[]): Predicate => ({
  column,
  type: VARCHAR,
  operator,
  values,
});

test("conditions become filters in the column's own type and spelling", () => {
  expect(
    filtersOf(
      [
        where("id", "in", "1", "9007199254740993"),
        where("day", ">=", "2011-01-02"),
        where("price", "=", "1.5"),
        where("day", "is null"),
      ],
      schema,
    ),
  ).toEqual([
    { column: "Id", operator: "in", values: [1n, 9_007_199_254_740_993n] },
    { column: "day", operator: ">=", values: [14_976] },
    { column: "price", operator: "=", values: [150n] },
    { column: "day", operator: "is null", values: [] },
  ]);
});

test("what cannot be said exactly leaves out no file", () => {
  expect(
    filtersOf(
      [
        where("id", "=", "1.5"),
        where("id", "in", "1", "x"),
        where("price", "=", "1.555"),
        where("day", "<", "soon"),
        where("share", "=", "0.1"),
        where("tags", "is null"),
        where("unknown", "=", "1"),
      ],
      schema,
    ),
  ).toEqual([]);
});
