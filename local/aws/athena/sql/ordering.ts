import type { Node } from "./ast.ts";
import { expression } from "./expression.ts";
import type { Env } from "./scope.ts";

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

/** ORDER BY keys. Trino puts NULLs last in both directions unless told. Where there are outputs, a number is a position. */
export function orderList(keys: readonly unknown[], env: Env): string {
  const { source } = env.session;
  return keys
    .map((key) => {
      if (!isObject(key)) throw source.error("SYNTAX_ERROR", key, "an ORDER BY key is expected");
      const node = source.node(key["this"]);
      const sql = outputPosition(node, env) ?? expression(node, env).sql;
      const first = key["nulls_first"] === true;
      return `${sql}${key["desc"] === true ? " DESC" : " ASC"} NULLS ${first ? "FIRST" : "LAST"}`;
    })
    .join(", ");
}

/** The position of an output column that the key names by itself or by number. */
function outputPosition(node: Node, env: Env): string | undefined {
  const { outputs, session } = env;
  if (outputs === undefined) return undefined;
  if (node.kind === "column" && !node.members["table"]) {
    const output = outputs.get(session.source.name(node.members["name"]).toLowerCase());
    return output && String(output.position);
  }
  if (node.kind !== "literal" || node.members["literal_type"] !== "number") return undefined;
  const position = Number(node.members["value"]);
  if (Number.isInteger(position) && position >= 1 && position <= outputs.size) return String(position);
  throw session.source.error("SYNTAX_ERROR", node, `ORDER BY position ${position} is not in select list`);
}
