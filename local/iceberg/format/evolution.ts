/**
 * Iceberg spec "Schema Evolution": changes of top-level columns, each giving the next metadata, or the very same
 * object when nothing changes. They change no file, and no times: the commit does that.
 */
import { InvalidChange, UnsupportedIceberg } from "./errors.ts";
import type { IcebergType, NestedField, Schema, TableMetadata } from "./model.ts";
import { assignIds, columnNamed, currentSchema, type NewColumn, refuseNames, refuseTwins } from "./schema.ts";
import { decimalOf, duckType, isPrimitive } from "./types.ts";

/**
 * Adds columns at the end. Rows that are there have NULL in them, so they cannot be required.
 * @throws InvalidChange for a name that is taken (also by a partition field) or reserved, or a required column.
 */
export function addColumns(meta: TableMetadata, columns: readonly NewColumn[]): TableMetadata {
  if (columns.length === 0) return meta;
  const schema = currentSchema(meta);
  refuseNames(
    columns.map((column) => column.name),
    schema.fields.map((field) => field.name),
  );
  const added: NestedField[] = [];
  let last = meta["last-column-id"];
  for (const column of columns) {
    if (column.required) throw new InvalidChange(`Cannot add required column ${column.name}: rows exist without it`);
    refuseTwins(column.type);
    refusePartitionName(meta, column.name);
    const { fields, last: used } = assignIds([column], last);
    added.push(...fields);
    last = used;
  }
  return withSchema({ ...meta, "last-column-id": last }, { ...schema, fields: [...schema.fields, ...added] });
}

/**
 * Drops a column. Its values stay in the files; a later column of the name is another one.
 * @throws InvalidChange for the last column, a column of a partition spec (also an old one: Java Iceberg cannot read a
 * spec without its column), of the sort order or of the row's key.
 */
export function dropColumn(meta: TableMetadata, name: string): TableMetadata {
  const schema = currentSchema(meta);
  const dropped = columnOf(schema, name);
  const used = usesOf(meta, schema, idsWithin(dropped));
  if (used) throw new InvalidChange(`Cannot drop ${used}: ${name}`);
  const fields = schema.fields.filter((field) => field !== dropped);
  if (fields.length === 0) throw new InvalidChange(`Cannot drop the only column of a table: ${name}`);
  return withSchema(meta, { ...schema, fields });
}

function usesOf(meta: TableMetadata, schema: Schema, ids: ReadonlySet<number>): string | undefined {
  const spec = meta["partition-specs"].find((candidate) =>
    candidate.fields.some((field) => ids.has(field["source-id"])),
  );
  if (spec) {
    return spec["spec-id"] === meta["default-spec-id"]
      ? "partition field"
      : "column which is used by an old partition spec";
  }
  const order = meta["sort-orders"].find((candidate) => candidate["order-id"] === meta["default-sort-order-id"]);
  if (order?.fields.some((field) => ids.has(field["source-id"]))) return "sort field";
  return schema["identifier-field-ids"]?.some((id) => ids.has(id)) ? "identifier field" : undefined;
}

/** A column's id and those of the struct members inside it, which keys and partitions may name. */
function idsWithin(field: NestedField): ReadonlySet<number> {
  const members = !isPrimitive(field.type) && field.type.type === "struct" ? field.type.fields : [];
  return new Set([field.id, ...members.flatMap((member) => [...idsWithin(member)])]);
}

/** Renames a column. Files need no change: they go by its id. */
export function renameColumn(meta: TableMetadata, from: string, to: string): TableMetadata {
  const schema = currentSchema(meta);
  const renamed = columnOf(schema, from);
  refuseNames(
    [to],
    schema.fields.filter((field) => field !== renamed).map((field) => field.name),
  );
  refusePartitionName(meta, to, renamed.id);
  return withColumn(meta, renamed, { ...renamed, name: to });
}

/**
 * Gives a column a wider type: int to long, float to double, a decimal more precision. The type that it has already
 * changes nothing.
 * @throws InvalidChange for any other type, UnsupportedIceberg for a change inside a struct, list or map.
 */
