import { arithmetic } from "../expressions/arithmetic.ts";
import { unify } from "../expressions/expression.ts";
import type { Env, Expr } from "../scope.ts";
import { BIGINT, BOOLEAN, DOUBLE, decimal, duckType, isInteger, isNumeric, VARCHAR } from "../types.ts";
import { nearly, written } from "../written.ts";
import { type FunctionCall, wrongArguments } from "./calls.ts";
import { asDouble, type FunctionRule, fixed, integer, number, text } from "./function-rule.ts";
import { probability } from "./probability.ts";
import { randomFunctions } from "./random.ts";
import { trigonometry } from "./trigonometry.ts";

/** A function of one double. */
const ofDouble = (sql: (x: string) => string): FunctionRule => fixed([number], DOUBLE, (x) => sql(asDouble(x)));
const constant = (sql: string): FunctionRule => fixed([], DOUBLE, () => `CAST(${sql} AS DOUBLE)`);

function one(call: FunctionCall, env: Env): Expr {
  const [value, ...more] = call.args;
  if (value === undefined || more.length > 0 || !isNumeric(value.type)) throw wrongArguments(call, env);
  return value;
}

const kinds = [
  "varchar",
  "date",
  "timestamp",
  "decimal",
  "double",
  "tinyint",
  "smallint",
  "integer",
  "bigint",
  "unknown",
];

/** greatest and least: NULL when any argument is, in the type all share. */
function extreme(name: string): FunctionRule {
  return (call, env) => {
    const all = unify(call.args, env, call.node, `arguments of ${name}`);
    if (all.values.length === 0 || !kinds.includes(all.type.kind)) throw wrongArguments(call, env);
    const values = all.values.map((value) => (all.type.kind === "double" ? `trino_no_nan(${value})` : value));
    // An argument that fails does so although another one is NULL: a list works all of them out.
    const missing = all.values.some((value) => value.includes("("))
      ? `list_count([${all.values.join(", ")}]) < ${all.values.length}`
      : all.values.map((value) => `${value} IS NULL`).join(" OR ");
    return { sql: `CASE WHEN ${missing} THEN NULL ELSE ${name}(${values.join(", ")}) END`, type: all.type };
  };
}

/** floor, ceil, truncate and one-argument round: a decimal loses its scale, an integer stays what it is. */
function whole(name: string, carries: boolean): FunctionRule {
  return (call, env) => {
    const value = one(call, env);
    if (isInteger(value.type)) return value;
    if (value.type.kind !== "decimal") {
      if (value.type.kind !== "double") throw wrongArguments(call, env);
      // Rounding, and nothing else, makes 0.0 of -0.0.
      const sql =
        name === "round"
          ? `CASE WHEN ${value.sql} = 0 THEN CAST(0 AS DOUBLE) ELSE round(${value.sql}) END`
          : `${name}(${value.sql})`;
      return { sql, type: DOUBLE };
    }
    const { precision, scale } = value.type;
    const digits = Math.max(1, Math.min(38, precision - scale + (carries ? Math.min(scale, 1) : 0)));
    return { sql: `CAST(${name}(${value.sql}) AS DECIMAL(${digits},0))`, type: decimal(digits, 0) };
  };
}

function literalDigits(call: FunctionCall, env: Env): number {
  const sql = /^\(?(-?\d{1,2})\)?$/.exec(call.args[1]?.sql ?? "")?.[1];
  if (sql === undefined)
    throw env.session.source.refuse(call.node, `${call.name} to a number of digits that is no literal`);
  return Number(sql);
}

const round: FunctionRule = (call, env) => {
  const [value] = call.args;
  if (call.args.length === 1) return whole("round", true)(call, env);
  if (value === undefined || !isNumeric(value.type) || call.args.length !== 2) throw wrongArguments(call, env);
  const digits = literalDigits(call, env);
  if (isInteger(value.type)) {
    if (digits >= 0) return value;
    const type = duckType(value.type);
    return {
      sql: `CAST(trino_round_integer(${value.sql}, 1${"0".repeat(Math.min(19, -digits))}) AS ${type})`,
      type: value.type,
    };
  }
  if (value.type.kind === "double" && Math.abs(digits) <= 15)
    return { sql: `trino_round_double(${value.sql}, CAST(1e${digits} AS DOUBLE))`, type: DOUBLE };
  if (value.type.kind !== "decimal" || digits < 0) throw wrongArguments(call, env);
  const { precision, scale } = value.type;
  const type = decimal(Math.min(38, precision + 1), scale);
  return { sql: `CAST(round(${value.sql}, ${digits}) AS ${duckType(type)})`, type };
};

/** Cuts towards zero. */
const truncate: FunctionRule = (call, env) => {
  const [value] = call.args;
  if (call.args.length === 1) {
    if (value !== undefined && isInteger(value.type)) throw wrongArguments(call, env);
    return whole("trunc", false)(call, env);
  }
  if (value?.type.kind !== "decimal" || call.args.length !== 2) throw wrongArguments(call, env);
  const digits = literalDigits(call, env);
  const { precision, scale } = value.type;
  if (digits >= scale) return value;
  const power = `1${"0".repeat(scale - digits)}`;
  if (power.length > 38) throw wrongArguments(call, env);
  const cut = `(trino_unscaled(${value.sql}) // CAST(${power} AS HUGEINT)) * CAST(${power} AS HUGEINT)`;
  if (precision + scale > 38)
    return { sql: `CAST(trino_scaled(${cut}, ${scale}) AS DECIMAL(${precision},${scale}))`, type: value.type };
  const unit = scale === 0 ? "1" : `0.${"1".padStart(scale, "0")}`;
  return {
    sql: `CAST(CAST(${cut} AS DECIMAL(${38 - scale},0)) * ${unit} AS DECIMAL(${precision},${scale}))`,
    type: value.type,
  };
};

