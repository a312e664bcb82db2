import type { TableColumn } from "../ports.ts";
import type { Shape } from "../service.ts";
import type { GlueDatabase, GlueTable } from "./catalogue.ts";
import type { Partition } from "./partitions.ts";

const columns = (list: readonly TableColumn[]): Shape[] =>
  list.map(({ name, type, comment }) => ({
    Name: name,
    Type: type,
    ...(comment !== undefined && { Comment: comment }),
  }));

function storage(table: GlueTable, location: string): Shape {
  return {
    Columns: columns(table.columns),
    Location: location,
    ...(table.inputFormat !== undefined && { InputFormat: table.inputFormat }),
    ...(table.outputFormat !== undefined && { OutputFormat: table.outputFormat }),
    Compressed: false,
    NumberOfBuckets: 0,
    SerdeInfo: {
      ...(table.serde !== undefined && { SerializationLibrary: table.serde }),
      Parameters: table.serdeParameters,
    },
    StoredAsSubDirectories: false,
  };
}

/** The table as Glue answers it. */
export function tableView(table: GlueTable, account: string, created: Date): Shape {
  return {
    Name: table.name,
    DatabaseName: table.database,
    CatalogId: account,
    ...(table.description !== undefined && { Description: table.description }),
    CreateTime: created,
    UpdateTime: created,
    Retention: 0,
    StorageDescriptor: storage(table, table.location),
    PartitionKeys: columns(table.partitionKeys),
    TableType: table.tableType,
    Parameters: table.parameters,
    IsRegisteredWithLakeFormation: false,
    VersionId: "0",
  };
}

export const databaseView = (database: GlueDatabase, account: string, created: Date): Shape => ({
  Name: database.name,
  ...(database.description !== undefined && { Description: database.description }),
  CatalogId: account,
  CreateTime: created,
});

export const partitionView = (table: GlueTable, partition: Partition, account: string): Shape => ({
  Values: partition.values,
  DatabaseName: table.database,
  TableName: table.name,
  CatalogId: account,
  CreationTime: new Date(partition.created),
  StorageDescriptor: storage(table, partition.location),
  Parameters: {},
});
