import type { CatalogueTable } from "../../ports.ts";
import type { MsckRepair } from "../sql/statement-types.ts";
import { splitLocation } from "../tables/hive-files.ts";
import { partitionIn } from "../tables/hive-folders.ts";
import { registeredPartitions } from "../tables/registered-partitions.ts";
import { StatementError } from "./errors.ts";
import type { Result, Run } from "./run.ts";
import { addPartitions, partitionName } from "./write-hive.ts";

/**
 * `MSCK REPAIR TABLE`: registers the partitions whose `key=value` folders lie below the table's and that the catalogue
 * does not know. Says which, and which of those it knows have no files; none is taken away.
 */
export async function msckRepair({ table: named }: MsckRepair, run: Run): Promise<Result> {
  const { binder, call, context } = run;
  const database = binder.database(named.database, named.name);
  const table = binder.find(database, named.name);
  if (table === undefined)
    throw new StatementError("FAILED", `SemanticException [Error 10001]: Table not found ${database}.${named.name}`);
  if (table.kind !== "hive")
    throw new StatementError("NOT_SUPPORTED", `MSCK REPAIR TABLE is not supported for ${database}.${named.name}`);
  if (table.partitionKeys.length === 0) return answer([]);
  const registered = await registeredPartitions(context.dispatch)(table, call);
  const known = new Set(registered.map(({ values }) => values.join("\0")));
  const found = foldersOf(table, run);
  const fresh = [...found].filter(([key]) => !known.has(key)).map(([, values]) => values);
  const gone = registered.filter(({ values, location }) => !found.has(values.join("\0")) && isEmpty(location, run));
  await addPartitions(table, fresh, run);
  const nameOf = (values: readonly string[]): string => `${table.name}:${partitionName(table.partitionKeys, values)}`;
  return answer([
    ...list("Partitions not in metastore:", fresh.map(nameOf)),
    ...list(
      "Partitions missing from filesystem:",
      gone.map(({ values }) => nameOf(values)),
    ),
    ...fresh.map((values) => `Repair: Added partition to metastore ${nameOf(values)}`),
  ]);
}

const answer = (lines: readonly string[]): Result => ({ lines, columns: [{ name: "result", type: "string" }] });
const list = (title: string, names: readonly string[]): readonly string[] =>
  names.length === 0 ? [] : [[title, ...names].join("\t")];

/** The partitions that folders name, in the order of their names. */
function foldersOf(table: CatalogueTable, { context, call }: Run): ReadonlyMap<string, readonly string[]> {
  const { bucket, prefix } = splitLocation(table.location);
  const names = table.partitionKeys.map(({ name }) => name);
  const found = new Map<string, readonly string[]>();
  for (const { key } of context.ports.objects.list(bucket, prefix, call)) {
    const values = partitionIn(key.slice(prefix.length), names);
    if (values !== undefined) found.set(values.join("\0"), values);
  }
  return found;
}

function isEmpty(location: string, { context, call }: Run): boolean {
  const { bucket, prefix } = splitLocation(location);
  return context.ports.objects.list(bucket, prefix, call).length === 0;
}
