import {
  BatchGetQueryExecutionCommand,
  CreateNamedQueryCommand,
  CreatePreparedStatementCommand,
  DeleteNamedQueryCommand,
  DeletePreparedStatementCommand,
  GetDatabaseCommand,
  GetDataCatalogCommand,
  GetNamedQueryCommand,
  GetPreparedStatementCommand,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  GetQueryRuntimeStatisticsCommand,
  GetTableMetadataCommand,
  GetWorkGroupCommand,
  ListDatabasesCommand,
  ListDataCatalogsCommand,
  ListNamedQueriesCommand,
  ListPreparedStatementsCommand,
  ListTableMetadataCommand,
  ListWorkGroupsCommand,
  type QueryExecution,
  StartQueryExecutionCommand,
  type StartQueryExecutionCommandInput,
  StopQueryExecutionCommand,
  UpdatePreparedStatementCommand,
} from "@aws-sdk/client-athena";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Bench, startBench } from "./fixture.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

const start = async (input: Partial<StartQueryExecutionCommandInput> & { readonly QueryString: string }) => {
  const { QueryExecutionId } = await bench.athena.send(
    new StartQueryExecutionCommand({ WorkGroup: "wg", QueryExecutionContext: { Database: "db" }, ...input }),
  );
  return QueryExecutionId;
};
const look = async (QueryExecutionId: string | undefined): Promise<QueryExecution | undefined> =>
  (await bench.athena.send(new GetQueryExecutionCommand({ QueryExecutionId }))).QueryExecution;
const ended = async (id: string | undefined): Promise<QueryExecution | undefined> => {
  await expect.poll(async () => (await look(id))?.Status?.State, { timeout: 20_000 }).toMatch(/ED$/);
  await expect.poll(async () => (await look(id))?.Status?.State, { timeout: 20_000 }).not.toBe("QUEUED");
  return look(id);
};
const slow =
  "SELECT count(*) FROM UNNEST(sequence(1, 9000)) AS a(x) CROSS JOIN UNNEST(sequence(1, 9000)) AS b(y) CROSS JOIN UNNEST(sequence(1, 9000)) AS c(z) WHERE x + y + z = 1";

describe("prepared statements", () => {
  test("are kept in the workgroup by SQL and through the API, and run with parameters", async () => {
    await bench.run("PREPARE by_sql FROM SELECT ? AS a, ? + 1 AS b");
    expect(await bench.rows("EXECUTE by_sql USING 'x', 41")).toEqual([["x", "42"]]);
    expect(await bench.rows("EXECUTE by_sql", ["'y'", "1"])).toEqual([["y", "2"]]);
    const { SubstatementType, ResultConfiguration } = await bench.execute("EXECUTE by_sql USING 'x', 1");
    expect(SubstatementType).toBe("SELECT");
    expect(ResultConfiguration?.OutputLocation).toMatch(/\.csv$/);
    const keep = { WorkGroup: "wg", StatementName: "by_api" };
    await bench.athena.send(
      new CreatePreparedStatementCommand({ ...keep, QueryStatement: "INSERT INTO sales (sku, n) VALUES (?, ?)" }),
    );
    expect(await bench.run("EXECUTE by_api USING 'p', 7")).toBe(1);
    expect(await bench.rows("SELECT n FROM sales WHERE sku = 'p'")).toEqual([["7"]]);
    await bench.athena.send(
      new UpdatePreparedStatementCommand({ ...keep, QueryStatement: "SELECT 1", Description: "one" }),
    );
    const { PreparedStatement } = await bench.athena.send(new GetPreparedStatementCommand(keep));
    expect(PreparedStatement).toMatchObject({ QueryStatement: "SELECT 1", Description: "one", WorkGroupName: "wg" });
    const { PreparedStatements } = await bench.athena.send(new ListPreparedStatementsCommand({ WorkGroup: "wg" }));
    expect(PreparedStatements?.map(({ StatementName }) => StatementName)).toEqual(["by_api", "by_sql"]);
    await bench.run("DEALLOCATE PREPARE by_sql");
    await bench.athena.send(new DeletePreparedStatementCommand(keep));
    await expect(bench.athena.send(new GetPreparedStatementCommand(keep))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      ResourceName: "by_api",
    });
    expect(await bench.reason("EXECUTE by_sql USING 1")).toBe(
      "NOT_FOUND: PreparedStatement by_sql was not found in workGroup wg",
    );
    expect(await bench.reason("PREPARE d FROM DROP TABLE sales")).toContain("can be prepared");
  });

  test("want the workgroup's leave", async () => {
    bench.denied.add("athena:CreatePreparedStatement");
    expect(await bench.reason("PREPARE p FROM SELECT 1")).toContain("athena:CreatePreparedStatement");
    bench.denied.clear();
  });
});

