import { civilFromDays, daysFromCivil, floorDivide } from "./civil.ts";
import type { PrimitiveType, Value } from "./model.ts";
import { decimalParameters, fixedLength } from "./type-parameters.ts";

/** Values as text: read from DuckDB or a SQL literal, written for people as Java Iceberg does (`TransformUtil`). */

const MICROS_PER_SECOND = 1_000_000n;
const MICROS_PER_DAY = 86_400n * MICROS_PER_SECOND;
const MAX_LONG = 2n ** 63n - 1n;
const MAX_INT = 2 ** 31 - 1;

const DAY = String.raw`(\d{4,7})-(\d{2})-(\d{2})`;
const CLOCK = String.raw`(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,12}))?)?`;
const ERA = String.raw`( \(BC\))?`;
const DATE = new RegExp(`^${DAY}${ERA}$`);
const TIME = new RegExp(`^${CLOCK}$`);
const TIMESTAMP = new RegExp(`^${DAY}${ERA}(?:[ T]${CLOCK}( ?(?:Z|UTC|[+-]\\d{2}(?::?\\d{2})?))?)?$`);

/**
 * @param text as DuckDB prints a value (session time zone UTC; bytes with `\xAA`), or the text of a SQL literal. For a
 * float the nearest one is given, so that a literal such as `0.1` is not exactly the value. NaN is a value, without a
 * place in the order.
 * @returns undefined when the type has no such value: `infinity` as a date, too many digits, another type's text.
 */
export function parseValue(text: string, type: PrimitiveType): Value | undefined {
  switch (type) {
    case "boolean":
      return parseBoolean(text);
    case "int": {
      const value = /^[+-]?\d{1,12}$/.test(text) ? Number(text) : undefined;
      return value !== undefined && value <= MAX_INT && value >= -MAX_INT - 1 ? value : undefined;
    }
    case "long":
      return /^[+-]?\d{1,24}$/.test(text) ? withinLong(BigInt(text.replace("+", ""))) : undefined;
    case "float": {
      const value = parseDouble(text);
      return value === undefined ? undefined : Math.fround(value);
    }
    case "double":
      return parseDouble(text);
    case "date": {
      const parts = DATE.exec(text);
      return parts === null ? undefined : dayOf(parts);
    }
    case "time": {
      const parts = TIME.exec(text);
      return parts === null ? undefined : clockMicros(parts[1], parts[2], parts[3], parts[4]);
    }
    case "timestamp":
    case "timestamptz":
      return parseTimestamp(text, type === "timestamptz");
    case "string":
      return text;
    case "uuid":
      return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
        ? Buffer.from(text.replaceAll("-", ""), "hex")
        : undefined;
    default:
      return decimalParameters(type) === undefined ? parseBytes(text, type) : parseDecimal(text, type);
  }
}

/** The value as Java's `toHumanString` of the identity transform writes it, which is what partition folders hold. */
export function valueText(value: Value, type: PrimitiveType): string {
  if (type === "uuid" && Buffer.isBuffer(value)) {
    return value.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }
  if (Buffer.isBuffer(value)) return value.toString("base64");
  if (typeof value === "number") {
    if (type === "date") return dayText(value);
    return type === "int" ? String(value) : javaDouble(value);
  }
  if (typeof value !== "bigint") return String(value);
  switch (type) {
    case "time":
      return clockText(value);
    case "timestamp":
    case "timestamptz": {
      const days = floorDivide(value, MICROS_PER_DAY);
      const zone = type === "timestamptz" ? "Z" : "";
      return `${dayText(Number(days))}T${clockText(value - days * MICROS_PER_DAY)}${zone}`;
    }
    default:
      return decimalText(value, decimalParameters(type)?.scale ?? 0);
  }
}

function parseBoolean(text: string): boolean | undefined {
  const lower = text.toLowerCase();
  if (lower === "true" || lower === "1") return true;
  return lower === "false" || lower === "0" ? false : undefined;
}

function parseDouble(text: string): number | undefined {
  const infinite = /^([+-]?)inf(?:inity)?$/i.exec(text);
  if (infinite !== null) return infinite[1] === "-" ? -Infinity : Infinity;
  if (/^nan$/i.test(text)) return Number.NaN;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}

