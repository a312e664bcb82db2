import { CreatePartitionCommand, GetDatabaseCommand, GetTableCommand } from "@aws-sdk/client-glue";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Bench, startBench } from "./fixture.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

const put = (key: string, id: string) =>
  bench.ports.objects.put({ bucket: "lake", key }, `{"id":"${id}"}\n`, {}, bench.call);
const lines = async (sql: string): Promise<string[]> => (await bench.rows(sql)).map(([line]) => line ?? "");
const JSON_LINES = "ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'";

describe("MSCK REPAIR TABLE", () => {
  test("registers the folders that are named as partitions, says which, and takes none away", async () => {
    await bench.run(
      `CREATE EXTERNAL TABLE logs (id string) PARTITIONED BY (day string, kind string) ${JSON_LINES} LOCATION 's3://lake/logs/'`,
    );
    await put("logs/day=1/kind=a%2Fb/f.json", "x");
    await put("logs/day=1/kind=__HIVE_DEFAULT_PARTITION__/f.json", "null");
    await put("logs/day=2/KIND=c/f.json", "not Hive's");
    await put("logs/day=3/f.json", "too high");
    await put("logs/f.json", "no partition");
    await bench.run("ALTER TABLE logs ADD PARTITION (day = '0', kind = 'gone')");
    const repaired = await bench.execute("MSCK REPAIR TABLE logs");
    expect([repaired.Status?.StateChangeReason, repaired.StatementType]).toEqual([undefined, "DDL"]);
    expect(await bench.rows("SELECT id, day, kind FROM logs ORDER BY id")).toEqual([
      ["null", "1", null],
      ["x", "1", "a/b"],
    ]);
    expect(await bench.rows("SELECT id FROM logs WHERE kind = 'a/b'")).toEqual([["x"]]);
    expect(await bench.rows("SELECT id, \"$path\" LIKE '%DEFAULT%' FROM logs WHERE kind IS NULL")).toEqual([
      ["null", "true"],
    ]);
    await put("logs/day=4/kind=d/f.json", "y");
    expect(await lines("MSCK REPAIR TABLE `db.logs`")).toEqual([
      "Partitions not in metastore:\tlogs:day=4/kind=d",
      "Partitions missing from filesystem:\tlogs:day=0/kind=gone",
      "Repair: Added partition to metastore logs:day=4/kind=d",
    ]);
    expect(await lines("SHOW PARTITIONS logs")).toHaveLength(4);
  });

  test("is done with the caller's permissions, on Hive tables only", async () => {
    await put("logs/day=5/kind=e/f.json", "z");
    bench.denied.add("glue:BatchCreatePartition");
    expect(await bench.reason("MSCK REPAIR TABLE logs")).toContain(
      "not authorized to perform: glue:BatchCreatePartition",
    );
    bench.denied.clear();
    expect(await bench.reason("MSCK REPAIR TABLE sales")).toMatch(/^NOT_SUPPORTED: /);
    expect(await bench.reason("MSCK REPAIR TABLE nowhere")).toContain("Table not found db.nowhere");
  });
});