describe("result reuse", () => {
  const reuse = { ResultReuseConfiguration: { ResultReuseByAgeConfiguration: { Enabled: true, MaxAgeInMinutes: 60 } } };

  test("gives an earlier result again, though the table has changed since, and scans nothing", async () => {
    const QueryString = "SELECT count(*) AS c FROM wide WHERE k <> 'x'";
    await bench.run("INSERT INTO wide (k) VALUES ('a')");
    const first = await ended(await start({ QueryString }));
    await bench.run("INSERT INTO wide (k) VALUES ('b')");
    const again = await ended(await start({ QueryString, ...reuse }));
    expect(again?.Statistics).toMatchObject({
      DataScannedInBytes: 0,
      ResultReuseInformation: { ReusedPreviousResult: true },
    });
    expect(again?.ResultConfiguration?.OutputLocation).toBe(first?.ResultConfiguration?.OutputLocation);
    const { ResultSet } = await bench.athena.send(
      new GetQueryResultsCommand({ QueryExecutionId: again?.QueryExecutionId }),
    );
    expect(ResultSet?.Rows?.[1]?.Data).toEqual([{ VarCharValue: "1" }]);
    const reused = async (input: Parameters<typeof start>[0]) =>
      (await ended(await start(input)))?.Statistics?.ResultReuseInformation?.ReusedPreviousResult;
    expect(await reused({ QueryString })).toBe(false);
    // That was another execution: it is the newest now.
    expect(await reused({ QueryString, ...reuse })).toBe(true);
    expect(await reused({ QueryString: `${QueryString} `, ...reuse })).toBe(false);
    expect(await reused({ QueryString, QueryExecutionContext: { Database: "other" }, ...reuse })).toBe(false);
    const anyRow = { QueryString: "SELECT k FROM wide LIMIT 1" };
    expect([await reused(anyRow), await reused({ ...anyRow, ...reuse })]).toEqual([false, false]);
  });

  test("wants leave to read the result and to know the tables", async () => {
    const QueryString = "SELECT max(k) FROM wide";
    const first = await ended(await start({ QueryString }));
    const key = first?.ResultConfiguration?.OutputLocation?.replace("s3://", "arn:aws:s3:::") ?? "";
    bench.denied.add(`s3:GetObject ${key}`);
    const other = await ended(await start({ QueryString, ...reuse }));
    expect(other?.Statistics?.ResultReuseInformation?.ReusedPreviousResult).toBe(false);
    bench.denied.clear();
    bench.denied.add("glue:GetTable");
    expect((await ended(await start({ QueryString, ...reuse })))?.Status?.State).toBe("FAILED");
    bench.denied.clear();
  });
});

