import { fail, LONG, ofTexts, refuse, type Udf } from "./udf.ts";

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

/** Functions on dates that SQL does not reach. */
export const dateUdfs: readonly Udf[] = [
  ofTexts("trino_parse_date", 2, LONG, (text, format) => parseDate(text ?? "", format ?? ""), true),
];
