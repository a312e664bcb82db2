import type { LakeTable } from "../../analytics/models/index.ts";
import { rawEventColumns, rawPartitionKeys } from "../../ingest/contracts/index.ts";
import { fromHive } from "../../local/aws/athena/sql/hive-type.ts";
import { display } from "../../local/aws/athena/sql/types.ts";

interface Typed {
  readonly name: string;
  readonly type: string;
}

function columnSql({ name, type }: Typed, precision: 3 | 6): string {
  const known = fromHive(type, precision);
  if (known === undefined) throw new Error(`Column ${name} has the type ${type}, which Trino has no name for`);
  return `"${name}" ${display(known)}`;
}

/** `raw_events` over Parquet files in a folder that the server can read. */
export function rawTableSql(table: string, folder: string): string {
  const columns = [...rawEventColumns, ...rawPartitionKeys].map((column) => columnSql(column, 3));
  const keys = rawPartitionKeys.map(({ name }) => `'${name}'`).join(", ");
  return `CREATE TABLE ${table} (${columns.join(", ")})
WITH (external_location = '${folder}', format = 'PARQUET', partitioned_by = ARRAY[${keys}])`;
}

/** An Iceberg table as the graph declares it. */
export function icebergTableSql(catalogAndSchema: string, { name, columns, partitionedBy }: LakeTable): string {
  const defined = columns.map((column) => `${columnSql(column, 6)}${column.required === true ? " NOT NULL" : ""}`);
  const fields = partitionedBy.map(({ column, transform }) =>
    transform === "identity" ? `'${column}'` : `'${partitionTransform(column, transform)}'`,
  );
  return `CREATE TABLE ${catalogAndSchema}.${name} (${defined.join(", ")})
WITH (format = 'PARQUET', partitioning = ARRAY[${fields.join(", ")}])`;
}

/** `bucket[16]` of Iceberg's specification is `bucket(column, 16)` here. */
function partitionTransform(column: string, transform: string): string {
  const [, name = transform, width] = /^(\w+)\[(\d+)\]$/.exec(transform) ?? [];
  return width === undefined ? `${name}(${column})` : `${name}(${column}, ${width})`;
}
