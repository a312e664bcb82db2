import { beforeAll, describe, expect, test } from "vitest";
import { type FakeLake, fakeLake } from "./fixture.ts";

let lake: FakeLake;
beforeAll(async () => {
  lake = await fakeLake(
    { t: { id: "bigint", sku: "string", day: "date" }, h: { id: "bigint", k: "string" } },
    { view: { v: "SELECT 1 AS a" }, hive: ["h"], partitionColumns: { t: ["sku", "day"] } },
  );
});

describe("ALTER TABLE", () => {
  test.each([
    [
      "ADD COLUMNS (note string, at timestamp COMMENT 'when')",
      {
        kind: "add columns",
        columns: [
          { name: "note", hive: "string", type: { kind: "varchar" } },
          { name: "at", hive: "timestamp", type: { kind: "timestamp", precision: 6 }, comment: "when" },
        ],
      },
    ],
    ["DROP COLUMN Sku", { kind: "drop column", name: "sku" }],
    [
      "CHANGE COLUMN id number bigint",
      { kind: "change column", name: "id", to: { name: "number", hive: "bigint", type: { kind: "bigint" } } },
    ],
    [
      "SET TBLPROPERTIES ('format'='parquet', 'optimize_rewrite_delete_file_threshold'='10')",
      {
        kind: "set properties",
        properties: { "write.format.default": "parquet", optimize_rewrite_delete_file_threshold: "10" },
      },
    ],
    [
      "UNSET TBLPROPERTIES ('write_compression')",
      { kind: "unset properties", names: ["write.parquet.compression-codec"] },
    ],
    ["RENAME TO u", { kind: "rename", to: { name: "u" } }],
    ["RENAME TO `other`.`u`", { kind: "rename", to: { database: "other", name: "u" } }],
  ])("ALTER TABLE t %s", (text, action) => {
    expect(lake.statement(`ALTER TABLE db.t ${text}`)).toEqual({
      kind: "ALTER_TABLE",
      table: { database: "db", name: "t" },
      action,
    });
  });

  test.each([
    [
      "ADD IF NOT EXISTS PARTITION (k='a', n=1) LOCATION 's3://bucket/a/' PARTITION (k='b', n=2)",
      {
        kind: "add partitions",
        ifNotExists: true,
        partitions: [{ values: { k: "a", n: "1" }, location: "s3://bucket/a/" }, { values: { k: "b", n: "2" } }],
      },
    ],
    [
      "DROP PARTITION (k='a'), PARTITION (k='b')",
      { kind: "drop partitions", ifExists: false, partitions: [{ values: { k: "a" } }, { values: { k: "b" } }] },
    ],
    ["SET LOCATION 's3://bucket/new'", { kind: "set location", location: "s3://bucket/new/" }],
    [
      "PARTITION (k='a', n=1) SET LOCATION 's3://bucket/new/'",
      { kind: "set location", location: "s3://bucket/new/", partition: { k: "a", n: "1" } },
    ],
    [
      "PARTITION (k='a') RENAME TO PARTITION (`k`='b')",
      { kind: "rename partition", partition: { k: "a" }, to: { k: "b" } },
    ],
    ["SET TBLPROPERTIES ('anything'='goes')", { kind: "set properties", properties: { anything: "goes" } }],
    [
      "REPLACE COLUMNS (a tinyint)",
      { kind: "replace columns", columns: [{ name: "a", hive: "tinyint", type: { kind: "tinyint" } }] },
    ],
  ])("ALTER TABLE h %s", (text, action) => {
    expect(lake.statement(`ALTER TABLE h ${text}`)).toMatchObject({ action });
  });

  test.each([
    ["ALTER TABLE t REPLACE COLUMNS (a int)", "ALTER TABLE REPLACE COLUMNS is not supported for table type ICEBERG"],
    ["ALTER TABLE t ADD PARTITION (sku='a')", "NOT_SUPPORTED: line 1:15: Partitions of a table of type ICEBERG"],
    ["ALTER TABLE t SET TBLPROPERTIES ('owner'='me')", "Unsupported table property key: owner"],
    ["ALTER TABLE t UNSET TBLPROPERTIES ('owner')", "Unsupported table property key: owner"],
    ["ALTER TABLE t CHANGE id id bigint FIRST", "moving a column is not implemented locally"],
    ["ALTER TABLE t ADD COLUMNS (a smallint)", "Type not supported for Iceberg: smallint"],
    ["ALTER TABLE t EXECUTE optimize", "mismatched input 'EXECUTE'. Expecting: 'ADD COLUMNS'"],
    ["ALTER TABLE h DROP PARTITION (k > 'a')", "a partition by another comparison than ="],
    ["ALTER TABLE t CHANGE id id bigint COMMENT 'key'", "COMMENT in CHANGE COLUMN of an Iceberg table"],
    ["ALTER TABLE t SET LOCATION 's3://bucket/x/'", "SET LOCATION is not supported for table type ICEBERG"],
    ["ALTER TABLE h SET LOCATION '/x/'", "'/x/' is no location"],
    ["ALTER TABLE h SET SERDEPROPERTIES ('a'='b')", "SET SERDEPROPERTIES is not supported by Athena"],
    ["ALTER TABLE h RENAME TO g", "RENAME TO is not supported by Athena"],
    ["ALTER TABLE h TOUCH", "ALTER TABLE ... TOUCH is not supported by Athena"],
    ["ALTER TABLE h PARTITION (k='a') COMPACT 'major'", "mismatched input 'COMPACT'. Expecting: 'RENAME'"],
    ["ALTER TABLE h ADD COLUMNS (date date)", "mismatched input 'date'. Expecting: identifier (in backticks)"],
    ["ALTER TABLE v ADD COLUMNS (a int)", "v is a view"],
    ["ALTER DATABASE d SET LOCATION 's3://bucket/x/'", "ALTER DATABASE ... SET LOCATION is not supported by Athena"],
  ])("%s", (sql, message) => {
    expect(lake.refusal(sql)).toContain(message);
  });
});
