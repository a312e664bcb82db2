import { setTimeout as sleep } from "node:timers/promises";
import {
  type AthenaClient,
  type ColumnInfo,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  type GetQueryResultsCommandOutput,
  type QueryExecution,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from "@aws-sdk/client-athena";
import { errorOfCall, errorOfStatus, QueryError } from "./errors.ts";

/** A question to Athena. */
export interface QueryRequest {
  readonly sql: string;
  readonly database: string;
  readonly workgroup: string;
  /** Values of the `?` in the SQL, as SQL literals: `'text'`, `12`, `DATE '2011-12-10'`. */
  readonly parameters?: readonly string[];
  /** Told of every state the query is seen in: QUEUED, RUNNING, SUCCEEDED, ... */
  readonly onState?: (state: string) => void;
  /** Stops the query, so that it costs no more; then it fails as `cancelled`. */
  readonly signal?: AbortSignal;
}

/** A column with Athena's type: `varchar`, `bigint`, `decimal(18,3)`, ... */
export interface ResultColumn {
  readonly name: string;
  readonly type: string;
}

/** A result as Athena sends it: every value as text, NULL as null. */
export interface Rows {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly (readonly (string | null)[])[];
  readonly bytesScanned: number;
  /** Time in the engine. */
  readonly milliseconds: number;
  readonly queryExecutionId: string;
  /** DML, DDL or UTILITY. */
  readonly statementType: string;
  /** Athena's name of what it did: SELECT, INSERT, DROP_TABLE, ... */
  readonly substatement?: string;
  /** Rows that a changing statement changed; such a statement has a column `rows` and no row. */
  readonly changed?: number;
}

/** First wait for a result, milliseconds; doubles up to the last. */
const FIRST_WAIT = 10;
const LAST_WAIT = 1000;

/**
 * Runs a statement and fetches its whole result.
 * @throws QueryError by what the caller can do about it
 */
export async function runRows(client: AthenaClient, request: QueryRequest): Promise<Rows> {
  let id: string | undefined;
  try {
    id = await start(client, request);
    const execution = await ended(client, id, request);
    const { columns, rows, updateCount } = await results(client, id, request.signal);
    const { StatementType: statementType = "DML", SubstatementType: substatement } = execution;
    const { DataScannedInBytes = 0, EngineExecutionTimeInMillis = 0 } = execution.Statistics ?? {};
    return {
      columns,
      // Athena puts the names of a SELECT's columns into its first row, and nothing says so but the row.
      rows: isHeader(execution, columns, rows[0]) ? rows.slice(1) : rows,
      bytesScanned: DataScannedInBytes,
      milliseconds: EngineExecutionTimeInMillis,
      queryExecutionId: id,
      statementType,
      ...(substatement !== undefined && { substatement }),
      ...(changes(statementType, columns, rows) && updateCount !== undefined && { changed: updateCount }),
    };
  } catch (error) {
    throw errorOfCall(error, id);
  }
}

async function start(client: AthenaClient, { sql, database, workgroup, parameters }: QueryRequest): Promise<string> {
  const { QueryExecutionId } = await client.send(
    new StartQueryExecutionCommand({
      QueryString: sql,
      WorkGroup: workgroup,
      QueryExecutionContext: { Catalog: "AwsDataCatalog", Database: database },
      ...(parameters !== undefined && parameters.length > 0 && { ExecutionParameters: [...parameters] }),
    }),
  );
  if (QueryExecutionId === undefined) throw new Error("Athena gave the query no id.");
  return QueryExecutionId;
}

async function ended(
  client: AthenaClient,
  id: string,
  { onState, signal }: Pick<QueryRequest, "onState" | "signal">,
): Promise<QueryExecution> {
  let stopped = false;
  for (let wait = FIRST_WAIT; ; wait = Math.min(2 * wait, LAST_WAIT)) {
    if (signal?.aborted === true && !stopped) {
      stopped = true;
      await client.send(new StopQueryExecutionCommand({ QueryExecutionId: id }));
    }
    const { QueryExecution } = await client.send(new GetQueryExecutionCommand({ QueryExecutionId: id }));
    const state = QueryExecution?.Status?.State;
    if (QueryExecution?.Status === undefined || state === undefined)
      throw new Error(`Athena does not know the state of query ${id}.`);
    onState?.(state);
    if (state === "SUCCEEDED") return QueryExecution;
    if (state === "FAILED" || state === "CANCELLED") throw errorOfStatus(QueryExecution.Status, id);
    await sleep(wait, undefined, signal === undefined || stopped ? {} : { signal }).catch((error: unknown) => {
      if (signal?.aborted !== true) throw error;
    });
  }
}

async function results(client: AthenaClient, id: string, signal: AbortSignal | undefined) {
  const rows: (string | null)[][] = [];
  let columns: readonly ResultColumn[] = [];
  let token: string | undefined;
  let updateCount: number | undefined;
  do {
    // Reading may take longer than the query did.
    if (signal?.aborted === true)
      throw new QueryError("cancelled", `Stopped after reading ${rows.length} rows of the result.`, id);
    const page: GetQueryResultsCommandOutput = await client.send(
      new GetQueryResultsCommand({
        QueryExecutionId: id,
        MaxResults: 1000,
        ...(token !== undefined && { NextToken: token }),
      }),
    );
    columns = (page.ResultSet?.ResultSetMetadata?.ColumnInfo ?? []).map(columnOf);
    for (const { Data = [] } of page.ResultSet?.Rows ?? [])
      rows.push(Data.map(({ VarCharValue }) => VarCharValue ?? null));
    updateCount ??= page.UpdateCount;
    token = page.NextToken;
  } while (token !== undefined);
  return { columns, rows, updateCount };
}

/** A SELECT has its header at least, and counts 0 changes. */
const changes = (statementType: string, columns: readonly ResultColumn[], rows: readonly unknown[]): boolean =>
  statementType !== "UTILITY" && columns.length > 0 && rows.length === 0;

const columnOf = (info: ColumnInfo): ResultColumn => ({
  name: info.Name ?? "",
  type: info.Type === "decimal" ? `decimal(${info.Precision ?? 38},${info.Scale ?? 0})` : (info.Type ?? "varchar"),
});

const isHeader = (
  execution: QueryExecution,
  columns: readonly ResultColumn[],
  first: readonly (string | null)[] | undefined,
): boolean =>
  execution.StatementType === "DML" && first !== undefined && columns.every(({ name }, index) => first[index] === name);
