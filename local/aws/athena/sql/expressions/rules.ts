import { type Node, Source } from "../ast.ts";
import { subscript } from "../functions/arrays.ts";
import { jsonForms } from "../functions/json.ts";
import { jsonCall } from "../functions/json-path.ts";
import { windowFunction } from "../functions/windows.ts";
import { hinder } from "../queries/correlation.ts";
import { exists, quantified, scalar } from "../queries/subqueries.ts";
import type { Env, Expr, ExpressionRule } from "../scope.ts";
import { arrayOf, BOOLEAN, display, isNumeric, JSON_TYPE, UNKNOWN, VARCHAR } from "../types.ts";
import { written } from "../written.ts";
import { arithmetic } from "./arithmetic.ts";
import { caseOf, ifOf } from "./cases.ts";
import { casting } from "./casting.ts";
import { column, field } from "./columns.ts";
import { patternMatch } from "./comparison.ts";
import { concat } from "./concatenation.ts";
import { between, comparison, inList } from "./conditions.ts";
import { condition, expression, unify } from "./expression.ts";
import { interval, leastInteger, literal } from "./literals.ts";
import { operand } from "./operand.ts";
import { parameterOf } from "./parameters.ts";
import { rowOfValues } from "./rows.ts";
import { extract, inZone } from "./time-forms.ts";

type Rule = ExpressionRule;

const binary =
  (apply: (operator: string, left: Expr, right: Expr, node: Node, env: Env) => Expr, operator: string): Rule =>
  (node, env) => {
    const { left, right } = env.session.source.only(node, "left", "right");
    const { source } = env.session;
    return apply(operator, expression(source.node(left), env), expression(source.node(right), env), node, env);
  };

const logical =
  (operator: string): Rule =>
  (node, env) => {
    const { source } = env.session;
    const { left, right } = source.only(node, "left", "right");
    const [a, b] = [left, right].map((side) => condition(source.node(side), env, `Logical expression term`));
    return { sql: `(${a} ${operator} ${b})`, type: BOOLEAN };
  };

/** Of those that are NULL, Trino 476 says `IS NULL` is false. */
function comparesRows(node: Node, env: Env): boolean {
  const { source } = env.session;
  if (node.kind === "paren") return comparesRows(source.node(node.members["this"]), env);
  if (node.kind !== "eq" && node.kind !== "neq") return false;
  return expression(source.node(node.members["left"]), env).type.kind === "row";
}

function negate(node: Node, env: Env): Expr {
  const { source } = env.session;
  const inner = source.node(source.only(node, "this")["this"]);
  const least = leastInteger(inner);
  if (least !== undefined) return least;
  const value = expression(inner, env);
  if (value.type.kind === "interval" || value.type.kind === "months")
    return { sql: `(-${value.sql})`, type: value.type };
  if (!isNumeric(value.type) && value.type.kind !== "real")
    throw source.error("TYPE_MISMATCH", node, `Cannot negate ${display(value.type)}`);
  return { sql: `(-${value.sql})`, type: value.type };
}

