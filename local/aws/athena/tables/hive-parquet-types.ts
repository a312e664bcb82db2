import type { DuckDBConnection } from "@duckdb/node-api";
import type { ObjectInfo } from "../../ports.ts";
import { quote } from "../sql/ast.ts";
import type { TrinoType } from "../sql/types.ts";

/** A column's type as a Parquet file has it. */
export type ParquetType =
  | { readonly kind: "scalar"; readonly type: string; readonly millis: boolean }
  | { readonly kind: "list"; readonly element: ParquetType }
  | { readonly kind: "map"; readonly key: ParquetType; readonly value: ParquetType }
  | { readonly kind: "struct"; readonly fields: readonly { readonly name: string; readonly type: ParquetType }[] };

/** The types of a file's columns by their names in lower case. */
export type ParquetSchema = ReadonlyMap<string, ParquetType>;

/** A line of a file's schema, which lists the tree from the root down. */
interface SchemaLine {
  readonly name: string;
  readonly children: number;
  readonly type: string;
  readonly converted: string;
}

const schemas = new Map<string, ParquetSchema>();
const MOST_SCHEMAS = 100_000;

/** The columns of Parquet files. Objects do not change under one ETag, so each is looked at once. */
export async function parquetSchemas(
  files: readonly { readonly info: ObjectInfo; readonly path: string }[],
  connection: DuckDBConnection,
): Promise<readonly ParquetSchema[]> {
  const keyOf = ({ bucket, key, etag }: ObjectInfo): string => `${bucket}/${key}#${etag}`;
  const unknown = files.filter(({ info }) => !schemas.has(keyOf(info)));
  if (unknown.length > 0) {
    if (schemas.size > MOST_SCHEMAS) schemas.clear();
    const read = await readSchemas(
      unknown.map(({ path }) => path),
      connection,
    );
    for (const { info, path } of unknown) schemas.set(keyOf(info), read.get(path) ?? new Map());
  }
  return files.map(({ info }) => schemas.get(keyOf(info)) ?? new Map());
}

async function readSchemas(
  paths: readonly string[],
  connection: DuckDBConnection,
): Promise<ReadonlyMap<string, ParquetSchema>> {
  const result = await connection.runAndReadAll(
    `SELECT file_name, name, coalesce(num_children, 0), coalesce(duckdb_type, ''), coalesce(converted_type, ''), coalesce(logical_type, '')
     FROM parquet_schema([${paths.map(quote).join(", ")}])`,
  );
  const lines = new Map<string, SchemaLine[]>();
  for (const [file, name, children, type, converted, logical] of result.getRows()) {
    const list = lines.get(String(file)) ?? [];
    const line = {
      name: String(name),
      children: Number(children),
      type: String(type),
      converted: `${converted} ${logical}`,
    };
    list.push(line);
    lines.set(String(file), list);
  }
  // Most files of a table have one schema, which is kept once.
  const known = new Map<string, ParquetSchema>();
  return new Map(
    [...lines].map(([file, list]) => {
      const text = JSON.stringify(list);
      const schema = known.get(text) ?? schemaOf(list);
      known.set(text, schema);
      return [file, schema];
    }),
  );
}

function schemaOf(lines: readonly SchemaLine[]): ParquetSchema {
  let at = 0;
  const next = (): { readonly name: string; readonly type: ParquetType } => {
    const { name, children, type, converted } = lines[at++] ?? { name: "", children: 0, type: "", converted: "" };
    if (children === 0) return { name, type: { kind: "scalar", type, millis: /MILLIS(?!=<null>)/.test(converted) } };
    const fields = Array.from({ length: children }, next);
    return { name, type: grouped(fields, converted) };
  };
  const { type } = next();
  const columns = type.kind === "struct" ? type.fields : [];
  return new Map(columns.map((column) => [column.name.toLowerCase(), column.type]));
}

/** A group is a struct, unless the file says that it is a list or a map. */
function grouped(
  fields: readonly { readonly name: string; readonly type: ParquetType }[],
  converted: string,
): ParquetType {
  const [inner] = fields;
  if (/^LIST|^ListType/.test(converted.trim()) && inner !== undefined) {
    const wrapped = inner.type.kind === "struct" && inner.type.fields.length === 1 ? inner.type.fields[0] : undefined;
    return { kind: "list", element: (wrapped ?? inner).type };
  }
  if (/^MAP|^MapType/.test(converted.trim()) && inner?.type.kind === "struct") {
    const [key, value] = inner.type.fields;
    if (key !== undefined && value !== undefined) return { kind: "map", key: key.type, value: value.type };
  }
  return { kind: "struct", fields };
}

const widths: Readonly<Record<string, number>> = {
  TINYINT: 1,
  SMALLINT: 2,
  INTEGER: 4,
  BIGINT: 8,
  tinyint: 1,
  smallint: 2,
  integer: 4,
  bigint: 8,
};
const alike: Readonly<Record<string, readonly string[]>> = {
  FLOAT: ["real", "double"],
  DOUBLE: ["double"],
  VARCHAR: ["varchar"],
  BOOLEAN: ["boolean"],
  DATE: ["date"],
  BLOB: ["varbinary"],
  TIMESTAMP: ["timestamp"],
  TIMESTAMP_NS: ["timestamp"],
  "TIMESTAMP WITH TIME ZONE": ["timestamp"],
};

/**
 * Whether values of a file's type are the table's type's by a plain cast, as Trino reads them: the same type, or a wider
 * one. What Trino converts besides, e.g. numbers to text, it converts in ways of its own.
 */
export function isReadAs(from: ParquetType, to: TrinoType): boolean {
  switch (from.kind) {
    case "list":
      return to.kind === "array" && isNestedReadAs(from.element, to.element);
    case "map":
      return to.kind === "map" && isNestedReadAs(from.key, to.key) && isNestedReadAs(from.value, to.value);
    case "struct":
      return to.kind === "row" && to.fields.every((field) => isFieldReadAs(from, field.name, field.type));
    case "scalar":
      return isScalarReadAs(from.type, to);
  }
}

/** Inside of others, times cannot be rounded and texts not be cut. */
const isNestedReadAs = (from: ParquetType, to: TrinoType): boolean =>
  isReadAs(from, to) &&
  !(to.kind === "timestamp" && from.kind === "scalar" && !from.millis) &&
  !(to.kind === "varchar" && to.length !== undefined);

function isFieldReadAs(from: ParquetType & { readonly kind: "struct" }, name: string, to: TrinoType): boolean {
  const field = from.fields.find((one) => one.name.toLowerCase() === name.toLowerCase());
  return field === undefined || isNestedReadAs(field.type, to);
}

function isScalarReadAs(from: string, to: TrinoType): boolean {
  const [least, most] = [widths[from], widths[to.kind]];
  if (least !== undefined) return most !== undefined && most >= least;
  const digits = /^DECIMAL\((\d+),(\d+)\)$/.exec(from);
  if (digits === null) return alike[from]?.includes(to.kind) === true;
  const [precision, scale] = [Number(digits[1]), Number(digits[2])];
  return to.kind === "decimal" && to.scale >= scale && to.precision - to.scale >= precision - scale;
}

/** A file's type for messages. */
export const parquetTypeText = (type: ParquetType): string => (type.kind === "scalar" ? type.type : type.kind);
