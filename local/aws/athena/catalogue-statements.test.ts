import { CreateDatabaseCommand, DeleteDatabaseCommand, GetDatabaseCommand } from "@aws-sdk/client-glue";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Bench, startBench } from "./fixture.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

const lines = async (sql: string): Promise<string[]> => (await bench.rows(sql)).map(([line]) => line ?? "");

describe("databases", () => {
  test("are made and dropped, by SQL and through Glue, and survive a restart", async () => {
    await bench.run("CREATE DATABASE shop COMMENT 'the shop' LOCATION 's3://lake/shop/' WITH DBPROPERTIES ('a' = 'b')");
    expect(await bench.reason("CREATE SCHEMA shop")).toMatch(/^FAILED: .*Database shop already exists/);
    await bench.run("CREATE SCHEMA IF NOT EXISTS shop");
    const { Database } = await bench.glue.send(new GetDatabaseCommand({ Name: "shop" }));
    expect(Database).toMatchObject({ Description: "the shop", LocationUri: "s3://lake/shop/", Parameters: { a: "b" } });
    await bench.run(
      "CREATE TABLE shop.t (n int) LOCATION 's3://lake/shop/t/' TBLPROPERTIES ('table_type' = 'ICEBERG')",
    );
    await bench.run("INSERT INTO shop.t VALUES (1)");
    const { home } = bench;
    await bench.stop(true);
    bench = await startBench(home);
    expect(await lines("SHOW DATABASES")).toEqual(["db", "shop"]);
    expect(await bench.reason("DROP DATABASE shop")).toMatch(/^FAILED: .*Database shop is not empty/);
    await bench.run("DROP DATABASE shop CASCADE");
    expect(await lines("SHOW DATABASES")).toEqual(["db"]);
    expect(await bench.reason("SELECT * FROM shop.t")).toMatch(/^TABLE_NOT_FOUND/);
    await bench.run("DROP DATABASE IF EXISTS shop");
    expect(await bench.reason("DROP DATABASE shop")).toMatch(/^FAILED: .*Database does not exist: shop/);
    await bench.glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: "Lab" } }));
    expect(await lines("SHOW SCHEMAS")).toEqual(["db", "lab"]);
    await bench.glue.send(new DeleteDatabaseCommand({ Name: "lab" }));
  });

  test("of the stack stay", async () => {
    expect(await bench.reason("DROP DATABASE db CASCADE")).toContain("which the stack declares");
    bench.denied.add("glue:CreateDatabase");
    expect(await bench.reason("CREATE DATABASE other")).toContain("not authorized to perform: glue:CreateDatabase");
    bench.denied.clear();
  });
});

describe("SHOW CREATE TABLE", () => {
  test("of an Iceberg table makes it again", async () => {
    await bench.run(`CREATE TABLE made (id bigint COMMENT 'who', ts timestamp, tags array<string>, price decimal(10,2))
      PARTITIONED BY (day(ts), bucket(16, id), price) LOCATION 's3://lake/made'
      TBLPROPERTIES ('table_type' = 'ICEBERG', 'vacuum_max_snapshot_age_seconds' = '60')`);
    const told = await lines("SHOW CREATE TABLE made");
    expect(told).toEqual([
      "CREATE TABLE db.made (",
      "  id bigint COMMENT 'who',",
      "  ts timestamp,",
      "  tags array<string>,",
      "  price decimal(10,2))",
      "PARTITIONED BY (day(`ts`), bucket(16, `id`), `price`)",
      "LOCATION 's3://lake/made'",
      "TBLPROPERTIES (",
      "  'table_type'='iceberg',",
      "  'vacuum_max_snapshot_age_seconds'='60'",
      ");",
    ]);
    const { StatementType, SubstatementType } = await bench.execute("SHOW CREATE TABLE made");
    expect([StatementType, SubstatementType]).toEqual(["UTILITY", "SHOW_CREATE_TABLE"]);
    await bench.run("DROP TABLE made");
    await bench.run(told.join("\n"));
    expect(await lines("SHOW CREATE TABLE made")).toEqual(told);
  });

  test("of a Hive table has Hive's layout", async () => {
    await bench.run(`CREATE EXTERNAL TABLE told (id string COMMENT 'it\\'s', n int) PARTITIONED BY (day string)
      STORED AS PARQUET LOCATION 's3://lake/told/' TBLPROPERTIES ('owner' = 'me')`);
    expect(await lines("SHOW CREATE TABLE told")).toEqual([
      "CREATE EXTERNAL TABLE `db.told`(",
      "  `id` string COMMENT 'it\\'s', ",
      "  `n` int)",
      "PARTITIONED BY ( ",
      "  `day` string)",
      "ROW FORMAT SERDE ",
      "  'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' ",
      "STORED AS INPUTFORMAT ",
      "  'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat' ",
      "OUTPUTFORMAT ",
      "  'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat'",
      "LOCATION",
      "  's3://lake/told'",
      "TBLPROPERTIES (",
      "  'owner'='me')",
    ]);
    expect(await bench.reason("SHOW CREATE TABLE nowhere")).toMatch(/^FAILED: SemanticException/);
  });
});

test('"$path" says where the rows of an Iceberg table lie', async () => {
  await bench.run("INSERT INTO sales (sku, n) VALUES ('a', 1), ('b', 2)");
  await bench.run("INSERT INTO sales (sku, n) VALUES ('c', 3)");
  await bench.run("DELETE FROM sales WHERE sku = 'a'");
  const files = await bench.rows('SELECT file_path FROM "sales$files" WHERE content = 0 ORDER BY 1');
  expect(await bench.rows('SELECT DISTINCT "$path" FROM sales ORDER BY 1')).toEqual(files);
  expect(files).toHaveLength(2);
  const [one] = await bench.rows("SELECT sku, \"$path\" AS p FROM sales WHERE sku = 'c'");
  expect(await bench.rows(`SELECT sku FROM sales WHERE "$path" = '${one?.[1]}'`)).toEqual([["c"]]);
  expect(await bench.rows("SELECT * FROM sales WHERE sku = 'c'")).toEqual([["c", "3", null, null]]);
  expect(await bench.rows('SELECT "$path" FROM wide')).toEqual([]);
});
