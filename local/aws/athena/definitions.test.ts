import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { GetQueryResultsCommand } from "@aws-sdk/client-athena";
import { GetTableCommand } from "@aws-sdk/client-glue";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Bench, startBench } from "./fixture.ts";

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.stop());

const rows = (sql: string) => bench.rows(sql);
const reason = (sql: string) => bench.reason(sql);
const run = (sql: string) => bench.run(sql);
const keys = (prefix: string) => bench.ports.objects.list("lake", prefix, bench.call).map(({ key }) => key);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const asSelect = (name: string, query: string, more = "") =>
  `CREATE TABLE ${name} WITH (table_type = 'ICEBERG', location = 's3://lake/${name}/', is_external = false${more}) AS ${query}`;

describe("ALTER TABLE", () => {
  test("evolves columns and properties; the catalogue keeps what was", async () => {
    await run("INSERT INTO wide (k, i) VALUES ('a', 7)");
    await run("ALTER TABLE wide ADD COLUMNS (extra string, price decimal(8,2))");
    await run("ALTER TABLE wide CHANGE COLUMN i amount bigint");
    await run("ALTER TABLE wide DROP COLUMN ok");
    await run("ALTER TABLE wide SET TBLPROPERTIES ('optimize_rewrite_delete_file_threshold' = '1')");
    await run("INSERT INTO wide (k, amount, extra, price) VALUES ('b', 5000000000, 'x', 1.25)");
    expect(await rows("SELECT * FROM wide ORDER BY k")).toEqual([
      ["a", null, null, "7", null, null],
      ["b", null, null, "5000000000", "x", "1.25"],
    ]);
    expect(await rows("SHOW COLUMNS IN wide")).toEqual([["k"], ["d"], ["on_day"], ["amount"], ["extra"], ["price"]]);
    const { Table } = await bench.glue.send(new GetTableCommand({ DatabaseName: "db", Name: "wide" }));
    const current = Table?.StorageDescriptor?.Columns?.map(
      ({ Name, Parameters }) => `${Name} ${Parameters?.["iceberg.field.current"]}`,
    );
    expect(current).toEqual([
      "k true",
      "d true",
      "on_day true",
      "amount true",
      "extra true",
      "price true",
      "ok false",
      "i false",
    ]);
    expect(await reason("ALTER TABLE wide ADD COLUMNS (extra string)")).toContain("Column 'extra' already exists");
    expect(await reason("ALTER TABLE wide CHANGE COLUMN amount amount int")).toMatch(/^NOT_SUPPORTED: /);
    expect(await reason("ALTER TABLE wide DROP COLUMN nope")).toBe("COLUMN_NOT_FOUND: Column 'nope' does not exist");
  });

  test("gives a table another name: its files stay", async () => {
    await run("INSERT INTO sales (sku) VALUES ('a')");
    await run("ALTER TABLE sales RENAME TO sold");
    expect(await rows("SELECT sku FROM sold")).toEqual([["a"]]);
    expect(await reason("SELECT sku FROM sales")).toMatch(/^TABLE_NOT_FOUND/);
    await run("ALTER TABLE `db`.`sold` RENAME TO `db`.`sales`");
    expect(await rows("SELECT sku FROM sales")).toEqual([["a"]]);
    expect(await reason("ALTER TABLE sales RENAME TO other.sales")).toContain("Database other not found");
  });
});

describe("CREATE EXTERNAL TABLE", () => {
  test("registers files that are there", async () => {
    await bench.ports.objects.put({ bucket: "lake", key: "lines/f.ndjson" }, '{"id":"a","n":1}\n', {}, bench.call);
    await run(`CREATE EXTERNAL TABLE lines (id string COMMENT 'who', n int) ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
      LOCATION 's3://lake/lines/'`);
    expect(await rows("SELECT id, n FROM lines")).toEqual([["a", "1"]]);
    const { Table } = await bench.glue.send(new GetTableCommand({ DatabaseName: "db", Name: "lines" }));
    expect(Table?.StorageDescriptor?.Columns).toEqual([
      { Name: "id", Type: "string", Comment: "who" },
      { Name: "n", Type: "int" },
    ]);
    await run("DROP TABLE lines");
    expect(keys("lines/")).toEqual(["lines/f.ndjson"]);
  });
});

