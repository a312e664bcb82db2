import { InvalidChange } from "../format/errors.ts";
import type { DataFile, IcebergType, NestedField } from "../format/model.ts";
import { duckType, identifier, isPrimitive } from "../format/types.ts";
import { type ColumnMapping, mapColumns } from "./column-mapping.ts";
import { type FileShape, shapeOf } from "./file-shape.ts";
import type { Plan, PlannedFile } from "./plan.ts";
import { literal } from "./sql.ts";

/** Alias of the data files. */
const ROWS = "__d";
/** A file's position in its `read_parquet` call. DuckDB has no list member at an unsigned number. */
const POSITION = `CAST(${ROWS}.file_index AS BIGINT)`;
const PATH = identifier("$path");

export interface ScanOptions {
  /** Names as the schema has them; default all. None gives rows of one column `__row`. */
  readonly columns?: readonly string[];
  /** Adds `__file` (position in the plan's `files`) and `__pos` (of the row in its file), both BIGINT. */
  readonly positions?: boolean;
  /** Adds `$path`, the URI of the row's data file. */
  readonly paths?: boolean;
}

/** Files that one `read_parquet` call reads: written alike, and all with deletes or all without. */
interface Group {
  readonly mapping: ColumnMapping;
  readonly dirty: boolean;
  /** Positions in the plan's files. */
  readonly files: number[];
}

/**
 * SQL of the plan's rows: a SELECT in parentheses with the columns under their names.
 * @throws UnsupportedIceberg for files that cannot be read by field id; NotParquet.
 */
export function scanSql(plan: Plan, options: ScanOptions = {}): string {
  const wanted = wantedColumns(plan, options.columns);
  const groups = groupFiles(plan, wanted);
  if (groups.length === 0) return `(SELECT ${emptyColumns(wanted, options).join(", ")} WHERE false)`;
  return `(${groups.map((group) => groupSql(plan, group, wanted, options)).join(" UNION ALL ")})`;
}

function wantedColumns(plan: Plan, names: readonly string[] | undefined): readonly NestedField[] {
  const { fields } = plan.schema;
  const wanted = names === undefined ? fields : names.map((name) => columnNamed(fields, name));
  const folded = new Set(wanted.map(({ name }) => name.toLowerCase()));
  if (folded.size < wanted.length) throw new InvalidChange("Columns that differ only in case cannot be read together");
  return wanted;
}

function columnNamed(fields: readonly NestedField[], name: string): NestedField {
  const field = fields.find((candidate) => candidate.name === name);
  if (field === undefined) throw new InvalidChange(`Column ${name} does not exist`);
  return field;
}

function groupFiles(plan: Plan, wanted: readonly NestedField[]): Group[] {
  const found: Group[] = [];
  const byShape = { dirty: new Map<FileShape, Group>(), clean: new Map<FileShape, Group>() };
  for (const [index, { entry, deletes }] of plan.files.entries()) {
    const shape = shapeOf(plan.state.env, entry.file);
    const dirty = deletes.length > 0;
    const groups = byShape[dirty ? "dirty" : "clean"];
    const known = groups.get(shape);
    if (known !== undefined) {
      known.files.push(index);
      continue;
    }
    const group = { mapping: mapColumns(shape, wanted, ROWS, entry.file.path), dirty, files: [index] };
    groups.set(shape, group);
    found.push(group);
  }
  return found;
}

function emptyColumns(wanted: readonly NestedField[], { positions, paths }: ScanOptions): string[] {
  const columns = wanted.map(({ name, type }) => `CAST(NULL AS ${duckType(type)}) AS ${identifier(name)}`);
  if (wanted.length === 0) columns.push("1 AS __row");
  if (positions === true) columns.push("CAST(NULL AS BIGINT) AS __file", "CAST(NULL AS BIGINT) AS __pos");
  if (paths === true) columns.push(`CAST(NULL AS VARCHAR) AS ${PATH}`);
  return columns;
}

