import type { Members, Node } from "../ast.ts";
import { divideDecimals, FEW_DECIMALS } from "../expressions/arithmetic.ts";
import { condition, expression } from "../expressions/expression.ts";
import { innerOrder } from "../queries/ordering.ts";
import type { Env, Expr } from "../scope.ts";
import { arrayOf, BIGINT, BOOLEAN, DOUBLE, decimal, display, isInteger, isNumeric, type TrinoType } from "../types.ts";
import { warn } from "../warnings.ts";
import { written } from "../written.ts";
import { hints } from "./hints.ts";
import { type AggregateRule, firstN, listagg, moreAggregates, reduceAgg } from "./more-aggregates.ts";

/** An aggregate as its rule sees it. */
export interface Call {
  readonly name: string;
  readonly args: readonly Expr[];
  /** FILTER (...) or nothing, then OVER (...) or nothing. */
  readonly suffix: string;
  /** FILTER's condition, for rules that add to it. */
  readonly filter: string | undefined;
  readonly over: string;
  readonly distinct: string;
  readonly order: string;
}

/** Kinds the parser gives to aggregates. */
const kinds: Readonly<Record<string, string>> = {
  count: "count",
  sum: "sum",
  min: "min",
  max: "max",
  avg: "avg",
  count_if: "count_if",
  logical_or: "bool_or",
  logical_and: "bool_and",
  any_value: "any_value",
  array_agg: "array_agg",
  stddev: "stddev",
  stddev_samp: "stddev_samp",
  stddev_pop: "stddev_pop",
  variance: "variance",
  var_samp: "var_samp",
  var_pop: "var_pop",
  approx_distinct: "approx_distinct",
};
const named = new Set(["arbitrary", "max_by", "min_by", "max", "min", ...Object.keys(moreAggregates), "reduce_agg"]);

export const isAggregate = (node: Node, env: Env): boolean => aggregateName(node, env) !== undefined;

function aggregateName(node: Node, env: Env): string | undefined {
  const kind = kinds[node.kind];
  // The parser takes other dialects' names for the same aggregate; Athena does not.
  const said = node.members["name"];
  if (kind !== undefined) return typeof said === "string" ? said.toLowerCase() : kind;
  if (node.kind === "within_group") return "listagg";
  if (node.kind !== "aggregate_function" && node.kind !== "function") return undefined;
  const name = env.session.source.name(node.members["name"]).toLowerCase();
  return named.has(name) || node.kind === "aggregate_function" ? name : undefined;
}

const same =
  (name: string, check: (type: TrinoType) => boolean) =>
  (call: Call): Expr | undefined => {
    const [value] = call.args;
    return value && check(value.type)
      ? { sql: `${name}(${call.distinct}${value.sql})${call.suffix}`, type: value.type }
      : undefined;
  };
const ordered = (type: TrinoType): boolean =>
  isNumeric(type) || ["varchar", "date", "timestamp", "timestamptz", "boolean"].includes(type.kind);
const any = (): boolean => true;

/** Trino passes over NaN here, DuckDB takes it for the greatest number. */
const comparable = ({ sql, type }: Expr): string => (type.kind === "double" ? `trino_no_nan(${sql})` : sql);

const extreme =
  (name: string) =>
  (call: Call): Expr | undefined => {
    const [value] = call.args;
    return value && same(name, ordered)({ ...call, args: [{ ...value, sql: comparable(value) }] });
  };

const byKey =
  (name: string) =>
  (call: Call): Expr | undefined => {
    const [value, key] = call.args;
    return value && key && ordered(key.type)
      ? { sql: `${name}(${value.sql}, ${comparable(key)})${call.suffix}`, type: value.type }
      : undefined;
  };

