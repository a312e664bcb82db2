import { randomBytes, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join, relative, sep } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { ObjectStore } from "../../ports.ts";
import { type Call, NotImplementedLocally } from "../../service.ts";
import { StatementError } from "../run/errors.ts";
import { ident, quote } from "../sql/ast.ts";
import { cast } from "../sql/expressions/casts.ts";
import { toHive } from "../sql/hive-type.ts";
import { display, duckType, type TrinoType, VARCHAR } from "../sql/types.ts";
import { splitLocation } from "./hive-files.ts";
import { NULL_FOLDER } from "./hive-folders.ts";

/** Rows to be written as files that Hive reads. */
export interface HiveFiles {
  /** Gives the columns, under the names in `emitted`. */
  readonly sql: string;
  readonly columns: readonly { readonly name: string; readonly emitted: string; readonly type: TrinoType }[];
  /** The last of the columns; their values are in folders' names. */
  readonly partitionedBy: readonly string[];
  readonly format: "parquet" | "json" | "textfile";
  readonly compression: "gzip" | "snappy" | "zstd" | "none";
  /** Of text files. */
  readonly fieldDelimiter?: string;
}

/** What writing needs around it. */
export interface Writing {
  readonly connection: DuckDBConnection;
  readonly objects: ObjectStore;
  readonly scratch: string;
  readonly call: Call;
}

/** A file written, and the values of its partition. */
export interface WrittenFile {
  /** Local. */
  readonly path: string;
  readonly partition: readonly string[];
}

/** Partitions that one statement writes (user guide, "Considerations and limitations for CTAS queries"). */
const MOST_PARTITIONS = 100;
const suffixes = { gzip: ".gz", zstd: ".zst", snappy: "", none: "" } as const;

/**
 * Writes rows into files and hands each to S3.
 * @param folderOf `s3://bucket/prefix/` of a partition.
 * @returns the number of rows, and the addresses of the files by partition. Without rows there are no files.
 */
