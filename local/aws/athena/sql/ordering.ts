import type { Node } from "./ast.ts";
import { expression } from "./expression.ts";
import type { Env, Expr } from "./scope.ts";
import { display } from "./types.ts";

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

/**
 * ORDER BY keys. Trino puts NULLs last in both directions unless told. Where there are outputs, a number is a position.
 * @param distinct the keys must be outputs, as in SELECT DISTINCT
 * @param plain outputs are written out, where a position would be a number
 */
export function orderList(keys: readonly unknown[], env: Env, distinct = false, plain = false): string {
  const { source } = env.session;
  return keys
    .map((key) => {
      if (!isObject(key)) throw source.error("SYNTAX_ERROR", key, "an ORDER BY key is expected");
      const node = source.node(key["this"]);
      const output = outputNamed(node, env);
      const value = output ?? expression(node, env);
      if (distinct && output === undefined && ![...(env.outputs?.values() ?? [])].some(({ sql }) => sql === value.sql))
        throw source.error(
          "SYNTAX_ERROR",
          node,
          "For SELECT DISTINCT, ORDER BY expressions must appear in select list",
        );
      if (["array", "row", "json", "map"].includes(value.type.kind))
        throw source.refuse(node, `ORDER BY of ${display(value.type)}`);
      const first = key["nulls_first"] === true;
      const text = output === undefined || plain ? value.sql : String(output.position);
      // Where NULLs come first, NaN follows them in Trino.
      const sql = first && value.type.kind === "double" ? `trino_no_nan(${value.sql})` : text;
      return `${sql}${key["desc"] === true ? " DESC" : " ASC"} NULLS ${first ? "FIRST" : "LAST"}`;
    })
    .join(", ");
}

/** The output column that the key names by itself or by number. */
function outputNamed(node: Node, env: Env): (Expr & { readonly position: number }) | undefined {
  const { outputs, session } = env;
  if (outputs === undefined) return undefined;
  if (node.kind === "column" && !node.members["table"]) {
    const name = session.source.name(node.members["name"]).toLowerCase();
    if ([...outputs.keys()].some((key) => key.startsWith(`${name}#`)))
      throw session.source.error("SYNTAX_ERROR", node, `Column '${name}' is ambiguous`);
    return outputs.get(name);
  }
  if (node.kind !== "literal" || node.members["literal_type"] !== "number") return undefined;
  const position = Number(node.members["value"]);
  const found = [...outputs.values()].find((output) => output.position === position);
  if (found === undefined)
    throw session.source.error("SYNTAX_ERROR", node, `ORDER BY position ${position} is not in select list`);
  return found;
}
