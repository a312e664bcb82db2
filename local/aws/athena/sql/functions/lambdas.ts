import type { Node } from "../ast.ts";
import { cast } from "../expressions/casts.ts";
import { condition, expression } from "../expressions/expression.ts";
import type { Env, Expr } from "../scope.ts";
import { arrayOf, BOOLEAN, commonType, display, mapOf, rowOf, sameType, type TrinoType } from "../types.ts";
import { type Written, written } from "../written.ts";

/** A function that has lambdas among its arguments, which get their types from the others. */
export type LambdaRule = ((args: readonly Node[], node: Node, env: Env) => Expr) & Written;

/** A lambda over arguments given in DuckDB's words. */
function body(node: Node | undefined, args: readonly Expr[], at: Node, env: Env): { node: Node; env: Env } {
  const { source } = env.session;
  if (node?.kind !== "lambda") throw source.refuse(at, "a function argument that is no lambda");
  const { parameters, body: inner } = source.only(node, "parameters", "body");
  const names = Array.isArray(parameters) ? parameters.map((name) => source.name(name).toLowerCase()) : [];
  if (names.length !== args.length || new Set(names).size !== names.length)
    throw source.error("SYNTAX_ERROR", node, `a lambda of ${args.length} different arguments is expected`);
  const columns = args.map((arg, i) => ({ name: names[i] ?? "", type: arg.type, sql: arg.sql }));
  const { outputs: _outputs, ...visible } = env;
  return {
    node: source.node(inner),
    env: { ...visible, relations: [{ alias: undefined, columns }], parent: env, inLambda: true },
  };
}

export const applyLambda = (node: Node | undefined, args: readonly Expr[], at: Node, env: Env): Expr => {
  const inner = body(node, args, at, env);
  return expression(inner.node, inner.env);
};

const test = (node: Node | undefined, args: readonly Expr[], at: Node, env: Env): string => {
  const inner = body(node, args, at, env);
  if (inner.node.kind === "null") throw env.session.source.refuse(at, "a lambda that gives NULL", "cast it to boolean");
  return condition(inner.node, inner.env, "the lambda's result");
};

const elementOf = (value: Expr, at: Node, env: Env): TrinoType => {
  if (value.type.kind !== "array")
    throw env.session.source.refuse(at, `a lambda over ${display(value.type)}`, "it takes an array");
  return value.type.element;
};

const listOf = (node: Node | undefined, at: Node, env: Env): Expr & { readonly element: TrinoType } => {
  if (node === undefined) throw env.session.source.refuse(at, "a function without its array");
  const value = expression(node, env);
  return { ...value, element: elementOf(value, at, env) };
};

const transform: LambdaRule = ([array, lambda], at, env) => {
  const list = listOf(array, at, env);
  const v = env.session.fresh("l");
  const result = applyLambda(lambda, [{ sql: v, type: list.element }], at, env);
  return { sql: `list_transform(${list.sql}, lambda ${v}: ${result.sql})`, type: arrayOf(result.type) };
};

const filter: LambdaRule = ([array, lambda], at, env) => {
  const list = listOf(array, at, env);
  const v = env.session.fresh("l");
  const sql = test(lambda, [{ sql: v, type: list.element }], at, env);
  return { sql: `list_filter(${list.sql}, lambda ${v}: ${sql})`, type: list.type };
};

const matching =
  (macro: string): LambdaRule =>
  ([array, lambda], at, env) => {
    const list = listOf(array, at, env);
    const v = env.session.fresh("l");
    const sql = test(lambda, [{ sql: v, type: list.element }], at, env);
    return { sql: `${macro}(list_transform(${list.sql}, lambda ${v}: ${sql}))`, type: BOOLEAN };
  };

/** The fold as SQL; the state's type widens to what the lambda gives, as Trino's type variables do. */
function fold(list: Expr, element: TrinoType, start: Expr, step: Node | undefined, at: Node, env: Env): Expr {
  const a = env.session.fresh("l");
  const b = env.session.fresh("l");
  let state = start.type;
  for (let tries = 0; tries < 3; tries++) {
    const next = applyLambda(
      step,
      [
        { sql: `${a}.s`, type: state },
        { sql: `${b}.x`, type: element },
      ],
      at,
      env,
    );
    const common = commonType(state, next.type);
    if (common === undefined) break;
    if (!sameType(common, state)) {
      state = common;
      continue;
    }
    const e = env.session.fresh("l");
    const first = cast(start.sql, start.type, state, false);
    const stepped = cast(next.sql, next.type, state, false);
    const elements = `list_transform(${list.sql}, lambda ${e}: {'s': ${first}, 'x': ${e}})`;
    const seeded = `list_prepend({'s': ${first}, 'x': (${list.sql})[0]}, ${elements})`;
    const folded = `list_reduce(${seeded}, lambda ${a}, ${b}: {'s': ${stepped}, 'x': ${b}.x})`;
    return { sql: `CASE WHEN ${list.sql} IS NULL THEN NULL ELSE ${folded}.s END`, type: state };
  }
  throw env.session.source.refuse(at, "a fold whose state changes its type", "cast the initial state");
}

