import { quote } from "../ast.ts";
import { cast } from "../expressions/casts.ts";
import { toInstant, toLocal, zoneName, zoneOf } from "../expressions/zones.ts";
import type { Env, Expr } from "../scope.ts";
import {
  BIGINT,
  DATE,
  DOUBLE,
  display,
  isInteger,
  isNumeric,
  isTemporal,
  type TrinoType,
  timestamp,
  VARCHAR,
  zoned,
} from "../types.ts";
import { written } from "../written.ts";
import { type FunctionCall, wrongArguments } from "./calls.ts";
import { clockFunctions } from "./clock.ts";
import { dateFormatFunctions } from "./date-formats.ts";
import { type Check, type FunctionRule, fixed, literalText, text } from "./function-rule.ts";
import { zoneFunctions } from "./zones.ts";

const dated: Check = (type) => ["date", "timestamp", "timestamptz"].includes(type.kind);
const interval: Check = written("interval day to second", (type) => type.kind === "interval");
const timed: Check = (type) => ["timestamp", "timestamptz", "time"].includes(type.kind);

/** What clocks show: of a zoned timestamp those of its zone. */
const local = ({ sql, type }: Expr): string => (type.kind === "timestamptz" ? toLocal(sql, zoneOf(type)) : sql);

const part = (name: string, check: Check = dated): FunctionRule =>
  written(`(${check === timed ? "timestamp | time" : "date | timestamp"}) → bigint`, (call, env) => {
    const [value] = call.args;
    if (value === undefined || call.args.length !== 1 || !check(value.type)) throw wrongArguments(call, env);
    return { sql: `CAST(${name}(${local(value)}) AS BIGINT)`, type: BIGINT };
  });

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

/** Between zoned timestamps days and more are those of the first one's clocks, hours and less those that passed. */
function zonedDiff(call: FunctionCall, from: Expr, to: Expr, env: Env): Expr {
  const zone = zoneOf(from.type);
  const instant = cast(to.sql, to.type, from.type, false);
  if (from.type.kind !== "timestamptz" || (to.type.kind !== "timestamptz" && (zone !== "UTC" || instant === undefined)))
    throw wrongArguments(call, env);
  const name = unit(call, env, timestamp(6));
  const clocks = dateUnits.includes(name) ? zone : "UTC";
  const [a, b] = [from.sql, to.type.kind === "timestamptz" ? to.sql : (instant ?? "")].map(
    (sql) => `date_trunc('milliseconds', ${toLocal(sql, clocks)})`,
  );
  return { sql: `date_sub(${quote(name)}, ${a}, ${b})`, type: BIGINT };
}

/** Whole units, by DuckDB's date_sub; its date_diff counts boundaries. */
const dateDiff: FunctionRule = (call, env) => {
  const [, from, to] = call.args;
  if (from === undefined || to === undefined || call.args.length !== 3 || !dated(from.type) || !dated(to.type))
    throw wrongArguments(call, env);
  if (from.type.kind === "timestamptz" || to.type.kind === "timestamptz") return zonedDiff(call, from, to, env);
  const type = from.type.kind === "date" && to.type.kind === "date" ? DATE : timestamp(6);
  const [a, b] = [from, to].map((side) => (type.kind === "date" ? side.sql : inMillis(side)));
  return { sql: `date_sub(${quote(unit(call, env, type))}, ${a}, ${b})`, type: BIGINT };
};

/** Trino counts with 32 bits here. */
const steps: Readonly<Record<string, (n: string) => string>> = {
  day: (n) => `to_days(CAST(${n} AS INTEGER))`,
  week: (n) => `to_days(CAST(7 * ${n} AS INTEGER))`,
  month: (n) => `to_months(CAST(${n} AS INTEGER))`,
  quarter: (n) => `to_months(CAST(3 * ${n} AS INTEGER))`,
  year: (n) => `to_months(CAST(12 * ${n} AS INTEGER))`,
  hour: (n) => `to_hours(CAST(${n} AS INTEGER))`,
  minute: (n) => `to_minutes(CAST(${n} AS INTEGER))`,
  second: (n) => `to_seconds(CAST(${n} AS INTEGER))`,
  millisecond: (n) => `to_milliseconds(CAST(${n} AS INTEGER))`,
};

/** Of each unit the most that stays where there are dates, and far beyond all calendars. */
const farthest: Readonly<Record<string, number>> = { day: 7e7, week: 1e7, month: 2.4e6, quarter: 8e5, year: 2e5 };

/** How much is added; what is no small literal may be too much. */
function amountOf({ sql }: Expr, unit: string): string {
  const most = farthest[unit];
  return most === undefined || /^\(?-?\d{1,5}\)?$/.test(sql) ? sql : `trino_amount(${sql}, ${most})`;
}

