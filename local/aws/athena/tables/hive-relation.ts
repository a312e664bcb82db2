import type { DuckDBConnection } from "@duckdb/node-api";
import type { CatalogueTable, ObjectStore } from "../../ports.ts";
import { type Call, NotImplementedLocally } from "../../service.ts";
import { fromHive } from "../sql/hive-type.ts";
import { duckType } from "../sql/types.ts";
import type { TableFile } from "./hive-files.ts";
import type { ParquetFootprint } from "./parquet-footprint.ts";

export interface Relation {
  /** For FROM. */
  readonly sql: string;
  /** Bytes that reading it costs. */
  readonly bytes: number;
}

const ident = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;

type Format = "parquet" | "json";

function formatOf(table: CatalogueTable): Format {
  if (table.serde?.endsWith("ParquetHiveSerDe")) return "parquet";
  if (table.serde?.endsWith("JsonSerDe")) return "json";
  throw new NotImplementedLocally(`SerDe ${table.serde ?? "(none)"} of table ${table.name}`);
}

/**
 * A relation over the files of a Hive table with the columns the query names, in the catalogue's types. Asks IAM for
 * s3:GetObject on each file.
 * @param columns undefined for all.
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
  const all = [...table.columns, ...table.partitionKeys].map((column) => {
    const type = fromHive(column.type, 3);
    if (type === undefined) throw new NotImplementedLocally(`column type ${column.type} of table ${table.name}`);
    return { name: column.name, type: duckType(type), key: table.partitionKeys.includes(column) };
  });
  const read = columns === undefined ? all : all.filter((column) => columns.includes(column.name));
  if (files.length === 0) {
    const nothing = all.map((column) => `CAST(NULL AS ${column.type}) AS ${ident(column.name)}`);
    return { sql: `(SELECT ${nothing.join(", ")} WHERE false)`, bytes: 0 };
  }
  const format = formatOf(table);
  const paths = files.map(({ info }) => objects.file({ bucket: info.bucket, key: info.key }, call));
  const stored = read.filter((column) => !column.key);
  const listed = `[${paths.map(quote).join(", ")}]`;
  const values = partitionValues(table, files, paths);
  let source: string;
  let bytes: number;
  let present = new Set(stored.map((column) => column.name));
  if (format === "parquet") {
    const cost = await footprint.cost(files.map(({ info }, i) => ({ info, path: paths[i] ?? "" })), present, connection);
    bytes = cost.bytes;
    present = cost.present;
    source = `read_parquet(${listed}, hive_partitioning = false, union_by_name = ${cost.uniform ? "false" : "true"}${values === undefined ? "" : ", filename = 'trino_file'"})`;
  } else {
    bytes = files.reduce((sum, { info }) => sum + info.size, 0);
    const shape = all.filter((column) => !column.key).map((column) => `${quote(column.name)}: ${quote(column.type)}`);
    source = `read_json(${listed}, format = 'newline_delimited', columns = {${shape.join(", ")}}, hive_partitioning = false, maximum_object_size = 67108864${values === undefined ? "" : ", filename = 'trino_file'"})`;
  }
  const keys = read.filter((column) => column.key);
  const list = [
    ...stored.map((column) => (present.has(column.name) ? `CAST(f.${ident(column.name)} AS ${column.type}) AS ${ident(column.name)}` : `CAST(NULL AS ${column.type}) AS ${ident(column.name)}`)),
    ...keys.map((column) => `CAST(${constantOr(table, files, column.name) ?? `p.${ident(column.name)}`} AS ${column.type}) AS ${ident(column.name)}`),
  ];
  const joined = values !== undefined && keys.some((column) => constantOr(table, files, column.name) === undefined) ? ` JOIN ${values} ON p.trino_file = f.trino_file` : "";
  return { sql: `(SELECT ${list.length === 0 ? "1 AS trino_row" : list.join(", ")} FROM ${source} AS f${joined})`, bytes };
}

/** A partition key's value as a literal when every file has the same. */
function constantOr(table: CatalogueTable, files: readonly TableFile[], name: string): string | undefined {
  const index = table.partitionKeys.findIndex((key) => key.name === name);
  const first = files[0]?.partition[index];
  return first !== undefined && files.every((file) => file.partition[index] === first) ? quote(first) : undefined;
}

/** Each file's partition values as a relation `p`; undefined when all files are of one partition. */
function partitionValues(table: CatalogueTable, files: readonly TableFile[], paths: readonly string[]): string | undefined {
  const names = table.partitionKeys.map((key) => key.name);
  if (names.every((name) => constantOr(table, files, name) !== undefined)) return undefined;
  const rows = files.map((file, i) => `(${[paths[i] ?? "", ...file.partition].map(quote).join(", ")})`);
  return `(VALUES ${rows.join(", ")}) AS p(trino_file, ${names.map(ident).join(", ")})`;
}
