import {
  DuckDBBlobValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  type DuckDBValue,
} from "@duckdb/node-api";
import { fieldName, type TrinoType } from "../../local/aws/athena/sql/types.ts";
import { javaDouble, valueText } from "../../local/aws/athena/values.ts";
import { argumentType, type Signature } from "./server.ts";

/**
 * The text by which the two engines' values are compared: of scalars that of Athena's results, bytes in hexadecimal, maps by
 * key, since their order means nothing. NULL is `NULL`, and text is quoted.
 */
export function ourText(value: DuckDBValue, type: TrinoType): string {
  if (value === null) return "NULL";
  if (value instanceof DuckDBListValue) {
    const element: TrinoType = type.kind === "array" ? type.element : { kind: "unknown" };
    return `[${value.items.map((item) => ourText(item, element)).join(", ")}]`;
  }
  if (value instanceof DuckDBMapValue && type.kind === "map")
    return entries(value.entries.map(({ key, value: held }) => [ourText(key, type.key), ourText(held, type.value)]));
  if (value instanceof DuckDBStructValue && type.kind === "row") {
    const fields = type.fields.map((field, at) => ourText(value.entries[fieldName(field, at)] ?? null, field.type));
    return `(${fields.join(", ")})`;
  }
  if (value instanceof DuckDBBlobValue) return `x'${Buffer.from(value.bytes).toString("hex")}'`;
  const text = valueText(value, type) ?? "NULL";
  return type.kind === "varchar" || type.kind === "json" ? JSON.stringify(text) : text;
}

/** The same of a value as Trino's JSON has it. */
export function trinoText(value: unknown, type: Signature): string {
  if (value === null || value === undefined) return "NULL";
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  switch (type.rawType) {
    case "double":
      return javaDouble(Number(value));
    case "array":
      return `[${list.map((item) => trinoText(item, argumentType(type, 0))).join(", ")}]`;
    case "row":
      return `(${list.map((item, at) => trinoText(item, argumentType(type, at))).join(", ")})`;
    case "map":
      return entries(
        Object.entries(Object(value)).map(([key, held]) => [
          trinoText(key, argumentType(type, 0)),
          trinoText(held, argumentType(type, 1)),
        ]),
      );
    case "varbinary":
      return `x'${Buffer.from(String(value), "base64").toString("hex")}'`;
    case "varchar":
    case "json":
      return JSON.stringify(String(value));
    default:
      return String(value);
  }
}

const entries = (pairs: readonly (readonly [string, string])[]): string =>
  `{${pairs
    .map(([key, value]) => `${key}: ${value}`)
    .sort()
    .join(", ")}}`;

/** Types without the lengths of texts, which Athena's results do not show either, and without what is only layout. */
export const plainType = (type: string): string =>
  type
    .toLowerCase()
    .replace(/varchar\(\d+\)/g, "varchar")
    .replaceAll('"', "")
    .replaceAll(", ", ",");
