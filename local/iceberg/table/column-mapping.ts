/**
 * Iceberg spec "Column Projection": a data file's columns are found by field id, whatever they are called in it, and come
 * in the wanted type (spec "Schema Evolution"). DuckDB's own resolving by id (`schema =`) keeps neither its parallelism
 * within a file nor its row estimates, so the columns are selected by the names that they have in the file.
 */
import { UnsupportedIceberg } from "../format/errors.ts";
import type { IcebergType, NestedField } from "../format/model.ts";
import { duckType, identifier, isPrimitive } from "../format/types.ts";
import { type FileShape, type StoredType, storedTypeText, wantedTypeText } from "./file-shape.ts";
import { literal } from "./sql.ts";

/** Virtual columns of DuckDB's `read_parquet`: a stored column so named would hide them. */
const VIRTUAL = ["filename", "file_row_number", "file_index"];

/** How the wanted columns are read from files of one shape. */
export interface ColumnMapping {
  /** Arguments of `read_parquet` after the files. */
  readonly options: string;
  /** SQL for each wanted column. */
  readonly columns: readonly string[];
}

/**
 * @param alias of the `read_parquet` call.
 * @param uri of a file of this shape, for messages.
 * @throws UnsupportedIceberg for a file without field ids, or with nested fields that cannot be found by name.
 */
export function mapColumns(
  shape: FileShape,
  wanted: readonly NestedField[],
  alias: string,
  uri: string,
): ColumnMapping {
  if (shape.byId.size === 0) {
    throw new UnsupportedIceberg(
      `Data file ${uri} has no Iceberg field ids: files that were only registered are not read`,
    );
  }
  const names = new Set(shape.fields.map(({ name }) => name.toLowerCase()));
  const byName = names.size === shape.fields.length && !VIRTUAL.some((name) => names.has(name));
  const columns = wanted.map((field) => columnSql(shape, field, { alias, byName, uri }));
  return { columns, options: byName ? "hive_partitioning = false" : byFieldId(wanted) };
}

interface Reading {
  readonly alias: string;
  readonly byName: boolean;
  readonly uri: string;
}

function columnSql(shape: FileShape, { id, name, type }: NestedField, { alias, byName, uri }: Reading): string {
  const stored = shape.byId.get(id);
  if (stored === undefined) return `CAST(NULL AS ${duckType(type)})`;
  const same = storedTypeText(stored.type) === wantedTypeText(type);
  if (!same) refuseOtherType(type, stored.type, `${name} of data file ${uri}`);
  const column = `${alias}.${byName ? identifier(stored.name) : internalName(id)}`;
  // Keeps a comparison away from the file's Bloom filter, in which DuckDB misses bytes (duckdb/duckdb#23829, in 1.5.5).
  if (type === "binary") return `CASE WHEN ${column} IS NULL THEN NULL ELSE ${column} END`;
  return same || !byName ? column : `CAST(${column} AS ${duckType(type)})`;
}

const internalName = (id: number): string => `f${id}`;

/** Names of our own, for files whose columns hide virtual ones or differ only in case. */
function byFieldId(wanted: readonly NestedField[]): string {
  // DuckDB wants at least one column: no file has the id 0.
  const columns = wanted.length > 0 ? wanted : [{ id: 0, type: "int" as const }];
  const mapped = columns.map(
    ({ id, type }) => `${id}: {name: '${internalName(id)}', type: ${literal(duckType(type))}, default_value: NULL}`,
  );
  return `schema = MAP {${mapped.join(", ")}}`;
}

/**
 * Types may only have been widened. Inside of structs DuckDB goes by names, which is right as long as names and ids
 * agree.
 */
function refuseOtherType(wanted: IcebergType, stored: StoredType, where: string): void {
  if (!isPrimitive(wanted) && typeof stored !== "string" && stored.kind === wanted.type) {
    refuseOtherNested(wanted, stored, where);
    return;
  }
  if (isPrimitive(wanted) && typeof stored === "string" && widens(stored, duckType(wanted))) return;
  throw new UnsupportedIceberg(`Column ${where} is stored as another type: ${storedTypeText(stored)}`);
}

/** Numbers, times and texts that Parquet stores in a way of their own DuckDB converts itself. */
function widens(stored: string, wanted: string): boolean {
  if (stored === wanted || stored.startsWith("?")) return true;
  if (stored === "INTEGER") return wanted === "BIGINT";
  if (stored === "FLOAT") return wanted === "DOUBLE";
  const [from, to] = [decimal(stored), decimal(wanted)];
  return from !== undefined && to !== undefined && from.scale === to.scale && from.precision <= to.precision;
}

function decimal(type: string): { readonly precision: number; readonly scale: number } | undefined {
  const match = /^DECIMAL\((\d+),(\d+)\)$/.exec(type);
  return match ? { precision: Number(match[1]), scale: Number(match[2]) } : undefined;
}

function refuseOtherNested(
  wanted: Exclude<IcebergType, string>,
  stored: Exclude<StoredType, string>,
  where: string,
): void {
  if (wanted.type === "list" && stored.kind === "list") refuseOtherType(wanted.element, stored.element.type, where);
  if (wanted.type === "map" && stored.kind === "map") {
    refuseOtherType(wanted.key, stored.key.type, where);
    refuseOtherType(wanted.value, stored.value.type, where);
  }
  if (wanted.type !== "struct" || stored.kind !== "struct") return;
  for (const field of wanted.fields) {
    const byId = stored.fields.find(({ id }) => id === field.id);
    const byName = stored.fields.find(({ name }) => name.toLowerCase() === field.name.toLowerCase());
    if (byId !== byName) {
      throw new UnsupportedIceberg(
        `Field ${field.name} in column ${where} was renamed or replaced: not supported inside of structs`,
      );
    }
    if (byId !== undefined) refuseOtherType(field.type, byId.type, where);
  }
  if (!wanted.fields.some((field) => stored.fields.some(({ id }) => id === field.id))) {
    throw new UnsupportedIceberg(`No field of the struct in column ${where} is left: not supported`);
  }
}
