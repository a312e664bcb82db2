import type { Column, PartitionField, Table } from "./model.ts";
import { ddlType, literal, sqlType } from "./types.ts";
import type { Row } from "./values.ts";

/** `bucket[4]` on `id` -> `bucket(4, id)`, as Athena's CREATE TABLE has it. */
function athenaPartition({ column, transform }: PartitionField): string {
  const [, name = transform, width] = /^(\w+)(?:\[(\d+)\])?$/.exec(transform) ?? [];
  if (name === "identity") return column;
  return width === undefined ? `${name}(${column})` : `${name}(${width}, ${column})`;
}

export function athenaCreate({ name, columns, partitionedBy }: Table, location: string): string {
  const list = columns.map((column) => `\`${column.name}\` ${ddlType(column.kind)}`);
  const partitions =
    partitionedBy.length === 0 ? "" : `\nPARTITIONED BY (${partitionedBy.map(athenaPartition).join(", ")})`;
  return `CREATE TABLE ${name} (${list.join(", ")})${partitions}
LOCATION '${location}' TBLPROPERTIES ('table_type' = 'ICEBERG', 'format' = 'parquet')`;
}

/** `bucket[4]` on `id` -> `bucket(id, 4)`, as Trino's property has it. */
function trinoPartition({ column, transform }: PartitionField): string {
  const [, name = transform, width] = /^(\w+)(?:\[(\d+)\])?$/.exec(transform) ?? [];
  if (name === "identity") return `'${column}'`;
  return width === undefined ? `'${name}(${column})'` : `'${name}(${column}, ${width})'`;
}

export function trinoCreate({ name, columns, partitionedBy }: Table, location: string): string {
  const list = columns.map((column) => `"${column.name}" ${sqlType(column.kind)}`);
  return `CREATE TABLE ${name} (${list.join(", ")})
WITH (format = 'PARQUET', location = '${location}', partitioning = ARRAY[${partitionedBy.map(trinoPartition).join(", ")}])`;
}

export function insert(table: string, columns: readonly Column[], rows: readonly Row[]): string {
  const values = rows.map((row) => `(${columns.map(({ name, kind }) => literal(kind, row[name] ?? null)).join(", ")})`);
  return `INSERT INTO ${table} VALUES\n${values.join(",\n")}`;
}

/** What a MERGE does, in rows by their id. */
export interface Merge {
  /** Id -> the new `name`. */
  readonly renamed: Readonly<Record<string, string>>;
  readonly removed: readonly string[];
  readonly added: readonly { readonly id: string; readonly name: string }[];
}

/** One MERGE with a clause of each kind. */
export function merge(table: string, { renamed, removed, added }: Merge): string {
  const source = [
    ...Object.entries(renamed).map(([id, name]) => [id, name, "rename"]),
    ...removed.map((id) => [id, "", "remove"]),
    ...added.map(({ id, name }) => [id, name, "add"]),
  ];
  const rows = source.map(
    ([id, name, what]) => `SELECT CAST('${id}' AS bigint) AS id, '${name}' AS name, '${what}' AS what`,
  );
  return `MERGE INTO ${table} t USING (${rows.join(" UNION ALL ")}) s ON t.id = s.id
WHEN MATCHED AND s.what = 'remove' THEN DELETE
WHEN MATCHED THEN UPDATE SET name = s.name
WHEN NOT MATCHED THEN INSERT (id, name) VALUES (s.id, s.name)`;
}
