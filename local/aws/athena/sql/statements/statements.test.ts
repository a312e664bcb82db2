import { beforeAll, describe, expect, test } from "vitest";
import { translate } from "../translate.ts";
import { type FakeLake, fakeLake } from "./fixture.ts";

let lake: FakeLake;
beforeAll(async () => {
  lake = await fakeLake({ t: { id: "bigint", sku: "string", day: "date" } });
  await lake.connection.run("INSERT INTO t VALUES (1, 'a', DATE '2020-01-01', 0, 0)");
});

const db = { database: "db", name: "t" };
const here = { database: undefined, name: "t" };

describe("SHOW and DESCRIBE", () => {
  test.each([
    ["SHOW DATABASES", { kind: "SHOW_DATABASES" }],
    ["SHOW SCHEMAS LIKE 'c360_.*'", { kind: "SHOW_DATABASES", pattern: "c360_.*" }],
    ["SHOW TABLES", { kind: "SHOW_TABLES", database: undefined }],
    ["SHOW TABLES IN `db` '*orders|rfm'", { kind: "SHOW_TABLES", database: "db", pattern: "*orders|rfm" }],
    ["SHOW VIEWS IN db LIKE 'v*';", { kind: "SHOW_VIEWS", database: "db", pattern: "v*" }],
    ["SHOW COLUMNS IN db.T", { kind: "SHOW_COLUMNS", table: db }],
    ["SHOW COLUMNS FROM t FROM db", { kind: "SHOW_COLUMNS", table: db }],
    ["SHOW PARTITIONS t", { kind: "SHOW_PARTITIONS", table: here }],
    ["SHOW CREATE TABLE db.t", { kind: "SHOW_CREATE_TABLE", table: db }],
    ["SHOW CREATE VIEW t", { kind: "SHOW_CREATE_VIEW", table: here }],
    ["SHOW TBLPROPERTIES t", { kind: "SHOW_TBLPROPERTIES", table: here }],
    ["SHOW TBLPROPERTIES t ('format')", { kind: "SHOW_TBLPROPERTIES", table: here, property: "format" }],
    ["DESCRIBE db.t", { kind: "DESCRIBE", table: db, extended: false }],
    ["desc formatted t", { kind: "DESCRIBE", table: here, extended: true }],
  ])("%s", (sql, expected) => {
    expect(lake.statement(sql)).toEqual(expected);
  });

  test.each([
    ["SHOW FUNCTIONS", "SHOW FUNCTIONS is not implemented locally"],
    ["SHOW COLUMNS t", "mismatched input 't'. Expecting: 'IN'"],
    ["SHOW TABLES IN db x", "mismatched input 'x'. Expecting: <EOF>"],
    ["DESCRIBE t id", "DESCRIBE of a column is not implemented locally"],
    ["DESCRIBE t PARTITION (k = 'a')", "DESCRIBE of a partition is not implemented locally"],
  ])("%s", (sql, message) => {
    expect(lake.refusal(sql)).toContain(message);
  });
});

describe("databases", () => {
  test.each([
    [
      "CREATE DATABASE IF NOT EXISTS `New` COMMENT 'mine' LOCATION 's3://bucket/new' WITH DBPROPERTIES ('creator'='me')",
      {
        kind: "CREATE_DATABASE",
        name: "new",
        ifNotExists: true,
        comment: "mine",
        location: "s3://bucket/new/",
        properties: { creator: "me" },
      },
    ],
    [
      "ALTER DATABASE `D` SET DBPROPERTIES ('creator'='me')",
      { kind: "ALTER_DATABASE", name: "d", properties: { creator: "me" } },
    ],
    ["MSCK REPAIR TABLE db.t;", { kind: "MSCK_REPAIR", table: db }],
    ["CREATE SCHEMA d", { kind: "CREATE_DATABASE", name: "d", ifNotExists: false, properties: {} }],
    ["DROP DATABASE d", { kind: "DROP_DATABASE", name: "d", ifExists: false, cascade: false }],
    ["DROP SCHEMA IF EXISTS d CASCADE", { kind: "DROP_DATABASE", name: "d", ifExists: true, cascade: true }],
    ["DROP DATABASE d RESTRICT", { kind: "DROP_DATABASE", name: "d", ifExists: false, cascade: false }],
  ])("%s", (sql, expected) => {
    expect(lake.statement(sql)).toEqual(expected);
  });
});

