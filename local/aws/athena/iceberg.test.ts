import { statSync } from "node:fs";
import { GetTableCommand, UpdateTableCommand } from "@aws-sdk/client-glue";
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

const created = `CREATE TABLE visits (id bigint COMMENT 'who', day date, seen timestamp, tags array<string>, price decimal(10,2))
  PARTITIONED BY (month(day), bucket(4, id)) LOCATION 's3://lake/visits/'
  TBLPROPERTIES ('table_type' = 'ICEBERG', 'write_compression' = 'snappy', 'vacuum_max_snapshot_age_seconds' = '1')`;

describe("CREATE TABLE", () => {
  test("makes an empty table that the catalogue and DESCRIBE show", async () => {
    const execution = await bench.execute(created);
    expect([execution.StatementType, execution.SubstatementType]).toEqual(["DDL", "CREATE_TABLE"]);
    expect(execution.ResultConfiguration?.OutputLocation).toBe(`s3://results/out/${execution.QueryExecutionId}.txt`);
    expect(await rows("SELECT * FROM visits")).toEqual([]);
    expect(await reason(created)).toBe("TABLE_ALREADY_EXISTS: Table 'awsdatacatalog.db.visits' already exists");
    await run(created.replace("CREATE TABLE", "CREATE TABLE IF NOT EXISTS"));
    expect(await rows("DESCRIBE visits")).toEqual([
      ["# Table schema:\t\t"],
      ["# col_name\tdata_type\tcomment"],
      ["id\tbigint\twho"],
      ["day\tdate\t"],
      ["seen\ttimestamp\t"],
      ["tags\tarray<string>\t"],
      ["price\tdecimal(10, 2)\t"],
      ["\t\t"],
      ["# Partition spec:\t\t"],
      ["# field_name\tfield_transform\tcolumn_name"],
      ["day_month\tmonth\tday"],
      ["id_bucket\tbucket[4]\tid"],
    ]);
    expect(await rows("SHOW TBLPROPERTIES visits")).toEqual([
      ["vacuum_max_snapshot_age_seconds\t1"],
      ["write_compression\tsnappy"],
    ]);
    const { Table } = await bench.glue.send(new GetTableCommand({ DatabaseName: "db", Name: "visits" }));
    expect([Table?.Parameters?.["table_type"], Table?.StorageDescriptor?.Location]).toEqual([
      "ICEBERG",
      "s3://lake/visits",
    ]);
  });

  test("wants an empty folder", async () => {
    await bench.ports.objects.put({ bucket: "lake", key: "visits/stray" }, "x", {}, bench.call);
    expect(await reason(created)).toBe(
      "ICEBERG_FILESYSTEM_ERROR: Cannot create a table on a non-empty location: s3://lake/visits",
    );
    expect(keys("visits/")).toEqual(["visits/stray"]);
  });
});

const asSelect = (name: string, query: string, more = "") =>
  `CREATE TABLE ${name} WITH (table_type = 'ICEBERG', location = 's3://lake/${name}/', is_external = false${more}) AS ${query}`;

describe("CREATE TABLE AS", () => {
  test("makes the table with its rows, or not at all", async () => {
    const partitioning = ", partitioning = ARRAY['k', 'truncate(n, 10)']";
    const query = "SELECT * FROM (VALUES (1, 'a', 1e0), (12, 'b', 2e0), (13, 'b', NULL)) AS v(n, k, x)";
    expect(await run(asSelect("made", query, partitioning))).toBe(3);
    expect(await rows("SELECT n, k, x FROM made ORDER BY n")).toEqual([
      ["1", "a", "1.0"],
      ["12", "b", "2.0"],
      ["13", "b", null],
    ]);
    expect(await rows('SELECT partition.k, partition.n_trunc, record_count FROM "made$partitions" ORDER BY 1')).toEqual(
      [
        ["a", "0", "1"],
        ["b", "10", "2"],
      ],
    );
    expect(await reason(asSelect("broken", "SELECT 1 / (n - n) AS x FROM made"))).toBe(
      "DIVISION_BY_ZERO: Division by zero",
    );
    expect(keys("broken/")).toEqual([]);
    expect(await reason("SELECT * FROM broken")).toBe(
      "TABLE_NOT_FOUND: Table 'awsdatacatalog.db.broken' does not exist",
    );
    expect(await run(asSelect("none", "SELECT 1 AS a WHERE false"))).toBe(0);
    expect(await rows("SELECT count(*) FROM none")).toEqual([["0"]]);
  });

  test("writes at most 100 partitions", async () => {
    const query = "SELECT n FROM UNNEST(sequence(1, 101)) AS t(n)";
    expect(await reason(asSelect("wide_open", query, ", partitioning = ARRAY['n']"))).toMatch(
      /^ICEBERG_TOO_MANY_OPEN_PARTITIONS: Exceeded limit of 100 open writers for partitions/,
    );
    expect(keys("wide_open/")).toEqual([]);
  });
});

