import { quote } from "./ast.ts";
import { fromJson, V } from "./json-casts.ts";
import { display, duckType, isInteger, sameType, type TrinoType } from "./types.ts";

const NUMBER = "[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?";

/** The forms of text that Trino's casts take (`1_000` and `1e3` are no integers; dates only as Y-M-D). */
const forms: Readonly<Record<string, string>> = {
  integer: "[+-]?[0-9]+",
  decimal: NUMBER,
  double: `${NUMBER}|NaN|[+-]?Infinity`,
  date: "[+-]?[0-9]+-[0-9]{1,2}-[0-9]{1,2}",
  timestamp: "[0-9]+-[0-9]{1,2}-[0-9]{1,2}( [0-9]{1,2}:[0-9]{1,2}(:[0-9]{1,2}([.][0-9]{1,6})?)?)?",
  boolean: "(?i)(true|t|1|false|f|0)",
};

/** SQL that turns the value `sql` of type `from` into `to`, or undefined when Trino has no such cast or we do not. */
export type Caster = (sql: string, from: TrinoType, to: TrinoType, safe: boolean) => string | undefined;

const plain = (sql: string, to: TrinoType, safe: boolean): string =>
  `${safe ? "TRY_CAST" : "CAST"}(${sql} AS ${duckType(to)})`;

/** Rounds to the target's digits of a second, half up. */
function toPrecision(sql: string, digits: number): string {
  if (digits >= 6) return sql;
  if (digits === 3) return `date_trunc('milliseconds', ${sql} + INTERVAL 500 MICROSECOND)`;
  return `date_trunc('second', ${sql} + INTERVAL 500 MILLISECOND)`;
}

function fromText(sql: string, to: TrinoType, safe: boolean): string | undefined {
  if (to.kind === "json") return `to_json(${sql})`;
  const form = forms[isInteger(to) ? "integer" : to.kind];
  if (form === undefined) return undefined;
  const trimmed = to.kind === "boolean" || to.kind === "timestamp" ? sql : `trim(${sql})`;
  const checked = safe
    ? `trino_try_form(${trimmed}, ${quote(form)})`
    : `trino_form(${trimmed}, ${quote(form)}, ${quote(display(to))})`;
  const value = plain(checked, to, safe);
  return to.kind === "timestamp" ? toPrecision(value, to.precision) : value;
}

function fromTimestamp(sql: string, precision: number, to: TrinoType): string | undefined {
  if (to.kind === "date") return `CAST(${sql} AS DATE)`;
  if (to.kind === "timestamp") return to.precision >= precision ? sql : toPrecision(sql, to.precision);
  if (to.kind !== "varchar") return undefined;
  const digits = precision === 0 ? 19 : 20 + precision;
  return `left(strftime(${sql}, '%Y-%m-%d %H:%M:%S.%f'), ${digits})`;
}

/** Trino's CAST and TRY_CAST; every pair of types not named here is refused. */
export const cast: Caster = (sql, from, to, safe) => {
  if (to.kind === "varchar" && to.length !== undefined && from.kind === "varchar") {
    return from.length === to.length ? sql : `left(${sql}, ${to.length})`;
  }
  if (sameType(from, to)) return sql;
  if (from.kind === "unknown") return `CAST(${sql} AS ${duckType(to)})`;
  if (to.kind === "varchar" && to.length !== undefined) return undefined;
  switch (from.kind) {
    case "varchar":
      return fromText(sql, to, safe);
    case "tinyint":
    case "smallint":
    case "integer":
    case "bigint":
      return isInteger(to) || ["double", "decimal", "varchar", "boolean"].includes(to.kind)
        ? plain(sql, to, safe)
        : undefined;
    case "decimal":
      return isInteger(to) || ["double", "decimal", "varchar"].includes(to.kind) ? plain(sql, to, safe) : undefined;
    case "double":
      if (isInteger(to)) return plain(`round(${sql})`, to, safe);
      if (to.kind === "decimal") return plain(`CAST(${sql} AS VARCHAR)`, to, safe);
      return to.kind === "varchar" ? `trino_double_text(${sql})` : undefined;
    case "boolean":
      return isInteger(to) || to.kind === "varchar" ? plain(sql, to, safe) : undefined;
    case "date":
      return to.kind === "timestamp" || to.kind === "varchar" ? plain(sql, to, safe) : undefined;
    case "timestamp":
      return fromTimestamp(sql, from.precision, to);
    case "timestamptz": {
      const local = fromTimestamp(`(${sql} AT TIME ZONE 'UTC')`, from.precision, to);
      return to.kind === "varchar" && local !== undefined ? `(${local} || ' UTC')` : local;
    }
    case "json":
      return safe ? undefined : fromJson(sql, to);
    case "array": {
      if (to.kind !== "array") return undefined;
      const element = cast(V, from.element, to.element, safe);
      return element && `list_transform(${sql}, lambda ${V}: ${element})`;
    }
    default:
      return undefined;
  }
};
