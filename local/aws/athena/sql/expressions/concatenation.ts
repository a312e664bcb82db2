import type { Node } from "../ast.ts";
import type { Env, Expr } from "../scope.ts";
import { commonType, display, isText, isTyped, sameType, VARCHAR } from "../types.ts";
import { coerce, unify } from "./expression.ts";

/** An element put after an array, or before it. */
function appendedTo(list: Expr, item: Expr, before = false): Expr | undefined {
  if (list.type.kind !== "array" || item.type.kind === "unknown") return undefined;
  const element = coerce(item, list.type.element);
  if (element === undefined) return undefined;
  const sql = before ? `list_prepend(${element}, ${list.sql})` : `list_append(${list.sql}, ${element})`;
  // In Trino a NULL makes all of it NULL; only ARRAY[...] and concat of arrays hold one.
  return { sql: `CASE WHEN ${list.sql} IS NULL OR ${element} IS NULL THEN NULL ELSE ${sql} END`, type: list.type };
}

/** An array as an element of one of arrays. */
const nested = (list: Expr, item: Expr, before = false): Expr | undefined =>
  list.type.kind === "array" && sameType(list.type.element, item.type) && commonType(list.type, item.type) === undefined
    ? appendedTo(list, item, before)
    : undefined;

/** `||` on text, on bytes, on arrays, and on an array and an element. */
export function concat(_operator: string, left: Expr, right: Expr, node: Node, env: Env): Expr {
  if (left.type.kind === "array" && right.type.kind === "array") {
    if (!isTyped(left.type) || !isTyped(right.type))
      throw env.session.source.refuse(node, "ARRAY[] || without a type", "cast the empty array or the NULL in it");
    const element = nested(left, right) ?? nested(right, left, true);
    if (element !== undefined) return element;
    if (commonType(left.type, right.type) === undefined)
      throw env.session.source.refuse(node, `${display(left.type)} || ${display(right.type)}`);
    const both = unify([left, right], env, node, "array elements");
    const [a, b] = both.values;
    return {
      sql: `CASE WHEN ${a} IS NULL OR ${b} IS NULL THEN NULL ELSE list_concat(${a}, ${b}) END`,
      type: both.type,
    };
  }
  if (left.type.kind === "array" || right.type.kind === "array") {
    const appended = appendedTo(left, right) ?? appendedTo(right, left, true);
    if (appended !== undefined) return appended;
    throw env.session.source.refuse(node, `${display(left.type)} || ${display(right.type)}`);
  }
  if (left.type.kind === "unknown" || right.type.kind === "unknown")
    throw env.session.source.refuse(node, "|| with a NULL without a type", "write CAST(NULL AS varchar)");
  if (left.type.kind === "varbinary" && right.type.kind === "varbinary")
    return { sql: `(${left.sql} || ${right.sql})`, type: left.type };
  for (const side of [left, right]) {
    if (!isText(side.type))
      throw env.session.source.error(
        "FUNCTION_NOT_FOUND",
        node,
        `Unexpected parameters (${display(left.type)}, ${display(right.type)}) for function concat; cast to varchar`,
      );
  }
  return { sql: `(${left.sql} || ${right.sql})`, type: VARCHAR };
}
