import { beforeAll, describe, expect, test } from "vitest";
import { type FakeLake, fakeLake } from "./fixture.ts";

let lake: FakeLake;
beforeAll(async () => {
  lake = await fakeLake({});
});

const ICEBERG = "LOCATION 's3://bucket/t' TBLPROPERTIES ('table_type'='ICEBERG')";

describe("CREATE TABLE", () => {
  test("Iceberg: columns, transforms, location and the properties under the metadata's names", () => {
    expect(
      lake.statement(
        `-- as in the user guide
        CREATE TABLE IF NOT EXISTS db.\`Iceberg_Table\` (
          id int COMMENT 'it''s', data string, seen timestamp, \`day\` date,
          lines array<struct<Sku:string, n:bigint, tags:map<string,decimal(18, 3)>>>, f float)
        COMMENT "a \\"table\\""
        PARTITIONED BY (data, bucket(16, id), day(seen), truncate(4, data), \`day\`)
        LOCATION 's3://bucket/folder'
        TBLPROPERTIES ('table_type'='ICEBERG', 'format'='parquet', 'write_compression'='ZSTD',
          'write_target_data_file_size_bytes'='536870912', 'vacuum_max_snapshot_age_seconds'='259200');`.replace(
          "it''s",
          "it\\'s",
        ),
      ),
    ).toEqual({
      kind: "CREATE_TABLE",
      table: { database: "db", name: "iceberg_table" },
      ifNotExists: true,
      comment: 'a "table"',
      columns: [
        { name: "id", hive: "int", type: { kind: "integer" }, comment: "it's" },
        { name: "data", hive: "string", type: { kind: "varchar" } },
        { name: "seen", hive: "timestamp", type: { kind: "timestamp", precision: 6 } },
        { name: "day", hive: "date", type: { kind: "date" } },
        {
          name: "lines",
          hive: "array<struct<sku:string,n:bigint,tags:map<string,decimal(18,3)>>>",
          type: {
            kind: "array",
            element: {
              kind: "row",
              fields: [
                { name: "sku", type: { kind: "varchar" } },
                { name: "n", type: { kind: "bigint" } },
                {
                  name: "tags",
                  type: { kind: "map", key: { kind: "varchar" }, value: { kind: "decimal", precision: 18, scale: 3 } },
                },
              ],
            },
          },
        },
        { name: "f", hive: "float", type: { kind: "real" } },
      ],
      format: {
        kind: "iceberg",
        location: "s3://bucket/folder/",
        partitionedBy: [
          { column: "data", transform: "identity" },
          { column: "id", transform: "bucket[16]" },
          { column: "seen", transform: "day" },
          { column: "data", transform: "truncate[4]" },
          { column: "day", transform: "identity" },
        ],
        properties: {
          "write.format.default": "parquet",
          "write.parquet.compression-codec": "zstd",
          "write.target-file-size-bytes": "536870912",
          vacuum_max_snapshot_age_seconds: "259200",
        },
      },
    });
  });

  test.each([
    [
      `CREATE EXTERNAL TABLE t (a int) ${ICEBERG}`,
      "NOT_SUPPORTED: External keyword not supported for table type ICEBERG",
    ],
    ["CREATE TABLE t (a int) LOCATION 's3://bucket/t/'", "NOT_SUPPORTED: Only external table creation is supported"],
    ["CREATE TABLE t (a int) TBLPROPERTIES ('table_type'='ICEBERG')", "An Iceberg table needs a location"],
    [
      `CREATE TABLE t (a integer) ${ICEBERG}`,
      "SYNTAX_ERROR: line 1:19: mismatched input 'integer'. Expecting: a type (in DDL Athena calls it int)",
    ],
    [`CREATE TABLE t (a tinyint) ${ICEBERG}`, "Type not supported for Iceberg: tinyint (column a)"],
    [`CREATE TABLE t (a char(3)) ${ICEBERG}`, "type char(3) is not implemented locally"],
    [`CREATE TABLE t (a int, A string) ${ICEBERG}`, "DUPLICATE_COLUMN_NAME"],
    [`CREATE TABLE t (a int) PARTITIONED BY (b) ${ICEBERG}`, "Partition column 'b' is no column of the table"],
    [`CREATE TABLE t (a int) PARTITIONED BY (b int) ${ICEBERG}`, "names columns without types: b"],
    [`CREATE TABLE t (a int) PARTITIONED BY (day(a)) ${ICEBERG}`, "Cannot partition by day(a): a is integer"],
    [`CREATE TABLE t (a int) PARTITIONED BY (bucket(a)) ${ICEBERG}`, "bucket needs a positive number"],
    [`CREATE TABLE t (a int) PARTITIONED BY (a, a) ${ICEBERG}`, "Partition field identity(a) is there twice"],
    [`CREATE TABLE t (a double) PARTITIONED BY (a) ${ICEBERG}`, "Cannot partition by identity(a): a is double"],
    [
      `CREATE TABLE t (a int) STORED AS PARQUET ${ICEBERG}`,
      "ROW FORMAT and STORED AS are not supported for table type ICEBERG",
    ],
    [
      "CREATE TABLE t (a int) LOCATION 's3://b1/t/' TBLPROPERTIES ('table_type'='ICEBERG', 'owner'='me')",
      "INVALID_TABLE_PROPERTY: Unsupported table property key: owner",
    ],
    [
      "CREATE TABLE t (a int) LOCATION 's3://b1/t/' TBLPROPERTIES ('table_type'='ICEBERG', 'format'='orc')",
      "Invalid value 'orc' for table property format: parquet",
    ],
    [
      "CREATE TABLE t (a int) LOCATION 's3://b1/t/' TBLPROPERTIES ('table_type'='ICEBERG', 'optimize_rewrite_data_file_threshold'='50')",
      "a whole number from 1 to 49",
    ],
    [`CREATE TABLE t (a int) ${ICEBERG} x`, "mismatched input 'x'. Expecting: <EOF>"],
    [`CREATE TABLE t (_a int) ${ICEBERG}`, "mismatched input '_a'. Expecting: identifier (in backticks)"],
    ["CREATE TABLE t (a int", "mismatched input '<EOF>'. Expecting: ')'"],
    ["CREATE TABLE other.cat.t (a int)", "Catalog 'other' does not exist"],
    [
      "CREATE FUNCTION f() RETURNS int RETURN 1",
      "NOT_IMPLEMENTED_LOCALLY: line 1:1: CREATE FUNCTION is not implemented locally",
    ],
    ["MSCK REPAIR TABLE h DROP PARTITIONS", "mismatched input 'DROP'. Expecting: <EOF> (Athena adds partitions"],
    [`CREATE TABLE t (id int NOT NULL) ${ICEBERG}`, "mismatched input 'NOT'. Expecting: ')'"],
    [`CREATE TABLE t (id int, PRIMARY KEY (id)) ${ICEBERG}`, "mismatched input 'PRIMARY'. Expecting: identifier"],
    [`CREATE TABLE t (user string) ${ICEBERG}`, "mismatched input 'user'. Expecting: identifier (in backticks)"],
    ["CREATE TABLE t LIKE u", "mismatched input 'LIKE'. Expecting: 'AS'"],
    ["CREATE EXTERNAL TABLE t (a int) CLUSTERED BY (a) INTO 4 BUCKETS", "CLUSTERED BY is not implemented locally"],
    [
      "CREATE EXTERNAL TABLE t (a int) STORED AS INPUTFORMAT 'x' OUTPUTFORMAT 'y' LOCATION 's3://b1/t/'",
      "INPUTFORMAT 'x' with this OUTPUTFORMAT is not implemented locally",
    ],
  ])("%s", (sql, message) => {
    expect(lake.refusal(sql)).toContain(message);
  });

  test("external, over Parquet, JSON and delimited text", () => {
    const external = (rest: string) => lake.statement(`CREATE EXTERNAL TABLE t (a int, seen timestamp) ${rest}`);
    expect(
      external(
        "PARTITIONED BY (event_date string COMMENT 'UTC') STORED AS PARQUET LOCATION 's3://bucket/t/' TBLPROPERTIES ('projection.enabled'='true')",
      ),
    ).toEqual({
      kind: "CREATE_TABLE",
      table: { database: undefined, name: "t" },
      ifNotExists: false,
      columns: [
        { name: "a", hive: "int", type: { kind: "integer" } },
        { name: "seen", hive: "timestamp", type: { kind: "timestamp", precision: 3 } },
      ],
      format: {
        kind: "hive",
        location: "s3://bucket/t/",
        partitionedBy: [{ name: "event_date", hive: "string", type: { kind: "varchar" }, comment: "UTC" }],
        format: "parquet",
        serde: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
        serdeProperties: {},
        properties: { "projection.enabled": "true" },
      },
    });
    expect(
      external(
        "ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' WITH SERDEPROPERTIES ('case.insensitive'='false') LOCATION 's3://bucket/t/'",
      ),
    ).toMatchObject({
      format: {
        format: "json",
        serde: "org.openx.data.jsonserde.JsonSerDe",
        serdeProperties: { "case.insensitive": "false" },
      },
    });
    expect(
      external(
        String.raw`ROW FORMAT DELIMITED FIELDS TERMINATED BY '\t' ESCAPED BY '\\' LINES TERMINATED BY '\n' STORED AS TEXTFILE LOCATION 's3://bucket/t/'`,
      ),
    ).toMatchObject({
      format: {
        format: "csv",
        serdeProperties: {
          "field.delim": "\t",
          "escape.delim": "\\",
          "line.delim": "\n",
          "serialization.format": "\t",
        },
      },
    });
    expect(lake.refusal("CREATE EXTERNAL TABLE t (a int) STORED AS ORC LOCATION 's3://bucket/t/'")).toContain(
      "STORED AS ORC is not implemented locally",
    );
    expect(
      lake.refusal(
        "CREATE EXTERNAL TABLE t (a int) PARTITIONED BY (A string) STORED AS PARQUET LOCATION 's3://bucket/t/'",
      ),
    ).toContain("DUPLICATE_COLUMN_NAME");
  });
});
