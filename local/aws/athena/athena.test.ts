import {
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from "@aws-sdk/client-athena";
import { CreatePartitionCommand, GetPartitionsCommand } from "@aws-sdk/client-glue";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Bench, lakeKey, startBench } from "./fixture.ts";

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.stop());

const execute = (sql: string, parameters?: string[]) => bench.execute(sql, parameters);
const rows = (sql: string, parameters?: string[]) => bench.rows(sql, parameters);
const reason = (sql: string) => bench.reason(sql);

/** A Parquet file of the raw table. */
async function putRaw(day: string, kind: string, select: string): Promise<number> {
  const file = `${bench.ports.sql.scratch}/${day}-${kind}.parquet`;
  await bench.ports.sql.use((connection) => connection.run(`COPY (${select}) TO '${file}' (FORMAT parquet)`));
  const { size } = await bench.ports.objects.put(
    { bucket: "lake", key: `raw/day=${day}/kind=${kind}/f.parquet` },
    { file },
    {},
    bench.call,
  );
  return size;
}

describe("results", () => {
  test("are CSV in S3 and paged rows with Trino's types, the header first", async () => {
    const execution = await execute(
      "SELECT 'a\"b' AS t, CAST(NULL AS varchar) AS nothing, '' AS empty, 1.50 AS d, 12e0 AS x, 1e10 AS y, true AS ok, DATE '2010-12-01' AS dt, CAST('2010-12-01 08:26' AS timestamp) AS ts, ARRAY[1, NULL] AS l, 5000000000",
    );
    const { ResultSet, UpdateCount } = await bench.athena.send(
      new GetQueryResultsCommand({ QueryExecutionId: execution.QueryExecutionId }),
    );
    expect(ResultSet?.Rows?.map((row) => row.Data?.map((cell) => cell.VarCharValue))).toEqual([
      ["t", "nothing", "empty", "d", "x", "y", "ok", "dt", "ts", "l", "_col10"],
      [
        'a"b',
        undefined,
        "",
        "1.50",
        "12.0",
        "1.0E10",
        "true",
        "2010-12-01",
        "2010-12-01 08:26:00.000",
        "[1, null]",
        "5000000000",
      ],
    ]);
    expect(UpdateCount).toBe(0);
    expect(
      ResultSet?.ResultSetMetadata?.ColumnInfo?.map(
        ({ Name, Type, Precision, Scale }) => `${Name} ${Type} ${Precision} ${Scale}`,
      ),
    ).toEqual([
      "t varchar 2147483647 0",
      "nothing varchar 2147483647 0",
      "empty varchar 2147483647 0",
      "d decimal 3 2",
      "x double 17 0",
      "y double 17 0",
      "ok boolean 0 0",
      "dt date 0 0",
      "ts timestamp 3 0",
      "l array 0 0",
      "_col10 bigint 19 0",
    ]);
    const key = execution.ResultConfiguration?.OutputLocation?.replace("s3://results/", "") ?? "";
    expect(key).toBe(`out/${execution.QueryExecutionId}.csv`);
    const { body } = await bench.ports.objects.get({ bucket: "results", key }, bench.call);
    expect(body.toString()).toBe(
      '"t","nothing","empty","d","x","y","ok","dt","ts","l","_col10"\n"a""b",,"","1.50","12.0","1.0E10","true","2010-12-01","2010-12-01 08:26:00.000","[1, null]","5000000000"\n',
    );
    expect(bench.ports.objects.list("results", `${key}.metadata`, bench.call)).toHaveLength(1);
  });

  test("come in pages", async () => {
    await execute(
      "INSERT INTO wide SELECT CAST(v.n AS varchar), 1e0, DATE '2011-01-01', true, 1 FROM (VALUES (1), (2), (3)) AS v(n)",
    );
    const { QueryExecutionId } = await execute("SELECT k FROM wide ORDER BY k");
    const first = await bench.athena.send(new GetQueryResultsCommand({ QueryExecutionId, MaxResults: 2 }));
    const second = await bench.athena.send(
      new GetQueryResultsCommand({ QueryExecutionId, MaxResults: 2, NextToken: first.NextToken }),
    );
    const texts = [first, second].map((page) => page.ResultSet?.Rows?.map((row) => row.Data?.[0]?.VarCharValue));
    expect(texts).toEqual([
      ["k", "1"],
      ["2", "3"],
    ]);
    // A full page has a next one, as on AWS: it is empty.
    const third = await bench.athena.send(
      new GetQueryResultsCommand({ QueryExecutionId, MaxResults: 2, NextToken: second.NextToken }),
    );
    expect([third.ResultSet?.Rows, third.NextToken]).toEqual([[], undefined]);
  });
});

