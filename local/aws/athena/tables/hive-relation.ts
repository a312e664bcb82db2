import type { DuckDBConnection } from "@duckdb/node-api";
import type { CatalogueTable, ObjectStore } from "../../ports.ts";
import { type Call, NotImplementedLocally } from "../../service.ts";
import { fromHive } from "../sql/hive-type.ts";
import { duckType } from "../sql/types.ts";
import { PATH } from "./hidden-columns.ts";
import type { TableFile } from "./hive-files.ts";
import type { ParquetFootprint } from "./parquet-footprint.ts";

export interface Relation {
  /** For FROM. */
  readonly sql: string;
  /** Bytes that reading it costs. */
  readonly bytes: number;
  /** Data files that are read. */
  readonly files: number;
}

const ident = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** The longest line of a JSON table, bytes. */
const MAX_LINE_BYTES = 64 * 1024 * 1024;

export type HiveFormat = "parquet" | "json";

/** How a Hive table's files are written. @throws AwsError `NotImplementedLocally` for SerDes that are not here. */
export function formatOf(table: CatalogueTable): HiveFormat {
  if (table.serde?.endsWith("ParquetHiveSerDe")) return "parquet";
  if (table.serde?.endsWith("JsonSerDe")) return "json";
  throw new NotImplementedLocally(`SerDe ${table.serde ?? "(none)"} of table ${table.name}`);
}

interface Column {
  readonly name: string;
  /** DuckDB's. */
  readonly type: string;
  readonly key: boolean;
}

function columnsOf(table: CatalogueTable): Column[] {
  return [...table.columns, ...table.partitionKeys].map((column) => {
    const type = fromHive(column.type, 3);
    if (type === undefined) throw new NotImplementedLocally(`column type ${column.type} of table ${table.name}`);
    return { name: column.name, type: duckType(type), key: table.partitionKeys.includes(column) };
  });
}

/**
 * A relation over the files of a Hive table, in the catalogue's types. It has every column; DuckDB reads those that the
 * query uses. Asks IAM for s3:GetObject on each file.
 * @param columns whose bytes are counted; undefined for all.
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
  const nothing = ({ name, type }: Column): string => `CAST(NULL AS ${type}) AS ${ident(name)}`;
  const withPaths = columns?.includes(PATH.name) === true;
  if (files.length === 0) {
    const path = { name: PATH.name, type: duckType(PATH.type), key: false };
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
  if (format === "parquet") {
    const located = files.map(({ info }, i) => ({ info, path: paths[i] ?? "" }));
    const whole = await footprint.cost(located, present, connection);
    const named = columns === undefined ? stored : stored.filter((name) => columns.includes(name));
    ({ bytes } = await footprint.cost(located, new Set(named), connection));
    ({ present } = whole);
    source = `read_parquet(${list}, union_by_name = ${!whole.uniform}, ${options})`;
  } else {
    bytes = files.reduce((sum, { info }) => sum + info.size, 0);
    const shape = all.filter(({ key }) => !key).map(({ name, type }) => `${quote(name)}: ${quote(type)}`);
    const lines = `format = 'newline_delimited', maximum_object_size = ${MAX_LINE_BYTES}`;
    source = `read_json(${list}, ${lines}, columns = {${shape.join(", ")}}, ${options})`;
  }
  const selected = all.map((column) => {
    const { name, type, key } = column;
    if (!key && !present.has(name)) return nothing(column);
    return `CAST(${key ? keyed : "f"}.${ident(name)} AS ${type}) AS ${ident(name)}`;
  });
  if (withPaths) selected.push(`p.${ident(PATH.name)} AS ${ident(PATH.name)}`);
  return { sql: `(SELECT ${selected.join(", ")} FROM ${source} AS f${from})`, bytes, files: files.length };
}

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
    names.every((name, k) => paths[i]?.includes(`/${name}=${partition[k]}/`)),
  );
  if (inPath && !withPaths) {
    const types = names.map((name) => `${quote(name)}: VARCHAR`).join(", ");
    return { options: `hive_partitioning = true, hive_types = {${types}}`, from: "", keyed: "f" };
  }
  const rows = files.map(({ info, partition }, i) => {
    const values = [paths[i] ?? "", `s3://${info.bucket}/${info.key}`, ...partition];
    return `(${values.map(quote).join(", ")})`;
  });
  const listed = `(VALUES ${rows.join(", ")}) AS p(${["trino_file", PATH.name, ...names].map(ident).join(", ")})`;
  const from = ` JOIN ${listed} ON p.trino_file = f.trino_file`;
  return { options: "hive_partitioning = false, filename = 'trino_file'", from, keyed: "p" };
}
