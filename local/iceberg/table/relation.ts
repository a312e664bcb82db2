import type { IcebergType, PrimitiveType, Value } from "../format/model.ts";
import { duckType, identifier, isPrimitive } from "../format/types.ts";
import { valueText } from "../format/value.ts";
import { literal } from "./sql.ts";
import { trinoType } from "./trino-type.ts";

/** A column of a relation that is made up from values. Maps may only be columns, not inside of others. */
export interface RelationColumn {
  readonly name: string;
  readonly type: IcebergType;
  /** Where Trino's type is not the one of an Iceberg column of that type. */
  readonly trino?: string;
}

/** A relation and its columns as Trino shows them. */
export interface Relation {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** A SELECT in parentheses. */
  readonly sql: string;
}

/** A value as JSON, in a form that DuckDB casts to the column's type. */
export type Cell = string | number | bigint | boolean | null | readonly Cell[] | { readonly [name: string]: Cell };

/** The rows come as one JSON text: thousands of expressions would take DuckDB a second to plan. */
export function relation(columns: readonly RelationColumn[], rows: readonly (readonly Cell[])[]): Relation {
  const objects = rows.map((row) => Object.fromEntries(columns.map((_, i) => [`c${i}`, row[i] ?? null])));
  const json = JSON.stringify(objects, (_, value) => (typeof value === "bigint" ? String(value) : value));
  const members = columns.map(({ type }, i) => `c${i} ${storageType(type)}`);
  const selected = columns.map(({ name, type }, i) => {
    const isMap = !isPrimitive(type) && type.type === "map";
    const stored = isMap ? `map_from_entries(r.c${i})` : `r.c${i}`;
    return `CAST(${stored} AS ${duckType(type)}) AS ${identifier(name)}`;
  });
  const from = `(SELECT unnest(CAST(CAST(${literal(json)} AS JSON) AS STRUCT(${members.join(", ")})[])) AS r)`;
  return {
    columns: columns.map(({ name, type, trino }) => ({ name, type: trino ?? trinoType(type) })),
    sql: `(SELECT ${selected.join(", ")} FROM ${from})`,
  };
}

/** DuckDB makes no maps out of JSON but those of text keys, and no bytes. */
function storageType(type: IcebergType): string {
  if (isPrimitive(type)) return type === "binary" || type.startsWith("fixed") ? "VARCHAR" : duckType(type);
  switch (type.type) {
    case "struct": {
      const members = type.fields.map((field) => `${identifier(field.name)} ${storageType(field.type)}`);
      return `STRUCT(${members.join(", ")})`;
    }
    case "list":
      return `${storageType(type.element)}[]`;
    case "map":
      return `STRUCT(k ${storageType(type.key)}, v ${storageType(type.value)})[]`;
  }
}

export function mapCell(entries: Iterable<readonly [key: Cell, value: Cell]>): Cell {
  return Array.from(entries, ([k, v]) => ({ k, v }));
}

export function valueCell(value: Value | null | undefined, type: PrimitiveType): Cell {
  if (value === null || value === undefined) return null;
  if (type !== "uuid" && Buffer.isBuffer(value)) return value.toString("hex").replace(/../g, "\\x$&");
  return valueText(value, type);
}

/** Milliseconds since the epoch, for a timestamp with time zone. */
export function instantCell(ms: number): Cell {
  return new Date(ms).toISOString();
}
