import { objectIn } from "../members.ts";
import type { Shape } from "../service.ts";
import type { StoredDatabase } from "./database-store.ts";
import type { Partition } from "./partitions.ts";
import type { StoredTable } from "./table-store.ts";

function storage(input: Shape, location?: string): Shape {
  const descriptor = objectIn(input["StorageDescriptor"]) ?? {};
  return {
    Columns: [],
    Compressed: false,
    NumberOfBuckets: 0,
    StoredAsSubDirectories: false,
    ...descriptor,
    ...(location !== undefined && { Location: location }),
  };
}

/** The table as Glue answers it. */
export function tableView({ database, input, created, updated, version }: StoredTable, account: string): Shape {
  return {
    PartitionKeys: [],
    Parameters: {},
    Retention: 0,
    ...input,
    StorageDescriptor: storage(input),
    DatabaseName: database,
    CatalogId: account,
    CreateTime: new Date(created),
    UpdateTime: new Date(updated),
    IsRegisteredWithLakeFormation: false,
    VersionId: String(version),
  };
}

export const databaseView = (
  { name, description, location, parameters, created }: StoredDatabase,
  account: string,
): Shape => ({
  Name: name,
  ...(description !== undefined && { Description: description }),
  ...(location !== undefined && { LocationUri: location }),
  Parameters: parameters,
  CatalogId: account,
  CreateTime: new Date(created),
  CreateTableDefaultPermissions: [],
});

/** @param withColumns false leaves out what its columns are. */
export function partitionView(table: StoredTable, partition: Partition, account: string, withColumns = true): Shape {
  const inherited = objectIn(table.input["StorageDescriptor"]) ?? {};
  const input = { StorageDescriptor: { ...inherited, ...partition.storage } };
  const { Columns, ...rest } = storage(input, partition.location);
  return {
    Values: partition.values,
    DatabaseName: table.database,
    TableName: table.name,
    CatalogId: account,
    CreationTime: new Date(partition.created),
    StorageDescriptor: withColumns ? { Columns, ...rest } : rest,
    Parameters: partition.parameters ?? {},
  };
}
