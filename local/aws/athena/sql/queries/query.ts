import type { Node } from "../ast.ts";
import type { Env, Query } from "../scope.ts";
import { warn } from "../warnings.ts";
import { correlationOf, type Hindrance, hindranceOf } from "./correlation.ts";

/** Translates a query. `env` holds what is visible from outside. */
export const query = (node: Node, env: Env): Query => env.session.grammar.query(node, env);

/**
 * A sub-query that may use the columns around it.
 * @param allowed what Trino takes in its place though it hinders elsewhere
 */
export function subquery(node: Node, env: Env, allowed: readonly Hindrance[] = []): Query {
  const { session, ctes } = env;
  warnOfOrder(node, env);
  const correlation = correlationOf();
  const result = query(node, { session, relations: [], parent: env, correlation, ctes });
  const hindrance = hindranceOf(correlation, allowed);
  if (hindrance !== undefined)
    throw session.source.refuse(node, `${hindrance} in a sub-query that names columns around it`, "write it as a join");
  return result;
}

/** Warns of an order that nobody sees. */
export function warnOfOrder(node: Node, env: Env): void {
  const inner = node.kind === "subquery" ? (env.session.source.optional(node.members["this"]) ?? node) : node;
  const { members } = inner;
  if (members["order_by"] && !members["limit"] && !members["fetch"] && !members["offset"])
    warn("orderInside", inner, env);
}
