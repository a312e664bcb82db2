import { randomBytes } from "node:crypto";
import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { csvRow } from "../csv.ts";
import type { Select } from "../sql/statement-types.ts";
import { display } from "../sql/types.ts";
import { valueText } from "../values.ts";
import type { Result, Run } from "./run.ts";

/** Streams the rows into a file: what is kept in memory does not grow with the result. */
export async function select(
  { sql, columns }: Select,
  { context, connection, relations, signal }: Run,
): Promise<Result> {
  await relations.open();
  const file = join(context.ports.sql.scratch, `athena-${randomBytes(9).toString("hex")}.csv`);
  // connection.stream() would parse on this thread, and then again: a text may name thousands of files.
  const prepared = await connection.prepare(relations.place(sql));
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
  return { file, rows: count, columns: columns.map(({ name, type }) => ({ name, type: display(type) })) };
}