export async function writeHive(
  files: HiveFiles,
  folderOf: (partition: readonly string[]) => string,
  { connection, objects, scratch, call }: Writing,
): Promise<{
  readonly rows: number;
  readonly written: readonly string[];
  readonly partitions: readonly (readonly string[])[];
}> {
  const folder = join(scratch, `hive-${randomBytes(9).toString("hex")}`);
  mkdirSync(folder);
  try {
    const rows = await copy(files, folder, connection);
    const made = rows === 0 ? [] : filesIn(folder, files.partitionedBy);
    const partitions = [...new Map(made.map(({ partition }) => [partition.join("\0"), partition])).values()];
    if (partitions.length > MOST_PARTITIONS)
      throw new StatementError(
        "HIVE_TOO_MANY_OPEN_PARTITIONS",
        `Exceeded limit of ${MOST_PARTITIONS} open writers for partitions/buckets`,
      );
    const suffix = files.format === "parquet" ? "" : suffixes[files.compression];
    const written: string[] = [];
    for (const { path, partition } of made) {
      const uri = `${folderOf(partition)}${randomUUID()}${suffix}`;
      const { bucket, prefix: key } = splitLocation(uri);
      await objects.put({ bucket, key }, { file: path }, { contentType: "application/octet-stream" }, call);
      written.push(uri);
    }
    return { rows, written, partitions };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Lets DuckDB write the files into a folder. @returns the number of rows. */
async function copy(files: HiveFiles, folder: string, connection: DuckDBConnection): Promise<number> {
  const { columns, partitionedBy, format, compression, fieldDelimiter = "\u0001" } = files;
  const stored = columns.filter(({ name }) => !partitionedBy.includes(name));
  const keys = columns.filter(({ name }) => partitionedBy.includes(name));
  const codec = compression === "none" ? "uncompressed" : compression;
  const lines = `FORMAT csv, HEADER false, QUOTE '', ESCAPE '', NULLSTR '\\N', DELIMITER ${quote(fieldDelimiter)}`;
  const selected = [
    ...(format === "json" ? [`${jsonLine(stored)} AS line`] : stored.map((column) => columnOf(column, format))),
    ...keys.map(({ name, emitted, type }) => `${textOf(emitted, type)} AS ${ident(name)}`),
  ];
  const options = `${format === "parquet" ? "FORMAT parquet" : lines}, COMPRESSION ${codec}`;
  const target =
    partitionedBy.length === 0
      ? `TO ${quote(join(folder, "data"))} (${options})`
      : `TO ${quote(folder)} (${options}, PARTITION_BY (${partitionedBy.map(ident).join(", ")}), WRITE_PARTITION_COLUMNS false, OVERWRITE_OR_IGNORE true)`;
  const result = await connection.runAndReadAll(`COPY (SELECT ${selected.join(", ")} FROM (${files.sql})) ${target}`);
  return Number(result.getRows()[0]?.[0] ?? 0);
}

type Column = HiveFiles["columns"][number];

const columnOf = ({ name, emitted, type }: Column, format: HiveFiles["format"]): string =>
  `${format === "textfile" ? fieldOf(emitted, type) : typed(emitted, type)} AS ${ident(name)}`;

/** A value as a field of a text file: doubles as Java writes them, times without the zeros at their end. */
function fieldOf(emitted: string, type: TrinoType): string {
  if (type.kind === "double") return `athena_double(CAST(${ident(emitted)} AS DOUBLE))`;
  const text = textOf(emitted, type);
  return type.kind === "timestamp" ? `regexp_replace(${text}, '(\\.\\d*[1-9])0+$|\\.0+$', '\\1')` : text;
}

/** DuckDB divides only CSV and Parquet into partitions: a line of JSON is a line of CSV with one value. */
function jsonLine(columns: readonly Column[]): string {
  const members = columns.map(({ name, emitted, type }) => {
    const value = typed(emitted, type);
    // As JSON, DuckDB's decimals are doubles.
    const text = type.kind === "decimal" ? value : `to_json(${value})`;
    if (type.kind !== "decimal" && !isJson(type)) throw new NotImplementedLocally(`${display(type)} in JSON files`);
    return `${quote(`${JSON.stringify(name)}:`)} || coalesce(CAST(${text} AS VARCHAR), 'null')`;
  });
  const line = `('{' || ${members.join(" || ',' || ")} || '}')`;
  const bare = `regexp_replace(${line}, '"(\\\\.|[^"\\\\])*"', '', 'g')`;
  const failure = "HIVE_UNSERIALIZABLE_JSON_VALUE: Invalid value to Insert: NaN or Infinity";
  return `CASE WHEN regexp_matches(${bare}, 'NaN|Infinity') THEN error(${quote(failure)}) ELSE ${line} END`;
}

/** Digits that a double keeps. */
const DOUBLE_DIGITS = 15;

/** Whether DuckDB writes all of a type's values as JSON. */
function isJson(type: TrinoType): boolean {
  switch (type.kind) {
    case "varbinary":
      return false;
    case "decimal":
      return type.precision <= DOUBLE_DIGITS;
    case "array":
      return isJson(type.element);
    case "map":
      return isJson(type.key) && isJson(type.value);
    case "row":
      return type.fields.every((field) => isJson(field.type));
    default:
      return true;
  }
}

function typed(emitted: string, type: TrinoType): string {
  if (toHive(type) === undefined) throw new StatementError("NOT_SUPPORTED", `Unsupported Hive type: ${display(type)}`);
  return `CAST(${ident(emitted)} AS ${duckType(type)})`;
}

/** A value as the text that Trino casts it to. */
function textOf(emitted: string, type: TrinoType): string {
  const isScalar = !["array", "map", "row", "varbinary"].includes(type.kind);
  const text = isScalar && toHive(type) !== undefined ? cast(ident(emitted), type, VARCHAR, false) : undefined;
  if (text === undefined) throw new NotImplementedLocally(`${display(type)} in text files and partitions`);
  return text;
}

/** The files below a folder and the partitions that their paths tell. */
function filesIn(folder: string, partitionedBy: readonly string[]): WrittenFile[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const segments = relative(folder, entry.parentPath).split(sep);
      const partition = partitionedBy.map((_, i) => {
        const value = decodeURIComponent((segments[i] ?? "").replace(/^[^=]*=/, ""));
        // To Hive, a text without characters is no value.
        return value === "" ? NULL_FOLDER : value;
      });
      return { path: join(entry.parentPath, entry.name), partition };
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}