describe("ALTER TABLE of a Hive table", () => {
  test("gives the table or one partition another place", async () => {
    await bench.run(`CREATE EXTERNAL TABLE one (id string) ${JSON_LINES} LOCATION 's3://lake/one/'`);
    await put("other/f.json", "elsewhere");
    expect(await bench.rows("SELECT id FROM one")).toEqual([]);
    await bench.run("ALTER TABLE one SET LOCATION 's3://lake/other'");
    expect(await bench.rows("SELECT id FROM one")).toEqual([["elsewhere"]]);
    const { Table } = await bench.glue.send(new GetTableCommand({ DatabaseName: "db", Name: "one" }));
    expect(Table?.StorageDescriptor?.Location).toBe("s3://lake/other/");
    await bench.run("ALTER TABLE notes ADD PARTITION (day = '1')");
    await bench.run("ALTER TABLE notes PARTITION (day = '1') SET LOCATION 's3://lake/other/'");
    expect(await bench.rows("SELECT id, day FROM notes")).toEqual([["elsewhere", "1"]]);
  });

  test("gives a partition other values; its files stay", async () => {
    await bench.run("ALTER TABLE notes PARTITION (day = '1') RENAME TO PARTITION (day = '2')");
    expect(await bench.rows("SELECT id, day FROM notes")).toEqual([["elsewhere", "2"]]);
    await bench.run("ALTER TABLE notes ADD PARTITION (day = '3')");
    expect(await bench.reason("ALTER TABLE notes PARTITION (day = '2') RENAME TO PARTITION (day = '3')")).toContain(
      "AlreadyExistsException",
    );
    expect(await lines("SHOW PARTITIONS notes")).toEqual(["day=2", "day=3"]);
    const missing = "ALTER TABLE notes PARTITION (day = '9') RENAME TO PARTITION (day = '4')";
    expect(await bench.reason(missing)).toMatch(/^FAILED: SemanticException \[Error 10006\]: Partition not found/);
    const wrong = "ALTER TABLE notes PARTITION (kind = '2') SET LOCATION 's3://lake/other/'";
    expect(await bench.reason(wrong)).toContain("does not name the partition columns day");
    expect(await bench.reason("ALTER TABLE notes DROP PARTITION (kind = '2')")).toContain(
      "Invalid partition column kind",
    );
    expect(await bench.reason("ALTER TABLE notes ADD PARTITION (kind = '2')")).toContain("does not name");
  });
});

describe("$partitions of a Hive table", () => {
  test("has a row for each registered partition, in the columns' types", async () => {
    await bench.run(
      `CREATE EXTERNAL TABLE typed (x string) PARTITIONED BY (d date, n int, s varchar(5), t timestamp, m decimal(5,2), b boolean) ${JSON_LINES} LOCATION 's3://lake/typed/'`,
    );
    const NONE = "__HIVE_DEFAULT_PARTITION__";
    for (const Values of [
      ["2020-01-02", "7", "a/b", "2020-01-02 03:04:05.1", "1.50", "true"],
      [NONE, "1", NONE, NONE, NONE, "false"],
      [NONE, "-1", NONE, NONE, NONE, "false"],
    ])
      await bench.glue.send(
        new CreatePartitionCommand({ DatabaseName: "db", TableName: "typed", PartitionInput: { Values } }),
      );
    const first = ["2020-01-02", "7", "a/b", "2020-01-02 03:04:05.100", "1.50", "true"];
    expect(await bench.rows('SELECT * FROM "typed$partitions" ORDER BY n')).toEqual([
      [null, "-1", null, null, null, "false"],
      [null, "1", null, null, null, "false"],
      first,
    ]);
    expect(await bench.rows('SELECT * FROM "typed$partitions" WHERE n > 3')).toEqual([first]);
    expect(
      await bench.rows('SELECT typeof(d), typeof(n), typeof(t), typeof(m), typeof(b) FROM "typed$partitions" LIMIT 1'),
    ).toEqual([["date", "integer", "timestamp(3)", "decimal(5,2)", "boolean"]]);
    expect((await bench.execute('SELECT count(*) FROM "typed$partitions"')).Statistics?.DataScannedInBytes).toBe(0);
  });

  test("may have no row; is not there without partition columns, and is refused with projection", async () => {
    await bench.run(
      `CREATE EXTERNAL TABLE no_parts (x string) PARTITIONED BY (d date) ${JSON_LINES} LOCATION 's3://lake/no_parts/'`,
    );
    expect(await bench.rows('SELECT d, count(*) FROM "no_parts$partitions" GROUP BY 1')).toEqual([]);
    await bench.run(`CREATE EXTERNAL TABLE flat (x string) ${JSON_LINES} LOCATION 's3://lake/flat/'`);
    expect(await bench.reason('SELECT * FROM "flat$partitions"')).toContain("TABLE_NOT_FOUND");
    expect(await bench.reason('SELECT * FROM "raw$partitions"')).toMatch(
      /^NOT_IMPLEMENTED_LOCALLY: .*raw\$partitions of a table with partition projection: write SELECT DISTINCT/,
    );
    expect(await bench.reason('SELECT "$path" FROM "no_parts$partitions"')).toContain("COLUMN_NOT_FOUND");
    expect(await bench.reason('INSERT INTO "no_parts$partitions" VALUES (NULL)')).toBeDefined();
  });

  test("needs glue:GetPartitions", async () => {
    bench.denied.add("glue:GetPartitions");
    expect(await bench.reason('SELECT * FROM "no_parts$partitions"')).toContain(
      "not authorized to perform: glue:GetPartitions",
    );
    bench.denied.clear();
  });
});

