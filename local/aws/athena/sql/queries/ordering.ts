import { isObject, type Node, type Source } from "../ast.ts";
import { changes, IN_FRONT } from "../expressions/changing.ts";
import { expression } from "../expressions/expression.ts";
import type { Env, Expr, OutputColumn } from "../scope.ts";
import { display } from "../types.ts";

/**
 * ORDER BY keys. Trino puts NULLs last in both directions unless told. Where there are outputs, a number is a position.
 * @param distinct the keys must be outputs, as in SELECT DISTINCT
 * @param plain outputs are written out, where a position would be a number
 */
export function orderList(keys: readonly unknown[], env: Env, distinct = false, plain = false): string {
  const { source } = env.session;
  return keys
    .flatMap((key) => {
      if (!isObject(key)) throw source.error("SYNTAX_ERROR", key, "an ORDER BY key is expected");
      const node = source.node(key["this"]);
      if (env.outputs !== undefined && !distinct && isConstant(node, source)) return [];
      const output = outputNamed(node, env);
      const value = output ?? expression(node, env);
      if (distinct && output === undefined && ![...(env.outputs?.values() ?? [])].some(({ sql }) => sql === value.sql))
        throw source.error(
          "SYNTAX_ERROR",
          node,
          "For SELECT DISTINCT, ORDER BY expressions must appear in select list",
        );
      if (["array", "row", "json", "map"].includes(value.type.kind))
        throw source.refuse(node, `ORDER BY of ${display(value.type)}`);
      // DuckDB takes what comes to a number for a position.
      if (env.outputs !== undefined && output === undefined && /^[(\s+-]*\d+[)\s]*$/.test(value.sql)) return [];
      const first = key["nulls_first"] === true;
      const text = output === undefined || plain ? value.sql : String(output.position);
      // Where NULLs come first, NaN follows them in Trino.
      const sql = first && value.type.kind === "double" ? `trino_no_nan(${value.sql})` : keyed(text);
      if (output !== undefined && sql !== String(output.position) && changes(value.sql))
        throw source.refuse(node, "this ORDER BY of a random output", IN_FRONT);
      return `${sql}${key["desc"] === true ? " DESC" : " ASC"} NULLS ${first ? "FIRST" : "LAST"}`;
    })
    .join(", ");
}

/** DuckDB takes a text alone for a mistake. */
const keyed = (sql: string): string => (/^'(?:[^']|'')*'$/.test(sql) ? `CAST(${sql} AS VARCHAR)` : sql);

/** ORDER BY inside an aggregate; what is DISTINCT has no order but its arguments'. */
export function innerOrder(keys: readonly unknown[], args: readonly Expr[], distinct: boolean, env: Env): string {
  const { source } = env.session;
  for (const key of distinct ? keys : []) {
    const node = source.node(Object(key)["this"]);
    const { sql } = expression(node, env);
    if (!args.some((arg) => arg.sql === sql))
      throw source.error(
        "EXPRESSION_NOT_IN_DISTINCT",
        node,
        "For aggregate function with DISTINCT, ORDER BY expressions must appear in arguments",
      );
  }
  return orderList(keys, env);
}

const isNumber = ({ kind, members }: Node): boolean => kind === "literal" && members["literal_type"] === "number";

/** What is the same for every row; a whole number is a position. */
const isConstant = ({ kind, members }: Node, source: Source): boolean =>
  kind === "null" ||
  (kind === "neg" && isNumber(source.node(members["this"])) && isConstant(source.node(members["this"]), source)) ||
  (kind === "literal" && (members["literal_type"] !== "number" || !/^\d+$/.test(String(members["value"]))));

/** The output column that the key names by itself or by number. */
function outputNamed(node: Node, env: Env): (Expr & { readonly position: number }) | undefined {
  const { outputs, session } = env;
  if (outputs === undefined) return undefined;
  if (node.kind === "column" && !node.members["table"]) {
    const name = session.source.name(node.members["name"]).toLowerCase();
    if ([...outputs.keys()].some((key) => key.startsWith(`${name}#`)))
      throw session.source.error("SYNTAX_ERROR", node, `Column '${name}' is ambiguous`);
    return outputs.get(name);
  }
  const signed = node.kind === "neg" ? session.source.node(node.members["this"]) : node;
  if (!isNumber(signed)) return undefined;
  const position = Number(signed.members["value"]) * (signed === node ? 1 : -1);
  const found = [...outputs.values()].find((output) => output.position === position);
  if (found === undefined)
    throw session.source.error("SYNTAX_ERROR", node, `ORDER BY position ${position} is not in select list`);
  return found;
}

/** The ORDER BY clause as text. */
export function orderBy(
  node: Node,
  env: Env,
  columns: readonly OutputColumn[],
  expressions: readonly Expr[],
  plain = false,
): string {
  const clause = node.members["order_by"];
  if (!clause) return "";
  const members = env.session.source.only({ kind: "ORDER BY", members: Object(clause) }, "expressions");
  const keys: readonly unknown[] = Array.isArray(members["expressions"]) ? members["expressions"] : [];
  const named = new Map<string, Expr & { position: number }>();
  columns.forEach((column, i) => {
    const expr = expressions[i];
    if (expr !== undefined)
      named.set(named.has(column.name.toLowerCase()) ? `${column.name}#${i}` : column.name.toLowerCase(), {
        ...expr,
        position: i + 1,
      });
  });
  const list = orderList(keys, { ...env, outputs: named }, node.members["distinct"] === true, plain);
  return list === "" ? "" : ` ORDER BY ${list}`;
}
