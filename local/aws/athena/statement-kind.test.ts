import { expect, test } from "vitest";
import { outputKey, statementKind } from "./statement-kind.ts";

const said = (sql: string): string => {
  const kind = statementKind(sql);
  return `${kind.type} ${kind.substatement} ${outputKey("id", kind)}`;
};

test("a statement's kind is told by its words, comments aside, as Athena tells it", () => {
  expect(
    [
      "-- SHOW TABLES\n/* x */ SELECT 1",
      "((SELECT 1) UNION (SELECT 2))",
      "WITH a AS (SELECT 1) SELECT * FROM a",
      "TABLE t",
      "INSERT INTO t VALUES (1)",
      "UPDATE t SET a = 1",
      "MERGE INTO t USING s ON t.a = s.a WHEN MATCHED THEN DELETE",
      "UNLOAD (SELECT 1 AS a) TO 's3://b/p/' WITH (format = 'PARQUET')",
      "EXPLAIN SELECT 1",
      "VACUUM t",
      "OPTIMIZE t REWRITE DATA USING BIN_PACK",
      'CREATE TABLE "db"."t" WITH (format = \'PARQUET\') AS SELECT 1 AS a',
      "CREATE TABLE IF NOT EXISTS db.t (a int) LOCATION 's3://b/t/'",
      "create schema if not exists d",
      "DROP /* c */ TABLE t",
      "ALTER TABLE db.t SET TBLPROPERTIES ('comment' = 'add columns')",
      "ALTER TABLE t ADD IF NOT EXISTS PARTITION (p = 'v')",
      "ALTER TABLE t REPLACE COLUMNS (n int)",
      "SHOW TBLPROPERTIES t",
      "DESC t",
      "PREPARE p FROM SELECT 1",
    ].map(said),
  ).toEqual([
    "DML SELECT id.csv",
    "DML SELECT id.csv",
    "DML SELECT id.csv",
    "DML SELECT id.csv",
    "DML INSERT id",
    "DML UPDATE id.csv",
    "DML MERGE id.csv",
    "DML UNLOAD id",
    "DML EXPLAIN id.txt",
    "DML VACUUM id.csv",
    "DDL OPTIMIZE tables/id",
    "DDL CREATE_TABLE_AS_SELECT tables/id",
    "DDL CREATE_TABLE id.txt",
    "DDL CREATE_DATABASE id.txt",
    "DDL DROP_TABLE id.txt",
    "DDL ALTER_TABLE_PROPERTIES id.txt",
    "DDL ALTER_TABLE_ADD_PARTITION id.txt",
    "DDL ALTER_TABLE_REPLACE_COLUMN id.txt",
    "UTILITY SHOW_TABLE_PROPERTIES id.txt",
    "UTILITY DESCRIBE_TABLE id.txt",
    "UTILITY PREPARE id.txt",
  ]);
});
