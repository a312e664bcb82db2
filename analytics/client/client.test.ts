import { Readable } from "node:stream";
import { AthenaClient } from "@aws-sdk/client-athena";
import { describe, expect, test } from "vitest";
import { cost, QueryError, runQuery, runRows } from "./index.ts";

type Answers = Readonly<Record<string, (call: number, input: Record<string, unknown>) => object | Promise<object>>>;

/** The real client over a wire that answers by operation; an answer with `__type` is an error. */
function clientFor(answers: Answers): AthenaClient {
  const calls = new Map<string, number>();
  return new AthenaClient({
    region: "eu-west-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
    requestHandler: {
      handle: async (request: { headers: Record<string, string>; body: string | Uint8Array }) => {
        const operation = request.headers["x-amz-target"]?.split(".")[1] ?? "";
        const call = (calls.get(operation) ?? 0) + 1;
        calls.set(operation, call);
        const body = JSON.parse(
          typeof request.body === "string" ? request.body : new TextDecoder().decode(request.body),
        );
        const answer = await answers[operation]?.(call, body);
        const statusCode = answer !== undefined && "__type" in answer ? 400 : 200;
        const headers = { "content-type": "application/x-amz-json-1.1" };
        return { response: { statusCode, headers, body: Readable.from([Buffer.from(JSON.stringify(answer ?? {}))]) } };
      },
    },
  });
}

const request = { sql: "SELECT 1", database: "c360_test", workgroup: "c360-test" };
const succeeded = {
  QueryExecution: {
    StatementType: "DML",
    Status: { State: "SUCCEEDED" },
    Statistics: { DataScannedInBytes: 123, EngineExecutionTimeInMillis: 7 },
  },
};
const info = (Name: string, Type: string, more = {}) => ({ Name, Type, ...more });
const row = (...values: readonly (string | null)[]) => ({
  Data: values.map((value) => (value === null ? {} : { VarCharValue: value })),
});

const athena = (more: Answers = {}) =>
  clientFor({
    StartQueryExecution: () => ({ QueryExecutionId: "q-1" }),
    GetQueryExecution: () => succeeded,
    GetQueryResults: () => ({ ResultSet: {} }),
    ...more,
  });

async function failure(client: AthenaClient): Promise<QueryError> {
  const error = await runRows(client, request).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof QueryError)) throw new Error(`no QueryError but ${String(error)}`);
  return error;
}

describe("runQuery", () => {
  test("gives typed columns, exact decimals, NULLs, and what it cost", async () => {
    const columns = [
      info("name", "varchar"),
      info("n", "bigint"),
      info("value", "decimal", { Precision: 18, Scale: 3 }),
      info("on", "date"),
      info("at", "timestamp"),
      info("yes", "boolean"),
      info("share", "double"),
    ];
    const client = athena({
      GetQueryResults: (_call, { NextToken }) =>
        NextToken === undefined
          ? {
              NextToken: "more",
              ResultSet: {
                ResultSetMetadata: { ColumnInfo: columns },
                Rows: [
                  row(...columns.map(({ Name }) => Name)),
                  row(
                    "Zoë",
                    "9007199254740993",
                    "-9747747.934",
                    "2011-12-10",
                    "2011-12-09 12:50:00.250",
                    "true",
                    "0.5",
                  ),
                ],
              },
            }
          : {
              ResultSet: {
                ResultSetMetadata: { ColumnInfo: columns },
                Rows: [row(null, null, null, null, null, null, null)],
              },
            },
    });
    const states: string[] = [];
    const { table, ...rest } = await runQuery(client, { ...request, onState: (state) => states.push(state) });
    expect(rest).toMatchObject({ bytesScanned: 123, milliseconds: 7, queryExecutionId: "q-1" });
    expect(rest.columns[2]).toEqual({ name: "value", type: "decimal(18,3)" });
    expect(states).toEqual(["SUCCEEDED"]);
    expect(table.schema.fields.map(({ type }) => String(type))).toEqual([
      "Utf8",
      "Int64",
      "Decimal[18e+3]",
      "Date32<DAY>",
      "Timestamp<MICROSECOND>",
      "Bool",
      "Float64",
    ]);
    expect(table.numRows).toBe(2);
    expect(table.get(0)?.["n"]).toBe(9007199254740993n);
    expect(String(table.get(0)?.["value"])).toBe("-9747747934");
    expect(table.get(0)?.["at"]).toBe(Date.UTC(2011, 11, 9, 12, 50, 0, 250));
    expect(table.get(0)?.["name"]).toBe("Zoë");
    expect(Object.values(table.get(1)?.toJSON() ?? {})).toEqual([null, null, null, null, null, null, null]);
  });

  test("a first row is data unless it repeats the columns' names", async () => {
    const result = {
      ResultSet: { ResultSetMetadata: { ColumnInfo: [info("tab_name", "string")] }, Rows: [row("orders")] },
    };
    expect((await runRows(athena({ GetQueryResults: () => result }), request)).rows).toEqual([["orders"]]);
  });

  test("waits until the query ends", async () => {
    const states: string[] = [];
    const client = athena({
      GetQueryExecution: (call) =>
        call < 3 ? { QueryExecution: { Status: { State: call === 1 ? "QUEUED" : "RUNNING" } } } : succeeded,
    });
    await runRows(client, { ...request, onState: (state) => states.push(state) });
    expect(states).toEqual(["QUEUED", "RUNNING", "SUCCEEDED"]);
  });
});

