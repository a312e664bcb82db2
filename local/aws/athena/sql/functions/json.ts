import { type Node, quote } from "../ast.ts";
import { readType } from "../data-type.ts";
import { cast } from "../expressions/casts.ts";
import { expression } from "../expressions/expression.ts";
import type { Env, Expr, ExpressionRule } from "../scope.ts";
import { BIGINT, BOOLEAN, display, isInteger, isText, JSON_TYPE, VARCHAR } from "../types.ts";
import { written } from "../written.ts";
import { type FunctionCall, wrongArguments } from "./calls.ts";
import { type Check, type FunctionRule, fixed, literalText, text } from "./function-rule.ts";
import { jsonSteps } from "./json-path.ts";
import { toJsonText } from "./to-json.ts";

const jsonOrText: Check = written("json | varchar", (type) => type.kind === "json" || text(type));
const json: Check = written("json", (type) => type.kind === "json");

/** The steps of a path that is a literal. */
function path(call: FunctionCall, index: number, env: Env, prefix = ""): string {
  const given = literalText(call, index, env);
  const steps = given.startsWith(prefix) ? jsonSteps(given.slice(prefix.length)) : undefined;
  if (steps === undefined)
    throw env.session.source.refuse(
      call.node,
      "this JSON path",
      `write a literal such as '${prefix}$.a.b' or '${prefix}$.a[0]'`,
    );
  return quote(JSON.stringify(steps));
}

const asText = (sql: string | undefined): string => `CAST(${sql} AS VARCHAR)`;

const arrayContains: FunctionRule = (call, env) => {
  const [json, value] = call.args;
  const kind =
    value &&
    (isInteger(value.type)
      ? "number"
      : isText(value.type)
        ? "string"
        : value.type.kind === "boolean"
          ? "word"
          : undefined);
  if (
    json === undefined ||
    value === undefined ||
    kind === undefined ||
    !jsonOrText(json.type) ||
    call.args.length !== 2
  )
    throw wrongArguments(call, env);
  return { sql: `trino_json_array_contains(${asText(json.sql)}, '${kind}', ${asText(value.sql)})`, type: BOOLEAN };
};

/** Functions on JSON with plain arguments. */
export const jsonFunctions: Readonly<Record<string, FunctionRule>> = {
  json_parse: fixed([text], JSON_TYPE, (x) => `trino_json_parse(${x})`),
  json_format: fixed([json], VARCHAR, (x) => `trino_json_format(${x})`),
  json_array_length: written("(json | varchar) → bigint", (call, env) => {
    const macro = call.args[0]?.type.kind === "json" ? "trino_json_length" : "trino_json_array_length";
    return fixed([jsonOrText], BIGINT, (x) => `${macro}(${x})`)(call, env);
  }),
  json_size: written("(json | varchar, 'path') → bigint", (call, env) =>
    fixed([jsonOrText, text], BIGINT, (x) => `trino_json_size(${asText(x)}, ${path(call, 1, env)})`)(call, env),
  ),
  json_array_contains: written("(json | varchar, bigint | varchar | boolean) → boolean", arrayContains),
  is_json_scalar: fixed([jsonOrText], BOOLEAN, (x) => `trino_is_json_scalar(${asText(x)})`),
  json_exists: written("(varchar, 'lax path') → boolean", (call, env) =>
    fixed([text, text], BOOLEAN, (x) => `trino_sql_json_exists(${x}, ${path(call, 1, env, "lax ")})`)(call, env),
  ),
};

function lax(node: Node, env: Env): { value: Expr; path: string; members: Readonly<Record<string, unknown>> } {
  const { source } = env.session;
  const members = source.only(node, "this", "path", "returning");
  const nodes = [source.node(members["this"]), source.node(members["path"])];
  const args = nodes.map((item) => expression(item, env));
  const [value] = args;
  const call: FunctionCall = { name: node.kind, args, nodes, node };
  if (value === undefined || !text(value.type)) throw wrongArguments(call, env);
  return { value, path: path(call, 1, env, "lax "), members };
}

