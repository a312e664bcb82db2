import { type Node, quote } from "../ast.ts";
import { expression } from "../expressions/expression.ts";
import type { Env } from "../scope.ts";
import { display, isText, VARCHAR } from "../types.ts";

/** The steps of a path of plain names and indexes, or undefined for another one. */
export function jsonSteps(path: string): readonly (string | number)[] | undefined {
  if (!/^\$(\.\w+|\["[^"\\]+"\]|\[\d+\])*$/.test(path)) return undefined;
  return [...path.matchAll(/\["([^"]+)"\]|\.(\w+)|\[(\d+)\]/g)].map(([, quoted, plain, index]) =>
    index === undefined ? (quoted ?? plain ?? "") : Number(index),
  );
}

/** A literal path of plain names and indexes, in DuckDB's form. */
export function jsonCall(name: string, node: Node, env: Env): string {
  const { source } = env.session;
  const { this: value, path } = source.only(node, "this", "path");
  const given = expression(source.node(value), env);
  // Of a NULL json_extract_scalar is ambiguous.
  const untyped = given.type.kind === "unknown" && name === "json_extract";
  const json = untyped ? { sql: "CAST(NULL AS VARCHAR)", type: VARCHAR } : given;
  const literalPath = source.node(path).members["value"];
  if (!isText(json.type) && json.type.kind !== "json")
    throw source.error("FUNCTION_NOT_FOUND", node, `Unexpected parameters (${display(json.type)}) for ${node.kind}`);
  const steps = typeof literalPath === "string" ? jsonSteps(literalPath) : undefined;
  if (typeof literalPath !== "string" || steps === undefined)
    throw source.refuse(node, "this JSON path", `write a literal such as '$.a.b', '$["a b"]' or '$.a[0]'`);
  const duckPath = literalPath.replace(
    /\["([^"]+)"\]|\.(\w+)/g,
    (_all, quoted?: string, plain?: string) => `."${quoted ?? plain}"`,
  );
  const known = name === "trino_json_scalar" ? `, ${quote(JSON.stringify(steps))}` : "";
  // Of text, which may be no JSON, TRY has another form.
  const called = name === "json_extract" && isText(json.type) ? "trino_json_extract" : name;
  const call = (sql: string): string => `${called}(${sql}, ${quote(duckPath)}${known})`;
  // TRY takes no other call's text: it gets a name.
  const named = name === "trino_json_scalar" && /\btrino_/.test(json.sql);
  return named ? `list_transform([${json.sql}], lambda trino_d: ${call("trino_d")})[1]` : call(json.sql);
}