describe("queries side by side", () => {
  test("four run, the fifth waits; both kinds can be stopped, and the others go on", async () => {
    const running = await Promise.all([1, 2, 3, 4].map(() => start({ QueryString: slow })));
    await expect.poll(async () => (await look(running[3]))?.Status?.State).toBe("RUNNING");
    const waiting = await start({ QueryString: "SELECT 1 AS one" });
    expect((await look(waiting))?.Status?.State).toBe("QUEUED");
    const given = await start({ QueryString: "SELECT 2 AS two" });
    await expect(bench.athena.send(new GetQueryResultsCommand({ QueryExecutionId: given }))).rejects.toMatchObject({
      message: "Query has not yet finished. Current state: QUEUED",
      AthenaErrorCode: "INVALID_QUERY_EXECUTION_STATE",
    });
    await bench.athena.send(new StopQueryExecutionCommand({ QueryExecutionId: given }));
    await expect.poll(async () => (await look(given))?.Status?.State).toBe("CANCELLED");
    expect((await look(running[0]))?.Status?.State).toBe("RUNNING");
    await bench.athena.send(new StopQueryExecutionCommand({ QueryExecutionId: running[0] }));
    await expect.poll(async () => (await look(running[0]))?.Status?.State, { timeout: 20_000 }).toBe("CANCELLED");
    expect((await look(running[0]))?.Status?.StateChangeReason).toBe("Query cancelled by user");
    await expect.poll(async () => (await look(waiting))?.Status?.State, { timeout: 20_000 }).toBe("SUCCEEDED");
    for (const id of running) await bench.athena.send(new StopQueryExecutionCommand({ QueryExecutionId: id }));
    for (const id of running) await expect.poll(async () => (await look(id))?.Status?.State).toBe("CANCELLED");
    await expect(bench.athena.send(new GetQueryResultsCommand({ QueryExecutionId: running[0] }))).rejects.toMatchObject(
      { message: "Could not find results", AthenaErrorCode: "RESULT_NOT_FOUND" },
    );
  });

  test("one that needs more memory than there is fails by name, the others go on", async () => {
    const small = await startBench(undefined, undefined, "64MiB");
    const greedy =
      "SELECT cardinality(array_agg(rpad(CAST(x * 1000 + y AS varchar), 400, 'x'))) FROM UNNEST(sequence(1, 400)) AS a(x) CROSS JOIN UNNEST(sequence(1, 1000)) AS b(y)";
    const [failed, fine] = await Promise.all([small.execute(greedy), small.rows("SELECT 1 AS one")]);
    expect(failed.Status?.StateChangeReason).toMatch(/^EXCEEDED_MEMORY_LIMIT: Query exceeded local memory limit/);
    expect(failed.Status?.AthenaError).toMatchObject({ ErrorCategory: 1, ErrorType: 0, Retryable: false });
    expect(fine).toEqual([["1"]]);
    expect(await small.rows("SELECT 2 AS two")).toEqual([["2"]]);
    await small.stop();
  });
});