/** SQL/JSON's functions with a syntax of their own; all but the defaults of its clauses is refused. */
export const jsonForms: Readonly<Record<string, ExpressionRule>> = {
  json_value: written("json_value(varchar, 'lax path' [RETURNING varchar | bigint]) → varchar", (node, env) => {
    const { value, path: steps, members } = lax(node, env);
    const sql = `trino_sql_json_value(${value.sql}, ${steps})`;
    if (!members["returning"]) return { sql, type: VARCHAR };
    const type = readType(members["returning"], node, env);
    const converted = type.kind === "varchar" || isInteger(type) ? cast(sql, VARCHAR, type, true) : undefined;
    if (converted === undefined) throw env.session.source.refuse(node, `json_value returning ${display(type)}`);
    return { sql: converted, type };
  }),
  json_query: written("json_query(varchar, 'lax path') → varchar", (node, env) => {
    const { value, path: steps } = lax(node, env);
    return { sql: `trino_sql_json_query(${value.sql}, ${steps})`, type: VARCHAR };
  }),
  json_object: written("json_object('key' VALUE x, ...) → varchar", (node, env) => {
    const { source } = env.session;
    const pairs: readonly unknown[] = Array.isArray(node.members["pairs"]) ? node.members["pairs"] : [];
    source.only(node, "pairs");
    const parts = pairs.map((pair) => {
      const [key, item] = source.nodes(pair);
      const name = key && expression(key, env);
      if (name === undefined || item === undefined || !/^'/.test(name.sql))
        throw source.refuse(node, "json_object with a key that is no literal");
      const sql = `${jsonOf(name, node, env)} || ':' || coalesce(${memberOf(item, node, env)}, 'null')`;
      return { key: String(key?.members["value"]), sql };
    });
    if (new Set(parts.map(({ key }) => key)).size < parts.length)
      throw source.error("NOT_SUPPORTED", node, "cannot construct a JSON object with duplicate key");
    const members = inHashOrder(parts).map(({ sql }) => sql);
    return { sql: `('{' || ${members.length === 0 ? "''" : members.join(" || ',' || ")} || '}')`, type: VARCHAR };
  }),
  j_s_o_n_array: written("json_array(x, ...) → varchar", (node, env) => {
    const { source } = env.session;
    const items = source.nodes(source.only(node, "expressions")["expressions"]);
    const parts = items.map((item) => asText(memberOf(item, node, env)));
    // NULLs are left out, which joining a list does.
    return { sql: `('[' || coalesce(array_to_string([${parts.join(", ")}], ','), '') || ']')`, type: VARCHAR };
  }),
  parse_json: written([], (node, env) => {
    const { source } = env.session;
    const value = expression(source.node(source.only(node, "this")["this"]), env);
    return { sql: `trino_json_parse(${value.sql})`, type: JSON_TYPE };
  }),
};

/** Java's hash of a text. */
const hashCode = (text: string): number =>
  Array.from({ length: text.length }, (_, i) => text.charCodeAt(i)).reduce((hash, unit) => (31 * hash + unit) | 0, 0);

/** The order in which a Java HashMap gives its entries: by their buckets, which become more as it fills. */
export function inHashOrder<T extends { readonly key: string }>(entries: readonly T[]): readonly T[] {
  let buckets = 16;
  while (entries.length > 0.75 * buckets) buckets *= 2;
  const bucket = ({ key }: T): number => {
    const hash = hashCode(key);
    return (hash ^ (hash >>> 16)) & (buckets - 1);
  };
  return entries.toSorted((a, b) => bucket(a) - bucket(b));
}

/** A member's JSON: that of a value, or what one of SQL/JSON's functions gives, which is JSON itself. */
function memberOf(item: Node, node: Node, env: Env): string {
  const { source } = env.session;
  if (item.kind === "paren") return memberOf(source.node(source.only(item, "this")["this"]), node, env);
  const value = expression(item, env);
  if (item.kind === "json_query")
    throw source.refuse(node, "json_query inside of another JSON function", "name it in a sub-query to have its text");
  return item.kind === "json_object" || item.kind === "j_s_o_n_array" ? value.sql : jsonOf(value, node, env);
}

function jsonOf(value: Expr, node: Node, env: Env): string {
  const name = node.kind === "json_object" ? "JSON_OBJECT" : "JSON_ARRAY";
  if (["array", "map", "row"].includes(value.type.kind))
    throw env.session.source.error(
      "NOT_SUPPORTED",
      node,
      `Unsupported type of value passed to ${name} function: ${display(value.type)}`,
    );
  // Trino takes it for its text.
  if (value.type.kind === "json") throw env.session.source.refuse(node, `${name} of json`, "cast it to varchar");
  const sql = toJsonText(value.sql, value.type);
  if (sql === undefined) throw env.session.source.refuse(node, `JSON of ${display(value.type)}`, "cast it to varchar");
  return sql;
}
