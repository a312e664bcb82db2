import { type Node, quote } from "../ast.ts";
import type { Env, Expr } from "../scope.ts";
import { BOOLEAN, CAST_REAL, commonType, display, isNumeric, isTemporal, isText, meetsReal } from "../types.ts";
import { warn } from "../warnings.ts";
import { cast } from "./casts.ts";
import { operand } from "./conditions.ts";
import { compareArrays, compareRows } from "./rows.ts";
import { toInstant } from "./zones.ts";

/** Which side of a double comparison makes DuckDB take NaN for a number like others. In Trino only `<>` holds for it. */
const nanSide: Readonly<Record<string, "left" | "right">> = {
  "=": "left",
  "<>": "left",
  ">": "left",
  ">=": "left",
  "<": "right",
  "<=": "right",
};

const isLiteral = (sql: string): boolean => /^(CAST\()?-?[\d.e+]+( AS \w+\))?$/.test(sql);

/** Instants compare whatever clocks show them; without a zone a time is the session's, UTC. */
function asInstants(left: Expr, right: Expr): readonly string[] | undefined {
  const both = [left, right];
  if (!both.some(({ type }) => type.kind === "timestamptz") || !both.every(({ type }) => isTemporal(type)))
    return undefined;
  return both.map(({ sql, type }) =>
    type.kind === "timestamptz" ? sql : toInstant(type.kind === "date" ? `CAST(${sql} AS TIMESTAMP)` : sql, "UTC"),
  );
}

/** A NULL on one side, or a time that is to lie before the end of a day and is compared with its beginning. */
function warnOf(operator: string, left: Expr, right: Expr, node: Node, env: Env): void {
  if (operator.startsWith("IS ")) return;
  if (left.type.kind === "unknown" || right.type.kind === "unknown") warn("nullComparison", node, env);
  const [time, day] = operator === ">=" ? [right, left] : [left, right];
  const isTime = time.type.kind === "timestamp" || time.type.kind === "timestamptz";
  if (operator.endsWith("=") && operator.length === 2 && isTime && day.type.kind === "date") warn("lastDay", node, env);
}

/** `= <> < <= > >= IS [NOT] DISTINCT FROM`. Text never compares with numbers or dates. */
export function compare(operator: string, left: Expr, right: Expr, node: Node, env: Env): Expr {
  if (left.type.kind === "row" && right.type.kind === "row") return compareRows(operator, left, right, node, env);
  if (left.type.kind === "array" && right.type.kind === "array") return compareArrays(operator, left, right, node, env);
  warnOf(operator, left, right, node, env);
  const instants = asInstants(left, right);
  if (instants !== undefined) return { sql: `(${instants[0]} ${operator} ${instants[1]})`, type: BOOLEAN };
  const common = commonType(left.type, right.type);
  const comparable =
    common !== undefined &&
    (isNumeric(common) ||
      isText(common) ||
      isTemporal(common) ||
      ["boolean", "unknown", "varbinary", "interval", "months", "time"].includes(common.kind));
  if (!comparable) {
    if (common !== undefined) throw env.session.source.refuse(node, `comparing ${display(common)} values`);
    if (meetsReal(left.type, right.type))
      throw env.session.source.refuse(node, `comparing ${display(left.type)} with ${display(right.type)}`, CAST_REAL);
    const message = `Cannot apply operator: ${display(left.type)} ${operator} ${display(right.type)}`;
    throw env.session.source.error("TYPE_MISMATCH", node, message);
  }
  const [a, b] = [left, right].map((side) => {
    const sql = cast(side.sql, side.type, common, false);
    if (sql === undefined) throw env.session.source.refuse(node, `${display(side.type)} as ${display(common)}`);
    return sql;
  });
  const side = common.kind === "double" ? nanSide[operator] : undefined;
  const [guarded, other] = side === "left" ? [a, b] : [b, a];
  const plain = `${a} ${operator} ${b}`;
  if (side === undefined || guarded === undefined || isLiteral(guarded)) return { sql: `(${plain})`, type: BOOLEAN };
  const guard =
    operator === "<>"
      ? `OR (isnan(${guarded}) AND ${other} IS NOT NULL)`
      : `AND (NOT isnan(${guarded}) OR ${other} IS NULL)`;
  return { sql: `(${plain} ${guard})`, type: BOOLEAN };
}

const text = ({ type }: Expr): boolean => isText(type) || type.kind === "unknown";

/** Whether the pattern escapes, with one character, nothing but wildcards and that character. */
function escapes(pattern: string, by: string): boolean {
  const characters = [...pattern];
  for (let i = 0; i < characters.length; i++) {
    if (characters[i] !== by) continue;
    const next = characters[++i];
    if (next !== "%" && next !== "_" && next !== by) return false;
  }
  return [...by].length === 1;
}

/** LIKE with an optional ESCAPE; a backslash is an ordinary character. */
export function patternMatch(node: Node, env: Env): Expr {
  const { source } = env.session;
  const { left, right, escape: escaped } = source.only(node, "left", "right", "escape");
  const [value, pattern] = [left, right].map((side) => operand(side, env));
  if (value === undefined || pattern === undefined || !text(value) || !text(pattern))
    throw source.error("TYPE_MISMATCH", node, "Left and right side of LIKE expression must evaluate to a varchar");
  if (!escaped) return { sql: `(${value.sql} LIKE ${pattern.sql})`, type: BOOLEAN };
  const [like, by] = [right, escaped].map((side) => source.node(side).members["value"]);
  // Trino refuses an escape of what is no wildcard; DuckDB takes it.
  if (typeof like !== "string" || typeof by !== "string" || !escapes(like, by))
    throw source.refuse(node, "this LIKE with ESCAPE", "escape only %, _ and the escape character, in literals");
  return { sql: `(${value.sql} LIKE ${pattern.sql} ESCAPE ${quote(by)})`, type: BOOLEAN };
}
