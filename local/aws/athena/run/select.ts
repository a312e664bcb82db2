import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Select } from "../sql/statement-types.ts";
import { display } from "../sql/types.ts";
import { writeRows } from "./result-rows.ts";
import type { Result, Run } from "./run.ts";

/** Writes the rows into a file as they come: what is kept in memory does not grow with the result. */
export async function select(
  { sql, columns }: Select,
  { context, connection, relations, signal }: Run,
): Promise<Result> {
  await relations.open();
  const file = join(context.ports.sql.scratch, `athena-${randomBytes(9).toString("hex")}.csv`);
  const rows = await writeRows({ connection, query: relations.place(sql), columns, file, signal });
  return { file, rows, columns: columns.map(({ name, type }) => ({ name, type: display(type) })) };
}