function parseDecimal(text: string, type: PrimitiveType): bigint | undefined {
  const parts = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(text);
  const { precision, scale } = decimalParameters(type) ?? { precision: 0, scale: 0 };
  const [, sign, whole = "", fraction = ""] = parts ?? [];
  if (whole === "" && fraction === "") return undefined;
  if (/[^0]/.test(fraction.slice(scale))) return undefined;
  const digits = BigInt(whole + fraction.slice(0, scale).padEnd(scale, "0"));
  if (digits >= 10n ** BigInt(precision)) return undefined;
  return sign === "-" ? -digits : digits;
}

function parseTimestamp(text: string, zoned: boolean): bigint | undefined {
  const parts = TIMESTAMP.exec(text);
  if (parts === null) return undefined;
  const [, , , , , hours, minutes, seconds, fraction, zone] = parts;
  if (zone !== undefined && !zoned) return undefined;
  const day = dayOf(parts);
  const clock = clockMicros(hours ?? "00", minutes ?? "00", seconds, fraction);
  if (day === undefined || clock === undefined) return undefined;
  return withinLong(BigInt(day) * MICROS_PER_DAY + clock - offsetMicros(zone));
}

function offsetMicros(zone: string | undefined): bigint {
  const parts = /([+-])(\d{2}):?(\d{2})?$/.exec(zone ?? "");
  if (parts === null) return 0n;
  const minutes = BigInt(parts[2] ?? 0) * 60n + BigInt(parts[3] ?? 0);
  return (parts[1] === "-" ? -minutes : minutes) * 60n * MICROS_PER_SECOND;
}

function dayOf(parts: RegExpExecArray): number | undefined {
  const written = Number(parts[1]);
  const year = parts[4] === undefined ? written : 1 - written;
  return daysFromCivil({ year, month: Number(parts[2]), day: Number(parts[3]) });
}

function clockMicros(
  hours: string | undefined,
  minutes: string | undefined,
  seconds = "00",
  fraction = "",
): bigint | undefined {
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  if (/[^0]/.test(fraction.slice(6))) return undefined;
  const whole = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return BigInt(whole) * MICROS_PER_SECOND + BigInt(fraction.slice(0, 6).padEnd(6, "0"));
}

function parseBytes(text: string, type: PrimitiveType): Buffer | undefined {
  const bytes: number[] = [];
  for (const [, hex, plain] of text.matchAll(/\\x([0-9A-Fa-f]{2})|(.)/gsu)) {
    const byte = hex === undefined ? (plain?.codePointAt(0) ?? 0) : Number.parseInt(hex, 16);
    if (byte > 0x7f && hex === undefined) return undefined;
    bytes.push(byte);
  }
  return bytes.length === (fixedLength(type) ?? bytes.length) ? Buffer.from(bytes) : undefined;
}

function withinLong(value: bigint): bigint | undefined {
  return value <= MAX_LONG && value >= -MAX_LONG - 1n ? value : undefined;
}

function dayText(days: number): string {
  const { year, month, day } = civilFromDays(days);
  const sign = year < 0 ? "-" : year > 9999 ? "+" : "";
  return `${sign}${padded(Math.abs(year), 4)}-${padded(month, 2)}-${padded(day, 2)}`;
}

/** As `java.time.LocalTime`: no seconds when there are none, the fraction in groups of three digits. */
function clockText(micros: bigint): string {
  const seconds = Number(micros / MICROS_PER_SECOND);
  const fraction = padded(Number(micros % MICROS_PER_SECOND), 6);
  const clock = `${padded(Math.floor(seconds / 3600), 2)}:${padded(Math.floor(seconds / 60) % 60, 2)}`;
  if (fraction !== "000000") return `${clock}:${padded(seconds % 60, 2)}.${fraction.replace(/000$/, "")}`;
  return seconds % 60 === 0 ? clock : `${clock}:${padded(seconds % 60, 2)}`;
}

function decimalText(unscaled: bigint, scale: number): string {
  if (scale === 0) return String(unscaled);
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, "0");
  return `${unscaled < 0n ? "-" : ""}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** As `Double.toString`: always a fraction, an exponent from ten million on and below a thousandth. */
function javaDouble(value: number): string {
  const size = Math.abs(value);
  if (!Number.isFinite(value)) return String(value);
  if (Object.is(value, -0)) return "-0.0";
  if (size === 0 || (size >= 1e-3 && size < 1e7)) return Number.isInteger(value) ? `${value}.0` : String(value);
  const [digits = "", exponent = ""] = value.toExponential().split("e");
  return `${digits.includes(".") ? digits : `${digits}.0`}E${exponent.replace("+", "")}`;
}

function padded(value: number, digits: number): string {
  return String(value).padStart(digits, "0");
}
