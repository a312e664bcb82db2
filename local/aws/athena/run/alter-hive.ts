import { objectIn } from "../../members.ts";
import type { CatalogueTable } from "../../ports.ts";
import { AwsError, NotImplementedLocally, type Shape } from "../../service.ts";
import type { Alteration, ColumnDefinition, PartitionValues } from "../sql/statement-types.ts";
import { checkReadAsTable } from "../tables/partition-storage.ts";
import { registeredPartitions } from "../tables/registered-partitions.ts";
import { entryColumn } from "./create-hive.ts";
import { StatementError } from "./errors.ts";
import { NOTHING, type Result, type Run } from "./run.ts";

/** `ALTER TABLE` of a Hive table changes its entry only: its files are read as the entry says. */
export async function alterHive(table: CatalogueTable, action: Alteration, run: Run): Promise<Result> {
  switch (action.kind) {
    case "add columns":
      return withColumns(table, (columns) => [...columns, ...action.columns.map(entryColumn)], run);
    case "replace columns":
      return withColumns(table, () => action.columns.map(entryColumn), run);
    case "change column":
      return withColumns(table, (columns) => changed(columns, action.name, action.to), run);
    case "set properties":
      return replace(table, { ...table.input, Parameters: { ...table.parameters, ...action.properties } }, run);
    case "unset properties": {
      const kept = Object.entries(table.parameters).filter(([name]) => !action.names.includes(name));
      return replace(table, { ...table.input, Parameters: Object.fromEntries(kept) }, run);
    }
    case "add partitions":
      for (const partition of action.partitions) await addPartition(table, partition, action.ifNotExists, run);
      return NOTHING;
    case "drop partitions":
      for (const { values } of action.partitions) await dropPartitions(table, values, action.ifExists, run);
      return NOTHING;
    case "set location":
      if (action.partition === undefined) return withLocation(table, action.location, run);
      await movePartition(table, action.partition, { location: action.location }, run);
      return NOTHING;
    case "rename partition":
      await movePartition(table, action.partition, { values: action.to }, run);
      return NOTHING;
    default:
      throw new NotImplementedLocally(`ALTER TABLE ... ${action.kind} of a Hive table`);
  }
}

function changed(columns: readonly Shape[], name: string, to: ColumnDefinition): Shape[] {
  const at = columns.findIndex((it) => String(it["Name"]).toLowerCase() === name);
  if (at < 0) throw new StatementError("FAILED", `SemanticException [Error 10002]: Invalid column reference ${name}`);
  return columns.with(at, entryColumn(to));
}

function withColumns(table: CatalogueTable, change: (columns: readonly Shape[]) => Shape[], run: Run): Result {
  const storage = objectIn(table.input["StorageDescriptor"]) ?? {};
  const columns: readonly unknown[] = Array.isArray(storage["Columns"]) ? storage["Columns"] : [];
  const known = columns.map((it) => objectIn(it)).filter((it) => it !== undefined);
  return replace(table, { ...table.input, StorageDescriptor: { ...storage, Columns: change(known) } }, run);
}

function withLocation(table: CatalogueTable, location: string, run: Run): Result {
  const storage = objectIn(table.input["StorageDescriptor"]) ?? {};
  return replace(table, { ...table.input, StorageDescriptor: { ...storage, Location: location } }, run);
}

function replace({ database, version }: CatalogueTable, input: Shape, { context, call }: Run): Result {
  context.ports.catalogue.update(database, input, { version, skipArchive: false }, call);
  return NOTHING;
}

async function addPartition(
  { database, name, partitionKeys }: CatalogueTable,
  partition: { readonly values: PartitionValues; readonly location?: string },
  ifNotExists: boolean,
  { context, call }: Run,
): Promise<void> {
  const { values, location } = partition;
  checkKeys({ partitionKeys }, values);
  const PartitionInput = {
    Values: partitionKeys.map((key) => values[key.name]),
    ...(location !== undefined && { StorageDescriptor: { Location: location } }),
  };
  try {
    await context.dispatch(
      "glue",
      "CreatePartition",
      { DatabaseName: database, TableName: name, PartitionInput },
      call,
    );
  } catch (error) {
    if (ifNotExists && error instanceof AwsError && error.code === "AlreadyExistsException") return;
    throw error;
  }
}

/** Registers a partition with another location or other values; no file is moved. */
async function movePartition(
  table: CatalogueTable,
  values: PartitionValues,
  to: { readonly values?: PartitionValues; readonly location?: string },
  run: Run,
): Promise<void> {
  const { database, name, partitionKeys } = table;
  for (const given of [values, to.values ?? values]) checkKeys(table, given);
  const registered = await registeredPartitions(run.context.dispatch)(table, run.call);
  const found = registered.find((partition) =>
    partitionKeys.every((key, i) => values[key.name] === partition.values[i]),
  );
  if (found === undefined) throw notFound(values);
  // It is registered anew, as the table is.
  checkReadAsTable(table, [found]);
  const moved = { values: to.values ?? values, location: to.location ?? found.location };
  const drop = (): Promise<Shape> =>
    run.context.dispatch(
      "glue",
      "DeletePartition",
      { DatabaseName: database, TableName: name, PartitionValues: found.values },
      run.call,
    );
  // A partition that is to keep its name must go first; one that gets another must not be lost if that is taken.
  if (to.values === undefined) await drop();
  await addPartition(table, moved, false, run);
  if (to.values !== undefined) await drop();
}

/** One value for every partition column. */
function checkKeys({ partitionKeys }: Pick<CatalogueTable, "partitionKeys">, values: PartitionValues): void {
  const given = Object.keys(values).sort().join();
  const keys = partitionKeys.map((key) => key.name);
  if (given !== [...keys].sort().join())
    throw new StatementError(
      "FAILED",
      `SemanticException partition spec {${given}} does not name the partition columns ${keys.join(", ")}`,
    );
}

const notFound = (values: PartitionValues): StatementError => {
  const spec = Object.entries(values).map(([key, value]) => `${key}=${value}`);
  return new StatementError("FAILED", `SemanticException [Error 10006]: Partition not found {${spec.join(", ")}}`);
};

/** Forgets every partition with these values; its files stay. */
async function dropPartitions(
  table: CatalogueTable,
  values: PartitionValues,
  ifExists: boolean,
  { context, call }: Run,
): Promise<void> {
  const { database, name, partitionKeys } = table;
  const other = Object.keys(values).find((name) => !partitionKeys.some((key) => key.name === name));
  if (other !== undefined)
    throw new StatementError("FAILED", `SemanticException [Error 10002]: Invalid partition column ${other}`);
  const registered = await registeredPartitions(context.dispatch)(table, call);
  const gone = registered.filter((partition) =>
    partitionKeys.every((key, i) => (values[key.name] ?? partition.values[i]) === partition.values[i]),
  );
  if (gone.length === 0 && !ifExists) throw notFound(values);
  for (const partition of gone) {
    const given = { DatabaseName: database, TableName: name, PartitionValues: partition.values };
    await context.dispatch("glue", "DeletePartition", given, call);
  }
}
