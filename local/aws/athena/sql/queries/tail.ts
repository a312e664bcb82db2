import { ident, type Node } from "../ast.ts";
import type { Env, Query } from "../scope.ts";
import { limits, withTies } from "./limits.ts";
import { orderBy } from "./ordering.ts";

/** What may follow a query that is no SELECT. */
export const tail: readonly string[] = ["order_by", "limit", "offset", "fetch"];

/**
 * A set operation or a query in parentheses with the ORDER BY, LIMIT, OFFSET and FETCH after it.
 * @param node has them
 */
export function tailed(inner: Query, node: Node, env: Env): Query {
  if (!tail.some((key) => node.members[key])) return inner;
  const { columns } = inner;
  const alias = env.session.fresh("u");
  const named = columns.map((column) => ({ sql: `${alias}.${ident(column.emitted)}`, type: column.type }));
  const list = columns.map((column, i) => `${named[i]?.sql} AS ${ident(column.emitted)}`).join(", ");
  const own = { ...env, relations: [] };
  const parts = [
    `SELECT ${list} FROM (${inner.sql}) AS ${alias}`,
    withTies(node, own, columns, named),
    orderBy(node, own, columns, named),
    limits(node, own),
  ];
  return { sql: parts.join(""), columns };
}