describe("views", () => {
  test("keep their text, which has been translated once", () => {
    expect(lake.statement('CREATE OR REPLACE VIEW db.v AS\n  SELECT Sku, count(*) AS "N" FROM t GROUP BY 1 ;')).toEqual(
      {
        kind: "CREATE_VIEW",
        view: { database: "db", name: "v" },
        orReplace: true,
        query: 'SELECT Sku, count(*) AS "N" FROM t GROUP BY 1',
        columns: [
          { name: "sku", type: { kind: "varchar" }, hive: "string" },
          { name: "n", type: { kind: "bigint" }, hive: "bigint" },
        ],
      },
    );
  });

  test("say the types of their columns as Glue has them", () => {
    const made = lake.statement(
      "CREATE VIEW v AS SELECT id, sku, day, 1.5 AS price, 1 AS n, ARRAY['a'] AS tags, TIMESTAMP '2020-01-01 00:00:00' AS at, CAST(ROW(1, 'x') AS ROW(a integer, b varchar)) AS pair, to_utf8('x') AS bytes FROM t",
    );
    expect(made.kind === "CREATE_VIEW" && made.columns.map(({ name, hive }) => `${name} ${hive}`)).toEqual([
      "id bigint",
      "sku string",
      "day date",
      "price decimal(2,1)",
      "n int",
      "tags array<string>",
      "at timestamp",
      "pair struct<a:int,b:string>",
      "bytes binary",
    ]);
    expect(lake.statement("DROP VIEW IF EXISTS db.v")).toEqual({
      kind: "DROP_VIEW",
      view: { database: "db", name: "v" },
      ifExists: true,
    });
  });

  test.each([
    ["CREATE VIEW v AS SELECT 1", "MISSING_COLUMN_NAME: line 1:18: Column name not specified at position 1"],
    ["CREATE VIEW v AS SELECT 1 AS a, 2 AS A", "DUPLICATE_COLUMN_NAME"],
    ["CREATE VIEW v AS SELECT NULL AS a", "COLUMN_TYPE_UNKNOWN: line 1:18: Column type is unknown at position 1"],
    ["CREATE VIEW v AS SELECT ? AS a", "A view cannot have parameters"],
    ["CREATE VIEW v AS SELECT json_parse('1') AS j", "a view with a column of type json is not implemented locally"],
    ["CREATE VIEW v (a) AS SELECT 1", "column names of a view is not implemented locally"],
    ["CREATE VIEW v AS SELECT missing FROM t", "COLUMN_NOT_FOUND: line 1:25"],
    ["CREATE VIEW v AS DELETE FROM t", "DELETE is not implemented locally"],
  ])("%s", (sql, message) => {
    expect(lake.refusal(sql)).toContain(message);
  });
});

