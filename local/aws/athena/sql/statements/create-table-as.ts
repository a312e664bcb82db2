import { toHive } from "../hive-type.ts";
import type { OutputColumn } from "../scope.ts";
import type { CreateTableAsSelect, PartitionColumn, TableFormat } from "../statement-types.ts";
import { display, type TrinoType } from "../types.ts";
import { checkOutput, tableName, Values, withProperties } from "./definitions.ts";
import { folder, icebergFormat, partitionColumn } from "./iceberg-rules.ts";
import type { Part } from "./part.ts";
import type { Reader } from "./tokens.ts";

/** `CREATE TABLE t [WITH (...)] AS query [WITH [NO] DATA]` in Trino's words, after the word TABLE. */
export function createTableAs(reader: Reader, part: Part): CreateTableAsSelect {
  const ifNotExists = reader.take("if not exists");
  const table = tableName(reader);
  const values = reader.take("with") ? withProperties(reader) : new Values(reader, []);
  reader.expect("as");
  const start = reader.offset;
  const noData = reader.takeLast("with no data");
  if (!noData) reader.takeLast("with data");
  const { sql, columns } = part.query(start, reader.textEnd);
  checkOutput(columns, reader);
  const format = formatOf(values, columns, reader);
  return { kind: "CREATE_TABLE_AS_SELECT", table, ifNotExists, sql: noData ? undefined : sql, columns, format };
}

function formatOf(values: Values, columns: readonly OutputColumn[], reader: Reader): TableFormat {
  const type = values.text("table_type")?.toLowerCase() ?? "hive";
  if (type !== "iceberg" && type !== "hive")
    throw reader.error("INVALID_TABLE_PROPERTY", `table_type is ICEBERG or HIVE, not '${type}'`);
  const named = columns.map((column) => ({ name: column.name.toLowerCase(), type: column.type }));
  if (type === "hive") return hiveFormat(values, named, reader);
  if (values.text("is_external") !== "false")
    throw reader.error("INVALID_TABLE_PROPERTY", "An Iceberg table is managed: WITH (is_external = false)");
  const partitionedBy = values.list("partitioning").map((field) => partitionField(field, named, reader));
  const location = values.text("location");
  return icebergFormat(location, partitionedBy, named, values.rest(), reader);
}

/** `day(ts)`, `bucket(16, id)`; Trino's order of the two is taken as well. */
function partitionField(
  field: string,
  columns: Parameters<typeof partitionColumn>[3],
  reader: Reader,
): PartitionColumn {
  const match = /^\s*(?:(\w+)\s*\(\s*(?:(\d+)\s*,\s*)?"?(\w+)"?\s*(?:,\s*(\d+)\s*)?\)|"?(\w+)"?)\s*$/.exec(field);
  if (match === null || (match[2] !== undefined && match[4] !== undefined))
    throw reader.error("INVALID_TABLE_PROPERTY", `Invalid partition field: ${field}`);
  const [, transform = "identity", before, inner, after, plain] = match;
  const width = before ?? after;
  const name = (inner ?? plain ?? "").toLowerCase();
  return partitionColumn(
    transform.toLowerCase(),
    width === undefined ? undefined : Number(width),
    name,
    columns,
    reader,
  );
}

/** What a Hive table's columns cannot be: its times have milliseconds, no more and no fewer digits. */
function notHive(type: TrinoType): string | undefined {
  switch (type.kind) {
    case "array":
      return notHive(type.element);
    case "map":
      return notHive(type.key) ?? notHive(type.value);
    case "row":
      return type.fields.map((field) => notHive(field.type)).find((problem) => problem !== undefined);
    case "timestamp":
      if (type.precision === 3) return undefined;
      return `Incorrect timestamp precision for ${display(type)}; the configured precision is MILLISECONDS`;
    default:
      return undefined;
  }
}

/** They change no answer: files are written with gzip. */
const compressions = ["write_compression", "parquet_compression", "compression_level"];

function delimited(values: Values, reader: Reader): Readonly<Record<string, string>> {
  const delimiter = values.text("field_delimiter");
  if (delimiter === undefined) return {};
  if (delimiter.length !== 1 || delimiter > "\u007f")
    throw reader.refuse(`field_delimiter '${delimiter}'`, "write one ASCII character");
  return { "field.delim": delimiter, "serialization.format": delimiter };
}

/** The SerDes that Athena gives tables of its own. */
const serdes = {
  parquet: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
  json: "org.apache.hive.hcatalog.data.JsonSerDe",
  csv: "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
} as const;
const formats: Readonly<Record<string, keyof typeof serdes>> = { parquet: "parquet", json: "json", textfile: "csv" };

function hiveFormat(values: Values, columns: Parameters<typeof partitionColumn>[3], reader: Reader): TableFormat {
  const keys = values.list("partitioned_by").map((name) => name.toLowerCase());
  const last = keys.length === 0 ? [] : columns.slice(-keys.length);
  if (keys.length >= columns.length || last.map(({ name }) => name).join() !== keys.join())
    throw reader.error(
      "INVALID_TABLE_PROPERTY",
      `Partition columns must be the last columns of the query, in the same order: ${keys.join(", ")}`,
    );
  const partitionedBy = last.map(({ name, type }) => {
    const hive = toHive(type);
    if (hive === undefined) throw reader.error("NOT_SUPPORTED", `Unsupported Hive type: ${display(type)}`);
    return { name, type, hive };
  });
  for (const { name, type } of columns) {
    const problem = notHive(type);
    if (problem !== undefined) throw reader.error("NOT_SUPPORTED", `${problem}; column name: ${name}`);
  }
  if (values.text("is_external") === "false")
    throw reader.error("INVALID_TABLE_PROPERTY", "A Hive table is external: WITH (is_external = true)");
  const named = values.text("format")?.toLowerCase() ?? "parquet";
  const format = formats[named];
  if (format === undefined)
    throw reader.refuse(`format ${named.toUpperCase()} of a Hive table`, "write PARQUET, JSON or TEXTFILE");
  if (values.list("bucketed_by").length > 0)
    throw reader.refuse("bucketed_by", "leave it and bucket_count out: buckets change no answer");
  const location = values.text("external_location");
  const serdeProperties = format === "csv" ? delimited(values, reader) : {};
  for (const name of compressions) values.text(name);
  values.checkEmpty();
  return {
    kind: "hive",
    location: location === undefined ? undefined : folder(location, reader),
    partitionedBy,
    format,
    serde: serdes[format],
    serdeProperties,
    properties: {},
  };
}
