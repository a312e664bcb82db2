import { beforeAll, describe, expect, test } from "vitest";
import { translate } from "../translate.ts";
import { type FakeLake, fakeLake } from "./fixture.ts";

let lake: FakeLake;
beforeAll(async () => {
  lake = await fakeLake(
    { t: { id: "bigint", sku: "string", day: "date" }, h: { id: "bigint", k: "string" } },
    { view: { v: "SELECT 1 AS a" }, hive: ["h"], partitionColumns: { t: ["sku", "day"] } },
  );
});

describe("DROP TABLE, OPTIMIZE, VACUUM", () => {
  test("name their table", () => {
    expect(lake.statement("DROP TABLE IF EXISTS `db`.T")).toEqual({
      kind: "DROP_TABLE",
      table: { database: "db", name: "t" },
      ifExists: true,
    });
    expect(lake.statement("/* weekly */ vacuum t;")).toMatchObject({ kind: "VACUUM", target: { name: "t" } });
  });

  test("OPTIMIZE chooses files by its partition columns", () => {
    const { scans } = translate(
      "OPTIMIZE db.t REWRITE DATA USING BIN_PACK\nWHERE sku IN ('a', 'b') AND (day >= DATE '2020-01-01' AND day IS NOT NULL)",
      lake.binder,
    );
    expect(scans.map(({ predicates }) => predicates.map(({ column, operator }) => [column, operator]))).toEqual([
      [
        ["sku", "in"],
        ["day", ">="],
        ["day", "is not null"],
      ],
    ]);
    expect(translate("OPTIMIZE t REWRITE DATA USING BIN_PACK", lake.binder).scans[0]?.predicates).toEqual([]);
  });

  test.each([
    [
      "OPTIMIZE t REWRITE DATA USING BIN_PACK WHERE id = 1",
      "NOT_SUPPORTED: line 1:46: WHERE of OPTIMIZE takes partition columns only, not id",
    ],
    [
      "OPTIMIZE t REWRITE DATA USING BIN_PACK WHERE sku = 'a' OR day IS NULL",
      "this condition of OPTIMIZE is not implemented locally",
    ],
    ["OPTIMIZE t REWRITE DATA USING BIN_PACK WHERE sku LIKE 'a%'", "this condition of OPTIMIZE"],
    ["OPTIMIZE t REWRITE DATA USING BIN_PACK WHERE sku = 1", "TYPE_MISMATCH"],
    ["OPTIMIZE t REWRITE DATA USING BIN_PACK WHERE sku = 'a' ORDER BY 1", "select with order by"],
    ["OPTIMIZE t REWRITE DATA USING SORT", "SYNTAX_ERROR: line 1:31: mismatched input 'SORT'. Expecting: 'BIN_PACK'"],
    ["OPTIMIZE h REWRITE DATA USING BIN_PACK", "OPTIMIZE is only supported for Apache Iceberg tables: h"],
    ["VACUUM h", "VACUUM is only supported for Apache Iceberg tables: h"],
    ["VACUUM v", "Changing views is not supported"],
    ["VACUUM t FULL", "mismatched input 'FULL'. Expecting: <EOF>"],
    ["DROP TABLE t CASCADE", "mismatched input 'CASCADE'. Expecting: <EOF>"],
  ])("%s", (sql, message) => {
    expect(lake.refusal(sql)).toContain(message);
  });
});
