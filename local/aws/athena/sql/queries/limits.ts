import type { Node } from "../ast.ts";
import { expression } from "../expressions/expression.ts";
import type { Env, Expr, OutputColumn } from "../scope.ts";
import { isInteger } from "../types.ts";
import { hinder } from "./correlation.ts";
import { orderBy } from "./ordering.ts";

/** LIMIT, OFFSET and FETCH as text. */
export function limits(node: Node, env: Env): string {
  const { source } = env.session;
  const fetch = node.members["fetch"];
  const rows = fetch
    ? source.only({ kind: "FETCH", members: Object(fetch) }, "direction", "count", "rows", "with_ties")
    : undefined;
  if (rows !== undefined && node.members["limit"]) throw source.error("SYNTAX_ERROR", node, "mismatched input 'FETCH'");
  const fetched = rows === undefined || rows["with_ties"] === true ? "" : ` LIMIT ${fetchCount(node, env)}`;
  return ["limit", "offset"]
    .map((key) => {
      const clause = node.members[key];
      if (!clause) return "";
      // A set operation has the number itself here, a SELECT a clause around it.
      const value =
        Object(clause)["this"] === undefined
          ? clause
          : source.only({ kind: key, members: Object(clause) }, "this", "rows")["this"];
      const number = source.node(value);
      if (key === "limit" && number.kind === "column" && source.name(number.members["name"]).toLowerCase() === "all")
        return "";
      const count = expression(number, { ...env, relations: [] });
      if (!isInteger(count.type) || !/^(CAST\()?\d/.test(count.sql))
        throw source.refuse(node, `${key.toUpperCase()} of what is no whole number`);
      return ` ${key.toUpperCase()} ${count.sql}`;
    })
    .join("")
    .concat(fetched);
}

/** The number of FETCH FIRST. */
function fetchCount(node: Node, env: Env): string {
  const { count } = Object(node.members["fetch"]);
  const number = count ? expression(env.session.source.node(count), { ...env, relations: [] }).sql : "1";
  if (!/^(CAST\()?\d/.test(number)) throw env.session.source.refuse(node, "FETCH of what is no whole number");
  return number;
}

/** `FETCH FIRST n ROWS WITH TIES` as a condition on the rank. */
export function withTies(node: Node, env: Env, columns: readonly OutputColumn[], expressions: readonly Expr[]): string {
  const { source } = env.session;
  if (Object(node.members["fetch"] ?? {})["with_ties"] !== true) return "";
  hinder(env, "WITH TIES");
  if (!node.members["order_by"])
    throw source.error("SYNTAX_ERROR", node, "FETCH FIRST WITH TIES clause requires ORDER BY");
  if (node.members["offset"] || node.members["distinct"] === true)
    throw source.refuse(node, "FETCH WITH TIES beside OFFSET or DISTINCT");
  return ` QUALIFY rank() OVER (${orderBy(node, env, columns, expressions, true).trim()}) <= ${fetchCount(node, env)}`;
}
