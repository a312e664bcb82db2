import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { type ColumnSpec, icebergFields, icebergPartitions, type PartitionSpec } from "./iceberg-schema.ts";

/** Arguments of {@link hiveTable}. */
export interface HiveTableArgs {
  readonly database: pulumi.Input<string>;
  readonly tableName: string;
  readonly description: string;
  /** `s3://bucket/prefix/` */
  readonly location: pulumi.Input<string>;
  readonly format: "parquet" | "json";
  readonly columns: readonly ColumnSpec[];
  /** Partition keys, outermost folder first, with the values Athena is to expect: no crawler, no registration. */
  readonly partitions: readonly ProjectedKey[];
}

/** A partition key and its projection. */
export type ProjectedKey =
  | { readonly name: string; readonly kind: "date"; readonly from: string; readonly comment?: string }
  | { readonly name: string; readonly kind: "enum"; readonly values: readonly string[]; readonly comment?: string };

const FORMATS = {
  parquet: {
    inputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
    outputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
    serializationLibrary: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
  },
  json: {
    inputFormat: "org.apache.hadoop.mapred.TextInputFormat",
    outputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
    serializationLibrary: "org.openx.data.jsonserde.JsonSerDe",
  },
};

/** An external table over files in folders `key=value/`, with partition projection. */
export function hiveTable(
  name: string,
  args: HiveTableArgs,
  opts: pulumi.CustomResourceOptions,
): aws.glue.CatalogTable {
  const { inputFormat, outputFormat, serializationLibrary } = FORMATS[args.format];
  return new aws.glue.CatalogTable(
    name,
    {
      databaseName: args.database,
      name: args.tableName,
      description: args.description,
      tableType: "EXTERNAL_TABLE",
      parameters: { EXTERNAL: "TRUE", classification: args.format, ...projection(args.partitions) },
      partitionKeys: args.partitions.map(({ name, comment }) => ({
        name,
        type: "string",
        ...(comment === undefined ? {} : { comment }),
      })),
      storageDescriptor: {
        location: args.location,
        inputFormat,
        outputFormat,
        serDeInfo: { serializationLibrary },
        columns: args.columns.map(({ name, type, comment }) => ({
          name,
          type,
          ...(comment === undefined ? {} : { comment }),
        })),
      },
    },
    opts,
  );
}

/** Athena's table properties for partition projection. */
export function projection(keys: readonly ProjectedKey[]): Record<string, string> {
  const properties: Record<string, string> = { "projection.enabled": "true" };
  for (const key of keys) {
    const prefix = `projection.${key.name}`;
    properties[`${prefix}.type`] = key.kind;
    if (key.kind === "date") {
      properties[`${prefix}.format`] = "yyyy-MM-dd";
      properties[`${prefix}.range`] = `${key.from},NOW`;
      properties[`${prefix}.interval`] = "1";
      properties[`${prefix}.interval.unit`] = "DAYS";
    } else {
      properties[`${prefix}.values`] = key.values.join(",");
    }
  }
  return properties;
}

/** Arguments of {@link icebergTable}. */
export interface IcebergTableArgs {
  readonly database: pulumi.Input<string>;
  readonly tableName: string;
  readonly description: string;
  /** `s3://bucket/prefix` without a last `/`, as Iceberg writers expect it. */
  readonly location: pulumi.Input<string>;
  readonly columns: readonly ColumnSpec[];
  readonly partitionedBy: readonly PartitionSpec[];
  /** Table properties besides the format, e.g. how long snapshots are kept. */
  readonly properties: Readonly<Record<string, string>>;
}

/**
 * An Iceberg v2 table that Glue creates with its first metadata file. The provider hands schema, partitions and properties
 * over at the creation only; a change to a table that stands is made by ALTER TABLE, and here so that both say the same.
 */
export function icebergTable(
  name: string,
  args: IcebergTableArgs,
  opts: pulumi.CustomResourceOptions,
): aws.glue.CatalogTable {
  return new aws.glue.CatalogTable(
    name,
    {
      databaseName: args.database,
      name: args.tableName,
      description: args.description,
      openTableFormatInput: {
        icebergInput: {
          metadataOperation: "CREATE",
          version: "2",
          icebergTableInput: {
            location: args.location,
            schema: { type: "struct", schemaId: 0, fields: icebergFields(args.columns) },
            ...(args.partitionedBy.length === 0
              ? {}
              : { partitionSpec: { specId: 0, fields: icebergPartitions(args.columns, args.partitionedBy) } }),
            properties: {
              "format-version": "2",
              "write.format.default": "parquet",
              "write.parquet.compression-codec": "zstd",
              ...args.properties,
            },
          },
        },
      },
    },
    opts,
  );
}
