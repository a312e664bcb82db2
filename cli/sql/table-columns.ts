import type { Table as GlueTable } from "@aws-sdk/client-glue";

export const isIceberg = ({ Parameters: parameters }: GlueTable): boolean =>
  parameters?.["table_type"]?.toUpperCase() === "ICEBERG";

/** A column as the catalogue has it. */
export interface CatalogueColumn {
  readonly name: string;
  /** Hive's name of it. */
  readonly type: string;
  readonly comment: string;
  readonly partition: boolean;
}

/** The columns of a table that are there now; Glue also keeps those that an Iceberg table once had. */
export function columnsOf({ StorageDescriptor: storage, PartitionKeys: keys = [] }: GlueTable): CatalogueColumn[] {
  const present = (storage?.Columns ?? []).filter(
    ({ Parameters: parameters }) => parameters?.["iceberg.field.current"] !== "false",
  );
  return [
    ...present.map((column) => ({ column, partition: false })),
    ...keys.map((column) => ({ column, partition: true })),
  ].map(({ column, partition }) => ({
    name: (column.Name ?? "").toLowerCase(),
    type: column.Type ?? "string",
    comment: column.Comment ?? "",
    partition,
  }));
}
