import type { Node } from "../ast.ts";
import { expression } from "../expressions/expression.ts";
import type { Env, Expr } from "../scope.ts";
import { INTEGER } from "../types.ts";
import { hinder } from "./correlation.ts";
import type { Item } from "./select-list.ts";

/** Bits of an integer. */
const MOST_ARGUMENTS = 31;

/** `grouping(a, b)`: a bit for each column, 1 where the row is of a set without it. */
export function grouping(node: Node, env: Env): Expr {
  const { source } = env.session;
  const args = source.nodes(source.only(node, "name", "args")["args"]);
  if (args.length === 0 || args.length > MOST_ARGUMENTS)
    throw source.refuse(node, `grouping of ${args.length} columns`);
  const columns = args.map((arg) => columnKey(arg, "grouping()", env));
  return { sql: `CAST(grouping(${columns.join(", ")}) AS INTEGER)`, type: INTEGER };
}

function columnKey(node: Node, what: string, env: Env): string {
  const { source } = env.session;
  if (node.kind === "paren") return columnKey(source.node(source.only(node, "this")["this"]), what, env);
  if (node.kind !== "column")
    throw source.error("SYNTAX_ERROR", node, `GROUP BY expression must be a column reference in ${what}`);
  return expression(node, env).sql;
}

/** The members of `(a, b)`, or the one that stands alone. */
function together(node: Node, env: Env): readonly Node[] {
  const { source } = env.session;
  return node.kind === "tuple" ? source.nodes(source.only(node, "expressions")["expressions"]) : [node];
}

const complex = new Set(["GROUPING SETS", "CUBE", "ROLLUP"]);

/** A part of GROUP BY: expressions, positions, or GROUPING SETS, CUBE or ROLLUP of columns. */
function groupingKeys(key: Node, items: readonly Item[], env: Env): string[] {
  const { source } = env.session;
  const name = key.kind === "function" ? source.name(key.members["name"]).toUpperCase() : "";
  if (!complex.has(name)) return together(key, env).map((item) => simpleKey(item, items, env));
  hinder(env, "GROUPING SETS");
  const sets = source.nodes(source.only(key, "name", "args")["args"]).map(
    (set) =>
      `(${together(set, env)
        .map((item) => columnKey(item, name, env))
        .join(", ")})`,
  );
  return [`${name} (${sets.join(", ")})`];
}

function simpleKey(key: Node, items: readonly Item[], env: Env): string {
  const { source } = env.session;
  if (key.kind !== "literal" || key.members["literal_type"] !== "number") return expression(key, env).sql;
  const position = Number(key.members["value"]);
  if (items[position - 1] === undefined)
    throw source.error("SYNTAX_ERROR", key, `GROUP BY position ${position} is not in select list`);
  return String(position);
}

/** The GROUP BY clause as text. */
export function groupBy(node: Node, env: Env, items: readonly Item[]): string {
  const { source } = env.session;
  const clause = node.members["group_by"];
  if (!clause) return "";
  const members = source.only({ kind: "GROUP BY", members: Object(clause) }, "expressions", "all");
  const parts = source.nodes(members["expressions"]);
  if (parts.length === 0) throw source.error("SYNTAX_ERROR", node, "GROUP BY of nothing");
  const [only] = parts;
  if (parts.length === 1 && only?.kind === "column" && /^auto$/i.test(source.name(only.members["name"])))
    throw source.refuse(only, "GROUP BY AUTO", "name the columns");
  const keys = parts.flatMap((key) => groupingKeys(key, items, env));
  return ` GROUP BY ${keys.length === 0 ? "()" : keys.join(", ")}`;
}