/** `a MOD b` is other dialects'; after one of these words `mod` is the function. */
const isInfixMod =
  /(?<!\b(?:select|distinct|all|and|or|not|when|then|else|by|on|where|having|between|in|like))(?<=[\w)"'])\s+mod\b/i;

/** What there is besides functions, by the parser's names. */
export const expressionRules: Readonly<Record<string, Rule>> = {
  column: written(["name", "table.name", '"quoted name"'], column),
  literal: written(
    [
      "12",
      "1.50 (a decimal)",
      "1e0 (a double)",
      "'text'",
      "X'6162'",
      "DATE '2011-12-09'",
      "TIMESTAMP '2011-12-09 12:50:00'",
      "TIME '12:50:00'",
    ],
    literal,
  ),
  boolean: written("true, false", (node, env) => ({
    sql: env.session.source.only(node, "value")["value"] === true ? "true" : "false",
    type: BOOLEAN,
  })),
  null: written("NULL", () => ({ sql: "NULL", type: UNKNOWN })),
  paren: written("(x)", (node, env) => {
    const { source } = env.session;
    const inner = expression(source.node(source.only(node, "this")["this"]), env);
    return { sql: `(${inner.sql})`, type: inner.type };
  }),
  and: written("p AND q", logical("AND")),
  or: written("p OR q", logical("OR")),
  not: written("NOT p", (node, env) => {
    const { source } = env.session;
    return {
      sql: `(NOT ${condition(source.node(source.only(node, "this")["this"]), env, "Value of logical NOT expression")})`,
      type: BOOLEAN,
    };
  }),
  add: written("x + y", binary(arithmetic, "+")),
  sub: written("x - y", binary(arithmetic, "-")),
  mul: written("x * y", binary(arithmetic, "*")),
  div: written("x / y", binary(arithmetic, "/")),
  mod: written("x % y", (node, env) => {
    const { source } = env.session;
    if (isInfixMod.test(source.text))
      throw source.error("SYNTAX_ERROR", node, "mismatched input; write % or mod(a, b)");
    return binary(arithmetic, "%")(node, env);
  }),
  neg: written("-x", negate),
  concat: written("x || y", binary(concat, "||")),
  eq: written("x = y", comparison("=")),
  neq: written(["x <> y", "x != y"], comparison("<>")),
  lt: written("x < y", comparison("<")),
  lte: written("x <= y", comparison("<=")),
  gt: written("x > y", comparison(">")),
  gte: written("x >= y", comparison(">=")),
  null_safe_eq: written("x IS NOT DISTINCT FROM y", comparison("IS NOT DISTINCT FROM")),
  null_safe_neq: written("x IS DISTINCT FROM y", comparison("IS DISTINCT FROM")),
  like: written("x [NOT] LIKE 'pattern' [ESCAPE 'c']", patternMatch),
  between: written("x [NOT] BETWEEN y AND z", between),
  in: written(["x [NOT] IN (y, ...)", "x [NOT] IN (SELECT ...)"], inList),
  case: written(["CASE WHEN p THEN x ... [ELSE y] END", "CASE x WHEN y THEN z ... [ELSE u] END"], caseOf),
  if_func: written("if(p, x[, y])", ifOf),
  cast: written("CAST(x AS type)", casting(false)),
  try_cast: written("TRY_CAST(x AS type)", casting(true)),
  is_null: written("x IS [NOT] NULL", (node, env) => {
    const { source } = env.session;
    const { this: value, not } = source.only(node, "this", "not");
    if (comparesRows(source.node(value), env))
      throw source.refuse(node, "IS NULL of a comparison of rows", "compare their fields");
    return { sql: `(${operand(value, env).sql} IS ${not === true ? "NOT " : ""}NULL)`, type: BOOLEAN };
  }),
  exists: written("[NOT] EXISTS (SELECT ...)", exists),
  subquery: written("(SELECT ...)", scalar),
  dot: written("row.field", (node, env) => {
    const { source } = env.session;
    const { this: value, field: name } = source.only(node, "this", "field");
    return field(expression(source.node(value), env), source.name(name).toLowerCase(), node, env);
  }),
  subscript: written(["array[i]", "map[key]", "row[i]"], (node, env) => {
    const { source } = env.session;
    const { this: value, index } = source.only(node, "this", "index");
    return subscript(expression(source.node(value), env), expression(source.node(index), env), node, env);
  }),
  tuple: written("(x, y, ...)", (node, env) => {
    const { source } = env.session;
    const values = source.nodes(source.only(node, "expressions")["expressions"]);
    return rowOfValues(values.map((value) => expression(value, env)));
  }),
  array_func: written("ARRAY[x, ...]", (node, env) => {
    const { source } = env.session;
    const items = source
      .nodes(source.only(node, "expressions", "bracket_notation")["expressions"])
      .map((item) => expression(item, env));
    const all = unify(items, env, node, "ARRAY elements");
    return { sql: `[${all.values.join(", ")}]`, type: arrayOf(all.type) };
  }),
  json_extract: written("json_extract(json | varchar, 'path') → json", (node, env) => ({
    sql: jsonCall("json_extract", node, env),
    type: JSON_TYPE,
  })),
  json_extract_scalar: written("json_extract_scalar(json | varchar, 'path') → varchar", (node, env) => ({
    sql: jsonCall("trino_json_scalar", node, env),
    type: VARCHAR,
  })),
  at_time_zone: written("x AT TIME ZONE 'zone'", inZone),
  extract: written("EXTRACT(field FROM x) → bigint", extract),
  interval: written(
    [
      "INTERVAL '2' DAY | HOUR | MINUTE | SECOND | MONTH | YEAR",
      "INTERVAL '1-6' YEAR TO MONTH",
      "INTERVAL '2 03:04:05' DAY TO SECOND",
    ],
    interval,
  ),
  placeholder: written("?", (node, env) => expression(parameterOf(node, env), env)),
  window_function: written(
    "f(...) OVER ([PARTITION BY ...] [ORDER BY ...] [ROWS | RANGE | GROUPS ...])",
    (node, env) => {
      hinder(env, "a window function");
      return windowFunction(node, env);
    },
  ),
  ...jsonForms,
  any: written("x = ANY (SELECT ...)", (node, env) => quantified("ANY", node, env)),
  all: written("x >= ALL (SELECT ...)", (node, env) => quantified("ALL", node, env)),
  // Text the parser did not take apart: `NOT lower(x) LIKE 'a%'`.
  raw: written([], (node, env) => {
    const { source } = env.session;
    const text = String(node.members["sql"]);
    const inner = source.text.includes(text) ? Source.expressionOf(text.replace(/^NOT\s+/i, "")) : undefined;
    if (inner === undefined || !/^NOT\s/i.test(text))
      throw source.refuse(node, text, "put parentheses around what NOT negates");
    return { sql: `(NOT ${condition(inner, env, "Value of logical NOT expression")})`, type: BOOLEAN };
  }),
};
