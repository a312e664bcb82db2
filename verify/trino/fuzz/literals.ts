import { duckType, fieldName, type TrinoType } from "../../../local/aws/athena/sql/types.ts";

/** A value of a generated row: text as a cast takes it; arrays, pairs of maps and rows as lists. */
export type Value = null | string | readonly Value[];

/** A type that generated tables have, as Trino's SQL names it. */
export function trinoName(type: TrinoType): string {
  switch (type.kind) {
    case "decimal":
      return `decimal(${type.precision}, ${type.scale})`;
    case "timestamp":
      return `timestamp(${type.precision})`;
    case "timestamptz":
      return `timestamp(${type.precision}) with time zone`;
    case "time":
      return `time(${type.precision})`;
    case "array":
      return `array(${trinoName(type.element)})`;
    case "map":
      return `map(${trinoName(type.key)}, ${trinoName(type.value)})`;
    case "row":
      return `row(${type.fields.map((field) => `${field.name} ${trinoName(field.type)}`).join(", ")})`;
    default:
      return type.kind;
  }
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const list = (value: Value): readonly Value[] => (Array.isArray(value) ? value : []);

/** A value as Trino's SQL, with exactly its type. */
export function trinoLiteral(value: Value, type: TrinoType): string {
  if (value === null) return `CAST(NULL AS ${trinoName(type)})`;
  const items = list(value);
  switch (type.kind) {
    case "varchar":
      return `CAST(${quoted(String(value))} AS varchar)`;
    case "varbinary":
      return `X'${String(value)}'`;
    case "timestamp":
      return `TIMESTAMP ${quoted(String(value))}`;
    case "timestamptz":
      return `TIMESTAMP ${quoted(`${String(value)} UTC`)}`;
    case "time":
      return `TIME ${quoted(String(value))}`;
    case "date":
      return `DATE ${quoted(String(value))}`;
    case "boolean":
      return String(value);
    case "array":
      return `CAST(ARRAY[${items.map((item) => trinoLiteral(item, type.element)).join(", ")}] AS ${trinoName(type)})`;
    case "map": {
      const side = (at: 0 | 1, of: TrinoType): string =>
        items.map((pair) => trinoLiteral(list(pair)[at] ?? null, of)).join(", ");
      return `CAST(MAP(ARRAY[${side(0, type.key)}], ARRAY[${side(1, type.value)}]) AS ${trinoName(type)})`;
    }
    case "row":
      return `CAST(ROW(${type.fields.map((field, at) => trinoLiteral(items[at] ?? null, field.type)).join(", ")}) AS ${trinoName(type)})`;
    default:
      return `CAST(${quoted(String(value))} AS ${trinoName(type)})`;
  }
}

/** The same in DuckDB's SQL, past the translation: what the storage would give it. */
export function duckLiteral(value: Value, type: TrinoType): string {
  if (value === null) return `CAST(NULL AS ${duckType(type)})`;
  const items = list(value);
  switch (type.kind) {
    case "varbinary":
      return `unhex(${quoted(String(value))})`;
    case "timestamptz":
      return `CAST(${quoted(`${String(value)}+00`)} AS TIMESTAMPTZ)`;
    case "array":
      return `CAST([${items.map((item) => duckLiteral(item, type.element)).join(", ")}] AS ${duckType(type)})`;
    case "map": {
      const side = (at: 0 | 1, of: TrinoType): string =>
        items.map((pair) => duckLiteral(list(pair)[at] ?? null, of)).join(", ");
      return `CAST(MAP([${side(0, type.key)}], [${side(1, type.value)}]) AS ${duckType(type)})`;
    }
    case "row":
      return `CAST({${type.fields.map((field, at) => `"${fieldName(field, at)}": ${duckLiteral(items[at] ?? null, field.type)}`).join(", ")}} AS ${duckType(type)})`;
    default:
      return `CAST(${quoted(String(value))} AS ${duckType(type)})`;
  }
}
