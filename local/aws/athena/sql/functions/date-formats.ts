import { quote } from "../ast.ts";
import { toPrecision } from "../expressions/text-casts.ts";
import { toLocal, zoneOf } from "../expressions/zones.ts";
import type { Env } from "../scope.ts";
import { timestamp, VARCHAR, zoned } from "../types.ts";
import { written } from "../written.ts";
import { type FunctionCall, wrongArguments } from "./calls.ts";
import { type FunctionRule, literalText, text } from "./function-rule.ts";

/** MySQL's letters in strftime's. */
const mysql: Readonly<Record<string, string>> = {
  Y: "%Y",
  m: "%m",
  d: "%d",
  H: "%H",
  i: "%M",
  s: "%S",
  S: "%S",
  T: "%H:%M:%S",
  y: "%y",
  j: "%j",
  M: "%B",
  W: "%A",
  a: "%a",
  b: "%b",
  e: "%-d",
  c: "%-m",
  k: "%-H",
  h: "%I",
  I: "%I",
  l: "%-I",
  p: "%p",
  r: "%I:%M:%S %p",
  x: "%G",
  v: "%V",
  f: "%f",
  "%": "%%",
};

/** Joda's runs of letters in strftime's. */
const joda: Readonly<Record<string, string>> = {
  y: "%Y",
  yy: "%y",
  yyyy: "%Y",
  YYYY: "%Y",
  xxxx: "%G",
  M: "%-m",
  MM: "%m",
  MMM: "%b",
  MMMM: "%B",
  d: "%-d",
  dd: "%d",
  D: "%-j",
  DDD: "%j",
  ww: "%V",
  e: "%u",
  E: "%a",
  EE: "%a",
  EEE: "%a",
  EEEE: "%A",
  H: "%-H",
  HH: "%H",
  h: "%-I",
  hh: "%I",
  m: "%-M",
  mm: "%M",
  s: "%-S",
  ss: "%S",
  SSS: "%g",
  SSSSSS: "%g000",
  a: "%p",
};

/** A zone's letters, of UTC. */
const utc: Readonly<Record<string, string>> = { Z: "+0000", ZZ: "+00:00", ZZZ: "UTC", z: "UTC" };

/** A Joda pattern: runs of letters, text in single quotes (`''` is a quote), other characters as they are. */
const jodaParts = (pattern: string): readonly string[] =>
  pattern.match(/([A-Za-z])\1*|'(?:[^']|'')*'|[^A-Za-z']/g) ?? [];

const quoted = (part: string): string | undefined =>
  part.startsWith("'") ? (part === "''" ? "'" : part.slice(1, -1).replaceAll("''", "'")) : undefined;

function jodaFormat(call: FunctionCall, env: Env): string {
  const pattern = literalText(call, 1, env);
  if (jodaParts(pattern).join("") !== pattern)
    throw env.session.source.refuse(call.node, `the pattern ${quote(pattern)}`);
  const type = call.args[0]?.type;
  const inUtc = type?.kind === "timestamptz" && zoneOf(type) === "UTC";
  return jodaParts(pattern)
    .map((part) => {
      const plain = quoted(part) ?? (/[A-Za-z]/.test(part) ? undefined : part);
      if (plain !== undefined) return plain.replaceAll("%", "%%");
      const known = joda[part] ?? (inUtc ? utc[part] : undefined);
      if (known === undefined) throw env.session.source.refuse(call.node, `${call.name} with ${part}`);
      return known;
    })
    .join("");
}

/** A date, timestamp or zoned timestamp as text; before, Trino rounds to milliseconds. */
const formatting =
  (read: (call: FunctionCall, env: Env) => string): FunctionRule =>
  (call, env) => {
    const [value, format] = call.args;
    if (value === undefined || format === undefined || call.args.length !== 2 || !text(format.type))
      throw wrongArguments(call, env);
    const { type } = value;
    if (type.kind !== "date" && type.kind !== "timestamp" && type.kind !== "timestamptz")
      throw wrongArguments(call, env);
    const local = type.kind === "timestamptz" ? toLocal(value.sql, zoneOf(type)) : value.sql;
    const fine = (type.kind === "timestamp" || type.kind === "timestamptz") && type.precision > 3;
    const rounded = fine ? toPrecision(local, 3) : local;
    return { sql: `strftime(${rounded}, ${quote(read(call, env))})`, type: VARCHAR };
  };

const dateFormat = formatting((call, env) =>
  literalText(call, 1, env).replace(/%(.)/g, (_all, letter: string) => {
    const known = mysql[letter];
    if (known === undefined) throw env.session.source.refuse(call.node, `date_format with %${letter}`);
    return known;
  }),
);

/** Joda's pattern as MySQL's letters, which is what the parser reads. */
const jodaLetters: Readonly<Record<string, string>> = {
  yyyy: "%Y",
  M: "%c",
  MM: "%m",
  MMM: "%b",
  MMMM: "%M",
  d: "%e",
  dd: "%d",
  H: "%k",
  HH: "%H",
  h: "%l",
  hh: "%h",
  m: "%i",
  mm: "%i",
  s: "%s",
  ss: "%s",
  a: "%p",
  // Three digits, and UTC's zone: no letters of MySQL.
  SSS: "%\u0003",
  Z: "%\u001a",
  ZZ: "%\u001a",
};

const dateParse: FunctionRule = (call, env) => {
  const [value] = call.args;
  const format = literalText(call, 1, env);
  if (value === undefined || call.args.length !== 2 || !text(value.type)) throw wrongArguments(call, env);
  return { sql: `trino_date_parse(${value.sql}, ${quote(format)})`, type: timestamp(3) };
};

const parseDatetime: FunctionRule = (call, env) => {
  const [value] = call.args;
  const pattern = literalText(call, 1, env);
  if (value === undefined || call.args.length !== 2 || !text(value.type)) throw wrongArguments(call, env);
  const format = jodaParts(pattern)
    .map((part) => {
      const plain = quoted(part) ?? (/[A-Za-z]/.test(part) ? undefined : part);
      const letter = plain ?? jodaLetters[part];
      if (letter === undefined || plain?.includes("%"))
        throw env.session.source.refuse(call.node, `parse_datetime with ${part}`);
      return letter;
    })
    .join("");
  return { sql: `(trino_date_parse(${value.sql}, ${quote(format)}) AT TIME ZONE 'UTC')`, type: zoned(3) };
};

/** Dates as text, and text as dates. */
export const dateFormatFunctions: Readonly<Record<string, FunctionRule>> = {
  date_format: written("(date | timestamp, 'format') → varchar", dateFormat),
  format_datetime: written("(date | timestamp, 'pattern') → varchar", formatting(jodaFormat)),
  date_parse: written("(varchar, 'format') → timestamp(3)", dateParse),
  parse_datetime: written("(varchar, 'pattern') → timestamp(3) with time zone", parseDatetime),
};
