import { statSync } from "node:fs";
import type { ObjectStore } from "../ports.ts";
import { AwsError, type Call } from "../service.ts";
import type { Outcome } from "./engine.ts";
import type { Execution } from "./executions.ts";
import { resultMetadata } from "./result-metadata.ts";
import { splitLocation } from "./tables/hive-files.ts";

/** What Athena writes without its engine, and what it writes with it. */
const PLAIN = "binary/octet-stream";
const ENGINE = "application/octet-stream";

/** What changed rows, in Trino's words. */
const updates: Readonly<Record<string, string>> = {
  INSERT: "INSERT",
  UPDATE: "UPDATE",
  DELETE: "DELETE",
  MERGE: "MERGE",
  CREATE_TABLE_AS_SELECT: "CREATE TABLE",
};

/**
 * Writes a result as Athena lays it out: rows as CSV, what the catalogue says as text, of changes nothing; beside it what
 * it is like, unless there are no columns; and the list of the files that the statement wrote, if it lists them.
 * @returns bytes of the rows.
 */
export async function writeResult(
  { id, outputLocation, columns = [], updateCount, substatement, statementType, manifest }: Execution,
  { file, lines, written }: Outcome,
  objects: ObjectStore,
  call: Call,
): Promise<number> {
  const { bucket, prefix: key } = splitLocation(outputLocation);
  const put = (to: string, body: Parameters<ObjectStore["put"]>[1], contentType: string) =>
    objects.put({ bucket, key: to }, body, { contentType }, call);
  try {
    const bytes = file === undefined ? 0 : statSync(file).size;
    if (file !== undefined) await put(key, { file }, ENGINE);
    else if (key.endsWith(".txt"))
      await put(key, (lines ?? []).join("\n"), substatement === "EXPLAIN" ? ENGINE : PLAIN);
    if (manifest !== undefined && written !== undefined)
      await put(splitLocation(manifest).prefix, written.map((uri) => `${uri}\n`).join(""), ENGINE);
    const update = updates[substatement];
    if (columns.length > 0)
      await put(
        `${key}.metadata`,
        resultMetadata({
          id,
          columns,
          ...(update !== undefined && { update }),
          ...(updateCount !== undefined && { updateCount }),
        }),
        statementType === "UTILITY" ? PLAIN : ENGINE,
      );
    return bytes;
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== "AccessDenied") throw error;
    throw new AwsError(
      "AccessDeniedException",
      `Access denied when writing output to url: ${outputLocation}. ${error.message}`,
    );
  }
}
