import type { Node } from "../ast.ts";
import { inQuery, soughtIn } from "../queries/subqueries.ts";
import type { Env, Expr } from "../scope.ts";
import { BOOLEAN } from "../types.ts";
import { warn } from "../warnings.ts";
import { compare } from "./comparison.ts";
import { expression, unify } from "./expression.ts";
import { operand } from "./operand.ts";

type Rule = (node: Node, env: Env) => Expr;

/** The rule of a comparison operator. */
export const comparison =
  (operator: string): Rule =>
  (node, env) => {
    const { left, right } = env.session.source.only(node, "left", "right");
    return compare(operator, operand(left, env), operand(right, env), node, env);
  };

/** `[NOT] IN` a list or a sub-query of one column. */
export function inList(node: Node, env: Env): Expr {
  const { source } = env.session;
  const { this: value, expressions, query, not } = source.only(node, "this", "expressions", "query", "not");
  const left = operand(value, env);
  const negation = not === true ? "NOT " : "";
  if (query) return inQuery(left, source.node(query), not === true, node, env);
  const items = source.nodes(expressions).map((item) => expression(item, env));
  if (["row", "array", "map"].includes(left.type.kind)) {
    // Where that column is NULL, Trino's answer hangs on its plan.
    const [mine, ...others] = [source.node(value), ...source.nodes(expressions)].map((row) => columnsOf(row, env));
    if (others.length > 1 && others.some((other) => other.some((sql, at) => sql !== undefined && sql === mine?.[at])))
      throw source.refuse(node, "a row IN a list of rows that repeat its column", "compare the rows one by one");
    const tests = items.map((item) => compare("=", left, item, node, env).sql);
    return { sql: `(${negation}(${tests.join(" OR ")}))`, type: BOOLEAN };
  }
  if (not === true && items.some(({ type }) => type.kind === "unknown")) warn("notInNull", node, env);
  const all = unify([left, ...items], env, node, "IN value and list items");
  const [first, ...others] = all.values;
  const sought = soughtIn(first, all.type);
  if (others.length > 1 && !source.nodes(expressions).every((item) => isConstant(item, env) || item.kind === "column"))
    return { sql: `(${negation}${amongValues(sought, others, source.nodes(expressions), env)})`, type: BOOLEAN };
  return { sql: `(${sought} ${negation}IN (${others.join(", ")}))`, type: BOOLEAN };
}

/** The columns that stand in the places of a row, `(a, 1)`. */
function columnsOf(row: Node, env: Env): (string | undefined)[] {
  const { source } = env.session;
  if (row.kind === "paren") return columnsOf(source.node(row.members["this"]), env);
  return source
    .nodes(row.members["expressions"] ?? row.members["args"])
    .map((item) => (item.kind === "column" ? expression(item, env).sql : undefined));
}

/** A literal, which is compared first and cannot fail. */
function isConstant({ kind, members }: Node, env: Env): boolean {
  if (kind === "neg") return isConstant(env.session.source.node(members["this"]), env);
  return kind === "literal" || kind === "boolean" || kind === "placeholder";
}

/**
 * IN a list of values that may fail. DuckDB stops at the first that is equal; Trino works out the others, too, unless a
 * literal is equal.
 */
function amongValues(sought: string | undefined, values: readonly string[], nodes: readonly Node[], env: Env): string {
  const isFirst = (at: number): boolean => nodes[at] !== undefined && isConstant(nodes[at], env);
  const literals = values.filter((_, at) => isFirst(at));
  const rest = `trino_among(${sought}, [${values.filter((_, at) => !isFirst(at)).join(", ")}])`;
  return literals.length === 0 ? rest : `CASE WHEN ${sought} IN (${literals.join(", ")}) THEN true ELSE ${rest} END`;
}

/** `[NOT] BETWEEN`. */
export function between(node: Node, env: Env): Expr {
  const { source } = env.session;
  const { this: value, low, high, not } = source.only(node, "this", "low", "high", "not");
  const [v, a, b] = [value, low, high].map((side) => operand(side, env));
  if (v === undefined || a === undefined || b === undefined) throw source.refuse(node, "this form of BETWEEN");
  const inside = `(${compare(">=", v, a, node, env).sql} AND ${compare("<=", v, b, node, env).sql})`;
  return { sql: not === true ? `(NOT ${inside})` : inside, type: BOOLEAN };
}
