import { quote } from "./ast.ts";
import { type FunctionCall, wrongArguments } from "./calls.ts";
import { cast, toPrecision } from "./casts.ts";
import { type Check, type FunctionRule, fixed, literalText, text } from "./function-rule.ts";
import type { Env, Expr } from "./scope.ts";
import { BIGINT, DATE, display, isInteger, isTemporal, type TrinoType, timestamp, VARCHAR } from "./types.ts";

const dated: Check = (type) => type.kind === "date" || type.kind === "timestamp";
const timed: Check = (type) => type.kind === "timestamp";

const part = (name: string, check: Check = dated): FunctionRule =>
  fixed([check], BIGINT, (x) => `CAST(${name}(${x}) AS BIGINT)`);

const dateUnits = ["day", "week", "month", "quarter", "year"];
const timeUnits = [...dateUnits, "hour", "minute", "second", "millisecond"];

function unit(call: FunctionCall, env: Env, type: TrinoType): string {
  const name = literalText(call, 0, env).toLowerCase();
  const allowed = type.kind === "date" ? dateUnits : timeUnits;
  if (!allowed.includes(name))
    throw env.session.source.error(
      "INVALID_FUNCTION_ARGUMENT",
      call.node,
      `'${name}' is not a valid unit here; one of ${allowed.join(", ")}`,
    );
  return name;
}

/** As a timestamp of whole milliseconds. Of finer ones Trino cuts the rest off before it counts. */
const inMillis = ({ sql, type }: Expr): string => {
  if (type.kind === "date") return `CAST(${sql} AS TIMESTAMP)`;
  return type.kind === "timestamp" && type.precision > 3 ? `date_trunc('milliseconds', ${sql})` : sql;
};

/** Whole units, by DuckDB's date_sub; its date_diff counts boundaries. */
const dateDiff: FunctionRule = (call, env) => {
  const [, from, to] = call.args;
  if (from === undefined || to === undefined || call.args.length !== 3 || !dated(from.type) || !dated(to.type))
    throw wrongArguments(call, env);
  const type = from.type.kind === "date" && to.type.kind === "date" ? DATE : timestamp(6);
  const [a, b] = [from, to].map((side) => (type.kind === "date" ? side.sql : inMillis(side)));
  return { sql: `date_sub(${quote(unit(call, env, type))}, ${a}, ${b})`, type: BIGINT };
};

const steps: Readonly<Record<string, (n: string) => string>> = {
  day: (n) => `to_days(CAST(${n} AS INTEGER))`,
  week: (n) => `to_days(CAST(7 * ${n} AS INTEGER))`,
  month: (n) => `to_months(CAST(${n} AS INTEGER))`,
  quarter: (n) => `to_months(CAST(3 * ${n} AS INTEGER))`,
  year: (n) => `to_months(CAST(12 * ${n} AS INTEGER))`,
  hour: (n) => `to_hours(${n})`,
  minute: (n) => `to_minutes(${n})`,
  second: (n) => `to_seconds(${n})`,
  millisecond: (n) => `to_milliseconds(${n})`,
};

/** The sum keeps its type: a date stays a date. */
const dateAdd: FunctionRule = (call, env) => {
  const [, count, to] = call.args;
  if (count === undefined || to === undefined || call.args.length !== 3 || !isInteger(count.type) || !dated(to.type))
    throw wrongArguments(call, env);
  const name = unit(call, env, to.type);
  const step = steps[name];
  if (step === undefined) throw wrongArguments(call, env);
  if (name === "millisecond" && to.type.kind === "timestamp" && to.type.precision < 3)
    throw env.session.source.refuse(call.node, `milliseconds added to ${display(to.type)}`, "cast it to timestamp(3)");
  const sum = `${to.sql} + ${step(count.sql)}`;
  return { sql: to.type.kind === "date" ? `CAST(${sum} AS DATE)` : `(${sum})`, type: to.type };
};

const dateTrunc: FunctionRule = (call, env) => {
  const [, value] = call.args;
  if (value === undefined || call.args.length !== 2 || !dated(value.type)) throw wrongArguments(call, env);
  const sql = `date_trunc(${quote(unit(call, env, value.type))}, ${value.sql})`;
  return { sql: value.type.kind === "date" ? `CAST(${sql} AS DATE)` : sql, type: value.type };
};

const toDate: FunctionRule = (call, env) => {
  const [value] = call.args;
  if (value === undefined || call.args.length !== 1) throw wrongArguments(call, env);
  const sql = text(value.type) || isTemporal(value.type) ? cast(value.sql, value.type, DATE, false) : undefined;
  if (sql === undefined) throw wrongArguments(call, env);
  return { sql, type: DATE };
};

/** MySQL's letters that mean the same in both, or have a letter of their own in DuckDB. */
const formatLetters: Readonly<Record<string, string>> = {
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
  e: "%-d",
  c: "%-m",
  k: "%-H",
  f: "%f",
  "%": "%%",
};

const dateFormat: FunctionRule = (call, env) => {
  const format = literalText(call, 1, env).replace(/%(.)/g, (_all, letter: string) => {
    const known = formatLetters[letter];
    if (known === undefined) throw env.session.source.refuse(call.node, `date_format with %${letter}`);
    return known;
  });
  const type = call.args[0]?.type;
  const fine = type?.kind === "timestamp" && type.precision > 3;
  // Before it formats, Trino rounds to milliseconds.
  const sql = (x: string): string => `strftime(${fine ? toPrecision(x, 3) : x}, ${quote(format)})`;
  return fixed([dated, text], VARCHAR, sql)(call, env);
};

/** Functions on dates and timestamps; a date never becomes a timestamp on the way. */
export const dateFunctions: Readonly<Record<string, FunctionRule>> = {
  date_diff: dateDiff,
  date_add: dateAdd,
  date_trunc: dateTrunc,
  date: toDate,
  date_format: dateFormat,
  year: part("year"),
  quarter: part("quarter"),
  month: part("month"),
  day: part("day"),
  day_of_month: part("day"),
  day_of_week: part("isodow"),
  dow: part("isodow"),
  day_of_year: part("dayofyear"),
  week_of_year: part("weekofyear"),
  week: part("weekofyear"),
  hour: part("hour", timed),
  minute: part("minute", timed),
  second: part("second", timed),
  last_day_of_month: fixed([dated], DATE, (x) => `last_day(${x})`),
  from_iso8601_date: (call, env) => {
    const [value] = call.args;
    if (value === undefined || call.args.length !== 1 || !text(value.type)) throw wrongArguments(call, env);
    return { sql: `CAST(trino_form(${value.sql}, '[0-9]{4}-[0-9]{2}-[0-9]{2}', '.+', 'date') AS DATE)`, type: DATE };
  },
  from_iso8601_timestamp: fixed([text], { kind: "timestamptz", precision: 3 }, (x) => `trino_iso_timestamp(${x})`),
};
