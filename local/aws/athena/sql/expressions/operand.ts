import type { Env, Expr } from "../scope.ts";
import { expression } from "./expression.ts";

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
