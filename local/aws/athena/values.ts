import {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBIntervalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  type DuckDBValue,
} from "@duckdb/node-api";
import { fieldName, type TrinoType } from "./sql/types.ts";

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
  if (mantissa.includes(".")) return `${mantissa}E${Number(exponent)}`;
  // Java takes the nearest of those with two digits, which matters where doubles lie far apart: 4.9E-324.
  return value.toExponential(1).replace("e", "E").replace("+", "");
}

/** Years after 9999 have a sign in Trino, those before 1 count from 0: `+10000-01-01`, `-0001-01-01`. */
export function dayText(text: string): string {
  const [, sign = "", digits = "", rest = "", before = ""] = /^([+-]?)(\d+)(-\d\d-\d\d)( \(BC\))?$/.exec(text) ?? [];
  if (digits === "") return text;
  const year = before === "" ? Number(`${sign}${digits}`) : 1 - Number(digits);
  return `${year < 0 ? "-" : year > 9999 ? "+" : ""}${String(Math.abs(year)).padStart(4, "0")}${rest}`;
}

/** Microseconds since the epoch, with so many digits of a second. */
export function timestampText(micros: bigint, precision: number): string {
  const fraction = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const seconds = (micros - fraction) / 1_000_000n;
  const [day = "", time = ""] = new Date(Number(seconds) * 1000).toISOString().split("T");
  const whole = `${dayText(day)} ${time.slice(0, 8)}`;
  return precision === 0 ? whole : `${whole}.${fraction.toString().padStart(6, "0").slice(0, precision)}`;
}

function numberText(value: number, { kind }: TrinoType): string {
  if (kind === "double") return javaDouble(value);
  // The shortest digits that are the same float.
  return kind === "real" ? javaDouble(shortestFloat(value)) : String(value);
}

function shortestFloat(value: number): number {
  if (value === 0 || !Number.isFinite(value)) return value;
  for (let digits = 1; digits <= 9; digits++) {
    const shorter = Number(value.toPrecision(digits));
    if (Math.fround(shorter) === value) return shorter;
  }
  return value;
}

/** The instant in the type's zone: `2026-11-20 10:00:00.000 Europe/Berlin`. */
function zonedText(micros: bigint, type: TrinoType): string {
  const { precision, zone = "UTC" } = type.kind === "timestamptz" ? type : { precision: 3 };
  return `${timestampText(micros + zoneOffset(micros, zone), precision)} ${zone}`;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Microseconds that the zone's clocks are ahead of UTC at an instant. */
function zoneOffset(micros: bigint, zone: string): bigint {
  if (zone === "UTC") return 0n;
  const known = formats.get(zone);
  const format =
    known ??
    new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      era: "short",
      ...{ year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" },
    });
  if (known === undefined) formats.set(zone, format);
  const millis = Number(micros / 1000n);
  const part = Object.fromEntries(format.formatToParts(millis).map(({ type, value }) => [type, value]));
  const year = part["era"] === "BC" ? 1 - Number(part["year"]) : Number(part["year"]);
  const local = new Date(0);
  local.setUTCFullYear(year, Number(part["month"]) - 1, Number(part["day"]));
  local.setUTCHours(Number(part["hour"]), Number(part["minute"]), Number(part["second"]));
  return BigInt(local.getTime() - Math.floor(millis / 1000) * 1000) * 1000n;
}

/** `2 03:04:05.678` for days to seconds, `1-2` for years and months. */
function intervalText({ months, days, micros }: DuckDBIntervalValue, type: TrinoType): string {
  if (type.kind === "months")
    return `${months < 0 ? "-" : ""}${Math.trunc(Math.abs(months) / 12)}-${Math.abs(months) % 12}`;
  const total = BigInt(days) * 86_400_000n + micros / 1000n;
  const size = total < 0n ? -total : total;
  const two = (n: bigint): string => String(n % 60n).padStart(2, "0");
  const hours = String((size / 3_600_000n) % 24n).padStart(2, "0");
  const clock = `${hours}:${two(size / 60_000n)}:${two(size / 1000n)}.${String(size % 1000n).padStart(3, "0")}`;
  return `${total < 0n ? "-" : ""}${size / 86_400_000n} ${clock}`;
}

/** A value as the text of Athena's results; null for NULL. Timestamps always show their type's digits. */
export function valueText(value: DuckDBValue, type: TrinoType): string | null {
  if (value === null) return null;
  if (typeof value === "number") return numberText(value, type);
  if (value instanceof DuckDBTimestampValue)
    return timestampText(value.micros, type.kind === "timestamp" ? type.precision : 3);
  if (value instanceof DuckDBTimestampTZValue) return zonedText(value.micros, type);
  if (value instanceof DuckDBTimeValue)
    return timestampText(value.micros, type.kind === "time" ? type.precision : 3).slice("1970-01-01 ".length);
  if (value instanceof DuckDBIntervalValue) return intervalText(value, type);
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
    const parts = fields.map((field, i) => {
      const name = fieldName(field, i);
      return `${name}=${valueText(value.entries[name] ?? null, field.type) ?? "null"}`;
    });
    return `{${parts.join(", ")}}`;
  }
  if (value instanceof DuckDBMapValue && type.kind === "map") {
    const parts = value.entries.map(
      (entry) => `${valueText(entry.key, type.key) ?? "null"}=${valueText(entry.value, type.value) ?? "null"}`,
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