/** The sum keeps its type: a date stays a date. */
const dateAdd: FunctionRule = (call, env) => {
  const [, count, to] = call.args;
  if (count === undefined || to === undefined || call.args.length !== 3 || !isInteger(count.type) || !dated(to.type))
    throw wrongArguments(call, env);
  const name = unit(call, env, to.type);
  const step = steps[name];
  if (step === undefined) throw wrongArguments(call, env);
  const amount = amountOf(count, name);
  const digits = to.type.kind === "timestamp" || to.type.kind === "timestamptz" ? to.type.precision : 6;
  if (name === "millisecond" && digits < 3)
    throw env.session.source.refuse(call.node, `milliseconds added to ${display(to.type)}`, "cast it to timestamp(3)");
  if (to.type.kind === "timestamptz") {
    const zone = zoneOf(to.type);
    const passed = `(${to.sql} + ${step(amount)})`;
    const sql = dateUnits.includes(name) ? toInstant(`(${local(to)} + ${step(amount)})`, zone) : passed;
    return { sql, type: to.type };
  }
  // Days added to a date as a number reach all of Trino's dates.
  if (to.type.kind === "date" && (name === "day" || name === "week"))
    return { sql: `(${to.sql} + CAST(${name === "week" ? "7 * " : ""}${amount} AS INTEGER))`, type: to.type };
  const sum = `${to.sql} + ${step(amount)}`;
  return { sql: to.type.kind === "date" ? `CAST(${sum} AS DATE)` : `(${sum})`, type: to.type };
};

const dateTrunc: FunctionRule = (call, env) => {
  const [, value] = call.args;
  if (value === undefined || call.args.length !== 2 || !dated(value.type)) throw wrongArguments(call, env);
  const name = unit(call, env, value.type);
  if (value.type.kind === "timestamptz") {
    const cut = `date_trunc(${quote(name)}, ${local(value)})`;
    const sql = dateUnits.includes(name)
      ? toInstant(cut, zoneOf(value.type))
      : `(${value.sql} - (${local(value)} - ${cut}))`;
    return { sql, type: value.type };
  }
  const sql = `date_trunc(${quote(name)}, ${value.sql})`;
  return { sql: value.type.kind === "date" ? `CAST(${sql} AS DATE)` : sql, type: value.type };
};

const toDate: FunctionRule = (call, env) => {
  const [value] = call.args;
  if (value === undefined || call.args.length !== 1) throw wrongArguments(call, env);
  const sql = text(value.type) || isTemporal(value.type) ? cast(value.sql, value.type, DATE, false) : undefined;
  if (sql === undefined) throw wrongArguments(call, env);
  return { sql, type: DATE };
};

function fail(call: FunctionCall, env: Env): never {
  throw wrongArguments(call, env);
}

function literalZone(call: FunctionCall, index: number, env: Env): string {
  const text = literalText(call, index, env);
  const zone = zoneName(text);
  if (zone === undefined) throw env.session.source.refuse(call.node, `the time zone '${text}'`);
  return zone;
}

/** The zone so many hours and minutes ahead of UTC. */
function offsetZone(call: FunctionCall, env: Env): string {
  const [hours, minutes] = call.args.slice(1).map(({ sql }) => Number(/^\(?(-?\d+)\)?$/.exec(sql)?.[1] ?? Number.NaN));
  const ahead = (hours ?? Number.NaN) * 60 + (minutes ?? Number.NaN);
  if (!(Math.abs(ahead) <= 14 * 60)) throw wrongArguments(call, env);
  if (ahead === 0) return "UTC";
  const two = (n: number): string => String(Math.floor(n)).padStart(2, "0");
  return `${ahead < 0 ? "-" : "+"}${two(Math.abs(ahead) / 60)}:${two(Math.abs(ahead) % 60)}`;
}

/** The same instant, shown in another zone; a timestamp without zone is one of the session's, UTC. */
export function atTimeZone(value: Expr, zone: string): Expr | undefined {
  if (value.type.kind === "timestamptz") return { sql: value.sql, type: zoned(value.type.precision, zone) };
  if (value.type.kind !== "timestamp") return undefined;
  return { sql: toInstant(value.sql, "UTC"), type: zoned(value.type.precision, zone) };
}

/** A literal ISO text keeps its offset, which the type can say. */
function literalInstant(call: FunctionCall): Expr | undefined {
  const text = call.nodes[0]?.kind === "literal" ? String(call.nodes[0].members["value"]) : "";
  const match = /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):([0-5]\d)(:[0-5]\d(?:\.\d{1,3})?)?([+-]\d\d:\d\d)$/.exec(text);
  const zone = match?.[5] === undefined ? undefined : zoneName(match[5]);
  if (match === null || zone === undefined || call.args.length !== 1) return undefined;
  const [, day, hour, minute, second = ":00"] = match;
  return { sql: toInstant(`TIMESTAMP '${day} ${hour}:${minute}${second}'`, zone), type: zoned(3, zone) };
}

