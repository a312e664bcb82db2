import { type Node, quote } from "../ast.ts";
import type { Env, Expr } from "../scope.ts";
import {
  BOOLEAN,
  CAST_REAL,
  commonType,
  display,
  isNumeric,
  isTemporal,
  isText,
  meetsReal,
  type TrinoType,
} from "../types.ts";
import { warn } from "../warnings.ts";
import { cast } from "./casts.ts";
import { operand } from "./operand.ts";
import { fieldsOf } from "./rows.ts";
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

/** Rows compare field by field; a NULL field leaves equality unknown, and has no order. */
function compareRows(operator: string, left: Expr, right: Expr, node: Node, env: Env): Expr {
  const { source } = env.session;
  if (left.type.kind !== "row" || right.type.kind !== "row" || left.type.fields.length !== right.type.fields.length)
    throw source.error(
      "TYPE_MISMATCH",
      node,
      `Cannot apply operator: ${display(left.type)} ${operator} ${display(right.type)}`,
    );
  const a = fieldsOf(left, left.type);
  const b = fieldsOf(right, right.type);
  const fields = a.map((field, i) => ({ field, other: b[i] ?? field }));
  const each = (op: string): string[] => fields.map(({ field, other }) => compare(op, field, other, node, env).sql);
  if (operator === "=") return { sql: `(${each("=").join(" AND ")})`, type: BOOLEAN };
  if (operator === "<>") return { sql: `(NOT (${each("=").join(" AND ")}))`, type: BOOLEAN };
  if (operator.startsWith("IS ")) {
    const same = each("IS NOT DISTINCT FROM").join(" AND ");
    const missing = `(${left.sql} IS NULL) = (${right.sql} IS NULL)`;
    return { sql: `(${operator === "IS DISTINCT FROM" ? "NOT " : ""}(${missing} AND ${same}))`, type: BOOLEAN };
  }
  const strict = operator.startsWith("<") ? "<" : ">";
  const less = each(strict);
  const equal = each("=");
  const last = operator.length > 1 ? equal.join(" AND ") : "false";
  const steps = less.map((test, i) => [...equal.slice(0, i), test].join(" AND "));
  const absent = [...a, ...b].map(({ sql }) => `${sql} IS NULL`).join(" OR ");
  const missing = `${left.sql} IS NULL OR ${right.sql} IS NULL`;
  const failure = "trino_fail('NOT_SUPPORTED: ROW comparison not supported for fields with null elements')";
  return {
    sql: `CASE WHEN ${missing} THEN NULL WHEN ${absent} THEN ${failure} ELSE (${[...steps, last].map((step) => `(${step})`).join(" OR ")}) END`,
    type: BOOLEAN,
  };
}

/** A value that a row hands into a lambda. */
const HANDED = /^struct_extract_at\(v\d+, \d\)$/;

/** Arrays are equal when all elements are; a NULL element leaves it unknown, unless another one decides. */
function compareArrays(operator: string, left: Expr, right: Expr, node: Node, env: Env): Expr {
  const { source } = env.session;
  if (left.type.kind !== "array" || right.type.kind !== "array" || (operator !== "=" && operator !== "<>"))
    throw source.refuse(node, `${display(left.type)} ${operator} ${display(right.type)}`);
  // Inside a lambda DuckDB takes no sub-query, and no column of the query around.
  const inside = env.correlation !== undefined || [left, right].some(({ sql }) => /\(SELECT\b/.test(sql));
  if (inside && ![left, right].every(({ sql }) => HANDED.test(sql))) {
    const both = env.session.fresh("v");
    const sides = [left, right].map(({ type }, at) => ({ sql: `struct_extract_at(${both}, ${at + 1})`, type }));
    const { sql, type } = compareArrays(operator, sides[0] ?? left, sides[1] ?? right, node, env);
    return { sql: `list_transform([row(${left.sql}, ${right.sql})], lambda ${both}: ${sql})[1]`, type };
  }
  const i = env.session.fresh("l");
  const item = (list: Expr, element: TrinoType): Expr => ({ sql: `(${list.sql})[${i}]`, type: element });
  const equal = compare("=", item(left, left.type.element), item(right, right.type.element), node, env);
  const tests = `list_transform(generate_series(1, len(${left.sql})), lambda ${i}: ${equal.sql})`;
  const sql = `CASE WHEN ${left.sql} IS NULL OR ${right.sql} IS NULL THEN NULL WHEN len(${left.sql}) <> len(${right.sql}) THEN false ELSE trino_all_match(${tests}) END`;
  return { sql: operator === "=" ? sql : `(NOT ${sql})`, type: BOOLEAN };
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
