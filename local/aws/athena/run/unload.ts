import type { Unload } from "../sql/statement-types.ts";
import { splitLocation } from "../tables/hive-files.ts";
import { hiveFolder } from "../tables/hive-folders.ts";
import { writeHive } from "../tables/hive-writer.ts";
import { StatementError } from "./errors.ts";
import type { Result, Run } from "./run.ts";

/** Athena never writes among files that are there. @throws StatementError */
export function checkEmpty(location: string, { context, call }: Run): void {
  const { bucket, prefix } = splitLocation(location);
  if (context.ports.objects.list(bucket, prefix, call).length > 0)
    throw new StatementError("HIVE_PATH_ALREADY_EXISTS", `Target directory already exists: ${location}`);
}

/** `UNLOAD`: the rows as files, and a list of these beside the query's results. */
export async function unload(statement: Unload, run: Run): Promise<Result> {
  const { sql, columns, location, partitionedBy, format, compression, fieldDelimiter } = statement;
  const { context, connection, call, relations } = run;
  const { objects, sql: engine } = context.ports;
  checkEmpty(location, run);
  await relations.open();
  const { rows, written } = await writeHive(
    {
      sql: relations.place(sql),
      columns: columns.map(({ name, emitted, type }) => ({ name: name.toLowerCase(), emitted, type })),
      ...{ partitionedBy, format, compression, fieldDelimiter },
    },
    (partition) => `${location}${hiveFolder(partitionedBy, partition)}`,
    { connection, objects, scratch: engine.scratch, call },
  );
  return { columns: [], changed: rows, written };
}
