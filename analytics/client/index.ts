import type { AthenaClient } from "@aws-sdk/client-athena";
import type { Table } from "apache-arrow";
import { type QueryRequest, type Rows, runRows } from "./rows.ts";

export { cost } from "./cost.ts";
export { QueryError, type QueryErrorKind } from "./errors.ts";
export { uniqueNames } from "./names.ts";
export { type QueryRequest, type ResultColumn, type Rows, runRows } from "./rows.ts";

/** A result as an Arrow table, and what it took. */
export type QueryResult = Omit<Rows, "rows"> & { readonly table: Table };

/**
 * Runs a statement and gives its result as an Arrow table, typed by Athena's types.
 * @throws QueryError by what the caller can do about it
 */
export async function runQuery(client: AthenaClient, request: QueryRequest): Promise<QueryResult> {
  // Loaded when it is needed: most callers read rows.
  const [{ rows, ...rest }, { toTable }] = await Promise.all([runRows(client, request), import("./arrow.ts")]);
  return { ...rest, table: toTable({ columns: rest.columns, rows }) };
}
