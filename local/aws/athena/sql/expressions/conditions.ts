import type { Node } from "../ast.ts";
import { inQuery, soughtIn } from "../queries/subqueries.ts";
import type { Env, Expr } from "../scope.ts";
import { BOOLEAN } from "../types.ts";
import { warn } from "../warnings.ts";
import { compare } from "./comparison.ts";
import { expression, unify } from "./expression.ts";

type Rule = (node: Node, env: Env) => Expr;

const predicates = new Set([
  "eq",
  "neq",
  "lt",
  "lte",
  "gt",
  "gte",
  "null_safe_eq",
  "null_safe_neq",
  "like",
  "between",
  "in",
  "is_null",
  "not",
]);

/** An operand of a predicate, which is no predicate itself: `a = b = c` and `a = b IS NULL` are no Trino. */
export function operand(value: unknown, env: Env): Expr {
  const { source } = env.session;
  const node = source.node(value);
  if (predicates.has(node.kind))
    throw source.error("SYNTAX_ERROR", node, "a comparison inside a comparison needs parentheses");
  return expression(node, env);
}

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
    const tests = items.map((item) => compare("=", left, item, node, env).sql);
    return { sql: `(${negation}(${tests.join(" OR ")}))`, type: BOOLEAN };
  }
  if (not === true && items.some(({ type }) => type.kind === "unknown")) warn("notInNull", node, env);
  const all = unify([left, ...items], env, node, "IN value and list items");
  const [first, ...others] = all.values;
  return { sql: `(${soughtIn(first, all.type)} ${negation}IN (${others.join(", ")}))`, type: BOOLEAN };
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
