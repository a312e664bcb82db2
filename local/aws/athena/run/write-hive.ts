import { objectIn } from "../../members.ts";
import type { CatalogueTable } from "../../ports.ts";
import { toHive } from "../sql/hive-type.ts";
import type { CreateTableAsSelect, Insert, TableFormat } from "../sql/statement-types.ts";
import { display } from "../sql/types.ts";
import { hiveFolder } from "../tables/hive-folders.ts";
import { writtenFormatOf } from "../tables/hive-serde.ts";
import { type HiveFiles, writeHive } from "../tables/hive-writer.ts";
import { projectionOf } from "../tables/projection.ts";
import { registeredPartitions } from "../tables/registered-partitions.ts";
import { hiveInput } from "./create-hive.ts";
import { StatementError } from "./errors.ts";
import { NOTHING, type Result, type Run } from "./run.ts";
import { checkEmpty } from "./unload.ts";

/** Partitions that one request to Glue registers. */
const MOST_REGISTERED = 100;

type HiveFormat = Extract<TableFormat, { readonly kind: "hive" }>;

/** INSERT INTO a Hive table: more files, and the partitions that are new. */
export async function insertHive({ target, sql }: Insert, table: CatalogueTable, run: Run): Promise<Result> {
  const { context, call, relations } = run;
  const known = new Map<string, string>();
  const isRegistered = table.partitionKeys.length > 0 && projectionOf(table, context.clock.now()) === undefined;
  if (isRegistered)
    for (const { values, location } of await registeredPartitions(context.dispatch)(table, call))
      known.set(values.join("\0"), location);
  await relations.open();
  const files = {
    sql: relations.place(sql),
    columns: target.columns.map(({ name, type }) => ({ name, emitted: name, type })),
    format: writtenFormatOf(table),
    compression: "gzip",
  } as const;
  return write(files, table, known, isRegistered, run);
}

/** `CREATE TABLE AS` of a Hive table: its files, then its entry. */
export async function createHiveTable(
  { columns, sql }: CreateTableAsSelect,
  format: HiveFormat,
  { database, name }: { readonly database: string; readonly name: string },
  run: Run,
): Promise<Result> {
  const { catalogue } = run.context.ports;
  if (run.workgroup.enforced && format.location !== undefined)
    throw new StatementError(
      "INVALID_TABLE_PROPERTY",
      "The Create Table As Select query failed because it was submitted with an 'external_location' property to an Athena Workgroup that enforces a centralized output location for all queries. Please remove the 'external_location' property and resubmit the query.",
    );
  const location = format.location ?? `${run.outputLocation}/`;
  // A table whose partitions cannot be registered must not be left behind.
  const isPartitioned = sql !== undefined && format.partitionedBy.length > 0;
  catalogue.authorizeCreation(database, name, run.call, isPartitioned ? ["glue:BatchCreatePartition"] : []);
  checkEmpty(location, run);
  const defined = columns.map(({ name: column, type }) => {
    const hive = toHive(type);
    if (hive === undefined) throw new StatementError("NOT_SUPPORTED", `Unsupported Hive type: ${display(type)}`);
    return { name: column.toLowerCase(), type, hive };
  });
  const keys = new Set(format.partitionedBy.map((key) => key.name));
  const register = (): CatalogueTable => {
    const own = defined.filter((column) => !keys.has(column.name));
    catalogue.create(database, hiveInput(name, { ...format, location }, { columns: own }), run.call);
    return catalogue.table(database, name, run.call);
  };
  if (sql === undefined) {
    register();
    return NOTHING;
  }
  await run.relations.open();
  const emitted = columns.map((column, i) => ({ ...column, name: defined[i]?.name ?? column.name }));
  const files = {
    sql: run.relations.place(sql),
    columns: emitted,
    format: format.format === "csv" ? "textfile" : format.format,
    compression: "gzip",
    ...(format.serdeProperties["field.delim"] !== undefined && {
      fieldDelimiter: format.serdeProperties["field.delim"],
    }),
  } as const;
  const planned = { database, name, location, partitionKeys: format.partitionedBy };
  const result = await write(files, planned, new Map(), false, run);
  const table = register();
  await addPartitions(table, result.partitions, run);
  return result;
}

/** Writes files, and registers the partitions that are not known. */
async function write(
  files: Omit<HiveFiles, "partitionedBy">,
  table: Pick<CatalogueTable, "database" | "name" | "location"> & {
    readonly partitionKeys: readonly { readonly name: string }[];
  },
  known: ReadonlyMap<string, string>,
  isRegistered: boolean,
  run: Run,
): Promise<Result & { readonly partitions: readonly (readonly string[])[] }> {
  const { context, connection, call } = run;
  const { objects, sql } = context.ports;
  const partitionedBy = table.partitionKeys.map(({ name }) => name);
  const { rows, written, partitions } = await writeHive(
    { ...files, partitionedBy },
    (partition) => known.get(partition.join("\0")) ?? `${table.location}${hiveFolder(partitionedBy, partition)}`,
    { connection, objects, scratch: sql.scratch, call },
  );
  const fresh = partitions.filter((partition) => !known.has(partition.join("\0")));
  if (isRegistered) await addPartitions(table, fresh, run);
  return { columns: [], changed: rows, partitions, ...(written.length > 0 && { written }) };
}

/** `day=2020-01-02/kind=a`, as SHOW PARTITIONS lists it. */
export const partitionName = (keys: readonly { readonly name: string }[], values: readonly string[]): string =>
  keys.map((key, i) => `${key.name}=${values[i]}`).join("/");

/** Registers partitions whose files lie in folders of their names below the table's. */
export async function addPartitions(
  {
    database,
    name,
    location,
    ...table
  }: Pick<CatalogueTable, "database" | "name" | "location"> & {
    readonly partitionKeys: readonly { readonly name: string }[];
  },
  partitions: readonly (readonly string[])[],
  { context, call }: Run,
): Promise<void> {
  if (table.partitionKeys.length === 0 || partitions.length === 0) return;
  const keys = table.partitionKeys.map((key) => key.name);
  const PartitionInputList = partitions.map((Values) => ({
    Values,
    StorageDescriptor: { Location: `${location}${hiveFolder(keys, Values)}` },
  }));
  for (let at = 0; at < PartitionInputList.length; at += MOST_REGISTERED) {
    const list = PartitionInputList.slice(at, at + MOST_REGISTERED);
    const given = { DatabaseName: database, TableName: name, PartitionInputList: list };
    const { Errors } = await context.dispatch("glue", "BatchCreatePartition", given, call);
    for (const error of Array.isArray(Errors) ? Errors : []) {
      const { ErrorCode, ErrorMessage } = objectIn(objectIn(error)?.["ErrorDetail"]) ?? {};
      // Whoever registered it at the same time named the same folder.
      if (ErrorCode !== "AlreadyExistsException")
        throw new StatementError("HIVE_METASTORE_ERROR", String(ErrorMessage));
    }
  }
}
