import type { Node } from "../ast.ts";
import { cast } from "../expressions/casts.ts";
import { coerce } from "../expressions/expression.ts";
import type { Env, Expr } from "../scope.ts";
import {
  arrayOf,
  BIGINT,
  BOOLEAN,
  commonType,
  DATE,
  DOUBLE,
  isInteger,
  isNumeric,
  mapOf,
  sameType,
  type TrinoType,
  VARCHAR,
} from "../types.ts";
import { written } from "../written.ts";
import { type FunctionCall, wrongArguments } from "./calls.ts";
import { type Check, type FunctionRule, fixed, integer, text } from "./function-rule.ts";

const array: Check = (type) => type.kind === "array";

/** What DuckDB compares, sorts and hashes as Trino does. */
const plain = (type: TrinoType): boolean =>
  isNumeric(type) || ["varchar", "date", "timestamp", "boolean", "time"].includes(type.kind);

interface List {
  readonly sql: string;
  readonly element: TrinoType;
}

function listAt(call: FunctionCall, index: number, env: Env): List {
  const arg = call.args[index];
  if (arg?.type.kind !== "array") throw wrongArguments(call, env);
  return { sql: arg.sql, element: arg.type.element };
}

const arity = (call: FunctionCall, count: number, env: Env): void => {
  if (call.args.length !== count) throw wrongArguments(call, env);
};

/** A function of one array that gives one of the same type. */
const same =
  (sql: (list: string) => string, check: (element: TrinoType) => boolean = () => true): FunctionRule =>
  (call, env) => {
    arity(call, 1, env);
    const list = listAt(call, 0, env);
    if (!check(list.element)) throw wrongArguments(call, env);
    return { sql: sql(list.sql), type: arrayOf(list.element) };
  };

/** Two arrays in the type they share. */
function both(call: FunctionCall, env: Env): { values: [string, string]; element: TrinoType } {
  arity(call, 2, env);
  const [a, b] = [listAt(call, 0, env), listAt(call, 1, env)];
  const element = commonType(a.element, b.element);
  if (element === undefined || !(plain(element) || element.kind === "unknown")) throw wrongArguments(call, env);
  const to = arrayOf(element);
  const [left, right] = [a, b].map((list) => cast(list.sql, arrayOf(list.element), to, false));
  if (left === undefined || right === undefined) throw wrongArguments(call, env);
  return { values: [left, right], element };
}

const setOperation =
  (macro: string): FunctionRule =>
  (call, env) => {
    const { values, element } = both(call, env);
    return { sql: `${macro}(${values.join(", ")})`, type: arrayOf(element) };
  };

/** An array and a value in the element type they share; NaN is no value here. */
function sought(call: FunctionCall, env: Env): { list: string; value: string; element: TrinoType } {
  arity(call, 2, env);
  const list = listAt(call, 0, env);
  const value = call.args[1];
  const element = value && commonType(list.element, value.type);
  if (value === undefined || element === undefined || !plain(element)) throw wrongArguments(call, env);
  const [listSql, valueSql] = [
    cast(list.sql, arrayOf(list.element), arrayOf(element), false),
    cast(value.sql, value.type, element, false),
  ];
  if (listSql === undefined || valueSql === undefined) throw wrongArguments(call, env);
  return { list: listSql, value: element.kind === "double" ? `trino_no_nan(${valueSql})` : valueSql, element };
}

const extreme =
  (name: string): FunctionRule =>
  (call, env) => {
    arity(call, 1, env);
    const list = listAt(call, 0, env);
    if (!plain(list.element)) throw wrongArguments(call, env);
    const double = list.element.kind === "double" || list.element.kind === "real";
    const values = double ? `list_transform(${list.sql}, lambda trino_e: trino_no_nan(trino_e))` : list.sql;
    return { sql: `trino_array_${name}(${values})`, type: list.element };
  };