/** Every aggregate with a rule. */
export const aggregates: Readonly<Record<string, AggregateRule>> = {
  ...moreAggregates,
  count: written(["(*) → bigint", "([DISTINCT] T) → bigint"], (call) => ({
    sql: `count(${call.distinct}${call.args[0]?.sql ?? "*"})${call.suffix}`,
    type: BIGINT,
  })),
  // DuckDB sums integers into 128 bits; the cast fails where Trino overflows.
  sum: written(
    [
      "(bigint) → bigint",
      "(decimal) → decimal",
      "(double) → double",
      "(interval day to second) → interval day to second",
    ],
    (call) => {
      const [value] = call.args;
      if (value?.type.kind === "interval") return ofIntervals(call, value, (ms) => ms);
      if (value === undefined || !isNumeric(value.type)) return undefined;
      const sql = `sum(${call.distinct}${value.sql})${call.suffix}`;
      if (isInteger(value.type)) return { sql: `CAST(${sql} AS BIGINT)`, type: BIGINT };
      if (value.type.kind !== "decimal") return { sql, type: DOUBLE };
      const { precision, scale } = value.type;
      const total = `CAST(${sql} AS DECIMAL(38,${scale}))`;
      // DuckDB's sum has room for more than 38 digits, which only large ones reach.
      return { sql: precision > 28 ? `trino_in_38_digits(${total})` : total, type: decimal(38, scale) };
    },
  ),
  // The mean of decimals keeps their scale, half away from zero.
  avg: written(
    ["(bigint | double) → double", "(decimal) → decimal", "(interval day to second) → interval day to second"],
    (call) => {
      const [value] = call.args;
      if (value?.type.kind === "interval" && call.distinct === "")
        return ofIntervals(
          call,
          value,
          (ms) => `trino_half_up(${ms} / CAST(count(${value.sql})${call.suffix} AS DOUBLE))`,
        );
      if (value === undefined || !isNumeric(value.type)) return undefined;
      if (value.type.kind !== "decimal")
        return { sql: `avg(${call.distinct}CAST(${value.sql} AS DOUBLE))${call.suffix}`, type: DOUBLE };
      const { precision, scale } = value.type;
      const sum = `trino_unscaled(sum(${call.distinct}${value.sql})${call.suffix})`;
      const count = `nullif(count(${call.distinct}${value.sql})${call.suffix}, 0)`;
      return { sql: divideDecimals(sum, scale, count, 0, precision, scale), type: value.type };
    },
  ),
  min: written(["(T) → T", "(T, n) → array(T)"], extreme("min")),
  max: written(["(T) → T", "(T, n) → array(T)"], extreme("max")),
  arbitrary: written("(T) → T", same("any_value", any)),
  any_value: written("(T) → T", same("any_value", any)),
  bool_or: written(
    "(boolean) → boolean",
    same("bool_or", (type) => type.kind === "boolean"),
  ),
  bool_and: written(
    "(boolean) → boolean",
    same("bool_and", (type) => type.kind === "boolean"),
  ),
  every: written(
    "(boolean) → boolean",
    same("bool_and", (type) => type.kind === "boolean"),
  ),
  count_if: written("(boolean) → bigint", (call) => {
    const [value] = call.args;
    return value?.type.kind === "boolean"
      ? { sql: `count(${call.distinct}CASE WHEN ${value.sql} THEN 1 END)${call.suffix}`, type: BIGINT }
      : undefined;
  }),
  // A NULL value at the greatest key is the answer, not skipped.
  max_by: written(["(T, K) → T", "(T, K, n) → array(T)"], byKey("arg_max_null")),
  min_by: written(["(T, K) → T", "(T, K, n) → array(T)"], byKey("arg_min_null")),
  array_agg: written("([DISTINCT] T [ORDER BY ...]) → array(T)", (call) => {
    const [value] = call.args;
    return (
      value && { sql: `array_agg(${call.distinct}${value.sql}${call.order})${call.suffix}`, type: arrayOf(value.type) }
    );
  }),
};

/** Intervals are added up as milliseconds. */
function ofIntervals({ distinct, suffix }: Call, value: Expr, finish: (sum: string) => string): Expr {
  const sum = `sum(${distinct}trino_interval_ms(${value.sql}))${suffix}`;
  return { sql: `trino_milliseconds(${finish(sum)})`, type: value.type };
}

/** Translates an aggregate; `over` is its OVER clause when it is used as a window function. */
export function aggregate(node: Node, env: Env, over = ""): Expr {
  const { source } = env.session;
  const name = aggregateName(node, env) ?? node.kind;
  if (node.kind === "within_group") return listagg(node, env, over);
  if (name === "reduce_agg") return reduceAgg(node, env, over);
  const rule = aggregates[name];
  if (rule === undefined) throw source.refuse(node, `aggregate function ${name}`, hints[name]);
  const members: Members = source.only(node, "this", "name", "args", "star", "distinct", "filter", "order_by");
  const nodes = Array.isArray(members["args"]) ? members["args"] : members["this"] ? [members["this"]] : [];
  const args = nodes.map((value) => expression(source.node(value), env));
  const [first] = args;
  if (name === "avg" && first?.type.kind === "decimal" && first.type.scale <= FEW_DECIMALS)
    warn("decimalMean", node, env);
  const arity = /_by$|^(multi)?map_agg$|^corr$|^(covar|regr)_/.test(name) ? 2 : 1;
  const most = name === "approx_distinct" ? 2 : arity;
  const many = /^(max|min)(_by)?$/.test(name) && args.length === arity + 1;
  if (members["star"] === true ? name !== "count" : (args.length < arity || args.length > most) && !many)
    throw source.refuse(node, `${name} of ${args.length} arguments`);
  // The parser loses the word there.
  if (many && /\b(?:max|min)(?:_by)?"?\s*\(\s*distinct\b/i.test(source.text))
    throw source.refuse(node, `${name} of DISTINCT values and a number`, "choose the DISTINCT values in a sub-query");
  const filter = members["filter"] ? condition(source.node(members["filter"]), env, "FILTER") : undefined;
  const keys = Array.isArray(members["order_by"]) ? members["order_by"] : [];
  if (keys.length > 0 && name !== "array_agg") throw source.refuse(node, `ORDER BY inside ${name}`);
  const result = (many ? firstN : rule)({
    name,
    args,
    suffix: `${filter === undefined ? "" : ` FILTER (WHERE ${filter})`}${over}`,
    filter,
    over,
    distinct: members["distinct"] === true ? "DISTINCT " : "",
    order: keys.length > 0 ? ` ORDER BY ${innerOrder(keys, args, members["distinct"] === true, env)}` : "",
  });
  if (result === undefined)
    throw source.refuse(node, `${name} of (${args.map((arg) => display(arg.type)).join(", ")})`);
  const typed = result.type.kind !== "unknown" || name === "arbitrary" || name === "any_value";
  return typed ? result : { sql: result.sql, type: BOOLEAN };
}
