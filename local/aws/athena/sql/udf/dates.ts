import { fail, LONG, NUMBER, ofTexts, refuse, TEXT, type Udf } from "./udf.ts";

const MONTHS = "January February March April May June July August September October November December".split(" ");

/** Fields as Joda's formatter appends them: which one, and how many digits it takes at most. */
const numbers: Readonly<Record<string, readonly [string, number]>> = {
  Y: ["year", 4],
  m: ["month", 2],
  c: ["month", 2],
  d: ["day", 2],
  e: ["day", 2],
  H: ["hour", 2],
  k: ["hour", 2],
  h: ["half", 2],
  I: ["half", 2],
  l: ["half", 2],
  i: ["minute", 2],
  s: ["second", 2],
  S: ["second", 2],
  j: ["dayOfYear", 3],
  y: ["shortYear", 2],
};

const ranges: Readonly<Record<string, readonly [number, number]>> = {
  month: [1, 12],
  day: [1, 31],
  hour: [0, 23],
  half: [1, 12],
  minute: [0, 59],
  second: [0, 59],
  dayOfYear: [1, 366],
};

type Fields = Map<string, number>;

/** Months are found whole or short, as written, in small or in capital letters. */
function readMonth(text: string): { month: number; length: number } | undefined {
  for (const [i, name] of MONTHS.entries()) {
    for (const form of [name, name.slice(0, 3)]) {
      const found = [form, form.toLowerCase(), form.toUpperCase()].find((variant) => text.startsWith(variant));
      if (found !== undefined) return { month: i + 1, length: found.length };
    }
  }
  return undefined;
}

/** Reads one letter of the format; the offset after it. */
function readField(letter: string, text: string, at: number, fields: Fields, bad: (i: number) => never): number {
  const rest = text.slice(at);
  const number = numbers[letter];
  if (number !== undefined) {
    const digits = new RegExp(`^\\d{1,${number[1]}}`).exec(rest)?.[0] ?? bad(at);
    if (letter === "y" && digits.length < 2) bad(at);
    if (fields.has(number[0])) refuse("date_parse with a field twice");
    fields.set(number[0], Number(digits));
    return at + digits.length;
  }
  if (letter === "b" || letter === "M") {
    const found = readMonth(rest) ?? bad(at);
    fields.set("month", found.month);
    return at + found.length;
  }
  if (letter === "f") {
    const digits = /^\d{1,9}/.exec(rest)?.[0] ?? bad(at);
    fields.set("millis", Number(digits.padEnd(3, "0").slice(0, 3)));
    return at + digits.length;
  }
  if (letter === "\u0003") {
    const digits = /^\d{1,3}/.exec(rest)?.[0] ?? bad(at);
    fields.set("millis", Number(digits.padEnd(3, "0")));
    return at + digits.length;
  }
  if (letter === "\u001a") {
    const zone = /^(Z|[+-]00:?00)/.exec(rest)?.[0] ?? refuse("parse_datetime of a zone that is not UTC");
    return at + zone.length;
  }
  if (letter === "p") {
    const half = /^(AM|PM|am|pm)/.exec(rest)?.[0] ?? bad(at);
    fields.set("afternoon", half.toLowerCase() === "pm" ? 1 : 0);
    return at + 2;
  }
  return refuse(`date_parse with %${letter}`);
}