test("A partition that its entry says is read in another way is refused; one that says the same is not", async () => {
  await bench.run(
    `CREATE EXTERNAL TABLE own (id string) PARTITIONED BY (day string) ${JSON_LINES} LOCATION 's3://lake/own/'`,
  );
  const SerializationLibrary = "org.openx.data.jsonserde.JsonSerDe";
  const storages = {
    same: {
      Columns: [{ Name: "ID", Type: "STRING" }],
      SerdeInfo: { SerializationLibrary, Parameters: { "serialization.format": "1" } },
    },
    columns: { Columns: [{ Name: "id", Type: "bigint" }] },
    serde: { SerdeInfo: { SerializationLibrary: "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe" } },
    input: { InputFormat: "org.apache.hadoop.mapred.SequenceFileInputFormat" },
  };
  for (const [day, StorageDescriptor] of Object.entries(storages)) {
    await put(`own/day=${day}/f.json`, day);
    const PartitionInput = { Values: [day], StorageDescriptor };
    await bench.glue.send(new CreatePartitionCommand({ DatabaseName: "db", TableName: "own", PartitionInput }));
  }
  expect(await bench.rows("SELECT id FROM own WHERE day = 'same'")).toEqual([["same"]]);
  const refused = (day: string) => bench.reason(`SELECT id FROM own WHERE day = '${day}'`);
  expect(await refused("columns")).toContain("reading partition [columns] of own, whose columns are not the table's");
  expect(await refused("serde")).toContain("reading partition [serde] of own, whose file format is not the table's");
  expect(await refused("input")).toContain("reading partition [input] of own, whose file format is not the table's");
  expect(await bench.reason("ALTER TABLE own PARTITION (day = 'serde') SET LOCATION 's3://lake/else/'")).toContain(
    "whose file format is not the table's",
  );
});

test("MSCK REPAIR TABLE registers more partitions than one request to Glue holds", async () => {
  await bench.run(
    `CREATE EXTERNAL TABLE many (id string) PARTITIONED BY (n int) ${JSON_LINES} LOCATION 's3://lake/many/'`,
  );
  for (let n = 0; n < 101; n += 1) await put(`many/n=${n}/f.json`, String(n));
  await bench.run("MSCK REPAIR TABLE many");
  expect(await bench.rows('SELECT count(*), max(n) FROM "many$partitions"')).toEqual([["101", "100"]]);
});

test("numbers in folders may be filled up with zeros, and a query may leave them out", async () => {
  await bench.run(
    `CREATE EXTERNAL TABLE months (id string) PARTITIONED BY (month int) ${JSON_LINES} LOCATION 's3://lake/months/'
     TBLPROPERTIES ('projection.enabled' = 'true', 'projection.month.type' = 'integer', 'projection.month.range' = '1,12', 'projection.month.digits' = '2')`,
  );
  await put("months/month=01/f.json", "january");
  await put("months/month=11/f.json", "november");
  expect(await bench.rows("SELECT id, month FROM months WHERE month = 1")).toEqual([["january", "1"]]);
  expect(await bench.rows("SELECT id FROM months WHERE month > 1")).toEqual([["november"]]);
  expect(await lines("SHOW PARTITIONS months")).toEqual([]);
});

test("INSERT does not write what it could not read again", async () => {
  const names = `ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe' WITH SERDEPROPERTIES ('mapping.id' = 'ID')`;
  await bench.run(`CREATE EXTERNAL TABLE mapped (id string) ${names} LOCATION 's3://lake/mapped/'`);
  expect(await bench.reason("INSERT INTO mapped VALUES ('x')")).toContain("whose columns have other names in JSON");
  await bench.run(
    `CREATE EXTERNAL TABLE headed (id string) ${JSON_LINES} LOCATION 's3://lake/headed/' TBLPROPERTIES ('skip.header.line.count' = '1')`,
  );
  expect(await bench.reason("INSERT INTO headed VALUES ('x')")).toContain("whose files have headers");
});

