import type { Shape } from "../../service.ts";
import type { ColumnDefinition, CreateTable, TableFormat } from "../sql/statement-types.ts";

type HiveFormat = Extract<TableFormat, { readonly kind: "hive" }>;

const TEXT = {
  InputFormat: "org.apache.hadoop.mapred.TextInputFormat",
  OutputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
};
const PARQUET = {
  InputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
  OutputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
};

/** A column as the catalogue's entry says it. */
export const entryColumn = ({ name, hive, comment }: ColumnDefinition): Shape => ({
  Name: name,
  Type: hive,
  ...(comment !== undefined && { Comment: comment }),
});

/** The entry of `CREATE EXTERNAL TABLE`, as Athena writes it. */
export function hiveInput(
  name: string,
  format: HiveFormat,
  { columns, comment }: Pick<CreateTable, "columns" | "comment">,
): Shape {
  return {
    Name: name,
    TableType: "EXTERNAL_TABLE",
    Parameters: { EXTERNAL: "TRUE", ...format.properties, ...(comment !== undefined && { comment }) },
    PartitionKeys: format.partitionedBy.map(entryColumn),
    StorageDescriptor: {
      Columns: columns.map(entryColumn),
      Location: format.location ?? "",
      ...(format.format === "parquet" ? PARQUET : TEXT),
      SerdeInfo: {
        ...(format.serde !== undefined && { SerializationLibrary: format.serde }),
        Parameters: format.serdeProperties,
      },
    },
  };
}
