import type { Node } from "./ast.ts";
import { cast } from "./casts.ts";
import { readType } from "./data-type.ts";
import { expression } from "./expression.ts";
import { decimalLiteral } from "./literals.ts";
import { mayRefuse } from "./prelude.ts";
import type { Env, Expr } from "./scope.ts";
import { display, isText, type TrinoType } from "./types.ts";
import { warn } from "./warnings.ts";

type Rule = (node: Node, env: Env) => Expr;

/**
 * `TRY(x)`: NULL where Trino fails. What refuses, must not become NULL.
 */
export function tryOf(args: readonly Node[], node: Node, env: Env): Expr {
  const { source } = env.session;
  const [inner, ...more] = args;
  if (inner === undefined || more.length > 0) throw source.error("SYNTAX_ERROR", node, "TRY takes one expression");
  if (inner.kind === "cast") return casting(true)({ kind: "try_cast", members: inner.members }, env);
  const value = expression(inner, env);
  const strict = value.sql.replaceAll("trino_form(", "trino_try_form(");
  // The form's check gives the NULL itself where nothing but casts stands around it.
  if (
    /^CAST\(trino_try_form\((r\d+\."[^"]*"|'[^']*'), [^()]*\) AS \w+\)$/.test(
      strict.replace(/'\[[^']*'|'\.\+'/g, "NULL"),
    )
  )
    return { sql: strict, type: value.type };
  const refusing = mayRefuse(value.sql);
  if (refusing !== undefined)
    throw source.refuse(node, `TRY around ${refusing}`, "use TRY_CAST, or a CASE that keeps the failing value out");
  return { sql: `TRY(${value.sql})`, type: value.type };
}

/** Under a cast, JSON's text matters less: a fraction's number is kept (its text is not), and the order of members is all one. */
function inCast(sql: string, target: TrinoType): string {
  const number = target.kind === "double" || target.kind === "decimal";
  const value = number ? sql.replace(/^trino_json_scalar\(/, "trino_json_number(") : sql;
  return target.kind === "json" ? value : value.replace(/^trino_json_parse\(/, "trino_json_value(");
}

/** CAST and TRY_CAST. */
export function casting(safe: boolean): Rule {
  return (node, env) => {
    const { source } = env.session;
    const { this: value, to, double_colon_syntax: colons } = source.only(node, "this", "to", "double_colon_syntax");
    if (colons === true) throw source.error("SYNTAX_ERROR", node, "mismatched input '::'; write CAST(... AS ...)");
    const target = readType(to, node, env);
    const inner = source.node(value);
    const exact =
      target.kind === "decimal" && Object(to)["precision"] === null ? decimalLiteral(inner, env) : undefined;
    if (exact !== undefined) return exact;
    const from = expression(inner, env);
    const sql = cast(inCast(from.sql, target), from.type, target, safe);
    if (sql === undefined) {
      const message = `${safe ? "TRY_CAST" : "CAST"} from ${display(from.type)} to ${display(target)}`;
      throw source.refuse(node, message);
    }
    if (target.kind === "timestamp" && typeof Object(to)["precision"] !== "number" && isFiner(from, inner))
      warn("milliseconds", node, env);
    return { sql, type: target };
  };
}

/** Whether it says more than milliseconds. */
function isFiner({ type }: Expr, node: Node): boolean {
  if (type.kind === "timestamp") return type.precision > 3;
  return isText(type) && node.kind === "literal" && /\.\d{4}/.test(String(node.members["value"]));
}
