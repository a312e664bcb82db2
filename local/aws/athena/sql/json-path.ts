import { type Node, quote } from "./ast.ts";
import { expression } from "./expression.ts";
import type { Env } from "./scope.ts";
import { display, isText } from "./types.ts";

/** A literal path of plain names and indexes, in DuckDB's form. */
export function jsonCall(name: string, node: Node, env: Env): string {
  const { source } = env.session;
  const { this: value, path } = source.only(node, "this", "path");
  const json = expression(source.node(value), env);
  const literalPath = source.node(path).members["value"];
  if (!isText(json.type) && json.type.kind !== "json")
    throw source.error("FUNCTION_NOT_FOUND", node, `Unexpected parameters (${display(json.type)}) for ${node.kind}`);
  if (typeof literalPath !== "string" || !/^\$(\.\w+|\["[^"\\]+"\]|\[\d+\])*$/.test(literalPath))
    throw source.refuse(node, "this JSON path", `write a literal such as '$.a.b', '$["a b"]' or '$.a[0]'`);
  const duckPath = literalPath.replace(
    /\["([^"]+)"\]|\.(\w+)/g,
    (_all, quoted?: string, plain?: string) => `."${quoted ?? plain}"`,
  );
  return `${name}(${json.sql}, ${quote(duckPath)})`;
}
