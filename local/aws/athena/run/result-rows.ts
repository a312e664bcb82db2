import { closeSync, openSync, writeSync } from "node:fs";
import type { DuckDBConnection } from "@duckdb/node-api";
import { csvRow } from "../csv.ts";
import { ident, quote } from "../sql/ast.ts";
import type { OutputColumn } from "../sql/scope.ts";
import { valueText } from "../values.ts";
import { csvText } from "./csv-text.ts";

/** A query whose rows are wanted in a file. */
export interface Wanted {
  readonly connection: DuckDBConnection;
  /** In DuckDB's words. */
  readonly query: string;
  readonly columns: readonly OutputColumn[];
  /** A file that is not there yet. */
  readonly file: string;
  readonly signal: AbortSignal;
}

/** Writes a query's names and rows as Athena lays out its results. @returns how many rows. */
export function writeRows(wanted: Wanted): Promise<number> {
  const statement = copyStatement(wanted);
  return statement === undefined ? streamRows(wanted) : copyRows(wanted.connection, statement);
}

/**
 * The statement by which DuckDB itself writes the file: it plans it once, where rows that are streamed out of it cost two
 * plans, and writes several times as fast.
 * @returns undefined when a value has a text, or a column a name, that DuckDB would not write as Athena does.
 */
export function copyStatement({ query, columns, file }: Omit<Wanted, "connection" | "signal">): string | undefined {
  const texts = columns.map(({ type }, i) => csvText(`c${i}`, type));
  // DuckDB would number what has the same name.
  const areNamedOnce = new Set(columns.map(({ name }) => name.toLowerCase())).size === columns.length;
  if (!areNamedOnce || texts.includes(undefined)) return undefined;
  const list = columns.map(({ name }, i) => `${texts[i]} AS ${ident(name)}`).join(", ");
  const names = columns.map((_, i) => `c${i}`).join(", ");
  return `COPY (SELECT ${list} FROM (${query}) AS r(${names})) TO ${quote(file)} (FORMAT csv, HEADER true, FORCE_QUOTE *, NULLSTR '', USE_TMP_FILE false)`;
}

async function copyRows(connection: DuckDBConnection, statement: string): Promise<number> {
  const { rowsChanged } = await connection.run(statement);
  return rowsChanged;
}

/** Row by row: for the types that only JavaScript writes as Athena does. */
export async function streamRows({ connection, query, columns, file, signal }: Wanted): Promise<number> {
  // connection.stream() would parse on this thread, and then again: a text may name thousands of files.
  const prepared = await connection.prepare(query);
  const result = await prepared.stream().finally(() => prepared.destroySync());
  const handle = openSync(file, "wx");
  let count = 0;
  try {
    writeSync(handle, csvRow(columns.map(({ name }) => name)));
    for await (const rows of result.yieldRows()) {
      signal.throwIfAborted();
      count += rows.length;
      writeSync(
        handle,
        rows
          .map((row) => csvRow(row.map((value, i) => valueText(value, columns[i]?.type ?? { kind: "unknown" }))))
          .join(""),
      );
    }
  } finally {
    closeSync(handle);
  }
  return count;
}
