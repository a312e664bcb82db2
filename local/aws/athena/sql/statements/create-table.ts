import type { ColumnDefinition, CreateTable, PartitionColumn, TableFormat } from "../statement-types.ts";
import { checkColumns, columnDefinition, properties, tableName } from "./definitions.ts";
import { folder, icebergFormat, isTransform, partitionColumn } from "./iceberg-rules.ts";
import type { Reader } from "./tokens.ts";

type HiveFormat = Extract<TableFormat, { kind: "hive" }>;

/** What the text says before it is known what kind of table it makes. */
interface Clauses {
  readonly partitions: readonly PartitionClause[];
  readonly rowFormat: RowFormat | undefined;
  readonly storedAs: string | undefined;
  readonly location: string | undefined;
  readonly properties: Map<string, string>;
}

type PartitionClause =
  | { readonly kind: "column"; readonly column: ColumnDefinition }
  | { readonly kind: "field"; readonly transform: string; readonly width: number | undefined; readonly name: string };

interface RowFormat {
  readonly serde: string;
  readonly properties: Readonly<Record<string, string>>;
}

const serdes = {
  parquet: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
  delimited: "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe",
} as const;

/** `CREATE [EXTERNAL] TABLE ... (columns) ...` in Hive's words, after the word TABLE. */
export function createTable(reader: Reader, external: boolean): CreateTable {
  const ifNotExists = reader.take("if not exists");
  const table = tableName(reader);
  // The columns' types depend on what comes last.
  const iceberg = isIceberg(reader);
  const columns = reader.list(() => columnDefinition(reader, iceberg ? "iceberg" : "hive"));
  const comment = reader.take("comment") ? reader.text() : undefined;
  const clauses = readClauses(reader);
  reader.end();
  const format = iceberg ? icebergTable(columns, clauses, external, reader) : hiveTable(clauses, external, reader);
  checkColumns(format.kind === "hive" ? [...columns, ...format.partitionedBy] : columns, reader);
  return { kind: "CREATE_TABLE", table, ifNotExists, columns, ...(comment !== undefined && { comment }), format };
}

/** Looks ahead: `'table_type' = 'ICEBERG'` among the properties makes it one. */
function isIceberg(reader: Reader): boolean {
  const ahead = reader.fork();
  if (!ahead.skipTo("tblproperties")) return false;
  ahead.expect("tblproperties");
  return properties(ahead).get("table_type")?.toLowerCase() === "iceberg";
}

function readClauses(reader: Reader): Clauses {
  const partitions = reader.take("partitioned by") ? reader.list(() => partitionClause(reader)) : [];
  if (reader.is("clustered by")) throw reader.refuse("CLUSTERED BY");
  return {
    partitions,
    rowFormat: reader.take("row format") ? rowFormat(reader) : undefined,
    storedAs: reader.take("stored as") ? storedAs(reader) : undefined,
    location: reader.take("location") ? reader.text() : undefined,
    properties: reader.take("tblproperties") ? properties(reader) : new Map(),
  };
}

function partitionClause(reader: Reader): PartitionClause {
  const name = reader.word();
  if (reader.isBefore(",") || reader.isBefore(")"))
    return { kind: "field", transform: "identity", width: undefined, name: reader.name() };
  if (!reader.isBefore("(") || !isTransform(name)) return { kind: "column", column: columnDefinition(reader, "hive") };
  reader.expect(name);
  const [width, column] = reader.isNumberNext()
    ? widthAndColumn(reader)
    : [undefined, reader.list(() => reader.name())[0]];
  return { kind: "field", transform: name, width, name: column ?? "" };
}

function widthAndColumn(reader: Reader): [number, string] {
  reader.expect("(");
  const width = Number(reader.number());
  reader.expect(",");
  const column = reader.name();
  reader.expect(")");
  return [width, column];
}

