import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bench, startBench } from "./fixture.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
  await bench.run(
    "CREATE TABLE plans (n int, day date) PARTITIONED BY (day) LOCATION 's3://lake/plans/' TBLPROPERTIES ('table_type' = 'ICEBERG')",
  );
  await bench.run("INSERT INTO plans VALUES (1, DATE '2011-12-01'), (2, DATE '2011-12-02'), (3, DATE '2011-12-03')");
});
afterAll(() => bench.stop());

const lines = async (sql: string): Promise<string[]> => (await bench.rows(sql)).map(([line]) => line ?? "");

test("EXPLAIN shows what becomes of a statement: files left out, types, warnings and DuckDB's text", async () => {
  const plan = await lines("EXPLAIN SELECT n / 2 AS half FROM plans WHERE day >= DATE '2011-12-02'");
  expect(plan.map((line) => line.replace(/\d+ bytes/, "N bytes")).slice(0, 10)).toEqual([
    "SELECT on this machine's DuckDB; Athena would show Trino's plan here.",
    "",
    "Reads",
    "  scan_1: db.plans (iceberg); day, n; where day >= 2011-12-02; 2 of 3 files, N bytes",
    "",
    "Gives",
    "  half integer",
    "",
    "Mind",
    "  line 1:16: integer division: a whole number by a whole number is a whole number, cut towards zero: a share is 0; cast one of them to double or decimal",
  ]);
  expect(plan.slice(10, 13)).toEqual(["", "DuckDB SQL", "  SELECT"]);
  expect(plan.slice(13).join(" ").toLowerCase()).toContain("from scan_1 as");
});

test("as JSON it can be read by programs that know whose plan it is", async () => {
  const plan = JSON.parse((await lines('EXPLAIN (FORMAT JSON) SELECT count(*) AS c FROM "plans$files"')).join("\n"));
  expect(plan).toMatchObject({
    engine: "duckdb",
    statement: "SELECT",
    reads: [{ name: "scan_1", table: "db.plans$files", kind: "metadata", files: 0, filesInTable: 0 }],
    columns: [{ name: "c", type: "bigint" }],
    warnings: [],
  });
});

test("nothing is run", async () => {
  await lines("EXPLAIN DELETE FROM plans WHERE n = 1");
  expect(await bench.rows("SELECT count(*) AS c FROM plans")).toEqual([["3"]]);
  expect((await lines("EXPLAIN DROP TABLE plans"))[0]).toMatch(/^DROP TABLE on this machine's DuckDB/);
  expect(await bench.rows("SELECT count(*) AS c FROM plans")).toEqual([["3"]]);
});
