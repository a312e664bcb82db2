import {
  BatchGetQueryExecutionCommand,
  GetQueryResultsCommand,
  GetQueryRuntimeStatisticsCommand,
  ListQueryExecutionsCommand,
} from "@aws-sdk/client-athena";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { queriesOf } from "./api-fixture.ts";
import { type Bench, startBench } from "./fixture.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

const { ended, start } = queriesOf(() => bench);

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

  test("rows come in pages; only of a query the first one is the header", async () => {
    const pages = async (sql: string) => {
      const { QueryExecutionId } = await bench.execute(sql);
      const seen: (string | undefined)[][] = [];
      let NextToken: string | undefined;
      do {
        const page = await bench.athena.send(
          new GetQueryResultsCommand({ QueryExecutionId, MaxResults: 2, ...(NextToken && { NextToken }) }),
        );
        seen.push((page.ResultSet?.Rows ?? []).map(({ Data }) => Data?.[0]?.VarCharValue));
        NextToken = page.NextToken;
      } while (NextToken !== undefined);
      return seen;
    };
    const query = "SELECT v.n FROM (VALUES (1), (2), (3)) AS v(n) ORDER BY n";
    expect(await pages(query)).toEqual([["n", "1"], ["2", "3"], []]);
    expect(await pages("SHOW DATABASES")).toEqual([["db"]]);
    const { QueryExecutionId } = await bench.execute(query);
    const manifest = { QueryExecutionId, QueryResultType: "DATA_MANIFEST" } as const;
    await expect(bench.athena.send(new GetQueryResultsCommand(manifest))).rejects.toThrow(
      "athena:GetQueryResults with DATA_MANIFEST",
    );
  });

  test("executions of a workgroup are listed, the newest first", async () => {
    const { QueryExecutionId } = await bench.execute("SELECT 1");
    const list = async (page: { readonly NextToken?: string | undefined } = {}) =>
      bench.athena.send(new ListQueryExecutionsCommand({ WorkGroup: "wg", MaxResults: 1, ...page }));
    const { QueryExecutionIds, NextToken } = await list();
    expect(QueryExecutionIds).toEqual([QueryExecutionId]);
    expect((await list({ NextToken })).QueryExecutionIds).not.toEqual([QueryExecutionId]);
    await expect(bench.athena.send(new ListQueryExecutionsCommand({ MaxResults: 51 }))).rejects.toThrow(
      "Member must have value less than or equal to 50",
    );
  });
});
