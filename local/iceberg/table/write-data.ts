import { randomUUID } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { UnsupportedIceberg } from "../format/errors.ts";
import type { DataFile, NestedField, Schema } from "../format/model.ts";
import {
  partitionFolder,
  partitionKey,
  type ResolvedField,
  type ResolvedSpec,
  resolveSpec,
} from "../format/partition.ts";
import { currentSchema } from "../format/schema.ts";
import { duckFieldIds, duckType, identifier, isPrimitive } from "../format/types.ts";
import { parseValue } from "../format/value-text.ts";
import { type CopiedFile, copiedFile, leavesOf, metricsOf } from "./copied-file.ts";
import { NoSuchValue, NullNotAllowed, TooManyPartitions } from "./errors.ts";
import { writeSettings } from "./settings.ts";
import { orderSql } from "./sort-order.ts";
import { literal } from "./sql.ts";
import type { TableState } from "./state.ts";
import { prepareIceberg, transformSql } from "./transform-sql.ts";

export interface WriteOptions {
  /** Default: the table's current spec. */
  readonly spec?: ResolvedSpec;
  /** Default: the table's current schema. */
  readonly schema?: Schema;
  /** Values of the one partition that all rows are known to belong to: they need not be sorted into any. */
  readonly partition?: DataFile["partition"];
  /** Rows a row group; default DuckDB's. A file ends with a row group only. */
  readonly rowGroupRows?: number;
  /** Partitions that may be written, 100 as Athena unless said otherwise. */
  readonly openPartitions?: number;
}

/** DuckDB's default. */
export const ROW_GROUP_ROWS = 122_880;

/** Athena's limit of one INSERT, CTAS or MERGE. */
const OPEN_PARTITIONS = 100;

/**
 * Writes rows as data files of the table, which no snapshot lists yet.
 * @param select SQL that gives every column of the schema under its name.
 * @throws TooManyPartitions, NullNotAllowed, NoSuchValue; nothing is left behind then.
 */