describe("PREPARE, EXECUTE, DEALLOCATE, EXPLAIN", () => {
  test("keep the text, and the parameters as they are written", () => {
    expect(lake.statement("PREPARE By_Sku FROM\nSELECT id FROM t WHERE sku = ?;")).toEqual({
      kind: "PREPARE",
      name: "by_sku",
      query: "SELECT id FROM t WHERE sku = ?",
    });
    expect(lake.statement("EXECUTE by_sku USING 'a, ''b''', 12, DATE '2020-01-01' , concat('a', 'b')")).toEqual({
      kind: "EXECUTE",
      name: "by_sku",
      parameters: ["'a, ''b'''", "12", "DATE '2020-01-01'", "concat('a', 'b')"],
    });
    expect(lake.statement("EXECUTE by_sku")).toEqual({ kind: "EXECUTE", name: "by_sku", parameters: [] });
    expect(lake.statement("DEALLOCATE PREPARE by_sku")).toEqual({ kind: "DEALLOCATE", name: "by_sku" });
  });

  test("EXPLAIN translates the statement inside, with its scans", () => {
    const { kind, scans, ...rest } = translate("EXPLAIN (FORMAT JSON) SELECT id FROM t WHERE id > 1", lake.binder);
    expect(kind).toBe("EXPLAIN");
    expect(rest).toMatchObject({ format: "json", statement: { kind: "SELECT" } });
    expect(scans.map(({ predicates }) => predicates.length)).toEqual([1]);
    expect(lake.statement("EXPLAIN DELETE FROM t")).toMatchObject({ format: "text", statement: { kind: "DELETE" } });
    expect(lake.statement("EXPLAIN ANALYZE (FORMAT JSON) SELECT 1 AS a")).toMatchObject({
      analyze: true,
      format: "json",
    });
    expect(lake.statement("EXPLAIN (SELECT 1 AS a)")).toMatchObject({ statement: { kind: "SELECT" } });
  });

  test.each([
    ["PREPARE p FROM EXECUTE q", "Invalid statement type for prepared statement: EXECUTE"],
    ["PREPARE p FROM", "mismatched input '<EOF>'. Expecting: a statement"],
    ["EXECUTE p USING 1,", "mismatched input '<EOF>'. Expecting: a literal"],
    ["EXECUTE IMMEDIATE 'SELECT 1'", "EXECUTE IMMEDIATE is not implemented locally"],
    ["EXPLAIN ANALYZE DELETE FROM t", "EXPLAIN ANALYZE of what is no query is not implemented locally"],
    ["EXPLAIN ANALYZE VERBOSE SELECT 1", "EXPLAIN ANALYZE VERBOSE is not implemented locally"],
    ["EXPLAIN (TYPE IO) SELECT 1", "EXPLAIN with TYPE is not implemented locally"],
    ["EXPLAIN (FORMAT GRAPHVIZ) SELECT 1", "EXPLAIN with FORMAT GRAPHVIZ is not implemented locally"],
    ["EXPLAIN SELECT missing FROM t", "COLUMN_NOT_FOUND: line 1:16"],
  ])("%s", (sql, message) => {
    expect(lake.refusal(sql)).toContain(message);
  });
});

describe("UNLOAD", () => {
  test("gives the query's rows to a folder", async () => {
    const sql =
      "UNLOAD (SELECT id, sku FROM t) TO 's3://bucket/out' WITH (format = 'PARQUET', compression = 'ZSTD', partitioned_by = ARRAY['sku'])";
    expect(lake.statement(sql)).toMatchObject({
      kind: "UNLOAD",
      location: "s3://bucket/out/",
      format: "parquet",
      compression: "zstd",
      partitionedBy: ["sku"],
      fieldDelimiter: "\u0001",
    });
    expect(await lake.changes(sql)).toEqual(["1|a"]);
    expect(
      lake.statement("UNLOAD (SELECT 1 AS a) TO 's3://b1/x/' WITH (format = 'textfile', field_delimiter = ',')"),
    ).toMatchObject({
      format: "textfile",
      compression: "gzip",
      fieldDelimiter: ",",
    });
  });

  test.each([
    ["UNLOAD (SELECT 1 AS a) TO 's3://b1/x/' WITH (compression = 'gzip')", "UNLOAD needs a format"],
    ["UNLOAD (SELECT 1 AS a) TO 's3://b1/x/'", "mismatched input '<EOF>'. Expecting: 'WITH'"],
    ["UNLOAD (SELECT 1 AS a) TO '/tmp/x' WITH (format = 'JSON')", "'/tmp/x' is no location"],
    ["UNLOAD (SELECT 1 AS a) TO 's3://b1/x/' WITH (format = 'ORC')", "UNLOAD as ORC is not implemented locally"],
    [
      "UNLOAD (SELECT 1 AS a) TO 's3://b1/x/' WITH (format = 'JSON', compression = 'SNAPPY')",
      "UNLOAD as JSON with compression SNAPPY",
    ],
    [
      "UNLOAD (SELECT 1 AS a) TO 's3://b1/x/' WITH (format = 'JSON', speed = 'fast')",
      "the property speed is not implemented locally",
    ],
    [
      "UNLOAD (SELECT 1 AS a, 2 AS b) TO 's3://b1/x/' WITH (format = 'JSON', partitioned_by = ARRAY['a'])",
      "Partition columns must be the last columns",
    ],
    [
      "UNLOAD (SELECT 1 AS a) TO 's3://b1/x/' WITH (format = 'JSON', partitioned_by = ARRAY['a'])",
      "Partition columns must be the last columns",
    ],
    ["UNLOAD (SELECT 1) TO 's3://b1/x/' WITH (format = 'JSON')", "MISSING_COLUMN_NAME"],
  ])("%s", (sql, message) => {
    expect(lake.refusal(sql)).toContain(message);
  });
});