describe("ALTER TABLE of a Hive table", () => {
  test("changes its entry, and registers partitions", async () => {
    await bench.ports.objects.put(
      { bucket: "lake", key: "there/f.ndjson" },
      '{"id":"a","n":1,"more":2.5}\n',
      {},
      bench.call,
    );
    await run("ALTER TABLE notes ADD PARTITION (day = '1') LOCATION 's3://lake/there/'");
    expect(await reason("ALTER TABLE notes ADD PARTITION (day = '1')")).toContain("Partition already exists");
    await run("ALTER TABLE notes ADD IF NOT EXISTS PARTITION (day = '1')");
    expect(await rows("SHOW PARTITIONS notes")).toEqual([["day=1"]]);
    await run("ALTER TABLE notes ADD COLUMNS (`more` double)");
    expect(await rows("SELECT id, n, more, day FROM notes")).toEqual([["a", "1", "2.5", "1"]]);
    await run("ALTER TABLE notes CHANGE COLUMN n n int");
    await run("ALTER TABLE notes SET TBLPROPERTIES ('owner' = 'me')");
    expect(await rows("SHOW TBLPROPERTIES notes")).toEqual([["owner\tme"]]);
    expect(await rows("SHOW COLUMNS IN notes")).toEqual(["id", "n", "more", "day"].map((name) => [name.padEnd(20)]));
  });
});

describe("maintenance", () => {
  test("OPTIMIZE and VACUUM leave nothing of a deleted row in any file", async () => {
    await run(
      asSelect(
        "people",
        "SELECT 'keep-me' AS name UNION ALL SELECT 'erase-me-7731'",
        ", vacuum_max_snapshot_age_seconds = 1, write_compression = 'gzip'",
      ),
    );
    await run("INSERT INTO people VALUES ('erase-me-7731'), ('stay')");
    await run("ALTER TABLE people SET TBLPROPERTIES ('optimize_rewrite_delete_file_threshold' = '1')");
    await run("DELETE FROM people WHERE name = 'erase-me-7731'");
    const optimized = await bench.execute("OPTIMIZE people REWRITE DATA USING BIN_PACK");
    expect([optimized.Status?.StateChangeReason, optimized.StatementType, optimized.SubstatementType]).toEqual([
      undefined,
      "DDL",
      "OPTIMIZE",
    ]);
    expect(optimized.Statistics?.DataScannedInBytes).toBeGreaterThan(0);
    await pause(1100);
    await run("VACUUM people");
    expect(await rows("SELECT name FROM people ORDER BY name")).toEqual([["keep-me"], ["stay"]]);
    expect(await rows('SELECT count(*) FROM "people$snapshots"')).toEqual([["1"]]);
    const folder = join(bench.home, "s3", "lake", "people");
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
    const texts = files.map((file) => readFileSync(join(file.parentPath, file.name)));
    expect(texts.some((bytes) => bytes.includes("erase-me-7731"))).toBe(false);
    expect(files.filter((file) => file.name.endsWith(".parquet"))).toHaveLength(1);
  });

  test("OPTIMIZE asks for more runs beyond 100 partitions", async () => {
    await run(`CREATE TABLE many (n int) PARTITIONED BY (n) LOCATION 's3://lake/many/'
      TBLPROPERTIES ('table_type' = 'ICEBERG', 'optimize_rewrite_data_file_threshold' = '2')`);
    for (const from of [1, 61])
      for (let i = 0; i < 2; i++)
        await run(`INSERT INTO many SELECT n FROM UNNEST(sequence(${from}, ${from + 59})) AS t(n)`);
    const text = "OPTIMIZE many REWRITE DATA USING BIN_PACK";
    expect(await reason(text)).toMatch(/^ICEBERG_OPTIMIZE_MORE_RUNS_NEEDED: /);
    await run(text);
    expect(await rows("SELECT count(*), count(DISTINCT n) FROM many")).toEqual([["240", "120"]]);
    expect(await rows('SELECT count(*) FROM "many$files"')).toEqual([["120"]]);
    await run(`${text} WHERE n = 5`);
  });

  test("VACUUM without the right to delete does not pretend", async () => {
    await run(asSelect("kept", "SELECT 1 AS a", ", vacuum_max_snapshot_age_seconds = 1"));
    await run("DELETE FROM kept");
    await pause(1100);
    bench.denied.add("s3:DeleteObject");
    expect(await reason("VACUUM kept")).toMatch(
      /^ICEBERG_FILESYSTEM_ERROR: \d+ files of db\.kept could not be deleted/,
    );
  });
});

