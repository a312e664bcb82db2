import { divideDecimals } from "./arithmetic.ts";
import type { Members, Node } from "./ast.ts";
import { condition, expression } from "./expression.ts";
import { hints } from "./hints.ts";
import { orderList } from "./ordering.ts";
import type { Env, Expr } from "./scope.ts";
import { arrayOf, BIGINT, BOOLEAN, DOUBLE, decimal, display, isInteger, isNumeric, type TrinoType } from "./types.ts";

interface Call {
  readonly name: string;
  readonly args: readonly Expr[];
  /** FILTER (...) or nothing, then OVER (...) or nothing. */
  readonly suffix: string;
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
};
const named = new Set(["arbitrary", "max_by", "min_by"]);

export const isAggregate = (node: Node, env: Env): boolean => aggregateName(node, env) !== undefined;

function aggregateName(node: Node, env: Env): string | undefined {
  const kind = kinds[node.kind];
  if (kind !== undefined) return kind;
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

const rules: Readonly<Record<string, (call: Call) => Expr | undefined>> = {
  count: (call) => ({ sql: `count(${call.distinct}${call.args[0]?.sql ?? "*"})${call.suffix}`, type: BIGINT }),
  // DuckDB sums integers into 128 bits; the cast fails where Trino overflows.
  sum: (call) => {
    const [value] = call.args;
    if (value === undefined || !isNumeric(value.type)) return undefined;
    const sql = `sum(${call.distinct}${value.sql})${call.suffix}`;
    if (isInteger(value.type)) return { sql: `CAST(${sql} AS BIGINT)`, type: BIGINT };
    if (value.type.kind !== "decimal") return { sql, type: DOUBLE };
    return { sql: `CAST(${sql} AS DECIMAL(38,${value.type.scale}))`, type: decimal(38, value.type.scale) };
  },
  // The mean of decimals keeps their scale, half away from zero.
  avg: (call) => {
    const [value] = call.args;
    if (value === undefined || !isNumeric(value.type)) return undefined;
    if (value.type.kind !== "decimal")
      return { sql: `avg(${call.distinct}CAST(${value.sql} AS DOUBLE))${call.suffix}`, type: DOUBLE };
    const { precision, scale } = value.type;
    const sum = `trino_unscaled(sum(${call.distinct}${value.sql})${call.suffix})`;
    const count = `nullif(count(${call.distinct}${value.sql})${call.suffix}, 0)`;
    return { sql: divideDecimals(sum, scale, count, 0, precision, scale), type: value.type };
  },
  min: extreme("min"),
  max: extreme("max"),
  arbitrary: same("any_value", any),
  any_value: same("any_value", any),
  bool_or: same("bool_or", (type) => type.kind === "boolean"),
  bool_and: same("bool_and", (type) => type.kind === "boolean"),
  count_if: (call) => {
    const [value] = call.args;
    return value?.type.kind === "boolean"
      ? { sql: `count(CASE WHEN ${value.sql} THEN 1 END)${call.suffix}`, type: BIGINT }
      : undefined;
  },
  // A NULL value at the greatest key is the answer, not skipped.
  max_by: byKey("arg_max_null"),
  min_by: byKey("arg_min_null"),
  array_agg: (call) => {
    const [value] = call.args;
    return (
      value && { sql: `array_agg(${call.distinct}${value.sql}${call.order})${call.suffix}`, type: arrayOf(value.type) }
    );
  },
};

/** Translates an aggregate; `over` is its OVER clause when it is used as a window function. */
export function aggregate(node: Node, env: Env, over = ""): Expr {
  const { source } = env.session;
  const name = aggregateName(node, env) ?? node.kind;
  const rule = rules[name];
  if (rule === undefined) throw source.refuse(node, `aggregate function ${name}`, hints[name]);
  const members: Members = source.only(node, "this", "name", "args", "star", "distinct", "filter", "order_by");
  const nodes = Array.isArray(members["args"]) ? members["args"] : members["this"] ? [members["this"]] : [];
  const args = nodes.map((value) => expression(source.node(value), env));
  const arity = name.endsWith("_by") ? 2 : 1;
  if (members["star"] === true ? name !== "count" : args.length !== arity)
    throw source.refuse(node, `${name} of ${args.length} arguments`);
  const filter = members["filter"] ? ` FILTER (WHERE ${condition(source.node(members["filter"]), env, "FILTER")})` : "";
  const keys = Array.isArray(members["order_by"]) ? members["order_by"] : [];
  if (keys.length > 0 && name !== "array_agg") throw source.refuse(node, `ORDER BY inside ${name}`);
  const result = rule({
    name,
    args,
    suffix: `${filter}${over}`,
    distinct: members["distinct"] === true ? "DISTINCT " : "",
    order: keys.length > 0 ? ` ORDER BY ${orderList(keys, env)}` : "",
  });
  if (result === undefined)
    throw source.refuse(node, `${name} of (${args.map((arg) => display(arg.type)).join(", ")})`);
  const typed = result.type.kind !== "unknown" || name === "arbitrary" || name === "any_value";
  return typed ? result : { sql: result.sql, type: BOOLEAN };
}
