import { toHive } from "../hive-type.ts";
import type { OutputColumn } from "../scope.ts";
import type { CreateTableAsSelect, PartitionColumn, TableFormat } from "../statement-types.ts";
import { display } from "../types.ts";
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
  const format = values.text("format")?.toLowerCase() ?? "parquet";
  if (format !== "parquet") throw reader.refuse(`format ${format.toUpperCase()} of a Hive table`, "write PARQUET");
  const location = values.text("external_location");
  // Compression changes no answer.
  values.text("write_compression");
  values.text("parquet_compression");
  values.checkEmpty();
  return {
    kind: "hive",
    location: location === undefined ? undefined : folder(location, reader),
    partitionedBy,
    format: "parquet",
    serde: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
    serdeProperties: {},
    properties: {},
  };
}