describe("what is told of a query", () => {
  test("how long, how much; of many at once; and where its rows start", async () => {
    const done = await bench.execute("SELECT v.n FROM (VALUES (1), (2)) AS v(n) ORDER BY n");
    const id = done.QueryExecutionId ?? "";
    const { QueryRuntimeStatistics } = await bench.athena.send(
      new GetQueryRuntimeStatisticsCommand({ QueryExecutionId: id }),
    );
    expect(QueryRuntimeStatistics?.Rows).toEqual({ InputBytes: 0, OutputRows: 2, OutputBytes: 12 });
    expect(QueryRuntimeStatistics?.Timeline?.TotalExecutionTimeInMillis).toBe(
      done.Statistics?.TotalExecutionTimeInMillis,
    );
    const unknown = "00000000-0000-0000-0000-000000000000";
    const many = await bench.athena.send(new BatchGetQueryExecutionCommand({ QueryExecutionIds: [id, unknown] }));
    expect(many.QueryExecutions?.map(({ QueryExecutionId }) => QueryExecutionId)).toEqual([id]);
    expect(many.UnprocessedQueryExecutionIds?.map(({ ErrorCode }) => ErrorCode)).toEqual(["QUERY_EXECUTION_NOT_FOUND"]);
    const results = (input: object) =>
      bench.athena.send(new GetQueryResultsCommand({ QueryExecutionId: id, ...input }));
    await expect(results({ MaxResults: 1001 })).rejects.toThrow("MaxResults is more than maximum allowed length 1000");
    await expect(results({ NextToken: "nonsense" })).rejects.toThrow("Malformed nextPageToken nonsense");
    await expect(results({ QueryExecutionId: unknown })).rejects.toMatchObject({
      AthenaErrorCode: "QUERY_EXECUTION_NOT_FOUND",
    });
  });

  test("a changing statement tells its count, a definition nothing", async () => {
    const told = async (sql: string) => {
      const { QueryExecutionId } = await bench.execute(sql);
      const { UpdateCount, ResultSet } = await bench.athena.send(new GetQueryResultsCommand({ QueryExecutionId }));
      const columns = ResultSet?.ResultSetMetadata?.ColumnInfo?.map(({ Name, Type }) => `${Name} ${Type}`);
      return [UpdateCount ?? null, columns, ResultSet?.Rows?.length];
    };
    expect(await told("INSERT INTO wide (k) VALUES ('x'), ('y')")).toEqual([2, ["rows bigint"], 0]);
    expect(await told("DELETE FROM wide WHERE k = 'nobody'")).toEqual([0, ["rows bigint"], 0]);
    expect(await told("CREATE VIEW v AS SELECT 1 AS one")).toEqual([null, [], 0]);
    expect(await told("SHOW VIEWS")).toEqual([0, ["views varchar"], 1]);
    expect((await bench.execute("DESCRIBE v")).SubstatementType).toBe("DESC_VIEW");
  });

  test("one token starts one query, and says so when another is asked with it", async () => {
    const ClientRequestToken = "a-token-of-at-least-thirty-two-characters";
    const id = await start({ QueryString: "SELECT 1", ClientRequestToken });
    expect(await start({ QueryString: "SELECT 1", ClientRequestToken, ExecutionParameters: ["1"] })).toBe(id);
    await expect(
      start({ QueryString: "SELECT 1", ClientRequestToken, QueryExecutionContext: { Database: "other" } }),
    ).rejects.toMatchObject({ AthenaErrorCode: "IDEMPOTENT_PARAMETER_MISMATCH" });
  });

  test("a database in backticks, as clients write it for Hive's statements, is the same one", async () => {
    const asked = { QueryString: "DESCRIBE `sales`", QueryExecutionContext: { Database: "`db`" } };
    const { Status, QueryExecutionContext } = (await ended(await start(asked))) ?? {};
    expect([Status?.State, QueryExecutionContext?.Database]).toEqual(["SUCCEEDED", "db"]);
  });
});

