import { ident, type Node } from "./ast.ts";
import { cast } from "./casts.ts";
import { compare } from "./comparison.ts";
import { expression, unify } from "./expression.ts";
import { subquery } from "./query.ts";
import type { Env, Expr } from "./scope.ts";
import { BOOLEAN, commonType, display, type TrinoType } from "./types.ts";
import { warn } from "./warnings.ts";

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

/** NaN is in no list in Trino. */
const soughtIn = (sql: string | undefined, type: TrinoType): string | undefined =>
  type.kind === "double" ? `trino_no_nan(${sql})` : sql;

/** `[NOT] IN` a list or a sub-query of one column. */
export function inList(node: Node, env: Env): Expr {
  const { source } = env.session;
  const { this: value, expressions, query, not } = source.only(node, "this", "expressions", "query", "not");
  const left = operand(value, env);
  const negation = not === true ? "NOT " : "";
  if (query) {
    const inner = subquery(source.node(query), env);
    const [only] = inner.columns;
    if (only === undefined || inner.columns.length !== 1)
      throw source.error("TYPE_MISMATCH", node, "the sub-query of IN must have one column");
    if (["row", "array", "map"].includes(left.type.kind))
      throw source.refuse(node, `${display(left.type)} IN a sub-query`, "use EXISTS");
    const common = commonType(left.type, only.type);
    if (common === undefined)
      throw source.error(
        "TYPE_MISMATCH",
        node,
        `value and result of subquery must be of the same type for IN expression: ${display(left.type)} vs ${display(only.type)}`,
      );
    if (not === true && !/ IS NOT NULL/.test(inner.sql)) warn("notInNull", node, env);
    const values = cast(`q.${ident(only.emitted)}`, only.type, common, false);
    const sought = soughtIn(cast(left.sql, left.type, common, false), common);
    return { sql: `(${sought} ${negation}IN (SELECT ${values} FROM (${inner.sql}) AS q))`, type: BOOLEAN };
  }
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

const operators: Readonly<Record<string, string>> = {
  Eq: "=",
  NEq: "<>",
  Neq: "<>",
  Lt: "<",
  Lte: "<=",
  Gt: ">",
  Gte: ">=",
};

/** `x >= ALL (query)` and `x = ANY (query)`. */
export function quantified(word: "ANY" | "ALL", node: Node, env: Env): Expr {
  const { source } = env.session;
  const { this: value, subquery: inner, op } = source.only(node, "this", "subquery", "op");
  const operator = operators[String(op)];
  const left = operand(value, env);
  const query = subquery(source.node(inner), env);
  const [only] = query.columns;
  const common = only && commonType(left.type, only.type);
  if (operator === undefined || only === undefined || query.columns.length !== 1 || common === undefined)
    throw source.refuse(node, `this comparison with ${word}`);
  if (["row", "array", "map", "double", "real"].includes(common.kind))
    throw source.refuse(node, `${word} of ${display(common)}`, "use EXISTS");
  const sought = cast(left.sql, left.type, common, false);
  const values = cast(`q.${ident(only.emitted)}`, only.type, common, false);
  return { sql: `(${sought} ${operator} ${word} (SELECT ${values} FROM (${query.sql}) AS q))`, type: BOOLEAN };
}