export function widenColumn(meta: TableMetadata, name: string, type: IcebergType): TableMetadata {
  const column = columnOf(currentSchema(meta), name);
  if (isSameType(column.type, type)) return meta;
  if (!isPrimitive(column.type) && !isPrimitive(type) && column.type.type === type.type) {
    throw new UnsupportedIceberg(`Changing a type inside column ${name} is not supported`);
  }
  if (!isWider(column.type, type)) {
    throw new InvalidChange(`Cannot change type of column ${name}: ${typeText(column.type)} to ${typeText(type)}`);
  }
  return withColumn(meta, column, { ...column, type });
}

/** Whether the same values fit, in whatever way the type was written down and whatever ids are in it. */
function isSameType(from: IcebergType, to: IcebergType): boolean {
  return duckType(from).toLowerCase() === duckType(to).toLowerCase();
}

function isWider(from: IcebergType, to: IcebergType): boolean {
  const [old, wide] = [decimalOf(from), decimalOf(to)];
  if (old && wide) return wide.scale === old.scale && wide.precision > old.precision;
  return (from === "int" && to === "long") || (from === "float" && to === "double");
}

function typeText(type: IcebergType): string {
  return isPrimitive(type) ? type : type.type;
}

/** Sets a column's comment; undefined removes it. */
export function commentColumn(meta: TableMetadata, name: string, doc: string | undefined): TableMetadata {
  const column = columnOf(currentSchema(meta), name);
  const { doc: _before, ...rest } = column;
  return withColumn(meta, column, doc === undefined ? rest : { ...rest, doc });
}

/** Moves a column behind another one, or to the front. */
export function moveColumn(meta: TableMetadata, name: string, to: "first" | { readonly after: string }): TableMetadata {
  const schema = currentSchema(meta);
  const moved = columnOf(schema, name);
  const others = schema.fields.filter((field) => field !== moved);
  if (to === "first") return withSchema(meta, { ...schema, fields: [moved, ...others] });
  const place = others.indexOf(columnOf(schema, to.after));
  if (place === -1) throw new InvalidChange(`Cannot move column ${name} behind itself`);
  return withSchema(meta, { ...schema, fields: others.toSpliced(place + 1, 0, moved) });
}

function columnOf(schema: Schema, name: string): NestedField {
  const column = columnNamed(schema, name);
  if (column) return column;
  if (name.includes(".")) {
    throw new UnsupportedIceberg(`Changing a field inside a column (${name}) is not supported`);
  }
  throw new InvalidChange(`Column '${name}' does not exist`);
}

/** Java Iceberg reads no table with a column that is named like a partition field of another column. */
function refusePartitionName(meta: TableMetadata, name: string, columnId?: number): void {
  const field = meta["partition-specs"].flatMap((spec) => spec.fields).find((candidate) => candidate.name === name);
  if (field && !(field.transform === "identity" && field["source-id"] === columnId)) {
    throw new InvalidChange(`Column name ${name} is the name of a partition field`);
  }
}

function withColumn(meta: TableMetadata, old: NestedField, changed: NestedField): TableMetadata {
  const schema = currentSchema(meta);
  return withSchema(meta, { ...schema, fields: schema.fields.map((field) => (field === old ? changed : field)) });
}

/** Makes a schema the current one, under the id of an equal schema if the table has one. */
function withSchema(meta: TableMetadata, schema: Schema): TableMetadata {
  const equal = meta.schemas.find((candidate) => contentOf(candidate) === contentOf(schema));
  if (equal && equal["schema-id"] === meta["current-schema-id"]) return meta;
  if (equal) return { ...meta, "current-schema-id": equal["schema-id"] };
  const id = Math.max(...meta.schemas.map((candidate) => candidate["schema-id"])) + 1;
  return { ...meta, "current-schema-id": id, schemas: [...meta.schemas, { ...schema, "schema-id": id }] };
}

function contentOf(schema: Schema): string {
  return JSON.stringify([schema.fields, (schema["identifier-field-ids"] ?? []).toSorted((a, b) => a - b)]);
}