describe("workgroups and saved questions", () => {
  test("there is always a primary workgroup, whose clients say where results go", async () => {
    const { WorkGroups } = await bench.athena.send(new ListWorkGroupsCommand({}));
    expect(WorkGroups?.map(({ Name, State, Description }) => [Name, State, Description])).toEqual([
      ["primary", "ENABLED", ""],
      ["wg", "ENABLED", ""],
    ]);
    const { WorkGroup } = await bench.athena.send(new GetWorkGroupCommand({ WorkGroup: "primary" }));
    expect(WorkGroup?.Configuration).toMatchObject({
      ResultConfiguration: {},
      EnforceWorkGroupConfiguration: false,
      EngineVersion: { SelectedEngineVersion: "AUTO", EffectiveEngineVersion: "Athena engine version 3" },
    });
    const primary = { QueryString: "SELECT 1 AS one", WorkGroup: "primary" };
    await expect(start(primary)).rejects.toThrow("No output location provided");
    const there = await ended(
      await start({ ...primary, ResultConfiguration: { OutputLocation: "s3://results/mine" } }),
    );
    expect(there?.ResultConfiguration?.OutputLocation).toBe(`s3://results/mine/${there?.QueryExecutionId}.csv`);
    const enforced = await ended(
      await start({ QueryString: "SELECT 1 AS one", ResultConfiguration: { OutputLocation: "s3://lake/mine" } }),
    );
    expect(enforced?.ResultConfiguration?.OutputLocation).toMatch(/^s3:\/\/results\/out\//);
    await expect(start({ QueryString: "SELECT 1", WorkGroup: "nobody" })).rejects.toThrow("WorkGroup is not found.");
  });

  test("saved questions of clients are kept; those of the stack are not theirs to delete", async () => {
    const { NamedQueryId } = await bench.athena.send(
      new CreateNamedQueryCommand({ Name: "mine", Database: "db", QueryString: "SELECT 1", WorkGroup: "wg" }),
    );
    const { NamedQuery } = await bench.athena.send(new GetNamedQueryCommand({ NamedQueryId }));
    expect(NamedQuery).toMatchObject({ Name: "mine", QueryString: "SELECT 1", WorkGroup: "wg" });
    const { NamedQueryIds } = await bench.athena.send(new ListNamedQueriesCommand({ WorkGroup: "wg" }));
    expect(NamedQueryIds).toEqual(["q1", NamedQueryId]);
    await bench.athena.send(new DeleteNamedQueryCommand({ NamedQueryId }));
    await expect(bench.athena.send(new DeleteNamedQueryCommand({ NamedQueryId: "q1" }))).rejects.toThrow("declares");
  });
});

test("the catalogue as database tools ask for it", async () => {
  const CatalogName = "AwsDataCatalog";
  const { DataCatalogsSummary } = await bench.athena.send(new ListDataCatalogsCommand({}));
  expect(DataCatalogsSummary?.map(({ CatalogName: name, Type }) => [name, Type])).toEqual([[CatalogName, "GLUE"]]);
  const { DataCatalog } = await bench.athena.send(new GetDataCatalogCommand({ Name: "awsdatacatalog" }));
  expect(DataCatalog?.Parameters).toEqual({ "catalog-id": "123456789012" });
  const { DatabaseList } = await bench.athena.send(new ListDatabasesCommand({ CatalogName }));
  expect(DatabaseList).toEqual([{ Name: "db", Parameters: {} }]);
  const { Database } = await bench.athena.send(new GetDatabaseCommand({ CatalogName, DatabaseName: "db" }));
  expect(Database?.Name).toBe("db");
  const asked = { CatalogName, DatabaseName: "db" };
  const first = await bench.athena.send(
    new ListTableMetadataCommand({ ...asked, Expression: "n.*|s.*", MaxResults: 1 }),
  );
  const second = await bench.athena.send(
    new ListTableMetadataCommand({ ...asked, Expression: "n.*|s.*", NextToken: first.NextToken }),
  );
  expect([first, second].map(({ TableMetadataList }) => TableMetadataList?.map(({ Name }) => Name))).toEqual([
    ["notes"],
    ["sales"],
  ]);
  const { TableMetadata } = await bench.athena.send(new GetTableMetadataCommand({ ...asked, TableName: "notes" }));
  expect(TableMetadata).toMatchObject({
    TableType: "EXTERNAL_TABLE",
    CreateTime: expect.any(Date),
    Columns: [
      { Name: "id", Type: "string" },
      { Name: "n", Type: "bigint" },
    ],
    PartitionKeys: [{ Name: "day", Type: "string" }],
    Parameters: {
      location: "s3://lake/notes/",
      "serde.serialization.lib": "org.openx.data.jsonserde.JsonSerDe",
    },
  });
  await expect(
    bench.athena.send(new GetTableMetadataCommand({ ...asked, TableName: "nowhere" })),
  ).rejects.toMatchObject({ name: "MetadataException", message: expect.stringContaining("EntityNotFoundException") });
});