/** Functions on dates and timestamps; a date never becomes a timestamp on the way. */
export const dateFunctions: Readonly<Record<string, FunctionRule>> = {
  date_diff: written(["('unit', date, date) → bigint", "('unit', timestamp, timestamp) → bigint"], dateDiff),
  date_add: written(["('unit', bigint, date) → date", "('unit', bigint, timestamp) → timestamp"], dateAdd),
  date_trunc: written(["('unit', date) → date", "('unit', timestamp) → timestamp"], dateTrunc),
  date: written("(varchar | date | timestamp) → date", toDate),
  ...dateFormatFunctions,
  ...clockFunctions,
  ...zoneFunctions,
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
  year_of_week: part("isoyear"),
  yow: part("isoyear"),
  doy: part("dayofyear"),
  millisecond: part("trino_millisecond", timed),
  last_day_of_month: written("(date | timestamp) → date", (call, env) => {
    const [value] = call.args;
    if (value === undefined || call.args.length !== 1 || !dated(value.type)) throw wrongArguments(call, env);
    return { sql: `last_day(${local(value)})`, type: DATE };
  }),
  to_milliseconds: fixed([interval], BIGINT, (x) => `trino_interval_ms(${x})`),
  to_unixtime: written("(date | timestamp) → double", (call, env) => {
    const [value] = call.args;
    if (value === undefined || call.args.length !== 1 || !dated(value.type)) throw wrongArguments(call, env);
    const sql = value.type.kind === "date" ? `CAST(${value.sql} AS TIMESTAMP)` : value.sql;
    const fine = value.type.kind === "timestamptz" && value.type.precision > 3;
    return { sql: `${fine ? "trino_fine_unixtime" : "trino_unixtime"}(epoch_us(${sql}))`, type: DOUBLE };
  }),
  from_unixtime: written(
    ["(double[, 'zone']) → timestamp(3) with time zone", "(double, n, n) → timestamp(3) with time zone"],
    (call, env) => {
      const [value, zone] = call.args;
      if (value === undefined || !isNumeric(value.type) || call.args.length > 3) throw wrongArguments(call, env);
      const sql = `trino_from_unixtime(CAST(${value.sql} AS DOUBLE))`;
      if (call.args.length === 3) return { sql, type: zoned(3, offsetZone(call, env)) };
      return { sql, type: zoned(3, zone === undefined ? "UTC" : literalZone(call, 1, env)) };
    },
  ),
  at_timezone: written("(timestamp, 'zone') → timestamp with time zone", (call, env) => {
    const [value] = call.args;
    if (value === undefined || call.args.length !== 2) throw wrongArguments(call, env);
    return atTimeZone(value, literalZone(call, 1, env)) ?? fail(call, env);
  }),
  with_timezone: written("(timestamp, 'zone') → timestamp with time zone", (call, env) => {
    const [value] = call.args;
    if (value?.type.kind !== "timestamp" || call.args.length !== 2) throw wrongArguments(call, env);
    const zone = literalZone(call, 1, env);
    return { sql: toInstant(value.sql, zone), type: zoned(value.type.precision, zone) };
  }),
  to_iso8601: written("(date | timestamp) → varchar", (call, env) => {
    const [value] = call.args;
    if (value === undefined || call.args.length !== 1 || !dated(value.type)) throw wrongArguments(call, env);
    if (value.type.kind === "date") return { sql: `strftime(${value.sql}, '%Y-%m-%d')`, type: VARCHAR };
    const precision = value.type.kind === "timestamp" || value.type.kind === "timestamptz" ? value.type.precision : 0;
    if (value.type.kind === "timestamptz" && zoneOf(value.type) !== "UTC") throw wrongArguments(call, env);
    const text = `left(strftime(trino_common_era(${local(value)}), '%Y-%m-%dT%H:%M:%S.%f'), ${precision === 0 ? 19 : 20 + precision})`;
    return { sql: value.type.kind === "timestamptz" ? `(${text} || 'Z')` : text, type: VARCHAR };
  }),
  from_iso8601_date: written("(varchar) → date", (call, env) => {
    const [value] = call.args;
    if (value === undefined || call.args.length !== 1 || !text(value.type)) throw wrongArguments(call, env);
    return { sql: `trino_iso_date(${value.sql})`, type: DATE };
  }),
  from_iso8601_timestamp: written(
    "(varchar) → timestamp(3) with time zone",
    (call, env) => literalInstant(call) ?? fixed([text], zoned(3), (x) => `trino_iso_timestamp(${x})`)(call, env),
  ),
};
