import { quote } from "../ast.ts";
import { isInteger, type TrinoType } from "../types.ts";

/** The JSON text of a value, NULL for NULL; undefined for types whose text differs from Trino's. */
export function toJsonText(sql: string, type: TrinoType, depth = 0): string | undefined {
  if (type.kind === "unknown") return "CAST(NULL AS VARCHAR)";
  if (isInteger(type) || type.kind === "boolean") return `CAST(${sql} AS VARCHAR)`;
  if (type.kind === "varchar") return `trino_json_string(${sql})`;
  if (type.kind === "date") return `('"' || CAST(trino_common_era(${sql}) AS VARCHAR) || '"')`;
  if (type.kind === "json") return `trino_json_format(${sql})`;
  const v = `trino_j${depth}`;
  if (type.kind === "array") {
    const item = toJsonText(v, type.element, depth + 1);
    const items = item && `list_transform(${sql}, lambda ${v}: coalesce(${item}, 'null'))`;
    return items && `('[' || CASE WHEN len(${sql}) = 0 THEN '' ELSE array_to_string(${items}, ',') END || ']')`;
  }
  if (type.kind === "map" && type.key.kind === "varchar") {
    const item = toJsonText(`(${sql})[${v}]`, type.value, depth + 1);
    const items =
      item &&
      `list_transform(list_sort(map_keys(${sql})), lambda ${v}: trino_json_string(${v}) || ':' || coalesce(${item}, 'null'))`;
    return items && `('{' || CASE WHEN cardinality(${sql}) = 0 THEN '' ELSE array_to_string(${items}, ',') END || '}')`;
  }
  if (type.kind !== "row" || type.fields.some(({ name }) => name === "")) return undefined;
  const parts: string[] = [];
  for (const field of type.fields) {
    const item = toJsonText(`struct_extract(${sql}, ${quote(field.name)})`, field.type, depth + 1);
    if (item === undefined) return undefined;
    parts.push(`${quote(`${JSON.stringify(field.name)}:`)} || coalesce(${item}, 'null')`);
  }
  return `CASE WHEN ${sql} IS NULL THEN NULL ELSE '{' || ${parts.join(" || ',' || ")} || '}' END`;
}