/** Joda fails where a value is out of its range or there is no such day. */
function toMicros(fields: Fields, text: string): bigint {
  for (const [name, [low, high]] of Object.entries(ranges)) {
    const value = fields.get(name);
    if (value !== undefined && (value < low || value > high))
      fail(
        "INVALID_FUNCTION_ARGUMENT",
        `Cannot parse "${text}": Value ${value} for ${name} must be in the range [${low},${high}]`,
      );
  }
  const get = (name: string, otherwise: number): number => fields.get(name) ?? otherwise;
  const short = fields.get("shortYear");
  const year = short === undefined ? get("year", 1970) : short < 70 ? 2000 + short : 1900 + short;
  if (fields.has("dayOfYear") && (fields.has("month") || fields.has("day")))
    refuse("date_parse with %j beside a month");
  const hour = fields.has("half") ? (get("half", 0) % 12) + 12 * get("afternoon", 0) : get("hour", 0);
  if (fields.has("half") && fields.has("hour")) refuse("date_parse with two kinds of hours");
  const month = get("month", 1);
  const day = fields.get("dayOfYear") ?? get("day", 1);
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, get("minute", 0), get("second", 0), get("millis", 0));
  const wrong = fields.has("dayOfYear") ? date.getUTCFullYear() !== year : date.getUTCMonth() !== month - 1;
  if (wrong) fail("INVALID_FUNCTION_ARGUMENT", `Invalid date in '${text}'`);
  return BigInt(date.getTime()) * 1000n;
}

/** MySQL's format as Trino reads it (through Joda): microseconds since the epoch. */
export function parseDate(text: string, format: string): bigint {
  const bad = (i: number): never =>
    fail("INVALID_FUNCTION_ARGUMENT", `Invalid format: "${text}" is malformed at "${text.slice(i)}"`);
  const fields: Fields = new Map();
  const expanded = format.replaceAll("%T", "%H:%i:%s").replaceAll("%r", "%h:%i:%s %p");
  let at = 0;
  for (let i = 0; i < expanded.length; i++) {
    const c = expanded.charAt(i);
    if (c === "%") at = readField(expanded.charAt(++i), text, at, fields, bad);
    else if (text.charAt(at) === c) at++;
    else if (text.charAt(at).toLowerCase() === c.toLowerCase()) refuse("date_parse of letters in another case");
    else bad(at);
  }
  if (at < text.length) bad(at);
  return toMicros(fields, text);
}

const SPANS: readonly (readonly [string, bigint])[] = [
  ["week", 604_800n],
  ["day", 86_400n],
  ["hour", 3_600n],
  ["minute", 60n],
  ["second", 1n],
];

/** `1 minute, 36 seconds`. */
export function readableSeconds(seconds: number): string {
  if (!Number.isFinite(seconds)) fail("INVALID_FUNCTION_ARGUMENT", `Invalid argument found: ${seconds}`);
  const most = 2n ** 63n - 1n;
  const whole = BigInt(Math.round(Math.abs(seconds)));
  let left = whole > most ? most : whole;
  const parts = SPANS.flatMap(([name, length]) => {
    const count = left / length;
    left %= length;
    return count === 0n ? [] : [`${count} ${name}${count === 1n ? "" : "s"}`];
  });
  return parts.length === 0 ? "0 seconds" : parts.join(", ");
}

/** Milliseconds of the units of a length of time. */
const UNITS: Readonly<Record<string, number>> = {
  ns: 1 / 1_000_000,
  us: 1 / 1_000,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** `3.81 d` in milliseconds, half up. */
export function parseDuration(text: string): bigint {
  const [, digits = "", unit = ""] =
    /^\s*(\d+(?:\.\d+)?)\s*([a-zA-Z]+)\s*$/.exec(text) ??
    fail("INVALID_FUNCTION_ARGUMENT", `duration is not a valid data duration string: ${text}`);
  const factor = UNITS[unit] ?? fail("INVALID_FUNCTION_ARGUMENT", `Unknown time unit: ${unit}`);
  const millis = Math.floor(Number(digits) * factor + 0.5);
  if (millis > 2 ** 53) refuse("parse_duration of so long a time");
  return BigInt(millis);
}

/** Functions on dates that SQL does not reach. */
export const dateUdfs: readonly Udf[] = [
  ofTexts("trino_parse_date", 2, LONG, (text, format) => parseDate(text ?? "", format ?? ""), true),
  {
    name: "trino_readable_seconds",
    takes: [NUMBER],
    gives: TEXT,
    refuses: false,
    call: (seconds) => readableSeconds(Number(seconds)),
  },
  ofTexts("trino_parse_duration", 1, LONG, (text) => parseDuration(text ?? ""), true),
];