const reduce: LambdaRule = ([array, start, step, finish], at, env) => {
  const list = listOf(array, at, env);
  if (start === undefined) throw env.session.source.refuse(at, "reduce of one argument");
  const state = fold(list, list.element, expression(start, env), step, at, env);
  const v = env.session.fresh("l");
  const result = applyLambda(finish, [{ sql: v, type: state.type }], at, env);
  if (result.sql === v) return { sql: state.sql, type: result.type };
  const sql = `CASE WHEN ${list.sql} IS NULL THEN NULL ELSE list_transform([${state.sql}], lambda ${v}: ${result.sql})[1] END`;
  return { sql, type: result.type };
};

/** reduce_agg folds the group's values; the second function, which joins partial states, has nothing to join here. */
export function reduceAggregate(args: readonly Node[], list: Expr, at: Node, env: Env): Expr {
  const [, start, step, join] = args;
  if (start === undefined || list.type.kind !== "array" || args.length !== 4)
    throw env.session.source.refuse(at, "this form of reduce_agg");
  const first = expression(start, env);
  const state = fold(list, list.type.element, first, step, at, env);
  const joined = applyLambda(
    join,
    [
      { sql: "NULL", type: state.type },
      { sql: "NULL", type: state.type },
    ],
    at,
    env,
  );
  if (!sameType(state.type, first.type) || !sameType(joined.type, first.type))
    throw env.session.source.refuse(at, "reduce_agg whose state changes its type", "cast the initial state");
  return state;
}

const zipWith: LambdaRule = ([left, right, lambda], at, env) => {
  const [a, b] = [left, right].map((side) => listOf(side, at, env));
  if (a === undefined || b === undefined) throw env.session.source.refuse(at, "zip_with of one array");
  const i = env.session.fresh("l");
  const item = (list: Expr & { element: TrinoType }): Expr => ({ sql: `(${list.sql})[${i}]`, type: list.element });
  const result = applyLambda(lambda, [item(a), item(b)], at, env);
  const longest = `greatest(len(${a.sql}), len(${b.sql}))`;
  const sql = `CASE WHEN ${a.sql} IS NULL OR ${b.sql} IS NULL THEN NULL ELSE list_transform(generate_series(1, ${longest}), lambda ${i}: ${result.sql}) END`;
  return { sql, type: arrayOf(result.type) };
};

/** Orders by how many elements the comparator puts before each one, which is what a stable sort with it gives. */
const sortBy = (list: Expr & { element: TrinoType }, lambda: Node, at: Node, env: Env): Expr => {
  const [x, y, i, j, s] = ["l", "l", "l", "l", "l"].map((prefix) => env.session.fresh(prefix));
  const compared = applyLambda(
    lambda,
    [
      { sql: String(y), type: list.element },
      { sql: String(x), type: list.element },
    ],
    at,
    env,
  );
  const order = `trino_comparison(${compared.sql})`;
  const before = `len(list_filter(${list.sql}, lambda ${y}, ${j}: ${order} < 0 OR (${order} = 0 AND ${j} < ${i})))`;
  const keys = `list_sort(list_transform(${list.sql}, lambda ${x}, ${i}: {'k': ${before}, 'i': ${i}}))`;
  return { sql: `list_transform(${keys}, lambda ${s}: (${list.sql})[${s}.i])`, type: list.type };
};

const arraySort: LambdaRule = ([array, lambda], at, env) => {
  const list = listOf(array, at, env);
  if (lambda !== undefined) return sortBy(list, lambda, at, env);
  if (["array", "row", "map", "json"].includes(list.element.kind))
    throw env.session.source.refuse(at, `array_sort of ${display(list.type)}`);
  return { sql: `list_sort(${list.sql}, 'ASC', 'NULLS LAST')`, type: list.type };
};

interface Entries {
  readonly sql: string;
  readonly key: TrinoType;
  readonly value: TrinoType;
}

const mapEntries = (node: Node | undefined, at: Node, env: Env): Entries => {
  if (node === undefined) throw env.session.source.refuse(at, "a function without its map");
  const map = expression(node, env);
  if (map.type.kind !== "map")
    throw env.session.source.refuse(at, `a lambda over ${display(map.type)}`, "it takes a map");
  return { sql: map.sql, key: map.type.key, value: map.type.value };
};