function rowFormat(reader: Reader): RowFormat {
  if (reader.take("serde")) {
    const serde = reader.text();
    return {
      serde,
      properties: reader.take("with serdeproperties") ? Object.fromEntries(properties(reader)) : {},
    };
  }
  reader.expect("delimited");
  const given: Record<string, string> = {};
  const clauses = [
    ["fields terminated by", "field.delim"],
    ["escaped by", "escape.delim"],
    ["collection items terminated by", "collection.delim"],
    ["map keys terminated by", "mapkey.delim"],
    ["lines terminated by", "line.delim"],
    ["null defined as", "serialization.null.format"],
  ] as const;
  for (const [words, key] of clauses) if (reader.take(words)) given[key] = reader.text();
  const delimiter = given["field.delim"];
  if (delimiter !== undefined) given["serialization.format"] = delimiter;
  return { serde: serdes.delimited, properties: given };
}

/** What INPUTFORMAT and OUTPUTFORMAT together are called. */
const classes: Readonly<Record<string, string>> = {
  "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat":
    "parquet",
  "org.apache.hadoop.mapred.TextInputFormat org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat": "textfile",
  "org.apache.hadoop.mapred.TextInputFormat org.apache.hadoop.hive.ql.io.IgnoreKeyTextOutputFormat": "textfile",
};

function storedAs(reader: Reader): string {
  if (!reader.take("inputformat")) return reader.name();
  const input = reader.text();
  reader.expect("outputformat");
  const known = classes[`${input} ${reader.text()}`];
  if (known === undefined)
    throw reader.refuse(`INPUTFORMAT '${input}' with this OUTPUTFORMAT`, "write STORED AS PARQUET");
  return known;
}

function icebergTable(
  columns: readonly ColumnDefinition[],
  { partitions, rowFormat: row, storedAs: stored, location, properties: given }: Clauses,
  external: boolean,
  reader: Reader,
): TableFormat {
  if (external) throw reader.error("NOT_SUPPORTED", "External keyword not supported for table type ICEBERG");
  if (row !== undefined || stored !== undefined)
    throw reader.error(
      "NOT_SUPPORTED",
      "ROW FORMAT and STORED AS are not supported for table type ICEBERG; use the property format",
    );
  const partitionedBy = partitions.map((clause): PartitionColumn => {
    if (clause.kind === "column")
      throw reader.error(
        "SYNTAX_ERROR",
        `PARTITIONED BY of an Iceberg table names columns without types: ${clause.column.name}`,
      );
    return partitionColumn(clause.transform, clause.width, clause.name, columns, reader);
  });
  given.delete("table_type");
  return icebergFormat(location, partitionedBy, columns, given, reader);
}

function hiveTable(
  { partitions, rowFormat: row, storedAs: stored, location, properties: given }: Clauses,
  external: boolean,
  reader: Reader,
): HiveFormat {
  if (!external)
    throw reader.error(
      "NOT_SUPPORTED",
      "Only external table creation is supported; Iceberg tables need TBLPROPERTIES ('table_type'='ICEBERG')",
    );
  if (location === undefined)
    throw reader.error("INVALID_TABLE_PROPERTY", "An external table needs a location: LOCATION 's3://bucket/folder/'");
  const partitionedBy = partitions.map((clause) => {
    if (clause.kind === "field") throw reader.error("SYNTAX_ERROR", `PARTITIONED BY needs the type of ${clause.name}`);
    return clause.column;
  });
  return {
    kind: "hive",
    location: folder(location, reader),
    partitionedBy,
    ...files(row, stored, reader),
    properties: Object.fromEntries(given),
  };
}

/** The file format that ROW FORMAT and STORED AS come to. Parquet keeps its own SerDe. */
function files(
  row: RowFormat | undefined,
  stored: string | undefined,
  reader: Reader,
): Pick<HiveFormat, "format" | "serde" | "serdeProperties"> {
  if (stored === "parquet" && row === undefined)
    return { format: "parquet", serde: serdes.parquet, serdeProperties: {} };
  if (row?.serde === serdes.parquet) return { format: "parquet", serde: row.serde, serdeProperties: row.properties };
  if (stored !== undefined && stored !== "textfile")
    throw reader.refuse(`STORED AS ${stored.toUpperCase()}`, "write PARQUET");
  const { serde, properties: serdeProperties } = row ?? { serde: serdes.delimited, properties: {} };
  if (/\.(JsonSerDe)$/.test(serde)) return { format: "json", serde, serdeProperties };
  if (serde === serdes.delimited || serde.endsWith(".OpenCSVSerde")) return { format: "csv", serde, serdeProperties };
  throw reader.refuse(`SerDe ${serde}`);
}
