import { objectIn } from "../../members.ts";
import type { CatalogueTable } from "../../ports.ts";
import { AwsError, NotImplementedLocally, type Shape } from "../../service.ts";
import type { Alteration, ColumnDefinition } from "../sql/statement-types.ts";
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

function replace({ database, version }: CatalogueTable, input: Shape, { context, call }: Run): Result {
  context.ports.catalogue.update(database, input, { version, skipArchive: false }, call);
  return NOTHING;
}

async function addPartition(
  { database, name, partitionKeys }: CatalogueTable,
  partition: { readonly values: Readonly<Record<string, string>>; readonly location?: string },
  ifNotExists: boolean,
  { context, call }: Run,
): Promise<void> {
  const { values, location } = partition;
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

/** Forgets every partition with these values; its files stay. */
async function dropPartitions(
  table: CatalogueTable,
  values: Readonly<Record<string, string>>,
  ifExists: boolean,
  { context, call }: Run,
): Promise<void> {
  const { database, name, partitionKeys } = table;
  const registered = await registeredPartitions(context.dispatch)(table, call);
  const gone = registered.filter((partition) =>
    partitionKeys.every((key, i) => (values[key.name] ?? partition.values[i]) === partition.values[i]),
  );
  if (gone.length === 0 && !ifExists) {
    const spec = Object.entries(values).map(([key, value]) => `${key}=${value}`);
    throw new StatementError("FAILED", `SemanticException [Error 10006]: Partition not found {${spec.join(", ")}}`);
  }
  for (const partition of gone) {
    const given = { DatabaseName: database, TableName: name, PartitionValues: partition.values };
    await context.dispatch("glue", "DeletePartition", given, call);
  }
}
