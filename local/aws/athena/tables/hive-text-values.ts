import type { TrinoType } from "../sql/types.ts";
import { refuse } from "../sql/udf/udf.ts";

/** A value that its column cannot hold: NULL or a failure, as the SerDe has it. */
export const UNREADABLE = Symbol("unreadable");
/** The text of a value as DuckDB casts it to the column's type. */
export type ValueText = string | typeof UNREADABLE;

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,9}))?$/;

/** A number's digits without the point, and how many of them stand after it (fewer than none: zeros are missing). */
interface Digits {
  readonly negative: boolean;
  readonly unscaled: bigint;
  readonly scale: number;
}

/** A number as Java's BigDecimal reads it. */
function digitsOf(text: string): Digits | undefined {
  const [, sign, whole = "", fraction = "", exponent = "0"] = DECIMAL.exec(text) ?? [];
  if (sign === undefined || whole + fraction === "") return undefined;
  return { negative: sign === "-", unscaled: BigInt(whole + fraction), scale: fraction.length - Number(exponent) };
}

function pointed(unscaled: bigint, scale: number): string {
  const digits = String(unscaled).padStart(scale + 1, "0");
  return scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** Beyond this many digits no type holds the number. */
const MOST_DIGITS = 400;

/** A number's text as BigDecimal writes it: with an exponent where its scale is negative or it is very small. */
export function decimalText(text: string): string | undefined {
  const digits = digitsOf(text);
  if (digits === undefined) return undefined;
  const { negative, unscaled, scale } = digits;
  const plain = String(unscaled);
  const sign = negative && unscaled !== 0n ? "-" : "";
  const adjusted = plain.length - 1 - scale;
  if (scale >= 0 && adjusted >= -6) return sign + pointed(unscaled, scale);
  const mantissa = plain.length > 1 ? `${plain[0]}.${plain.slice(1)}` : plain;
  return `${sign}${mantissa}E${adjusted < 0 ? "" : "+"}${adjusted}`;
}

/** Rounded half away from zero to the type's scale. */
export function decimal(text: string, type: { readonly precision: number; readonly scale: number }): ValueText {
  const digits = digitsOf(text);
  if (digits === undefined) return UNREADABLE;
  const shift = type.scale - digits.scale;
  if (Math.abs(shift) > MOST_DIGITS) return digits.unscaled === 0n || shift < 0 ? "0" : UNREADABLE;
  const unit = 10n ** BigInt(Math.abs(shift));
  const scaled = shift >= 0 ? digits.unscaled * unit : (digits.unscaled + unit / 2n) / unit;
  if (scaled >= 10n ** BigInt(type.precision)) return UNREADABLE;
  return `${digits.negative ? "-" : ""}${pointed(scaled, type.scale)}`;
}

const bits: Readonly<Record<string, bigint>> = { tinyint: 8n, smallint: 16n, integer: 32n, bigint: 64n };

/** @returns the integer, if the type has it. */
export function integer(value: bigint, { kind }: TrinoType): ValueText {
  return BigInt.asIntN(Number(bits[kind] ?? 64n), value) === value ? String(value) : UNREADABLE;
}

/** Hive's integers in text: what stands after a point is cut off. */
export function textInteger(text: string, type: TrinoType): ValueText {
  const [, sign, whole] = /^([+-]?)(\d*)(?:\.\d*)?$/.exec(text) ?? [];
  if (sign === undefined || whole === undefined || text === sign) return UNREADABLE;
  return integer(BigInt(whole) * (sign === "-" ? -1n : 1n), type);
}

/** A whole number out of any number, cut towards zero. */
export function cutNumber(text: string, type: TrinoType): ValueText {
  const digits = digitsOf(text);
  if (digits === undefined || Math.abs(digits.scale) > MOST_DIGITS) return UNREADABLE;
  const unit = 10n ** BigInt(Math.abs(digits.scale));
  const whole = digits.scale > 0 ? digits.unscaled / unit : digits.unscaled * unit;
  return integer(digits.negative ? -whole : whole, type);
}

/** A float as Java's `Double.parseDouble` reads it. */
export function float(text: string): ValueText {
  const trimmed = text.trim();
  if (/^[+-]?(NaN|Infinity)$/.test(trimmed)) return trimmed.endsWith("NaN") ? "NaN" : trimmed.replace("+", "");
  if (/^[+-]?0[xX]/.test(trimmed)) return refuse("a hexadecimal number in a text file");
  const number = trimmed.replace(/(?<=[\d.])[dDfF]$/, "");
  return digitsOf(number) === undefined ? UNREADABLE : number;
}

export const MILLISECOND = 1_000_000n;

/** `2020-01-02 03:04:05.678` of seconds and nanoseconds since 1970, rounded to milliseconds. */
export function moment(seconds: number, nanos: bigint): string {
  const millis = seconds * 1000 + Number((nanos + MILLISECOND / 2n) / MILLISECOND);
  const date = new Date(millis);
  const year = date.getUTCFullYear();
  if (!(year > 0 && year < 10_000)) return refuse("a time so far away in a text file");
  return date.toISOString().slice(0, 23).replace("T", " ");
}

/** Seconds since 1970; months, days, hours, ... beyond their range run over into the next. */
export function secondsOf(parts: readonly (string | undefined)[]): number {
  const [year, month, day, hour, minute, second] = parts.map((part) => Number(part ?? 0));
  const date = new Date(0);
  date.setUTCFullYear(year ?? 0, (month ?? 1) - 1, day ?? 1);
  date.setUTCHours(hour ?? 0, minute ?? 0, second ?? 0);
  return date.getTime() / 1000;
}

export const nanosOf = (fraction: string | undefined): bigint => BigInt((fraction ?? "").padEnd(9, "0"));

const DATE = /^(\d{1,4})-(\d{1,2})-(\d{1,2})$/;
/** What Java's lenient parser may read as well: signs, long years, more zeros. */
const ODD_DATE = /^[+-]?\d+-[+-]?\d+-[+-]?\d+$/;

/** The day of a text: what follows a blank does not matter. */
export function day(text: string): ValueText {
  const [first = ""] = text.trim().split(" ");
  const parts = DATE.exec(first);
  if (parts !== null) return moment(secondsOf(parts.slice(1)), 0n).slice(0, 10);
  return ODD_DATE.test(first) ? refuse(`the date '${first}' in a text file`) : UNREADABLE;
}

const TIME = String.raw`(\d{1,2}):(\d{1,2})`;
const HIVE_TIME = new RegExp(String.raw`^(\d{1,4})-(\d{1,2})-(\d{1,2}) ${TIME}:(\d{1,2})(?:\.(\d{0,9}))?$`);
const ISO_TIME = new RegExp(String.raw`^(\d{1,4})-(\d{1,2})-(\d{1,2})[Tt]${TIME}(?::(\d{1,2})(?:\.(\d{0,9}))?)?$`);
const ODD_TIME = /^[+-]?\d+-[+-]?\d+-[+-]?\d+( [+-]?\d+:[+-]?\d+:|T[+-]?\d+:)[+\-\d:.]+$/i;

/** A time without zone, `T` or a blank between day and hour. A day alone is none. */
export function time(text: string): ValueText {
  const trimmed = text.trim();
  const parts = HIVE_TIME.exec(trimmed) ?? ISO_TIME.exec(trimmed);
  if (parts !== null) return moment(secondsOf(parts.slice(1, 7)), nanosOf(parts[7]));
  return ODD_TIME.test(trimmed) ? refuse(`the time '${trimmed}' in a text file`) : UNREADABLE;
}

/** The first `length` characters. */
export const shortened = (text: string, length: number | undefined): string =>
  length === undefined || text.length <= length ? text : [...text].slice(0, length).join("");
