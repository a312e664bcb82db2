import type { CatalogueTable } from "../../ports.ts";
import { NotImplementedLocally } from "../../service.ts";
import { ident, quote } from "../sql/ast.ts";
import { fromHive } from "../sql/hive-type.ts";
import { duckType, type TrinoType } from "../sql/types.ts";
import { hiveLine, type Layout } from "./hive-lines-udf.ts";
import type { LineSerde } from "./hive-serde.ts";

/** The longest line, bytes. DuckDB's own choice of a buffer is sixteen times that. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;
const BUFFER_BYTES = 2 * MAX_LINE_BYTES;
/** Divides nothing: a line that has it is refused. */
const NO_DELIMITER = String.raw`E'\x1d\x1e\x1f'`;

/** What Athena decompresses by a file's name and DuckDB does not. */
const COMPRESSED = /\.(bz2|deflate|lz4|lzo|snappy)$/;

/** A subquery over files of lines: a table's columns, and what `options` adds to the lines. */
export function lineRelation(
  table: CatalogueTable,
  serde: LineSerde,
  paths: readonly string[],
  columns: readonly string[] | undefined,
  options: string,
): string {
  const skip = skippedLines(table);
  const ending = paths.map((path) => COMPRESSED.exec(path)?.[0]).find((it) => it !== undefined);
  if (ending !== undefined) throw new NotImplementedLocally(`files that end in ${ending}, of table ${table.name}`);
  const read = table.columns.map(({ name, type: hive }) => {
    if (columns?.includes(name) === false) return undefined;
    const type = fromHive(hive, 3);
    if (type === undefined || !isReadable(type, serde))
      throw new NotImplementedLocally(`column type ${hive} of ${table.name}.${name} by ${table.serde}`);
    return { name, hive, type };
  });
  const layout: Layout = {
    serde,
    columns: read.map((column) => (column === undefined ? null : { name: column.name, hive: column.hive })),
  };
  const values = read.flatMap((column, i) =>
    column === undefined ? [] : [`${decodedValue(i + 1, column.type)} AS ${ident(column.name)}`],
  );
  const lines = `header = false, auto_detect = false, quote = '', escape = '', delim = ${NO_DELIMITER}, skip = ${skip}, max_line_size = ${MAX_LINE_BYTES}, buffer_size = ${BUFFER_BYTES}`;
  const source = `read_csv([${paths.map(quote).join(", ")}], columns = {'trino_line': 'VARCHAR'}, ${lines}, ${options})`;
  // An empty line comes as NULL.
  const decoded = `SELECT *, ${hiveLine.name}(coalesce(trino_line, ''), ${quote(JSON.stringify(layout))}) AS trino_values FROM ${source}`;
  // Every line is looked at, also where no column of it is asked for: one that is none fails the query.
  return `(SELECT ${["* EXCLUDE (trino_line)", ...values].join(", ")} FROM (${decoded}) WHERE len(trino_values) >= 0)`;
}

/** `skip.header.line.count`. */
function skippedLines({ name, parameters }: CatalogueTable): number {
  if (Number(parameters["skip.footer.line.count"] ?? 0) !== 0)
    throw new NotImplementedLocally(`skip.footer.line.count of table ${name}`);
  const count = parameters["skip.header.line.count"] ?? "0";
  if (/^\d{1,9}$/.test(count)) return Number(count);
  throw new NotImplementedLocally(`skip.header.line.count '${count}' of table ${name}`);
}

/** Whether the SerDe's values of a type are known to be Trino's. */
function isReadable(type: TrinoType, { kind }: Pick<LineSerde, "kind">): boolean {
  if (kind === "csv") return type.kind === "varchar" && type.length === undefined;
  if (type.kind === "varbinary") return false;
  return !isNested(type) || (kind === "json" && membersOf(type).every((member) => isReadable(member, { kind })));
}

function membersOf(type: TrinoType): readonly TrinoType[] {
  if (type.kind === "array") return [type.element];
  if (type.kind === "map") return [type.key, type.value];
  return type.kind === "row" ? type.fields.map((field) => field.type) : [];
}

const isNested = ({ kind }: TrinoType): boolean => kind === "array" || kind === "map" || kind === "row";

/** What the decoder wrote, in the column's type. */
function decodedValue(place: number, type: TrinoType): string {
  const text = `trino_values[${place}]`;
  return `CAST(${isNested(type) ? `CAST(${text} AS JSON)` : text} AS ${duckType(type)})`;
}
