import type { DuckDBConnection } from "@duckdb/node-api";
import type { CatalogueTable, ObjectStore, TableColumn } from "../../ports.ts";
import { type Call, NotImplementedLocally } from "../../service.ts";
import { ident, quote } from "../sql/ast.ts";
import { SqlError } from "../sql/errors.ts";
import { toPrecision } from "../sql/expressions/text-casts.ts";
import { fromHive } from "../sql/hive-type.ts";
import type { BoundTable } from "../sql/scope.ts";
import { display, duckType, type TrinoType } from "../sql/types.ts";
import { PATH } from "./hidden-columns.ts";
import type { TableFile } from "./hive-files.ts";
import { NULL_FOLDER } from "./hive-folders.ts";
import { lineRelation } from "./hive-lines.ts";
import { isReadAs, type ParquetSchema, parquetSchemas, parquetTypeText } from "./hive-parquet-types.ts";
import { formatOf } from "./hive-serde.ts";
import type { ParquetFootprint } from "./parquet-footprint.ts";

export interface Relation {
  /** For FROM. */
  readonly sql: string;
  /** Bytes that reading it costs. */
  readonly bytes: number;
  /** Data files that are read. */
  readonly files: number;
}

interface Column {
  readonly name: string;
  readonly trino: TrinoType;
  /** DuckDB's. */
  readonly type: string;
  readonly key: boolean;
  /** Times in the files have milliseconds, as in the table. */
  readonly millis?: boolean;
}

/** A column with its type in queries. @throws SqlError `NOT_IMPLEMENTED_LOCALLY` for a type that is not here. */
export function boundColumn(
  { name: table }: CatalogueTable,
  { name, type: hive }: TableColumn,
): BoundTable["columns"][number] {
  const type = fromHive(hive, 3);
  if (type === undefined) throw new SqlError("NOT_IMPLEMENTED_LOCALLY", `column type ${hive} of ${table}.${name}`);
  return { name, type };
}

function columnsOf(table: CatalogueTable): Column[] {
  return [...table.columns, ...table.partitionKeys].map((column) => {
    const { name, type } = boundColumn(table, column);
    return { name, trino: type, type: duckType(type), key: table.partitionKeys.includes(column) };
  });
}

/**
 * A relation over the files of a Hive table, in the catalogue's types. Asks IAM for s3:GetObject on each file.
 * @param columns that it has, besides the partition's; undefined for all.
 */
export async function hiveRelation(
  table: CatalogueTable,
  files: readonly TableFile[],
  columns: readonly string[] | undefined,
  objects: ObjectStore,
  footprint: ParquetFootprint,
  connection: DuckDBConnection,
  call: Call,
): Promise<Relation> {
  const all = columnsOf(table);
  const format = formatOf(table);
  const nothing = ({ name, type }: Pick<Column, "name" | "type">): string => `CAST(NULL AS ${type}) AS ${ident(name)}`;
  const withPaths = columns?.includes(PATH.name) === true;
  if (files.length === 0) {
    const path = { name: PATH.name, type: duckType(PATH.type) };
    const offered = withPaths ? [...all, path] : all;
    return { sql: `(SELECT ${offered.map(nothing).join(", ")} WHERE false)`, bytes: 0, files: 0 };
  }
  const stored = all.filter((column) => !column.key).map((column) => column.name);
  const paths = files.map(({ info }) => objects.file({ bucket: info.bucket, key: info.key }, call));
  const { options, from, keyed } = partitionColumns(table, files, paths, withPaths);
  const list = `[${paths.map(quote).join(", ")}]`;
  let source: string;
  let bytes: number;
  let present: ReadonlySet<string> = new Set(stored);
  let offered: readonly Column[] = all;
  if (format.kind === "parquet") {
    const located = files.map(({ info }, i) => ({ info, path: paths[i] ?? "" }));
    const whole = await footprint.cost(located, present, connection);
    const named = columns === undefined ? stored : stored.filter((name) => columns.includes(name));
    ({ bytes } = await footprint.cost(located, new Set(named), connection));
    ({ present } = whole);
    const schemas = await parquetSchemas(located, connection);
    offered = all
      // A column that nobody asks for may be of any type in the files.
      .filter(({ name, key }) => key || columns === undefined || columns.includes(name))
      .map((column) => (column.key ? column : asInFiles(table, column, files, schemas)));
    const isUniform = whole.uniform && new Set(schemas).size === 1;
    source = `read_parquet(${list}, union_by_name = ${!isUniform}, ${options})`;
  } else {
    bytes = files.reduce((sum, { info }) => sum + info.size, 0);
    source = lineRelation(table, format, paths, columns, options);
    offered = columns === undefined ? all : all.filter(({ name, key }) => key || columns.includes(name));
  }
  const selected = offered.map((column) => {
    const { name, type, key } = column;
    if (!key && !present.has(name)) return nothing(column);
    const value = `CAST(${key ? keyed : "f"}.${ident(name)} AS ${type})`;
    return `${format.kind === "parquet" && !key ? fitted(value, column) : value} AS ${ident(name)}`;
  });
  if (withPaths) selected.push(`p.${ident(PATH.name)} AS ${ident(PATH.name)}`);
  if (selected.length === 0) selected.push("true AS trino_row");
  return { sql: `(SELECT ${selected.join(", ")} FROM ${source} AS f${from})`, bytes, files: files.length };
}