describe("DROP TABLE", () => {
  test("takes the files of an Iceberg table with it", async () => {
    await run(asSelect("gone", "SELECT 1 AS a"));
    expect(keys("gone/").length).toBeGreaterThan(3);
    await run("DROP TABLE gone");
    expect(keys("gone/")).toEqual([]);
    expect(await reason("DROP TABLE gone")).toBe("TABLE_NOT_FOUND: Table 'awsdatacatalog.db.gone' does not exist");
    await run("DROP TABLE IF EXISTS gone");
  });
});

describe("the catalogue's statements", () => {
  test("show what is there", async () => {
    expect(await rows("SHOW DATABASES")).toEqual([["db"]]);
    expect(await rows("SHOW TABLES IN db 's*|n*'")).toEqual([["notes"], ["sales"]]);
    expect(await rows("DESCRIBE notes")).toEqual([
      ["id                  \tstring              \t                    "],
      ["n                   \tbigint              \t                    "],
      ["day                 \tstring              \t                    "],
      ["\t \t "],
      ["# Partition Information\t \t "],
      ["# col_name          \tdata_type           \tcomment             "],
      ["\t \t "],
      ["day                 \tstring              \t                    "],
    ]);
    const { QueryExecutionId, StatementType, SubstatementType } = await bench.execute("DESCRIBE notes");
    expect([StatementType, SubstatementType]).toEqual(["UTILITY", "DESCRIBE_TABLE"]);
    const { ResultSet } = await bench.athena.send(new GetQueryResultsCommand({ QueryExecutionId }));
    expect(
      ResultSet?.ResultSetMetadata?.ColumnInfo?.map(
        ({ Name, Type, Precision, CaseSensitive }) => `${Name} ${Type} ${Precision} ${CaseSensitive}`,
      ),
    ).toEqual(["col_name string 0 false", "data_type string 0 false", "comment string 0 false"]);
  });

  test("keep views, whose queries are read in their place", async () => {
    await run("INSERT INTO sales (sku, n) VALUES ('a', 1), ('b', 2)");
    await run("CREATE VIEW twos AS SELECT sku, n * 2 AS twice FROM sales WHERE n > 1");
    expect(await rows("SELECT * FROM twos")).toEqual([["b", "4"]]);
    expect(await reason("CREATE VIEW twos AS SELECT 1 AS x")).toBe(
      "TABLE_ALREADY_EXISTS: View already exists: 'awsdatacatalog.db.twos'",
    );
    await run("CREATE OR REPLACE VIEW twos AS SELECT sku FROM sales");
    expect(await rows("DESCRIBE twos")).toEqual([["sku\tvarchar"]]);
    expect(await rows("SHOW VIEWS")).toEqual([["twos"]]);
    await run("DROP VIEW twos");
    expect(await reason("SELECT * FROM twos")).toMatch(/^TABLE_NOT_FOUND/);
  });
});
