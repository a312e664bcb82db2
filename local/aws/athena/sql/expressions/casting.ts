import type { Node } from "../ast.ts";
import { readType } from "../data-type.ts";
import { inTry } from "../prelude.ts";
import type { Env, Expr } from "../scope.ts";
import { display, isText, type TrinoType } from "../types.ts";
import { warn } from "../warnings.ts";
import { cast } from "./casts.ts";
import { expression } from "./expression.ts";
import { decimalLiteral } from "./literals.ts";

type Rule = (node: Node, env: Env) => Expr;

/** Under a cast, JSON's text matters less: a fraction's number is kept (its text is not), and the order of members is all one. */
function inCast(sql: string, target: TrinoType): string {
  const number = target.kind === "double" || target.kind === "decimal";
  const value = number ? sql.replace(/^trino_json_scalar\(/, "trino_json_number(") : sql;
  return target.kind === "json" ? value : value.replace(/^trino_json_parse\(/, "trino_json_value(");
}

/** What has parts that can fail: of these TRY_CAST makes NULL of the whole. */
export const isNested = ({ kind }: TrinoType): boolean => ["array", "map", "row", "json"].includes(kind);

/** TRY_CAST of what has parts; the value itself is worked out before. */
function whole(sql: string, from: TrinoType, to: TrinoType, env: Env): string | undefined {
  const name = env.session.fresh("v");
  const strict = cast(name, from, to, false);
  return strict && `list_transform([${sql}], lambda ${name}: trino_try(${inTry.rewritten(strict)}))[1]`;
}

/** CAST and TRY_CAST. */
export function casting(safe: boolean): Rule {
  return (node, env) => {
    const { source } = env.session;
    const { this: value, to, double_colon_syntax: colons } = source.only(node, "this", "to", "double_colon_syntax");
    if (colons === true) throw source.error("SYNTAX_ERROR", node, "mismatched input '::'; write CAST(... AS ...)");
    const target = readType(to, node, env);
    const inner = source.node(value);
    if (isUuid(inner) && target.kind === "varchar") return { sql: "CAST(uuid() AS VARCHAR)", type: target };
    const exact =
      target.kind === "decimal" && Object(to)["precision"] === null ? decimalLiteral(inner, env) : undefined;
    if (exact !== undefined) return exact;
    const from = expression(inner, env);
    const given = inCast(from.sql, target);
    const sql =
      safe && isNested(from.type) ? whole(given, from.type, target, env) : cast(given, from.type, target, safe);
    if (sql === undefined) {
      const message = `${safe ? "TRY_CAST" : "CAST"} from ${display(from.type)} to ${display(target)}`;
      throw source.refuse(node, message);
    }
    if (target.kind === "timestamp" && typeof Object(to)["precision"] !== "number" && isFiner(from, inner))
      warn("milliseconds", node, env);
    return { sql, type: target };
  };
}

/** Its type has no other use here. */
const isUuid = ({ kind, members }: Node): boolean =>
  kind === "function" && String(members["name"]).toLowerCase() === "uuid" && Object(members["args"]).length === 0;

/** Whether it says more than milliseconds. */
function isFiner({ type }: Expr, node: Node): boolean {
  if (type.kind === "timestamp") return type.precision > 3;
  return isText(type) && node.kind === "literal" && /\.\d{4}/.test(String(node.members["value"]));
}
