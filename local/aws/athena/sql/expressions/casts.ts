import { ident, quote } from "../ast.ts";
import { toJsonText } from "../functions/to-json.ts";
import { duckType, fieldName, isInteger, sameType, type TrinoType } from "../types.ts";
import { fromJson, V } from "./json-casts.ts";
import { fromText, plain, toPrecision } from "./text-casts.ts";
import { toInstant, toLocal, zoneOf } from "./zones.ts";

/** SQL that turns the value `sql` of type `from` into `to`, or undefined when Trino has no such cast or we do not. */
export type Caster = (sql: string, from: TrinoType, to: TrinoType, safe: boolean) => string | undefined;

function fromTimestamp(sql: string, precision: number, to: TrinoType): string | undefined {
  if (to.kind === "date") return `CAST(${sql} AS DATE)`;
  if (to.kind === "timestamp") return to.precision >= precision ? sql : toPrecision(sql, to.precision);
  if (to.kind === "timestamptz" && zoneOf(to) === "UTC")
    return toInstant(to.precision >= precision ? sql : toPrecision(sql, to.precision), "UTC");
  if (to.kind === "time" && to.precision >= precision) return `trino_time_of(${sql})`;
  if (to.kind !== "varchar") return undefined;
  const digits = precision === 0 ? 19 : 20 + precision;
  return `left(strftime(trino_common_era(${sql}), '%Y-%m-%d %H:%M:%S.%f'), ${digits})`;
}

/**
 * Trino divides the digits of up to 18, made a real, by the power of ten, made a real: 16777217.0 is 16777218. More digits
 * it reads as a text.
 */
function realOfDecimal(sql: string, precision: number, scale: number): string {
  if (precision > 18) return `CAST(CAST(${sql} AS VARCHAR) AS FLOAT)`;
  const digits = `CAST(CAST(trino_unscaled(${sql}) AS BIGINT) AS FLOAT)`;
  return scale === 0 ? digits : `(${digits} / CAST(1${"0".repeat(scale)} AS FLOAT))`;
}

type RowType = TrinoType & { readonly kind: "row" };

/** A row in another row type, field by field by position; a row that is NULL stays it. */
function castRow(sql: string, from: RowType, to: RowType, safe: boolean): string | undefined {
  if (from.fields.length !== to.fields.length) return undefined;
  const parts: string[] = [];
  for (const [i, field] of to.fields.entries()) {
    const source = from.fields[i];
    const value = source && cast(`struct_extract_at(${sql}, ${i + 1})`, source.type, field.type, safe);
    if (value === undefined) return undefined;
    parts.push(`${ident(fieldName(field, i))} := ${value}`);
  }
  return `CASE WHEN ${sql} IS NULL THEN NULL ELSE struct_pack(${parts.join(", ")}) END`;
}

/** Trino's CAST and TRY_CAST; every pair of types not named here is refused. */
export const cast: Caster = (sql, from, to, safe) => {
  if (to.kind === "varchar" && to.length !== undefined && from.kind === "varchar") {
    return from.length === to.length ? sql : `left(${sql}, ${to.length})`;
  }
  if (sameType(from, to)) return sql;
  if (to.kind === "json" && from.kind !== "varchar" && from.kind !== "unknown") {
    const json = toJsonText(sql, from);
    return json && `CAST(${json} AS JSON)`;
  }
  if (from.kind === "unknown") return `CAST(${sql} AS ${duckType(to)})`;
  if (to.kind === "varchar" && to.length !== undefined) return undefined;
  switch (from.kind) {
    case "varchar":
      return fromText(sql, to, safe);
    case "tinyint":
    case "smallint":
    case "integer":
    case "bigint":
      return isInteger(to) || ["real", "double", "decimal", "varchar", "boolean"].includes(to.kind)
        ? plain(sql, to, safe)
        : undefined;
    case "decimal":
      if (to.kind === "real") return realOfDecimal(sql, from.precision, from.scale);
      // DuckDB writes decimal(2,2) without the zero before the point.
      if (to.kind === "varchar" && from.precision === from.scale)
        return from.scale === 38
          ? undefined
          : plain(`CAST(${sql} AS DECIMAL(${from.scale + 1},${from.scale}))`, to, safe);
      return isInteger(to) || ["double", "decimal", "varchar"].includes(to.kind) ? plain(sql, to, safe) : undefined;
    case "double":
      if (isInteger(to)) return plain(`round(${sql})`, to, safe);
      if (to.kind === "decimal") return plain(`trino_plain(CAST(${sql} AS VARCHAR))`, to, safe);
      if (to.kind === "real") return `trino_real(${sql})`;
      return to.kind === "varchar" ? `trino_double_text(${sql})` : undefined;
    case "real":
      return to.kind === "double" ? plain(sql, to, safe) : undefined;
    case "boolean":
      return isInteger(to) || ["real", "varchar"].includes(to.kind) ? plain(sql, to, safe) : undefined;
    case "date":
      if (to.kind === "varchar") return plain(`trino_common_era(${sql})`, to, safe);
      if (to.kind === "timestamptz")
        return zoneOf(to) === "UTC" ? toInstant(`CAST(${sql} AS TIMESTAMP)`, "UTC") : undefined;
      return to.kind === "timestamp" ? plain(sql, to, safe) : undefined;
    case "timestamp":
      return fromTimestamp(sql, from.precision, to);
    case "timestamptz": {
      const zone = zoneOf(from);
      if (to.kind === "timestamptz") return zone === zoneOf(to) && to.precision >= from.precision ? sql : undefined;
      const local = fromTimestamp(toLocal(sql, zone), from.precision, to);
      return to.kind === "varchar" && local !== undefined ? `(${local} || ${quote(` ${zone}`)})` : local;
    }
    case "time":
      if (to.kind !== "varchar") return undefined;
      return `left(strftime(DATE '2000-01-01' + ${sql}, '%H:%M:%S.%f'), ${from.precision === 0 ? 8 : 9 + from.precision})`;
    case "json":
      return safe ? undefined : fromJson(sql, to);
    case "array": {
      if (to.kind !== "array") return undefined;
      const element = cast(V, from.element, to.element, safe);
      return element && `list_transform(${sql}, lambda ${V}: ${element})`;
    }
    case "row":
      return to.kind === "row" ? castRow(sql, from, to, safe) : undefined;
    case "map": {
      if (to.kind !== "map") return undefined;
      const key = cast(V, from.key, to.key, safe);
      const value = cast(V, from.value, to.value, safe);
      if (key === undefined || value === undefined) return undefined;
      const part = (list: string, body: string): string => `list_transform(${list}(${sql}), lambda ${V}: ${body})`;
      return `trino_map(${part("map_keys", key)}, ${part("map_values", value)})`;
    }
    default:
      return undefined;
  }
};
