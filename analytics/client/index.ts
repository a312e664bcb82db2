import type { AthenaClient } from "@aws-sdk/client-athena";
import type { Table } from "apache-arrow";
import { toTable } from "./arrow.ts";
import { type QueryRequest, type Rows, runRows } from "./rows.ts";

export { toTable } from "./arrow.ts";
export { cost } from "./cost.ts";
export { QueryError, type QueryErrorKind } from "./errors.ts";
export { type QueryRequest, type ResultColumn, type Rows, runRows } from "./rows.ts";

/** A result as an Arrow table, and what it took. */
export type QueryResult = Omit<Rows, "rows"> & { readonly table: Table };

/**
 * Runs a statement and gives its result as an Arrow table, typed by Athena's types.
 * @throws QueryError by what the caller can do about it
 */
export async function runQuery(client: AthenaClient, request: QueryRequest): Promise<QueryResult> {
  const { rows, ...rest } = await runRows(client, request);
  return { ...rest, table: toTable({ columns: rest.columns, rows }) };
}
