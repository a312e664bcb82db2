import type { Node } from "./ast.ts";
import { cast } from "./casts.ts";
import { expression } from "./expression.ts";
import type { Env, Expr } from "./scope.ts";
import { BOOLEAN, commonType, display, isNumeric, isTemporal, isText } from "./types.ts";

/** Which side of a double comparison makes DuckDB say true for NaN, where Trino says false. */
const nanSide: Readonly<Record<string, "left" | "right">> = {
  "=": "left",
  ">": "left",
  ">=": "left",
  "<": "right",
  "<=": "right",
};

const isLiteral = (sql: string): boolean => /^(CAST\()?-?[\d.e+]+( AS \w+\))?$/.test(sql);

/** `= <> < <= > >= IS [NOT] DISTINCT FROM`. Text never compares with numbers or dates. */
export function compare(operator: string, left: Expr, right: Expr, node: Node, env: Env): Expr {
  const common = commonType(left.type, right.type);
  const comparable =
    common !== undefined &&
    (isNumeric(common) ||
      isText(common) ||
      isTemporal(common) ||
      ["boolean", "unknown", "varbinary"].includes(common.kind));
  if (!comparable) {
    if (common !== undefined) throw env.session.source.refuse(node, `comparing ${display(common)} values`);
    const message = `Cannot apply operator: ${display(left.type)} ${operator} ${display(right.type)}`;
    throw env.session.source.error("TYPE_MISMATCH", node, message);
  }
  const [a, b] = [left, right].map((side) => cast(side.sql, side.type, common, false) ?? side.sql);
  const side = common.kind === "double" ? nanSide[operator] : undefined;
  const guarded = side === "left" ? a : b;
  if (side === undefined || guarded === undefined || isLiteral(guarded))
    return { sql: `(${a} ${operator} ${b})`, type: BOOLEAN };
  return { sql: `(${a} ${operator} ${b} AND NOT isnan(${guarded}))`, type: BOOLEAN };
}

/** LIKE with an optional ESCAPE; a backslash is an ordinary character. */
export function patternMatch(node: Node, env: Env): Expr {
  const { source } = env.session;
  const { left, right, escape: escaped } = source.only(node, "left", "right", "escape");
  const [value, pattern] = [left, right].map((side) => expression(source.node(side), env));
  if (value === undefined || pattern === undefined || !isText(value.type) || !isText(pattern.type))
    throw source.error("TYPE_MISMATCH", node, "Left and right side of LIKE expression must evaluate to a varchar");
  const escaping = escaped ? ` ESCAPE ${expression(source.node(escaped), env).sql}` : "";
  return { sql: `(${value.sql} LIKE ${pattern.sql}${escaping})`, type: BOOLEAN };
}