/** A column of a table over Parquet. @throws AwsError `NotImplementedLocally` where a file's values are not its type's. */
function asInFiles(
  { name }: CatalogueTable,
  column: Column,
  files: readonly TableFile[],
  schemas: readonly ParquetSchema[],
): Column {
  let millis = true;
  schemas.forEach((schema, i) => {
    const type = schema.get(column.name.toLowerCase());
    if (type === undefined) return;
    const info = files[i]?.info;
    if (!isReadAs(type, column.trino))
      throw new NotImplementedLocally(
        `reading ${parquetTypeText(type)} of s3://${info?.bucket}/${info?.key} as column ${name}.${column.name} of type ${display(column.trino)}`,
      );
    millis &&= type.kind === "scalar" && type.millis;
  });
  return { ...column, millis };
}

/** Trino rounds times to the milliseconds of Hive's type, and cuts texts to its length. */
function fitted(value: string, { trino, millis }: Column): string {
  if (trino.kind === "timestamp" && millis !== true) return toPrecision(value, trino.precision);
  return trino.kind === "varchar" && trino.length !== undefined ? `left(${value}, ${trino.length})` : value;
}

/** Whether DuckDB reads the value out of a folder's name as it is. */
const isPlain = (value: string | undefined): boolean => value !== NULL_FOLDER && !/[%+]/.test(value ?? "");

/**
 * How the rows get their partition's values: from `key=value` folders in the files' paths, which DuckDB reads by itself;
 * or, where a file lies elsewhere and where the query asks for the files' own addresses, from a list of files and values.
 */
function partitionColumns(
  table: CatalogueTable,
  files: readonly TableFile[],
  paths: readonly string[],
  withPaths: boolean,
): { readonly options: string; readonly from: string; readonly keyed: "f" | "p" } {
  const names = table.partitionKeys.map((key) => key.name);
  if (names.length === 0 && !withPaths) return { options: "hive_partitioning = false", from: "", keyed: "f" };
  const inPath = files.every(({ partition }, i) =>
    names.every((name, k) => isPlain(partition[k]) && paths[i]?.includes(`/${name}=${partition[k]}/`)),
  );
  if (inPath && !withPaths) {
    const types = names.map((name) => `${quote(name)}: VARCHAR`).join(", ");
    return { options: `hive_partitioning = true, hive_types = {${types}}`, from: "", keyed: "f" };
  }
  const rows = files.map(({ info, partition }, i) => {
    const values = [paths[i] ?? "", `s3://${info.bucket}/${info.key}`, ...partition];
    return `(${values.map((value) => (value === NULL_FOLDER ? "CAST(NULL AS VARCHAR)" : quote(value))).join(", ")})`;
  });
  const listed = `(VALUES ${rows.join(", ")}) AS p(${["trino_file", PATH.name, ...names].map(ident).join(", ")})`;
  const from = ` JOIN ${listed} ON p.trino_file = f.trino_file`;
  return { options: "hive_partitioning = false, filename = 'trino_file'", from, keyed: "p" };
}
