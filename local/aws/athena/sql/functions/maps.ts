import type { Env } from "../scope.ts";
import { arrayOf, display, mapOf, rowOf, sameType, type TrinoType, UNKNOWN, VARCHAR } from "../types.ts";
import { written } from "../written.ts";
import { type FunctionCall, wrongArguments } from "./calls.ts";
import { type FunctionRule, fixed, text } from "./function-rule.ts";

type MapType = TrinoType & { readonly kind: "map" };

function mapAt(call: FunctionCall, index: number, env: Env): { sql: string; type: MapType } {
  const arg = call.args[index];
  if (arg?.type.kind !== "map") throw wrongArguments(call, env);
  return { sql: arg.sql, type: arg.type };
}

const ofOneMap =
  (sql: (map: string) => string, type: (map: MapType) => TrinoType): FunctionRule =>
  (call, env) => {
    if (call.args.length !== 1) throw wrongArguments(call, env);
    const map = mapAt(call, 0, env);
    return { sql: sql(map.sql), type: type(map.type) };
  };

const entryRow = (key: TrinoType, value: TrinoType): TrinoType =>
  rowOf([
    { name: "", type: key },
    { name: "", type: value },
  ]);

const construct: FunctionRule = (call, env) => {
  const [keys, values] = call.args;
  if (call.args.length === 0)
    return { sql: "CAST(map([], []) AS MAP(INTEGER, INTEGER))", type: mapOf(UNKNOWN, UNKNOWN) };
  if (keys?.type.kind !== "array" || values?.type.kind !== "array" || call.args.length !== 2)
    throw wrongArguments(call, env);
  // A NULL inside of such a key fails in Trino.
  if (["array", "map", "row"].includes(keys.type.element.kind))
    throw env.session.source.refuse(call.node, `MAP with keys of ${display(keys.type.element)}`);
  return { sql: `trino_map(${keys.sql}, ${values.sql})`, type: mapOf(keys.type.element, values.type.element) };
};

/** Rows of two fields as a map. */
const fromEntries =
  (macro: string, value: (type: TrinoType) => TrinoType): FunctionRule =>
  (call, env) => {
    const [list] = call.args;
    const row = list?.type.kind === "array" ? list.type.element : undefined;
    const [key, item] = row?.kind === "row" ? row.fields : [];
    if (list === undefined || key === undefined || item === undefined || call.args.length !== 1)
      throw wrongArguments(call, env);
    return { sql: `${macro}(${list.sql})`, type: mapOf(key.type, value(item.type)) };
  };

/** Of maps with the same key the last one counts. */
const concat: FunctionRule = (call, env) => {
  const maps = call.args.map((_, i) => mapAt(call, i, env));
  const [first] = maps;
  if (first === undefined || maps.length < 2 || !maps.every(({ type }) => sameType(type, first.type)))
    throw wrongArguments(call, env);
  const missing = maps.map(({ sql }) => `${sql} IS NULL`).join(" OR ");
  // Entries stand from the last map to the first.
  const all = (part: string): string =>
    `flatten([${maps
      .map(({ sql }) => `${part}(${sql})`)
      .reverse()
      .join(", ")}])`;
  return {
    sql: `CASE WHEN ${missing} THEN NULL ELSE trino_first_map(${all("map_keys")}, ${all("map_values")}) END`,
    type: first.type,
  };
};

/** Functions on maps without lambdas. */
export const mapFunctions: Readonly<Record<string, FunctionRule>> = {
  map: written(["() → map(unknown, unknown)", "(array(K), array(V)) → map(K, V)"], construct),
  map_keys: written(
    "(map(K, V)) → array(K)",
    ofOneMap(
      (m) => `map_keys(${m})`,
      ({ key }) => arrayOf(key),
    ),
  ),
  map_values: written(
    "(map(K, V)) → array(V)",
    ofOneMap(
      (m) => `map_values(${m})`,
      ({ value }) => arrayOf(value),
    ),
  ),
  map_entries: written(
    "(map(K, V)) → array(row(K, V))",
    ofOneMap(
      (m) => `list_transform(map_entries(${m}), lambda trino_e: {'field0': trino_e.key, 'field1': trino_e.value})`,
      ({ key, value }) => arrayOf(entryRow(key, value)),
    ),
  ),
  map_from_entries: written(
    "(array(row(K, V))) → map(K, V)",
    fromEntries("trino_map_from_entries", (type) => type),
  ),
  multimap_from_entries: written(
    "(array(row(K, V))) → map(K, array(V))",
    fromEntries("trino_multimap_from_entries", arrayOf),
  ),
  map_concat: written("(map(K, V), map(K, V), ...) → map(K, V)", concat),
  split_to_map: fixed(
    [text, text, text],
    mapOf(VARCHAR, VARCHAR),
    (x, by, eq) => `trino_split_to_map(${x}, ${by}, ${eq})`,
  ),
  split_to_multimap: fixed(
    [text, text, text],
    mapOf(VARCHAR, arrayOf(VARCHAR)),
    (x, by, eq) => `trino_split_to_multimap(${x}, ${by}, ${eq})`,
  ),
};