export async function writeData(state: TableState, select: string, options: WriteOptions = {}): Promise<DataFile[]> {
  const { env, metadata } = state;
  const { schema = currentSchema(metadata), spec = resolveSpec(metadata, metadata["default-spec-id"]) } = options;
  refuseUnwritable(schema);
  await prepareIceberg(env.connection);
  const folder = join(env.scratch, randomUUID());
  try {
    await mkdir(folder, { recursive: true });
    const { rowGroupRows = ROW_GROUP_ROWS } = options;
    const rows = {
      rowGroupRows,
      select,
      schema,
      spec,
      folder,
      keys: options.partition ? [] : keyColumns(schema, spec),
    };
    const copied = await copyRows(state, rows);
    const limit = options.openPartitions ?? OPEN_PARTITIONS;
    const files = copied
      .filter((file) => file.records > 0)
      .map((file) => described(state, rows, file, options.partition ?? partitionOf(rows, file)));
    const partitions = new Set(files.map(({ file }) => partitionKey(spec.id, file.partition)));
    if (partitions.size > limit) throw new TooManyPartitions(limit);
    return await adopt(state, files);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function refuseUnwritable(schema: Schema): void {
  // DuckDB has no fixed-length binary to write.
  const fixed = leavesOf(schema.fields).find((leaf) => leaf.type.startsWith("fixed"));
  if (fixed) throw new UnsupportedIceberg(`Writing column ${fixed.path} of type ${fixed.type} is not supported`);
}

interface Rows {
  readonly select: string;
  readonly schema: Schema;
  readonly spec: ResolvedSpec;
  readonly folder: string;
  readonly rowGroupRows: number;
  /** Columns to partition by; none when all rows go to one partition. */
  readonly keys: readonly KeyColumn[];
}

async function copyRows(state: TableState, rows: Rows): Promise<readonly CopiedFile[]> {
  const { schema, folder, keys } = rows;
  const { compression, targetFileSize } = writeSettings(state.metadata.properties);
  const format = `FORMAT parquet, COMPRESSION ${compression}, RETURN_STATS, ROW_GROUP_SIZE ${rows.rowGroupRows}, WRITE_BLOOM_FILTER ${bloomFilters(schema)}, FIELD_IDS ${duckFieldIds(schema.fields)}`;
  const typed = `SELECT ${schema.fields.map(typedColumn).join(", ")} FROM (${rows.select})`;
  const order = orderSql(state.metadata, schema);
  if (keys.length === 0) {
    const target = `${literal(join(folder, "rows"))} (${format}, FILE_SIZE_BYTES ${targetFileSize})`;
    return copy(state, `COPY (${typed}${order}) TO ${target}`, schema);
  }
  const names = keys.map((key) => key.name).join(", ");
  const keyed = `SELECT *, ${keys.map((key) => `${key.sql} AS ${key.name}`).join(", ")} FROM (${typed})`;
  // A text makes a folder's name that may be too long.
  const texts = keys.some((key) => key.of.type === "string" || key.of.type === "binary");
  if (order !== "" || texts) return copyNumbered(state, rows, { keyed, order, format });
  return copy(state, `COPY (${keyed}) TO ${partitionedTarget(folder, format, names)}`, schema);
}

function partitionedTarget(folder: string, format: string, columns: string): string {
  return `${literal(join(folder, "rows"))} (${format}, PARTITION_BY (${columns}), FILENAME_PATTERN '{uuid}')`;
}

/**
 * DuckDB looks for bytes in a Bloom filter by their printed form, and for 0 without -0, so it misses rows that are there
 * (duckdb/duckdb#23829, in 1.5.5).
 */
function bloomFilters(schema: Schema): boolean {
  return !leavesOf(schema.fields).some(({ type }) => type === "binary" || type === "float" || type === "double");
}

/** DuckDB writes a sum's HUGEINT as DOUBLE unless the column's type is asked for. */
function typedColumn(field: NestedField): string {
  const column = identifier(field.name);
  // The statistics count NULLs of leaves only.
  const value =
    field.required && !isPrimitive(field.type)
      ? `CASE WHEN ${column} IS NULL THEN error(${literal(nullMarker(field))}) ELSE ${column} END`
      : column;
  return `(${value})::${duckType(field.type)} AS ${column}`;
}

function nullMarker(field: NestedField): string {
  return `iceberg: NULL in ${field.name} (${field.id})`;
}

async function copy(state: TableState, sql: string, schema: Schema): Promise<readonly CopiedFile[]> {
  try {
    const reader = await state.env.connection.runAndReadAll(sql);
    return reader.getRowObjectsJson().map(copiedFile);
  } catch (error) {
    const column = schema.fields.find((field) => error instanceof Error && error.message.endsWith(nullMarker(field)));
    throw column ? new NullNotAllowed(column.name) : error;
  }
}

interface KeyColumn {
  readonly name: string;
  readonly sql: string;
  readonly of: ResolvedField;
}

/** Columns to partition by, under names that no column of the table has. */
function keyColumns(schema: Schema, spec: ResolvedSpec): readonly KeyColumn[] {
  const taken = schema.fields.map((field) => field.name.toLowerCase());
  let prefix = "__p";
  while (taken.some((name) => name.startsWith(prefix))) prefix += "_";
  return spec.fields.flatMap((of, index) => {
    if (of.field.transform === "void") return [];
    const column = schema.fields.find((field) => field.id === of.source.id);
    if (!column || !isPrimitive(column.type)) {
      throw new UnsupportedIceberg(
        `Writing partitions by ${of.field.name}, whose column is gone or nested, is not supported`,
      );
    }
    const sql = transformSql(of.field.transform, column.type, identifier(column.name));
    // DuckDB cannot name a folder by bytes that are no text.
    return [{ name: `${prefix}${index}`, sql: of.type === "binary" ? `(${sql})::VARCHAR` : sql, of }];
  });
}

/**
 * Gives every partition a number first. PARTITION_BY does not keep an order, so sorted rows are written by a COPY for
 * each partition. Values are not compared as texts: those of 0 and -0 differ.
 */
async function copyNumbered(
  state: TableState,
  rows: Rows,
  of: { readonly keyed: string; readonly order: string; readonly format: string },
): Promise<readonly CopiedFile[]> {
  const { connection } = state.env;
  const { folder, schema, keys } = rows;
  const names = keys.map((key) => key.name);
  const number = `${names.join("")}n`;
  const table = identifier(`iceberg_rows_${randomUUID()}`);
  await connection.run(
    `CREATE TEMP TABLE ${table} AS SELECT *, dense_rank() OVER (ORDER BY ${names.join(", ")}) AS ${number} FROM (${of.keyed})`,
  );
  try {
    const partitions = await partitionsByNumber(state, { table, number, names });
    const columns = schema.fields.map((field) => identifier(field.name)).join(", ");
    if (of.order === "") {
      const target = partitionedTarget(folder, of.format, number);
      const files = await copy(state, `COPY (SELECT ${columns}, ${number} FROM ${table}) TO ${target}`, schema);
      return files.map((file) => ({
        ...file,
        partitionKeys: partitions.get(String(file.partitionKeys.get(number))) ?? new Map(),
      }));
    }
    const files: CopiedFile[] = [];
    for (const [n, partitionKeys] of partitions) {
      const target = literal(join(folder, `${n}.parquet`));
      const sql = `COPY (SELECT ${columns} FROM ${table} WHERE ${number} = ${n}${of.order}) TO ${target} (${of.format})`;
      for (const file of await copy(state, sql, schema)) files.push({ ...file, partitionKeys });
    }
    return files;
  } finally {
    await connection.run(`DROP TABLE IF EXISTS ${table}`);
  }
}

async function partitionsByNumber(
  state: TableState,
  of: { readonly table: string; readonly number: string; readonly names: readonly string[] },
): Promise<ReadonlyMap<string, CopiedFile["partitionKeys"]>> {
  const texts = of.names.map((name) => `any_value(${name}::VARCHAR) AS ${name}`).join(", ");
  const found = await state.env.connection.runAndReadAll(
    `SELECT ${of.number}::VARCHAR AS n, ${texts} FROM ${of.table} GROUP BY ${of.number}`,
  );
  return new Map(
    found.getRowObjectsJson().map((row) => {
      const keys = of.names.map((name) => [name, row[name] === null ? null : String(row[name])] as const);
      return [String(row["n"]), new Map(keys)];
    }),
  );
}

interface Described {
  readonly file: DataFile;
  readonly localPath: string;
}

function described(state: TableState, rows: Rows, file: CopiedFile, partition: DataFile["partition"]): Described {
  const { schema, spec } = rows;
  const metrics = metricsOf(file, leavesOf(schema.fields));
  for (const field of schema.fields) {
    if (field.required && (metrics.nullCounts.get(field.id) ?? 0) > 0) throw new NullNotAllowed(field.name);
    refuseInfinity(field, file);
  }
  const folder = [dataFolder(state), partitionFolder(spec, partition)].filter((part) => part !== "").join("/");
  return {
    localPath: file.localPath,
    file: {
      content: 0,
      path: `${folder}/${randomUUID()}.parquet`,
      specId: spec.id,
      partition,
      records: file.records,
      size: file.size,
      ...metrics,
      sortOrderId: state.metadata["default-sort-order-id"],
    },
  };
}

function partitionOf({ spec, keys }: Rows, file: CopiedFile): DataFile["partition"] {
  return spec.fields.map((field) => {
    const key = keys.find((candidate) => candidate.of === field);
    const text = key === undefined ? null : (file.partitionKeys.get(key.name) ?? null);
    if (text === null) return null;
    const value = parseValue(text, field.type);
    if (value === undefined) throw new NoSuchValue(field.source.name, String(field.source.type));
    return value;
  });
}

/** Only dates and timestamps have it; other engines would read a date far in the future. */
function refuseInfinity(field: NestedField, file: CopiedFile): void {
  if (field.type !== "date" && field.type !== "timestamp" && field.type !== "timestamptz") return;
  const statistics = file.columns.get(identifier(field.name));
  const texts = [statistics?.get("min"), statistics?.get("max")];
  if (texts.some((text) => text?.includes("infinity"))) throw new NoSuchValue(field.name, field.type);
}

/** Folder of a table's data files, without a last `/`. */
export function dataFolder(state: TableState): string {
  const { metadata } = state;
  return (metadata.properties["write.data.path"] ?? `${metadata.location}/data`).replace(/\/+$/, "");
}

async function adopt(state: TableState, files: readonly Described[]): Promise<DataFile[]> {
  const { io } = state.env;
  try {
    for (const { file, localPath } of files) await io.adopt(file.path, localPath);
  } catch (error) {
    await Promise.allSettled(files.map(({ file }) => io.delete(file.path)));
    throw error;
  }
  return files.map(({ file }) => file);
}