function groupSql(plan: Plan, group: Group, wanted: readonly NestedField[], { positions, paths }: ScanOptions): string {
  const { mapping } = group;
  const files = group.files.flatMap((index) => plan.files[index] ?? []);
  const columns = wanted.map(({ name }, i) => `${mapping.columns[i]} AS ${identifier(name)}`);
  if (wanted.length === 0) columns.push("1 AS __row");
  if (positions === true) columns.push(`${numbering(group.files)} AS __file`, `${ROWS}.file_row_number AS __pos`);
  if (paths === true) {
    const uris = files.map(({ entry }) => literal(entry.file.path));
    columns.push(`([${uris.join(", ")}])[${POSITION} + 1] AS ${PATH}`);
  }
  const list = listOf(
    plan,
    files.map(({ entry }) => entry.file),
  );
  const from = `read_parquet(${list}, ${mapping.options}) AS ${ROWS}`;
  return `SELECT ${columns.join(", ")} FROM ${from}${group.dirty ? withoutDeleted(plan, files) : ""}`;
}

function listOf(plan: Plan, files: readonly DataFile[]): string {
  return `[${files.map((file) => literal(plan.state.env.io.local(file.path))).join(", ")}]`;
}

/** A file's position in the plan, from its position in the call. */
function numbering(indexes: readonly number[]): string {
  const [first = 0] = indexes;
  const consecutive = indexes.every((index, i) => index === first + i);
  return consecutive ? `${POSITION} + ${first}` : `CAST([${indexes.join(", ")}] AS BIGINT[])[${POSITION} + 1]`;
}

/**
 * Leaves out the rows that delete files name. NOT IN always builds its table of the deletes; an ANTI JOIN builds it of the
 * rows where DuckDB does not know how many those are, which takes three times as long. Comparing numbers takes half as
 * long as comparing paths.
 */
function withoutDeleted(plan: Plan, files: readonly PlannedFile[]): string {
  const used = [...new Set(files.flatMap(({ deletes }) => deletes))];
  const deletes = used.flatMap((index) => plan.deletes[index]?.file ?? []);
  const read = `read_parquet(${listOf(plan, deletes)}, hive_partitioning = false) AS __x`;
  const [first, ...more] = files.map(({ entry }) => literal(entry.file.path));
  if (more.length === 0) {
    const positions = `SELECT __x.pos FROM ${read} WHERE __x.file_path = ${first} AND __x.pos IS NOT NULL`;
    return ` WHERE ${ROWS}.file_row_number NOT IN (${positions})`;
  }
  const paths = [first, ...more].map((path, i) => `(${path}, ${i}::UBIGINT)`).join(", ");
  const named = `${read} JOIN (VALUES ${paths}) AS __p(path, i) ON __x.file_path = __p.path`;
  const rows = `SELECT (__p.i, __x.pos) FROM ${named} WHERE __x.pos IS NOT NULL`;
  return ` WHERE (${ROWS}.file_index, ${ROWS}.file_row_number) NOT IN (${rows})`;
}

/**
 * Bytes that a scan reads: the column chunks of the columns in the planned files, and the delete files whole.
 * @param columns undefined for all.
 */
export function scanBytes(plan: Plan, columns: readonly string[] | undefined): number {
  const ids = wantedColumns(plan, columns).flatMap((field) => [field.id, ...nestedIds(field.type)]);
  const data = plan.files.reduce((sum, { entry }) => sum + columnBytes(entry.file, ids), 0);
  return plan.deletes.reduce((sum, { file }) => sum + file.size, data);
}

function columnBytes({ size, columnSizes }: DataFile, ids: readonly number[]): number {
  return columnSizes.size === 0 ? size : ids.reduce((sum, id) => sum + (columnSizes.get(id) ?? 0), 0);
}

function nestedIds(type: IcebergType): number[] {
  if (isPrimitive(type)) return [];
  switch (type.type) {
    case "struct":
      return type.fields.flatMap((field) => [field.id, ...nestedIds(field.type)]);
    case "list":
      return [type["element-id"], ...nestedIds(type.element)];
    case "map":
      return [type["key-id"], type["value-id"], ...nestedIds(type.key), ...nestedIds(type.value)];
  }
}