describe("changes", () => {
  test("read only the files that may hold the rows", async () => {
    await run(created);
    for (const month of ["01", "02", "03"])
      await run(
        `INSERT INTO visits (id, day, price) VALUES (1, DATE '2011-${month}-05', 1.5), (3, DATE '2011-${month}-06', 2)`,
      );
    const read = async (sql: string): Promise<number> => {
      bench.asked.clear();
      await run(sql);
      return [...bench.asked].filter((ask) => /^s3:GetObject .*visits\/data\//.test(ask)).length;
    };
    expect(await read("SELECT id FROM visits")).toBe(6);
    expect(await read("SELECT id FROM visits WHERE day >= DATE '2011-03-01'")).toBe(2);
    expect(await read("SELECT id FROM visits WHERE id = 1 AND day < DATE '2011-02-01'")).toBe(1);
    expect(await read("SELECT id FROM visits WHERE price > 5")).toBe(0);
    expect(await read("UPDATE visits SET price = 9 WHERE id = 3 AND day = DATE '2011-02-06'")).toBe(1);
    const source = "(SELECT CAST(1 AS bigint) AS id, DATE '2011-02-05' AS day) AS s";
    expect(
      await read(
        `MERGE INTO visits t USING ${source} ON t.id = s.id AND t.day = s.day WHEN MATCHED THEN UPDATE SET price = 8`,
      ),
    ).toBe(1);
    expect(await rows("SELECT price, count(*) FROM visits GROUP BY price ORDER BY price")).toEqual([
      ["1.50", "2"],
      ["2.00", "2"],
      ["8.00", "1"],
      ["9.00", "1"],
    ]);
  });

  test("cost the column chunks of the files read, and the delete files", async () => {
    await run(
      asSelect(
        "costly",
        "SELECT n, to_hex(sha256(to_utf8(CAST(n AS varchar)))) AS t FROM UNNEST(sequence(1, 5000)) AS s(n)",
      ),
    );
    const bytes = async (sql: string) => (await bench.execute(sql)).Statistics?.DataScannedInBytes ?? -1;
    const [narrow, wide] = [await bytes("SELECT n FROM costly"), await bytes("SELECT n, t FROM costly")];
    const [file = ""] = keys("costly/data/");
    const size = statSync(bench.ports.objects.file({ bucket: "lake", key: file }, bench.call)).size;
    expect(narrow).toBeGreaterThan(0);
    expect(wide).toBeGreaterThan(5000 * 32);
    expect(wide).toBeLessThan(size);
    await run("DELETE FROM costly WHERE n = 7");
    expect(await bytes("SELECT n FROM costly")).toBeGreaterThan(narrow);
    expect(await bytes("SELECT n FROM costly WHERE n > 9999")).toBe(0);
    expect(await bytes('SELECT * FROM "costly$files"')).toBe(0);
  });

  test("of one table by many at once: every row once, conflicts tried again", async () => {
    await run("INSERT INTO sales (sku, n) SELECT 'a', n FROM UNNEST(sequence(1, 8)) AS t(n)");
    await Promise.all([
      ...Array.from({ length: 8 }, (_, i) => run(`INSERT INTO sales (sku, n) VALUES ('b', ${100 + i})`)),
      ...[1, 2].map((n) => run(`DELETE FROM sales WHERE sku = 'a' AND n = ${n}`).catch(() => undefined)),
    ]);
    expect(await rows("SELECT count(*), count(DISTINCT n) FROM sales WHERE sku = 'b'")).toEqual([["8", "8"]]);
  });

  /** Lets another statement commit while the next commit to `sales` is being made. */
  function meet(other: string): void {
    const { objects } = bench.ports;
    const put = objects.put.bind(objects);
    const met: typeof put = async (target, ...rest) => {
      if (/^silver\/sales\/metadata\/\d+-.*\.metadata\.json$/.test(target.key)) {
        Object.assign(objects, { put });
        await run(other);
      }
      return put(target, ...rest);
    };
    Object.assign(objects, { put: met });
  }

  test("are tried again when another writer was faster, and fail with Athena's words when the same rows were meant", async () => {
    await run("INSERT INTO sales (sku, n) VALUES ('a', 1), ('b', 2)");
    meet("INSERT INTO sales (sku, n) VALUES ('c', 3)");
    expect(await run("INSERT INTO sales (sku, n) VALUES ('d', 4)")).toBe(1);
    meet("DELETE FROM sales WHERE sku = 'a'");
    expect(await reason("UPDATE sales SET n = 100 WHERE sku = 'a'")).toMatch(
      /^ICEBERG_COMMIT_ERROR: Failed to commit Iceberg update to table: db\.sales\. /,
    );
    meet("INSERT INTO sales (sku, n) VALUES ('e', 5)");
    expect(await reason("DELETE FROM sales WHERE n > 3")).toMatch(/^ICEBERG_COMMIT_ERROR: /);
    meet("INSERT INTO sales (sku, n) VALUES ('f', 0)");
    expect(await run("DELETE FROM sales WHERE n > 3")).toBe(2);
    expect(await rows("SELECT sku, n FROM sales ORDER BY sku")).toEqual([
      ["b", "2"],
      ["c", "3"],
      ["f", "0"],
    ]);
  });
});

describe("time travel", () => {
  test("reads the table as of a time and of a version, with the columns of then", async () => {
    await run("INSERT INTO sales (sku, n) VALUES ('a', 1)");
    await pause(5);
    const [[first = "", at = ""] = []] = await rows(
      `SELECT snapshot_id, CAST(committed_at AS varchar) FROM "sales$snapshots"`,
    );
    await run("DELETE FROM sales");
    await run("ALTER TABLE sales ADD COLUMNS (colour string)");
    await run("INSERT INTO sales (sku, colour) VALUES ('b', 'red')");
    expect(await rows(`SELECT sku, n FROM sales FOR VERSION AS OF ${first}`)).toEqual([["a", "1"]]);
    expect(await reason(`SELECT colour FROM sales FOR VERSION AS OF ${first}`)).toContain("COLUMN_NOT_FOUND");
    expect(await rows(`SELECT sku FROM sales FOR TIMESTAMP AS OF TIMESTAMP '${at}'`)).toEqual([["a"]]);
    expect(await rows("SELECT sku, colour FROM sales")).toEqual([["b", "red"]]);
    expect(await reason("SELECT 1 FROM sales FOR VERSION AS OF 5000012345")).toMatch(/^INVALID_ARGUMENTS: .*12345/);
    expect(await reason("SELECT 1 FROM sales FOR TIMESTAMP AS OF TIMESTAMP '2001-01-01 00:00:00 UTC'")).toMatch(
      /^INVALID_ARGUMENTS: No version history/,
    );
    expect(await rows('SELECT operation FROM "sales$snapshots" ORDER BY committed_at')).toEqual([
      ["append"],
      ["delete"],
      ["append"],
    ]);
    expect(await reason('SELECT * FROM "sales$nothing"')).toBe(
      "TABLE_NOT_FOUND: Table 'awsdatacatalog.db.sales$nothing' does not exist",
    );
  });
});

describe("other writers", () => {
  test("move the table by UpdateTable as Trino does it, without location and columns", async () => {
    await run("INSERT INTO sales (sku, n) VALUES ('a', 1)");
    const { Table } = await bench.glue.send(new GetTableCommand({ DatabaseName: "db", Name: "sales" }));
    const metadata_location = Table?.Parameters?.["metadata_location"] ?? "";
    await run("INSERT INTO sales (sku, n) VALUES ('b', 2)");
    // Back to the first state: whoever owns the catalogue may.
    await bench.glue.send(
      new UpdateTableCommand({
        DatabaseName: "db",
        TableInput: {
          Name: "sales",
          TableType: "EXTERNAL_TABLE",
          Parameters: { table_type: "ICEBERG", metadata_location },
        },
      }),
    );
    expect(await rows("SELECT sku FROM sales")).toEqual([["a"]]);
    await run("INSERT INTO sales (sku, n) VALUES ('c', 3)");
    expect(await rows("SELECT sku FROM sales ORDER BY sku")).toEqual([["a"], ["c"]]);
    const after = await bench.glue.send(new GetTableCommand({ DatabaseName: "db", Name: "sales" }));
    expect(after.Table?.StorageDescriptor?.Location).toBe("s3://lake/silver/sales");
    expect(after.Table?.Parameters?.["previous_metadata_location"]).toBe(metadata_location);
  });
});