describe("Hive tables", () => {
  test("prune partitions and count the column chunks of the files read", async () => {
    const one = "SELECT 'x' AS id, repeat('d', 20000) || random() AS data, TIMESTAMP '2010-12-01 10:00:00.5' AS at";
    await putRaw("2010-12-01", "a", one);
    await putRaw("2010-12-02", "b", one);
    // Outside of the projection, so it is not there.
    await putRaw("2009-12-02", "a", one);
    await putRaw("2010-12-02", "z", one);
    const all = await execute("SELECT count(*) AS n, min(day), max(kind) FROM raw");
    expect(all.Statistics?.DataScannedInBytes).toBe(0);
    expect(await rows("SELECT count(*) AS n, min(day), max(kind) FROM raw")).toEqual([["2", "2010-12-01", "b"]]);
    const narrow = await execute("SELECT id FROM raw WHERE day = '2010-12-01' AND kind IN ('a', 'b')");
    const wide = await execute("SELECT id, data FROM raw WHERE day BETWEEN '2010-12-01' AND '2010-12-01'");
    const whole = await execute("SELECT id FROM raw");
    expect(whole.Statistics?.DataScannedInBytes).toBe(2 * (narrow.Statistics?.DataScannedInBytes ?? 0));
    expect(wide.Statistics?.DataScannedInBytes).toBeGreaterThan(narrow.Statistics?.DataScannedInBytes ?? 0);
    bench.asked.clear();
    expect(await rows("SELECT id, day, at FROM raw WHERE day = '2010-12-02'")).toEqual([
      ["x", "2010-12-02", "2010-12-01 10:00:00.500"],
    ]);
    expect([...bench.asked].filter((ask) => ask.startsWith("s3:GetObject arn:aws:s3:::lake"))).toEqual([
      "s3:GetObject arn:aws:s3:::lake/raw/day=2010-12-02/kind=b/f.parquet",
    ]);
    expect(await rows("SELECT id FROM raw WHERE day > '2011-01-01'")).toEqual([]);
  });

  test("a column that older files do not have is NULL", async () => {
    await putRaw("2010-12-01", "a", "SELECT 'old' AS id, TIMESTAMP '2010-12-01 10:00:00' AS at");
    await putRaw("2010-12-02", "a", "SELECT 'new' AS id, '{}' AS data, TIMESTAMP '2010-12-01 10:00:00' AS at");
    expect(await rows("SELECT id, data FROM raw ORDER BY id")).toEqual([
      ["new", "{}"],
      ["old", null],
    ]);
    expect(await rows("SELECT id, data FROM raw WHERE day = '2010-12-01'")).toEqual([["old", null]]);
  });

  test("of JSON lines are read by registered partition", async () => {
    await bench.ports.objects.put(
      { bucket: "lake", key: "notes/day=1/f.ndjson" },
      '{"id":"a","n":1}\n{"id":"b"}\n',
      {},
      bench.call,
    );
    expect(await rows("SELECT id, n, day FROM notes ORDER BY id")).toEqual([]);
    await bench.glue.send(
      new CreatePartitionCommand({ DatabaseName: "db", TableName: "notes", PartitionInput: { Values: ["1"] } }),
    );
    expect(await rows("SELECT id, n, day FROM notes ORDER BY id")).toEqual([
      ["a", "1", "1"],
      ["b", null, "1"],
    ]);
    const { Partitions } = await bench.glue.send(new GetPartitionsCommand({ DatabaseName: "db", TableName: "notes" }));
    expect(Partitions?.map(({ Values, StorageDescriptor }) => [Values, StorageDescriptor?.Location])).toEqual([
      [["1"], "s3://lake/notes/day=1/"],
    ]);
    // A partition may lie anywhere, so its values cannot come from the path.
    await bench.ports.objects.put({ bucket: "lake", key: "elsewhere/f.ndjson" }, '{"id":"c","n":3}\n', {}, bench.call);
    const PartitionInput = { Values: ["2"], StorageDescriptor: { Location: "s3://lake/elsewhere" } };
    await bench.glue.send(new CreatePartitionCommand({ DatabaseName: "db", TableName: "notes", PartitionInput }));
    expect(await rows("SELECT id, n, day FROM notes WHERE day >= '1' ORDER BY id")).toEqual([
      ["a", "1", "1"],
      ["b", null, "1"],
      ["c", "3", "2"],
    ]);
    expect(await rows("SELECT id FROM notes WHERE day = '2'")).toEqual([["c"]]);
    await expect(
      bench.glue.send(
        new CreatePartitionCommand({ DatabaseName: "db", TableName: "notes", PartitionInput: { Values: ["1"] } }),
      ),
    ).rejects.toThrow("Partition already exists");
  });
});