const sign: FunctionRule = (call, env) => {
  const value = one(call, env);
  if (value.type.kind === "double")
    return {
      sql: `CASE WHEN isnan(${value.sql}) OR ${value.sql} = 0 THEN ${value.sql} ELSE CAST(sign(${value.sql}) AS DOUBLE) END`,
      type: DOUBLE,
    };
  const type = value.type.kind === "decimal" ? decimal(1, 0) : value.type;
  if (value.type.kind === "real") throw wrongArguments(call, env);
  return { sql: `CAST(sign(${value.sql}) AS ${duckType(type)})`, type };
};

const bits = (sql: (a: string, b: string) => string): FunctionRule =>
  fixed([integer, integer], BIGINT, (a, b) => sql(`CAST(${a} AS BIGINT)`, `CAST(${b} AS BIGINT)`));

/** Shifts keep the type of what they shift. */
const shift =
  (macro: string): FunctionRule =>
  (call, env) => {
    const [value, by] = call.args;
    const width = value?.type.kind === "integer" ? 32 : value?.type.kind === "bigint" ? 64 : undefined;
    if (value === undefined || by === undefined || width === undefined || !integer(by.type) || call.args.length !== 2)
      throw wrongArguments(call, env);
    return { sql: `CAST(${macro}(${value.sql}, ${by.sql}, ${width}) AS ${duckType(value.type)})`, type: value.type };
  };

/** Functions on numbers. */
export const mathFunctions: Readonly<Record<string, FunctionRule>> = {
  abs: written("(number) → number", (call, env) => {
    const value = one(call, env);
    return { sql: `abs(${value.sql})`, type: value.type };
  }),
  round: written("(number[, n]) → number", round),
  floor: written("(number) → number", whole("floor", true)),
  ceil: written("(number) → number", whole("ceil", true)),
  truncate: written(["(double) → double", "(decimal[, n]) → decimal"], truncate),
  sign: written("(number) → number", sign),
  sqrt: ofDouble((x) => `trino_sqrt(${x})`),
  exp: nearly(ofDouble((x) => `exp(${x})`)),
  ln: nearly(ofDouble((x) => `trino_ln(${x})`)),
  log2: nearly(ofDouble((x) => `(trino_ln(${x}) / trino_ln(CAST(2 AS DOUBLE)))`)),
  // Java's quotient of two logarithms: log(10, 1000) is 2.9999999999999996.
  log: nearly(fixed([number, number], DOUBLE, (base, x) => `(trino_ln(${asDouble(x)}) / trino_ln(${asDouble(base)}))`)),
  power: nearly(fixed([number, number], DOUBLE, (x, y) => `pow(${asDouble(x)}, ${asDouble(y)})`)),
  ...trigonometry,
  ...probability,
  ...randomFunctions,
  pi: constant("pi()"),
  e: constant("2.718281828459045"),
  nan: constant("'NaN'"),
  infinity: constant("'Infinity'"),
  is_nan: fixed([number], BOOLEAN, (x) => `isnan(${asDouble(x)})`),
  is_finite: fixed([number], BOOLEAN, (x) => `isfinite(${asDouble(x)})`),
  is_infinite: fixed([number], BOOLEAN, (x) => `isinf(${asDouble(x)})`),
  mod: written("(number, number) → number", (call, env) => {
    const [left, right] = call.args;
    if (left === undefined || right === undefined || call.args.length !== 2) throw wrongArguments(call, env);
    return arithmetic("%", left, right, call.node, env);
  }),
  greatest: written("(T, T, ...) → T", extreme("greatest")),
  least: written("(T, T, ...) → T", extreme("least")),
  bitwise_and: bits((a, b) => `(${a} & ${b})`),
  bitwise_or: bits((a, b) => `(${a} | ${b})`),
  bitwise_xor: bits((a, b) => `xor(${a}, ${b})`),
  bitwise_not: fixed([integer], BIGINT, (x) => `(~CAST(${x} AS BIGINT))`),
  bitwise_left_shift: written("(bigint, bigint) → bigint", shift("trino_left_shift")),
  bitwise_right_shift: written("(bigint, bigint) → bigint", shift("trino_right_shift")),
  bitwise_right_shift_arithmetic: written("(bigint, bigint) → bigint", shift("trino_right_shift_arithmetic")),
  bit_count: fixed(
    [integer, integer],
    BIGINT,
    (x, bits) => `trino_bit_count(CAST(${x} AS BIGINT), CAST(${bits} AS BIGINT))`,
  ),
  format_number: fixed([number], VARCHAR, (x) => `trino_short_number(${asDouble(x)})`),
  to_base: fixed(
    [integer, integer],
    VARCHAR,
    (x, radix) => `trino_to_base(CAST(${x} AS VARCHAR), CAST(${radix} AS VARCHAR))`,
  ),
  from_base: fixed([text, integer], BIGINT, (x, radix) => `trino_from_base(${x}, CAST(${radix} AS VARCHAR))`),
  width_bucket: fixed(
    [number, number, number, integer],
    BIGINT,
    (x, low, high, n) =>
      `trino_width_bucket(${asDouble(x)}, ${asDouble(low)}, ${asDouble(high)}, CAST(${n} AS BIGINT))`,
  ),
};