const entryArgs = (v: string, map: Entries): readonly Expr[] => [
  { sql: `${v}.key`, type: map.key },
  { sql: `${v}.value`, type: map.value },
];

const mapFilter: LambdaRule = ([map, lambda], at, env) => {
  const entries = mapEntries(map, at, env);
  const v = env.session.fresh("l");
  const kept = `list_filter(map_entries(${entries.sql}), lambda ${v}: ${test(lambda, entryArgs(v, entries), at, env)})`;
  return { sql: `map_from_entries(${kept})`, type: mapOf(entries.key, entries.value) };
};

const transformValues: LambdaRule = ([map, lambda], at, env) => {
  const entries = mapEntries(map, at, env);
  const v = env.session.fresh("l");
  const result = applyLambda(lambda, entryArgs(v, entries), at, env);
  const values = `list_transform(map_entries(${entries.sql}), lambda ${v}: ${result.sql})`;
  return { sql: `trino_map(map_keys(${entries.sql}), ${values})`, type: mapOf(entries.key, result.type) };
};

const transformKeys: LambdaRule = ([map, lambda], at, env) => {
  const entries = mapEntries(map, at, env);
  const v = env.session.fresh("l");
  const result = applyLambda(lambda, entryArgs(v, entries), at, env);
  const keys = `list_transform(map_entries(${entries.sql}), lambda ${v}: ${result.sql})`;
  return { sql: `trino_map(${keys}, map_values(${entries.sql}))`, type: mapOf(result.type, entries.value) };
};

const mapZipWith: LambdaRule = ([left, right, lambda], at, env) => {
  const [a, b] = [left, right].map((side) => mapEntries(side, at, env));
  if (a === undefined || b === undefined || !sameType(a.key, b.key))
    throw env.session.source.refuse(at, "map_zip_with of maps whose keys differ in type");
  const v = env.session.fresh("l");
  const args = [
    { sql: v, type: a.key },
    { sql: `(${a.sql})[${v}]`, type: a.value },
    { sql: `(${b.sql})[${v}]`, type: b.value },
  ];
  const keys = `trino_array_distinct(map_keys(${a.sql}) || map_keys(${b.sql}))`;
  const result = applyLambda(lambda, args, at, env);
  return {
    sql: `trino_map(${keys}, list_transform(${keys}, lambda ${v}: ${result.sql}))`,
    type: mapOf(a.key, result.type),
  };
};

/** `zip(a, b, ...)`: rows without names; shorter arrays are filled with NULL. */
const zip: LambdaRule = (arrays, at, env) => {
  const lists = arrays.map((array) => listOf(array, at, env));
  if (lists.length < 2) throw env.session.source.refuse(at, "zip of one array");
  const i = env.session.fresh("l");
  const longest = `greatest(${lists.map(({ sql }) => `len(${sql})`).join(", ")})`;
  const missing = lists.map(({ sql }) => `${sql} IS NULL`).join(" OR ");
  const fields = lists.map(({ sql }, n) => `'field${n}': (${sql})[${i}]`).join(", ");
  return {
    sql: `CASE WHEN ${missing} THEN NULL ELSE list_transform(generate_series(1, ${longest}), lambda ${i}: {${fields}}) END`,
    type: arrayOf(rowOf(lists.map(({ element }) => ({ name: "", type: element })))),
  };
};

/** Functions whose arguments are lambdas, or that need their arguments' own text. */
export const lambdaFunctions: Readonly<Record<string, LambdaRule>> = {
  transform: written("(array(T), T -> U) → array(U)", transform),
  filter: written("(array(T), T -> boolean) → array(T)", filter),
  reduce: written("(array(T), S, (S, T) -> S, S -> R) → R", reduce),
  any_match: written("(array(T), T -> boolean) → boolean", matching("trino_any_match")),
  all_match: written("(array(T), T -> boolean) → boolean", matching("trino_all_match")),
  none_match: written("(array(T), T -> boolean) → boolean", matching("trino_none_match")),
  zip: written("(array(T), array(U), ...) → array(row(T, U, ...))", zip),
  zip_with: written("(array(T), array(U), (T, U) -> R) → array(R)", zipWith),
  array_sort: written(["(array(T)) → array(T)", "(array(T), (T, T) -> bigint) → array(T)"], arraySort),
  map_filter: written("(map(K, V), (K, V) -> boolean) → map(K, V)", mapFilter),
  transform_values: written("(map(K, V), (K, V) -> R) → map(K, R)", transformValues),
  transform_keys: written("(map(K, V), (K, V) -> R) → map(R, V)", transformKeys),
  map_zip_with: written("(map(K, V), map(K, U), (K, V, U) -> R) → map(K, R)", mapZipWith),
};
