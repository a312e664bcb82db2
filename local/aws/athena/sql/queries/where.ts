import type { Node } from "../ast.ts";
import { condition } from "../expressions/expression.ts";
import type { Env } from "../scope.ts";
import { hinder } from "./correlation.ts";
import { collectPredicates } from "./predicates.ts";

/** The conditions that AND joins. */
function conjuncts(node: Node, env: Env): Node[] {
  const { source } = env.session;
  const { kind, members } = node;
  if (kind === "paren") return conjuncts(source.node(source.only(node, "this")["this"]), env);
  if (kind !== "and") return [node];
  source.only(node, "left", "right");
  return [members["left"], members["right"]].flatMap((side) => conjuncts(source.node(side), env));
}

/** A condition that every row must meet: Trino finds rows `IN` a sub-query there by a join, where NULL and NaN meet nothing. */
function filter(node: Node, what: string, env: Env): readonly { readonly sql: string; readonly unequal: boolean }[] {
  return conjuncts(node, env).map((part) => {
    const before = env.correlation?.uses;
    const sql = condition(part, { ...env, filter: part.members }, what);
    return { sql, unequal: part.kind !== "eq" && env.correlation?.uses !== before };
  });
}

/** The WHERE clause as text. */
export function whereClause(node: Node, limited: boolean, env: Env): string {
  collectPredicates(node, env);
  const parts = filter(node, "WHERE clause", env);
  if (limited && parts.some(({ unequal }) => unequal)) hinder(env, "LIMIT after a comparison other than =");
  return ` WHERE ${parts.map(({ sql }) => sql).join(" AND ")}`;
}

/** The HAVING clause as text. */
export function havingClause(node: Node, grouped: boolean, env: Env): string {
  if (!grouped) hinder(env, "HAVING without GROUP BY");
  const parts = filter(node, "HAVING clause", env);
  return ` HAVING ${parts.map(({ sql }) => sql).join(" AND ")}`;
}
