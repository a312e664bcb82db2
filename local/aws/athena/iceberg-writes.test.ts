import { spawnSync } from "node:child_process";
import { GetQueryResultsCommand, ListQueryExecutionsCommand } from "@aws-sdk/client-athena";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Bench, lakeKey, startBench } from "./fixture.ts";

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.stop());

const execute = (sql: string) => bench.execute(sql);
const rows = (sql: string) => bench.rows(sql);
const reason = (sql: string) => bench.reason(sql);

describe("Iceberg tables", () => {
  const insert =
    "INSERT INTO sales (sku, n, amount, sold_at) VALUES ('a', 1, 1.500, TIMESTAMP '2010-12-01 08:26:00'), ('b', 2, 2.250, NULL)";

  test("take INSERT, UPDATE, DELETE and MERGE, and keep their rows over a restart", async () => {
    expect((await execute(insert)).SubstatementType).toBe("INSERT");
    await execute("UPDATE sales SET n = n + 1 WHERE sku = 'a'");
    const merged =
      await execute(`MERGE INTO sales AS t USING (SELECT 'a' AS sku, 7 AS n UNION ALL SELECT 'c', 9) AS s ON t.sku = s.sku
      WHEN MATCHED AND s.n > 100 THEN DELETE WHEN MATCHED THEN UPDATE SET n = s.n WHEN NOT MATCHED THEN INSERT (sku, n) VALUES (s.sku, s.n)`);
    expect(merged.Status?.StateChangeReason).toBeUndefined();
    const results = await bench.athena.send(new GetQueryResultsCommand({ QueryExecutionId: merged.QueryExecutionId }));
    expect(results.UpdateCount).toBe(2);
    await execute("DELETE FROM sales WHERE sku = 'b'");
    const { home } = bench;
    await bench.stop(true);
    bench = await startBench(home);
    expect(await rows("SELECT * FROM sales ORDER BY sku")).toEqual([
      ["a", "7", "1.500", "2010-12-01 08:26:00.000000"],
      ["c", "9", null, null],
    ]);
    const { QueryExecutionIds } = await bench.athena.send(new ListQueryExecutionsCommand({ WorkGroup: "wg" }));
    expect(QueryExecutionIds).toContain(merged.QueryExecutionId);
  });

  test("refuse a MERGE in which a row matches twice, and change nothing", async () => {
    await execute(insert);
    expect(
      await reason(
        "MERGE INTO sales t USING (SELECT 'a' AS sku UNION ALL SELECT 'a') s ON t.sku = s.sku WHEN MATCHED THEN UPDATE SET n = 0",
      ),
    ).toBe("MERGE_TARGET_ROW_MULTIPLE_MATCHES: One MERGE target table row matched more than one source row");
    expect(await rows("SELECT n FROM sales ORDER BY n")).toEqual([["1"], ["2"]]);
  });

  test("want KMS's leave too: to read as to write", async () => {
    await execute(insert);
    bench.denied.add("kms:Decrypt");
    const denied =
      "Insufficient permissions to execute the query. User: arn:aws:sts::123456789012:assumed-role/analyst/local is not authorized to perform:";
    expect(await reason("SELECT n FROM sales")).toBe(`${denied} kms:Decrypt on resource: ${lakeKey}`);
    expect(await reason(insert)).toBe(`${denied} kms:Decrypt on resource: ${lakeKey}`);
    bench.denied.clear();
    bench.denied.add("kms:GenerateDataKey");
    expect(await reason("DELETE FROM sales")).toBe(`${denied} kms:GenerateDataKey on resource: ${lakeKey}`);
    expect(await rows("SELECT count(*) FROM sales")).toEqual([["2"]]);
  });

  test("want Glue's and S3's leave to be written", async () => {
    bench.denied.add("glue:UpdateTable");
    expect(await reason(insert)).toBe(
      "Insufficient permissions to execute the query. User: arn:aws:sts::123456789012:assumed-role/analyst/local is not authorized to perform: glue:UpdateTable on resource: arn:aws:glue:eu-west-1:123456789012:catalog",
    );
    bench.denied.clear();
    bench.denied.add("s3:PutObject");
    expect(await reason(insert)).toMatch(
      /not authorized to perform: s3:PutObject on resource: arn:aws:s3:::lake\/silver\/sales\/data\//,
    );
    bench.denied.clear();
    expect(await rows("SELECT count(*) FROM sales")).toEqual([["0"]]);
    expect(bench.ports.objects.list("lake", "silver/sales/data/", bench.call)).toEqual([]);
  });

  test("give nobody what S3 would not, also when it is known from somebody else's query", async () => {
    await execute(insert);
    expect(await rows("SELECT count(*) FROM sales")).toEqual([["2"]]);
    bench.denied.add("s3:GetObject");
    for (const table of ["sales", '"sales$files"', '"sales$snapshots"'])
      expect(await reason(`SELECT count(*) FROM ${table}`)).toContain("not authorized to perform: s3:GetObject");
  });

  test("what was committed survives a process that is killed", async () => {
    const { home } = bench;
    await bench.stop(true);
    const script = `
      const { startBench } = await import(${JSON.stringify(new URL("./fixture.ts", import.meta.url).href)});
      const { ports, athena } = await startBench(${JSON.stringify(home)});
      const { StartQueryExecutionCommand, GetQueryExecutionCommand } = await import("@aws-sdk/client-athena");
      const { QueryExecutionId } = await athena.send(new StartQueryExecutionCommand({
        QueryString: "INSERT INTO sales (sku, n) VALUES ('a', 1)", WorkGroup: "wg", QueryExecutionContext: { Database: "db" } }));
      for (;;) {
        const { QueryExecution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId }));
        if (QueryExecution.Status.State === "SUCCEEDED") process.kill(process.pid, "SIGKILL");
      }`;
    const child = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
      timeout: 60_000,
      cwd: import.meta.dirname,
    });
    expect(child.signal).toBe("SIGKILL");
    bench = await startBench(home);
    expect(await rows("SELECT sku, n FROM sales")).toEqual([["a", "1"]]);
  });

  test("many writers of one table follow each other", async () => {
    await Promise.all(
      Array.from({ length: 12 }, (_, i) => execute(`INSERT INTO sales (sku, n) VALUES ('s${i}', ${i})`)),
    );
    expect(await rows("SELECT count(*), sum(n) FROM sales")).toEqual([["12", "66"]]);
  });
});
