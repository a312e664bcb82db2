import {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBListValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBValue,
} from "@duckdb/node-api";
import type { TrinoType } from "./sql/types.ts";

/** A double as Java writes it, which is what Athena's results show: `0.1`, `12.0`, `1.0E10`. */
export function javaDouble(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "Infinity" : "-Infinity";
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e7) {
    const plain = String(value);
    return plain.includes(".") ? plain : `${plain}.0`;
  }
  const [mantissa = "", exponent = "0"] = value.toExponential().split("e");
  return `${mantissa.includes(".") ? mantissa : `${mantissa}.0`}E${Number(exponent)}`;
}

/** Years after 9999 have a sign in Trino, those before 1 count from 0: `+10000-01-01`, `-0001-01-01`. */
function dayText(text: string): string {
  const [, sign = "", digits = "", rest = "", before = ""] = /^([+-]?)(\d+)(-\d\d-\d\d)( \(BC\))?$/.exec(text) ?? [];
  if (digits === "") return text;
  const year = before === "" ? Number(`${sign}${digits}`) : 1 - Number(digits);
  return `${year < 0 ? "-" : year > 9999 ? "+" : ""}${String(Math.abs(year)).padStart(4, "0")}${rest}`;
}

function timestampText(micros: bigint, precision: number): string {
  const fraction = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const seconds = (micros - fraction) / 1_000_000n;
  const [day = "", time = ""] = new Date(Number(seconds) * 1000).toISOString().split("T");
  const whole = `${dayText(day)} ${time.slice(0, 8)}`;
  return precision === 0 ? whole : `${whole}.${fraction.toString().padStart(6, "0").slice(0, precision)}`;
}

/** A value as the text of Athena's results; null for NULL. Timestamps always show their type's digits. */
export function valueText(value: DuckDBValue, type: TrinoType): string | null {
  if (value === null) return null;
  if (typeof value === "number") return type.kind === "double" ? javaDouble(value) : String(value);
  if (value instanceof DuckDBTimestampValue)
    return timestampText(value.micros, type.kind === "timestamp" ? type.precision : 3);
  if (value instanceof DuckDBTimestampTZValue) return `${timestampText(value.micros, 3)} UTC`;
  if (value instanceof DuckDBDateValue) return dayText(value.toString());
  if (value instanceof DuckDBBlobValue)
    return Buffer.from(value.bytes)
      .toString("hex")
      .replace(/(..)(?=.)/g, "$1 ");
  if (value instanceof DuckDBListValue) {
    const element: TrinoType = type.kind === "array" ? type.element : { kind: "unknown" };
    return `[${value.items.map((item) => valueText(item, element) ?? "null").join(", ")}]`;
  }
  if (value instanceof DuckDBStructValue) {
    const fields = type.kind === "row" ? type.fields : [];
    const parts = fields.map(
      (field) => `${field.name}=${valueText(value.entries[field.name] ?? null, field.type) ?? "null"}`,
    );
    return `{${parts.join(", ")}}`;
  }
  // Trino's JSON has pairs of escapes for what lies beyond the basic plane.
  if (type.kind === "json") return String(value).replace(/[\u{10000}-\u{10ffff}]/gu, escapePair);
  return String(value);
}

const escapePair = (character: string): string =>
  character
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).toUpperCase()}`)
    .join("");