describe("what a statement did", () => {
  const ended = (StatementType: string, SubstatementType: string, answer: object) =>
    athena({
      GetQueryExecution: () => ({
        QueryExecution: { StatementType, SubstatementType, Status: { State: "SUCCEEDED" } },
      }),
      GetQueryResults: () => answer,
    });
  const changedRows = { ResultSetMetadata: { ColumnInfo: [info("rows", "bigint")] }, Rows: [] };

  test.each([
    ["DML", "INSERT", { UpdateCount: 3, ResultSet: changedRows }, 3],
    ["DML", "MERGE", { UpdateCount: 0, ResultSet: changedRows }, 0],
    ["DDL", "CREATE_TABLE_AS_SELECT", { UpdateCount: 7, ResultSet: changedRows }, 7],
    // A SELECT that finds no row has its header all the same.
    ["DML", "SELECT", { UpdateCount: 0, ResultSet: { ...changedRows, Rows: [row("rows")] } }, undefined],
    ["UTILITY", "SHOW_TABLES", { UpdateCount: 0, ResultSet: changedRows }, undefined],
    ["DDL", "DROP_TABLE", { ResultSet: { Rows: [] } }, undefined],
  ])("%s %s", async (type, substatement, answer, changed) => {
    const rows = await runRows(ended(type, substatement, answer), request);
    expect([rows.statementType, rows.substatement, rows.changed, rows.rows]).toEqual([type, substatement, changed, []]);
  });
});

test("a query is stopped once when its caller gives up, and ends as cancelled", async () => {
  const stop = new AbortController();
  const asked: string[] = [];
  const client = athena({
    StopQueryExecution: (_call, { QueryExecutionId }) => {
      asked.push(String(QueryExecutionId));
      return {};
    },
    GetQueryExecution: (call) => {
      if (call === 2) stop.abort();
      const State = call < 4 ? "RUNNING" : "CANCELLED";
      return { QueryExecution: { Status: { State, StateChangeReason: "Query cancelled by user" } } };
    },
  });
  await expect(runRows(client, { ...request, signal: stop.signal })).rejects.toMatchObject({ kind: "cancelled" });
  expect(asked).toEqual(["q-1"]);
});

test("reading a long result ends when its caller gives up", async () => {
  const stop = new AbortController();
  let pages = 0;
  const client = athena({
    GetQueryResults: (call) => {
      pages = call;
      if (call === 3) stop.abort();
      return { NextToken: "more", ResultSet: { Rows: [row("1")] } };
    },
  });
  await expect(runRows(client, { ...request, signal: stop.signal })).rejects.toMatchObject({
    kind: "cancelled",
    message: "Stopped after reading 3 rows of the result.",
  });
  expect(pages).toBe(3);
});

describe("errors are typed by what the caller does next", () => {
  const ended = (status: object) => athena({ GetQueryExecution: () => ({ QueryExecution: { Status: status } }) });

  test.each([
    [
      "bad-query",
      { State: "FAILED", StateChangeReason: "COLUMN_NOT_FOUND: line 1:8", AthenaError: { ErrorCategory: 2 } },
    ],
    ["failed", { State: "FAILED", StateChangeReason: "GENERIC_INTERNAL_ERROR", AthenaError: { ErrorCategory: 1 } }],
    [
      "denied",
      {
        State: "FAILED",
        StateChangeReason: "User is not authorized to perform: glue:GetTable",
        AthenaError: { ErrorCategory: 2 },
      },
    ],
    ["scan-limit", { State: "CANCELLED", StateChangeReason: "Bytes scanned limit was exceeded" }],
    ["cancelled", { State: "CANCELLED", StateChangeReason: "Query was cancelled by user" }],
  ])("%s", async (kind, status) => {
    expect(await failure(ended(status))).toMatchObject({
      kind,
      queryExecutionId: "q-1",
      message: status.StateChangeReason,
    });
  });

  test.each([
    ["bad-query", "InvalidRequestException"],
    ["throttled", "TooManyRequestsException"],
    ["denied", "AccessDeniedException"],
  ])("%s when the call itself says %s", async (kind, name) => {
    expect(await failure(athena({ StartQueryExecution: () => ({ __type: name, message: "because" }) }))).toMatchObject({
      kind,
      message: "because",
    });
  });
});

describe("cost", () => {
  const MB = 2 ** 20;
  test.each([
    ["10 MB at least", 0, 10],
    ["10 MB at least", 10 * MB, 10],
    ["rounded up to the megabyte", 10 * MB + 1, 11],
    ["a terabyte is 5 USD", 2 ** 40, 2 ** 20],
  ])("%s", (_case, bytes, megabytes) => {
    expect(cost(bytes)).toBe((megabytes * 5) / 2 ** 20);
  });

  test("DDL is free, and what asks the catalogue alone", () => {
    expect([cost(10 ** 12, "DDL"), cost(0, "UTILITY")]).toEqual([0, 0]);
  });
});