/** `sequence(start, stop[, step])` of integers or dates; at most 10,000 values, as in Trino. */
const sequence: FunctionRule = (call, env) => {
  const [start, stop, step] = call.args;
  if (start === undefined || stop === undefined || call.args.length > 3) throw wrongArguments(call, env);
  const big = (value: Expr): string => `CAST(${value.sql} AS BIGINT)`;
  if (isInteger(start.type) && isInteger(stop.type) && (step === undefined || isInteger(step.type))) {
    const by = step === undefined ? `CASE WHEN ${start.sql} <= ${stop.sql} THEN 1 ELSE -1 END` : big(step);
    return { sql: `trino_sequence(${big(start)}, ${big(stop)}, ${by})`, type: arrayOf(BIGINT) };
  }
  if (start.type.kind === "date" && stop.type.kind === "date") {
    if (step === undefined) return { sql: `trino_days(${start.sql}, ${stop.sql})`, type: arrayOf(DATE) };
    const days = /^INTERVAL '([1-9]\d*) day'$/.exec(step.sql)?.[1];
    if (days !== undefined) return { sql: `trino_days_by(${start.sql}, ${stop.sql}, ${days})`, type: arrayOf(DATE) };
    const months = /^INTERVAL '([1-9]\d*) month'$/.exec(step.sql)?.[1];
    if (months !== undefined)
      return { sql: `trino_months_by(${start.sql}, ${stop.sql}, ${months})`, type: arrayOf(DATE) };
  }
  if (start.type.kind === "timestamp" && stop.type.kind === "timestamp" && step?.type.kind === "interval") {
    const type = commonType(start.type, stop.type);
    if (type !== undefined && /^INTERVAL '[1-9]/.test(step.sql))
      return { sql: `trino_instants(${start.sql}, ${stop.sql}, ${step.sql})`, type: arrayOf(type) };
  }
  throw wrongArguments(call, env);
};

const repeat: FunctionRule = (call, env) => {
  const [value, count] = call.args;
  if (
    value === undefined ||
    count === undefined ||
    !integer(count.type) ||
    call.args.length !== 2 ||
    value.type.kind === "unknown"
  )
    throw wrongArguments(call, env);
  return { sql: `trino_repeat(${value.sql}, ${count.sql})`, type: arrayOf(value.type) };
};

function literalCount(call: FunctionCall, index: number, env: Env): number {
  const sql = call.args[index]?.sql ?? "";
  if (!/^\d{1,3}$/.test(sql))
    throw env.session.source.refuse(call.node, `${call.name} with a size that is no small literal number`);
  return Number(sql);
}

const ngrams: FunctionRule = (call, env) => {
  arity(call, 2, env);
  const list = listAt(call, 0, env);
  const size = literalCount(call, 1, env);
  if (size < 1) throw env.session.source.error("INVALID_FUNCTION_ARGUMENT", call.node, "N must be positive");
  return { sql: `trino_ngrams(${list.sql}, ${size})`, type: arrayOf(arrayOf(list.element)) };
};

/** All choices of n elements, ordered by the last one chosen. */
const combinations: FunctionRule = (call, env) => {
  arity(call, 2, env);
  const list = listAt(call, 0, env);
  const size = literalCount(call, 1, env);
  if (size > 3) throw env.session.source.refuse(call.node, "combinations of more than 3 elements");
  const choose = (n: number, limit: string): string => {
    if (n === 0) return "[[]]";
    const j = env.session.fresh("l");
    const c = env.session.fresh("l");
    const rest = choose(n - 1, `${j} - 1`);
    return `flatten(list_transform(generate_series(${n}, ${limit}), lambda ${j}: list_transform(${rest}, lambda ${c}: list_append(${c}, (${list.sql})[${j}]))))`;
  };
  return {
    sql: `CASE WHEN ${list.sql} IS NULL THEN NULL ELSE ${choose(size, `CAST(len(${list.sql}) AS BIGINT)`)} END`,
    type: arrayOf(arrayOf(list.element)),
  };
};

/** A map and a key in the type they share: of whole keys 1.5 is none. */
function byCommonKey(
  map: Expr,
  type: TrinoType & { readonly kind: "map" },
  key: Expr,
): { readonly map: string; readonly key: string } | undefined {
  const common = commonType(key.type, type.key);
  const sought = common && cast(key.sql, key.type, common, false);
  const searched =
    common && (sameType(common, type.key) ? map.sql : cast(map.sql, type, mapOf(common, type.value), false));
  return sought === undefined || searched === undefined ? undefined : { map: searched, key: sought };
}

const elementAt: FunctionRule = (call, env) => {
  const [value, key] = call.args;
  if (value === undefined || key === undefined || call.args.length !== 2) throw wrongArguments(call, env);
  if (value.type.kind === "map") {
    const both = byCommonKey(value, value.type, key);
    if (both === undefined) throw wrongArguments(call, env);
    return { sql: `trino_map_at(${both.map}, ${both.key})`, type: value.type.value };
  }
  if (value.type.kind !== "array" || !integer(key.type)) throw wrongArguments(call, env);
  return { sql: `trino_element_at(${value.sql}, ${key.sql})`, type: value.type.element };
};

/** `array[i]`, `map[key]`, `row[i]`: what is not there is an error. */
export function subscript(value: Expr, index: Expr, node: Node, env: Env): Expr {
  const { source } = env.session;
  if (value.type.kind === "array" && integer(index.type))
    return { sql: `trino_subscript(${value.sql}, ${index.sql})`, type: value.type.element };
  if (value.type.kind === "map") {
    const both = byCommonKey(value, value.type, index);
    if (both !== undefined) return { sql: `trino_map_subscript(${both.map}, ${both.key})`, type: value.type.value };
  }
  if (value.type.kind === "row" && /^[1-9]\d*$/.test(index.sql)) {
    const field = value.type.fields[Number(index.sql) - 1];
    if (field !== undefined) return { sql: `struct_extract_at(${value.sql}, ${index.sql})`, type: field.type };
  }
  throw source.refuse(node, "this subscript");
}

/** An array joined as text, NULLs left out or written as the third argument. */
const arrayJoin: FunctionRule = (call, env) => {
  const list = listAt(call, 0, env);
  const joined = cast(call.args[0]?.sql ?? "", arrayOf(list.element), arrayOf(VARCHAR), false);
  if (joined === undefined) throw wrongArguments(call, env);
  return fixed(
    [array, text, text],
    VARCHAR,
    (_list, by, missing) =>
      missing === undefined ? `trino_array_join(${joined}, ${by})` : `trino_array_join3(${joined}, ${by}, ${missing})`,
    1,
  )(call, env);
};

const contains: FunctionRule = (call, env) => {
  const { list, value } = sought(call, env);
  return { sql: `trino_contains(${list}, ${value})`, type: BOOLEAN };
};

const cosineSimilarity: FunctionRule = (call, env) => {
  arity(call, 2, env);
  const kind = call.args[0]?.type.kind === "map" ? "map" : "array";
  const to = kind === "map" ? mapOf(VARCHAR, DOUBLE) : arrayOf(DOUBLE);
  const [a, b] = call.args.map((arg) => coerce(arg, to));
  if (a === undefined || b === undefined) throw wrongArguments(call, env);
  return { sql: `trino_${kind}_cosine(${a}, ${b})`, type: DOUBLE };
};

/** Functions on arrays without lambdas. */
export const arrayFunctions: Readonly<Record<string, FunctionRule>> = {
  cardinality: written("(array(T) | map(K, V)) → bigint", (call, env) => {
    const size = call.args[0]?.type.kind === "map" ? "cardinality" : "len";
    return fixed(
      [(type) => array(type) || type.kind === "map"],
      BIGINT,
      (x) => `CAST(${size}(${x}) AS BIGINT)`,
    )(call, env);
  }),
  contains: written("(array(T), T) → boolean", contains),
  array_join: written("(array(T), varchar[, varchar]) → varchar", arrayJoin),
  element_at: written(["(array(T), bigint) → T", "(map(K, V), K) → V"], elementAt),
  array_distinct: written(
    "(array(T)) → array(T)",
    same((list) => `trino_array_distinct(${list})`, plain),
  ),
  array_union: written("(array(T), array(T)) → array(T)", setOperation("trino_array_union")),
  array_intersect: written("(array(T), array(T)) → array(T)", setOperation("trino_array_intersect")),
  array_except: written("(array(T), array(T)) → array(T)", setOperation("trino_array_except")),
  arrays_overlap: written("(array(T), array(T)) → boolean", (call, env) => ({
    sql: `trino_arrays_overlap(${both(call, env).values.join(", ")})`,
    type: BOOLEAN,
  })),
  array_position: written("(array(T), T) → bigint", (call, env) => {
    const { list, value } = sought(call, env);
    return { sql: `trino_array_position(${list}, ${value})`, type: BIGINT };
  }),
  array_remove: written("(array(T), T) → array(T)", (call, env) => {
    const { list, value, element } = sought(call, env);
    return { sql: `trino_array_remove(${list}, ${value})`, type: arrayOf(element) };
  }),
  array_max: written("(array(T)) → T", extreme("max")),
  array_min: written("(array(T)) → T", extreme("min")),
  flatten: written("(array(array(T))) → array(T)", (call, env) => {
    arity(call, 1, env);
    const list = listAt(call, 0, env);
    if (list.element.kind !== "array") throw wrongArguments(call, env);
    return { sql: `flatten(list_filter(${list.sql}, lambda trino_e: trino_e IS NOT NULL))`, type: list.element };
  }),
  slice: written("(array(T), bigint, bigint) → array(T)", (call, env) => {
    arity(call, 3, env);
    const list = listAt(call, 0, env);
    const [, start, length] = call.args;
    if (start === undefined || length === undefined || !integer(start.type) || !integer(length.type))
      throw wrongArguments(call, env);
    return { sql: `trino_slice(${list.sql}, ${start.sql}, ${length.sql})`, type: arrayOf(list.element) };
  }),
  trim_array: written("(array(T), bigint) → array(T)", (call, env) => {
    arity(call, 2, env);
    const list = listAt(call, 0, env);
    const count = call.args[1];
    if (count === undefined || !integer(count.type)) throw wrongArguments(call, env);
    return { sql: `trino_trim_array(${list.sql}, ${count.sql})`, type: arrayOf(list.element) };
  }),
  sequence: written(
    [
      "(bigint, bigint[, bigint]) → array(bigint)",
      "(date, date[, interval]) → array(date)",
      "(timestamp, timestamp, interval) → array(timestamp)",
    ],
    sequence,
  ),
  repeat: written("(T, bigint) → array(T)", repeat),
  shuffle: written(
    "(array(T)) → array(T)",
    same((list) => `trino_shuffle(${list})`),
  ),
  contains_sequence: written("(array(T), array(T)) → boolean", (call, env) => ({
    sql: `trino_contains_sequence(${both(call, env).values.join(", ")})`,
    type: BOOLEAN,
  })),
  cosine_similarity: written(
    ["(array(double), array(double)) → double", "(map(varchar, double), map(varchar, double)) → double"],
    cosineSimilarity,
  ),
  ngrams: written("(array(T), n) → array(array(T))", ngrams),
  combinations: written("(array(T), n) → array(array(T))", combinations),
};
