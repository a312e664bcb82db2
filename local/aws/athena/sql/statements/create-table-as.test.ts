import { beforeAll, describe, expect, test } from "vitest";
import { type FakeLake, fakeLake } from "./fixture.ts";

let lake: FakeLake;
beforeAll(async () => {
  lake = await fakeLake({ t: { id: "bigint", sku: "string", day: "date" } });
});

describe("CREATE TABLE AS", () => {
  const WITH = "WITH (table_type = 'ICEBERG', is_external = false, location = 's3://bucket/x/'";

  test("Iceberg, from a query WITH, with partitions in either order", async () => {
    const made = lake.statement(
      `CREATE TABLE db."x" ${WITH}, format = 'PARQUET', partitioning = ARRAY['day(at)', 'bucket(16, id)', 'truncate("Name", 4)'], vacuum_min_snapshots_to_keep = 3)
       AS WITH w AS (SELECT id, sku AS "Name" FROM t) SELECT *, TIMESTAMP '2020-01-01 00:00:00.000000' AS at FROM w;`,
    );
    expect(made).toMatchObject({
      kind: "CREATE_TABLE_AS_SELECT",
      table: { database: "db", name: "x" },
      ifNotExists: false,
      format: {
        kind: "iceberg",
        location: "s3://bucket/x/",
        partitionedBy: [
          { column: "at", transform: "day" },
          { column: "id", transform: "bucket[16]" },
          { column: "name", transform: "truncate[4]" },
        ],
        properties: { "write.format.default": "parquet", vacuum_min_snapshots_to_keep: "3" },
      },
    });
    expect("columns" in made && made.columns.map(({ name }) => name.toLowerCase())).toEqual(["id", "name", "at"]);
    await lake.connection.run("INSERT INTO t VALUES (7, 'a', NULL, 0, 0)");
    expect(await lake.changes(`CREATE TABLE x ${WITH}) AS SELECT id + 1 AS n FROM t WHERE id = 7 WITH DATA`)).toEqual([
      "8",
    ]);
  });

  test("without rows, and as Parquet files of a Hive table", () => {
    expect(lake.statement(`CREATE TABLE x ${WITH}) AS SELECT 1 AS a WITH NO DATA`)).toMatchObject({ sql: undefined });
    expect(lake.statement("CREATE TABLE IF NOT EXISTS x AS SELECT 1 AS a")).toMatchObject({
      ifNotExists: true,
      format: { kind: "hive", location: undefined, format: "parquet" },
    });
  });

  test.each([
    [
      "CREATE TABLE x WITH (table_type = 'ICEBERG', location = 's3://bucket/x/') AS SELECT 1 AS a",
      "is_external = false",
    ],
    ["CREATE TABLE x WITH (table_type = 'ICEBERG', is_external = false) AS SELECT 1 AS a", "needs a location"],
    [`CREATE TABLE x ${WITH}) AS SELECT 1`, "MISSING_COLUMN_NAME: line 1:99: Column name not specified at position 1"],
    [`CREATE TABLE x ${WITH}) AS SELECT 1 AS a, 2 AS A`, "Column name 'a' specified more than once"],
    [`CREATE TABLE x ${WITH}) AS SELECT NULL AS a`, "Column type is unknown at position 1"],
    [
      `CREATE TABLE x ${WITH}) AS SELECT TIMESTAMP '2020-01-01 00:00:00.000' AS a`,
      `NOT_SUPPORTED: line 1:99: Timestamp precision (3) not supported for Iceberg. Use "timestamp(6)" instead. (column a)`,
    ],
    [`CREATE TABLE x ${WITH}) AS SELECT CAST(1 AS smallint) AS a`, "Type not supported for Iceberg: smallint"],
    [`CREATE TABLE x ${WITH}, owner = 'me') AS SELECT 1 AS a`, "Unsupported table property key: owner"],
    [`CREATE TABLE x ${WITH}, partitioning = 'a') AS SELECT 1 AS a`, "partitioning is a list: ARRAY['a']"],
    [
      `CREATE TABLE x ${WITH}, partitioning = ARRAY['day(a, b)']) AS SELECT 1 AS a`,
      "Invalid partition field: day(a, b)",
    ],
    [
      "CREATE TABLE x WITH (partitioned_by = ARRAY['a']) AS SELECT 1 AS a",
      "Partition columns must be the last columns",
    ],
    ["CREATE TABLE x WITH (format = 'ORC') AS SELECT 1 AS a", "format ORC of a Hive table is not implemented"],
    [
      "CREATE TABLE x WITH (bucketed_by = ARRAY['a'], bucket_count = 3) AS SELECT 1 AS a",
      "bucketed_by is not implemented",
    ],
    [
      "CREATE TABLE x AS SELECT ARRAY[TIMESTAMP '2020-01-01 00:00:00'] AS a",
      "NOT_SUPPORTED: line 1:19: Incorrect timestamp precision for timestamp(0); the configured precision is MILLISECONDS; column name: a",
    ],
    [
      "CREATE TABLE x WITH (format = 'TEXTFILE', field_delimiter = '||') AS SELECT 1 AS a",
      "field_delimiter '||' is not implemented locally; write one ASCII character",
    ],
    ["CREATE TABLE x WITH (field_delimiter = ',') AS SELECT 1 AS a", "the property field_delimiter is not implemented"],
    ["CREATE TABLE x WITH (bucket_count = 3) AS SELECT 1 AS a", "the property bucket_count is not implemented"],
  ])("%s", (sql, message) => {
    expect(lake.refusal(sql)).toContain(message);
  });

  test("errors of the query are where they stand", () => {
    expect(lake.refusal(`CREATE TABLE x ${WITH})\nAS SELECT\n  missing FROM t`)).toContain(
      "COLUMN_NOT_FOUND: line 3:3:",
    );
    expect(lake.refusal(`CREATE TABLE x ${WITH})\nAS SELECT FROM WHERE`)).toContain("SYNTAX_ERROR: line 2:");
  });
});