describe("queries", () => {
  test("fail with Athena's words", async () => {
    expect(await reason("SELECT nope FROM sales")).toBe(
      "COLUMN_NOT_FOUND: line 1:8: Column 'nope' cannot be resolved or requester is not authorized to access requested resources",
    );
    expect(await reason("SELECT 1 FROM nowhere")).toBe(
      "TABLE_NOT_FOUND: Table 'awsdatacatalog.db.nowhere' does not exist",
    );
    expect(await reason("SELECT 1 / 0")).toBe("DIVISION_BY_ZERO: Division by zero");
    expect(await reason("SELECT CAST('x' AS bigint)")).toBe("INVALID_CAST_ARGUMENT: Cannot cast 'x' to bigint");
    expect(await reason("SELECT bing_tile_at('x', 1, 1)")).toBe(
      "NOT_IMPLEMENTED_LOCALLY: line 1:8: function bing_tile_at is not implemented locally",
    );
    await expect(execute("SELEKT 1")).rejects.toMatchObject({
      name: "InvalidRequestException",
      AthenaErrorCode: "MALFORMED_QUERY",
    });
    const failed = await execute("SELECT 1 / 0");
    expect(failed.Status?.AthenaError).toEqual({
      ErrorCategory: 2,
      ErrorType: 1001,
      Retryable: false,
      ErrorMessage: "DIVISION_BY_ZERO: Division by zero",
    });
    await expect(
      bench.athena.send(new GetQueryResultsCommand({ QueryExecutionId: failed.QueryExecutionId })),
    ).rejects.toThrow("Query did not finish successfully. Final query state: FAILED");
  });

  test("are cancelled beyond the workgroup's limit of bytes, and by request", async () => {
    await putRaw(
      "2010-12-01",
      "a",
      "SELECT md5(random()::VARCHAR) || md5(random()::VARCHAR) AS id, '' AS data, NULL::TIMESTAMP AS at FROM range(400000)",
    );
    const big = await execute("SELECT max(id) FROM raw");
    expect(big.Status?.State).toBe("CANCELLED");
    expect(big.Status?.StateChangeReason).toMatch(/^Bytes scanned limit was exceeded/);
    expect(big.Statistics?.DataScannedInBytes).toBeGreaterThan(0);
    const { QueryExecutionId } = await bench.athena.send(
      new StartQueryExecutionCommand({
        QueryString: "SELECT count(*) FROM raw a CROSS JOIN raw b CROSS JOIN raw c",
        WorkGroup: "wg",
        QueryExecutionContext: { Database: "db" },
      }),
    );
    await new Promise((resolve) => setTimeout(resolve, 200));
    await bench.athena.send(new StopQueryExecutionCommand({ QueryExecutionId }));
    await expect
      .poll(
        async () =>
          (await bench.athena.send(new GetQueryExecutionCommand({ QueryExecutionId }))).QueryExecution?.Status?.State,
      )
      .toBe("CANCELLED");
  });

  test("lay their results where Athena lays them", async () => {
    const locations: string[] = [];
    for (const sql of [
      "/* c */ (SELECT 1)",
      "DELETE FROM sales",
      "INSERT INTO sales (n) VALUES (1)",
      "CREATE TABLE c WITH (table_type = 'ICEBERG', location = 's3://lake/c/', is_external = false) AS SELECT 1 AS a",
      "SHOW TABLES",
      "-- gone\nDROP TABLE c",
    ]) {
      const { QueryExecutionId = "", ResultConfiguration, Status } = await execute(sql);
      expect(Status?.StateChangeReason).toBeUndefined();
      locations.push(ResultConfiguration?.OutputLocation?.replace(QueryExecutionId, "id") ?? "");
    }
    expect(locations).toEqual(
      ["id.csv", "id.csv", "id", "tables/id", "id.txt", "id.txt"].map((name) => `s3://results/out/${name}`),
    );
  });

  test("take execution parameters, and one token starts one query", async () => {
    expect(
      await rows("SELECT v.n FROM (VALUES (1, 'a'), (2, 'b')) AS v(n, t) WHERE v.t = ? AND v.n > ?", ["'b'", "1"]),
    ).toEqual([["2"]]);
    const command = {
      QueryString: "SELECT 1",
      WorkGroup: "wg",
      ClientRequestToken: "token-of-at-least-32-characters-00",
    };
    const [first, second] = [
      await bench.athena.send(new StartQueryExecutionCommand(command)),
      await bench.athena.send(new StartQueryExecutionCommand(command)),
    ];
    expect(second.QueryExecutionId).toBe(first.QueryExecutionId);
    await expect(
      bench.athena.send(new StartQueryExecutionCommand({ ...command, QueryString: "SELECT 2" })),
    ).rejects.toThrow("Idempotent parameters do not match");
  });

  test("ask for everything Athena asks of its caller", async () => {
    await execute("INSERT INTO sales (sku) VALUES ('a')");
    bench.asked.clear();
    await execute("SELECT sku FROM sales");
    const asked = [...bench.asked].filter((ask) => !ask.startsWith("athena:Get") && !ask.includes("results/out"));
    const unique = /\d{10,}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
    expect(asked.map((ask) => ask.replace(/(lake\/silver\/.*)$/, (path) => path.replace(unique, "*")))).toEqual([
      "athena:StartQueryExecution arn:aws:athena:eu-west-1:123456789012:workgroup/wg",
      "s3:GetBucketLocation arn:aws:s3:::results",
      "glue:GetTable arn:aws:glue:eu-west-1:123456789012:catalog",
      "glue:GetTable arn:aws:glue:eu-west-1:123456789012:database/db",
      "glue:GetTable arn:aws:glue:eu-west-1:123456789012:table/db/sales",
      "s3:GetObject arn:aws:s3:::lake/silver/sales/metadata/00001-*.metadata.json",
      `kms:Decrypt ${lakeKey}`,
      "s3:GetObject arn:aws:s3:::lake/silver/sales/metadata/snap-*-1-*.avro",
      "s3:GetObject arn:aws:s3:::lake/silver/sales/metadata/*-m0.avro",
      "s3:GetObject arn:aws:s3:::lake/silver/sales/data/*.parquet",
    ]);
    bench.denied.add("athena:StartQueryExecution");
    await expect(
      bench.athena.send(new StartQueryExecutionCommand({ QueryString: "SELECT 1", WorkGroup: "wg" })),
    ).rejects.toThrow("athena:StartQueryExecution");
  });
});