test("ALTER DATABASE SET DBPROPERTIES adds to what is there", async () => {
  await bench.run("CREATE DATABASE shelf COMMENT 'mine' WITH DBPROPERTIES ('a' = '1', 'b' = '2')");
  await bench.run("ALTER SCHEMA shelf SET DBPROPERTIES ('b' = '3')");
  const { Database } = await bench.glue.send(new GetDatabaseCommand({ Name: "shelf" }));
  expect(Database).toMatchObject({ Description: "mine", Parameters: { a: "1", b: "3" } });
  expect(await bench.reason("ALTER DATABASE none_such SET DBPROPERTIES ('a' = '1')")).toContain(
    "Database does not exist",
  );
});

test("EXPLAIN ANALYZE runs the query, and says whose measures it shows", async () => {
  await put("notes/day=7/f.json", "counted");
  await bench.run("MSCK REPAIR TABLE notes");
  const explained = await bench.execute("EXPLAIN ANALYZE SELECT id FROM notes WHERE day = '7'");
  expect(explained.Status?.StateChangeReason).toBeUndefined();
  expect(explained.Statistics?.DataScannedInBytes).toBe(17);
  const plan = await lines("EXPLAIN ANALYZE SELECT id FROM notes WHERE day = '7'");
  expect(plan[0]).toBe("SELECT on this machine's DuckDB; Athena would show Trino's plan here.");
  expect(plan).toContain("What DuckDB measured; Athena's times and costs are others");
  expect(plan.join("\n")).toContain("Total Time");
});

test("a definition that SHOW CREATE TABLE gives is read again", async () => {
  await bench.run(
    `CREATE EXTERNAL TABLE told (\`date\` string, n int) PARTITIONED BY (day string)
     ROW FORMAT DELIMITED FIELDS TERMINATED BY '|' LOCATION 's3://lake/told/' TBLPROPERTIES ('skip.header.line.count' = '1')`,
  );
  const told = await lines("SHOW CREATE TABLE told");
  expect(told).toContain("STORED AS INPUTFORMAT ");
  await bench.run("DROP TABLE told");
  await bench.run(told.join("\n"));
  expect(await lines("SHOW CREATE TABLE told")).toEqual(told);
});

describe("Parquet", () => {
  const at = (key: string, select: string): Promise<number> =>
    bench.run(`UNLOAD (${select}) TO 's3://lake/${key}/' WITH (format = 'PARQUET')`);
  const over = (name: string, columns: string, source: string): Promise<number> =>
    bench.run(`CREATE EXTERNAL TABLE ${name} (${columns}) STORED AS PARQUET LOCATION 's3://lake/${source}/'`);

  test("is read in wider types, shorter texts and milliseconds, as Trino reads it", async () => {
    await at(
      "narrow",
      "SELECT 7 AS n, DECIMAL '1.25' AS m, '12😀4' AS t, TIMESTAMP '2020-01-02 03:04:05.123567' AS ts",
    );
    await over("wider", "n bigint, m decimal(38,3), t varchar(3), ts timestamp", "narrow");
    expect(await bench.rows("SELECT n, m, t, ts = TIMESTAMP '2020-01-02 03:04:05.124' FROM wider")).toEqual([
      ["7", "1.250", "12😀", "true"],
    ]);
  });

  test("of another type is refused, where the column is asked for", async () => {
    await at("numbers", "SELECT 7 AS n, 1.5e0 AS d, 'x' AS t");
    await over("wrong", "n string, d decimal(5,2), t string", "numbers");
    expect(await bench.reason("SELECT n FROM wrong")).toMatch(
      /reading INTEGER of s3:\/\/lake\/numbers\/.* as column wrong\.n of type varchar/,
    );
    expect(await bench.reason("SELECT d FROM wrong")).toContain("reading DOUBLE of");
    expect(await bench.rows("SELECT t FROM wrong")).toEqual([["x"]]);
    expect(await bench.rows("SELECT count(*) FROM wrong")).toEqual([["1"]]);
  });
});
