import type { Node } from "../ast.ts";
import { condition, expression } from "../expressions/expression.ts";
import { innerOrder } from "../queries/ordering.ts";
import type { Env, Expr } from "../scope.ts";
import { arrayOf, BIGINT, isInteger, isNumeric, isText, mapOf, type TrinoType, VARCHAR } from "../types.ts";
import { type Written, written } from "../written.ts";
import type { Call } from "./aggregates.ts";
import { approximateAggregates } from "./approx-distinct.ts";
import { reduceAggregate } from "./lambdas.ts";
import { statistics } from "./statistics.ts";

export type AggregateRule = ((call: Call) => Expr | undefined) & Written;

const ordered = (type: TrinoType): boolean =>
  (isNumeric(type) && type.kind !== "double") || ["varchar", "date", "timestamp"].includes(type.kind);

/** The group's values in a list, without those where `key` is NULL. */
function listed(value: Expr, key: Expr, { filter, over }: Call): string {
  const present = `${key.sql} IS NOT NULL`;
  return `list(${value.sql}) FILTER (WHERE ${filter === undefined ? present : `${present} AND ${filter}`})${over}`;
}

const plainKey = (type: TrinoType): boolean => ordered(type) || type.kind === "boolean";

/** A map of the group's keys and values; NULL keys are left out. */
const mapAgg =
  (macro: string, value: (type: TrinoType) => TrinoType): AggregateRule =>
  (call) => {
    const [key, item] = call.args;
    if (key === undefined || item === undefined || !plainKey(key.type) || call.distinct !== "") return undefined;
    return {
      sql: `${macro}(${listed(key, key, call)}, ${listed(item, key, call)})`,
      type: mapOf(key.type, value(item.type)),
    };
  };

const bits =
  (name: string): AggregateRule =>
  (call) => {
    const [value] = call.args;
    if (value === undefined || !isInteger(value.type) || call.distinct !== "") return undefined;
    return { sql: `${name}(CAST(${value.sql} AS BIGINT))${call.suffix}`, type: BIGINT };
  };

/** Aggregates beside those every query has. */
export const moreAggregates: Readonly<Record<string, AggregateRule>> = {
  ...statistics,
  map_agg: written(
    "(K, V) → map(K, V)",
    mapAgg("trino_first_map", (type) => type),
  ),
  multimap_agg: written("(K, V) → map(K, array(V))", mapAgg("trino_multimap", arrayOf)),
  histogram: written("(K) → map(K, bigint)", (call) => {
    const [value] = call.args;
    if (value === undefined || !plainKey(value.type) || call.distinct !== "") return undefined;
    const keys = listed(value, value, call);
    return { sql: `trino_histogram(${keys})`, type: mapOf(value.type, BIGINT) };
  }),
  map_union: written("(map(K, V)) → map(K, V)", (call) => {
    const [value] = call.args;
    if (value?.type.kind !== "map" || call.distinct !== "") return undefined;
    const all = (part: string): string =>
      `flatten(${listed({ sql: `${part}(${value.sql})`, type: value.type }, value, call)})`;
    // Of empty maps alone it makes no map.
    const keys = all("map_keys");
    return {
      sql: `CASE WHEN len(${keys}) > 0 THEN trino_first_map(${keys}, ${all("map_values")}) END`,
      type: value.type,
    };
  }),
  bitwise_and_agg: written("(bigint) → bigint", bits("bit_and")),
  bitwise_or_agg: written("(bigint) → bigint", bits("bit_or")),
  ...approximateAggregates,
};

/** `max(x, n)`, `min(x, n)`, `max_by(x, key, n)`: the first n in order. */
export const firstN: AggregateRule = (call) => {
  const [value, ...rest] = call.args;
  const count = rest.at(-1);
  const key = rest.length === 2 ? rest[0] : undefined;
  if (value === undefined || count === undefined || call.distinct !== "" || !/^[1-9]\d{0,3}$/.test(count.sql))
    return undefined;
  const name = call.name.slice(0, 3);
  if (key === undefined)
    return ordered(value.type)
      ? { sql: `${name}(${value.sql}, ${count.sql})${call.suffix}`, type: arrayOf(value.type) }
      : undefined;
  if (!ordered(key.type)) return undefined;
  const kept = `arg_${name}({'v': ${value.sql}}, ${key.sql}, ${count.sql})${call.suffix}`;
  // Where a value is NULL, Trino 476 may put NULL in another one's place.
  const absent = `count(CASE WHEN ${value.sql} IS NULL THEN 1 END)${call.suffix} > 0`;
  const refusal = "error('NOT_IMPLEMENTED_LOCALLY: several values by key, one of them NULL')";
  return {
    sql: `CASE WHEN ${absent} THEN ${refusal} ELSE list_transform(${kept}, lambda trino_e: trino_e.v) END`,
    type: arrayOf(value.type),
  };
};

const keysOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** `listagg([DISTINCT] text, separator) WITHIN GROUP (ORDER BY ...)`. */
export function listagg(node: Node, env: Env, over: string): Expr {
  const { source } = env.session;
  const { this: inner, order_by: order } = source.only(node, "this", "order_by");
  const call = source.node(inner);
  if (call.kind !== "list_agg" || over !== "") throw source.refuse(node, "this use of WITHIN GROUP");
  const { this: value, separator, distinct, filter } = source.only(call, "this", "separator", "distinct", "filter");
  const text = expression(source.node(value), env);
  const between = separator ? expression(source.node(separator), env) : { sql: "''", type: VARCHAR };
  if (!isText(text.type) || !isText(between.type) || !/^'/.test(between.sql))
    throw source.refuse(call, "listagg of what is no text, or with a separator that is no literal");
  const keys = innerOrder(keysOf(order), [text], distinct === true, env);
  const where = filter ? ` FILTER (WHERE ${condition(source.node(filter), env, "FILTER")})` : "";
  const sql = `string_agg(${distinct === true ? "DISTINCT " : ""}${text.sql}, ${between.sql} ORDER BY ${keys})${where}`;
  return { sql: `trino_listagg(${sql})`, type: VARCHAR };
}

/** Aggregates whose arguments are more than expressions. */
export const formedAggregates: Readonly<Record<string, string>> = {
  listagg: "([DISTINCT] varchar[, 'separator']) WITHIN GROUP (ORDER BY ...) → varchar",
  reduce_agg: "(T, S, (S, T) -> S, (S, S) -> S) → S",
};

/** `reduce_agg(x, start, step, join)`. */
export function reduceAgg(node: Node, env: Env, over: string): Expr {
  const { source } = env.session;
  const args = source.nodes(source.only(node, "name", "args")["args"]);
  const [value] = args;
  if (value === undefined || over !== "") throw source.refuse(node, "this use of reduce_agg");
  const item = expression(value, env);
  const list = { sql: `(list(${item.sql}) FILTER (WHERE ${item.sql} IS NOT NULL))`, type: arrayOf(item.type) };
  return reduceAggregate(args, list, node, env);
}
