import { aggregate, isAggregate } from "./aggregates.ts";
import { arithmetic } from "./arithmetic.ts";
import { subscript } from "./array-functions.ts";
import { type Node, Source } from "./ast.ts";
import { callOf } from "./calls.ts";
import { casting, tryOf } from "./casting.ts";
import { cast } from "./casts.ts";
import { column, field } from "./columns.ts";
import { compare, patternMatch } from "./comparison.ts";
import { concat } from "./concatenation.ts";
import { between, comparison, inList, operand, quantified } from "./conditions.ts";
import { functions } from "./functions.ts";
import { hints } from "./hints.ts";
import { jsonForms } from "./json-functions.ts";
import { jsonCall } from "./json-path.ts";
import { type LambdaRule, lambdaFunctions } from "./lambdas.ts";
import { interval, literal } from "./literals.ts";
import { parameterOf } from "./parameters.ts";
import { subquery } from "./query.ts";
import { replaceByLambda } from "./regexp-functions.ts";
import { rowOfValues } from "./rows.ts";
import type { Env, Expr, ExpressionRule } from "./scope.ts";
import { extract, inZone } from "./time-forms.ts";
import {
  arrayOf,
  BOOLEAN,
  commonType,
  display,
  inOtherZone,
  isNumeric,
  JSON_TYPE,
  type TrinoType,
  UNKNOWN,
  VARCHAR,
} from "./types.ts";
import { windowFunction } from "./windows.ts";
import { written } from "./written.ts";

/** Translates one expression; every kind of node that has no rule here is refused by name. */
export function expression(node: Node, env: Env): Expr {
  const rule = expressionRules[node.kind];
  if (rule !== undefined) return rule(node, env);
  if (isAggregate(node, env)) return aggregate(node, env);
  const { source } = env.session;
  if (node.kind === "function") {
    const name = source.name(node.members["name"]).toLowerCase();
    const form = specialForms[name] ?? lambdaFunctions[name];
    const args = source.nodes(node.members["args"]);
    if (form !== undefined || args.at(-1)?.kind === "lambda") {
      source.only(node, "name", "args");
      if (name === "regexp_replace") return replaceByLambda(args, node, env);
      if (form !== undefined) return form(args, node, env);
    }
    if (functions[name] === undefined) throw source.refuse(node, `function ${name}`, hints[name]);
  }
  const call = callOf(node, env);
  const definition = call && functions[call.name];
  if (call !== undefined && definition !== undefined) return definition(call, env);
  const hint = hints[node.kind];
  throw source.refuse(node, hint === undefined ? node.kind.replaceAll("_", " ") : node.kind, hint);
}

type Rule = ExpressionRule;

/** What looks like a function and is none. */
export const specialForms: Readonly<Record<string, LambdaRule>> = {
  row: written("ROW(x, ...)", (args, _node, env) => rowOfValues(args.map((arg) => expression(arg, env)))),
  try: written("TRY(x)", tryOf),
};

export const ZONES = "in several time zones";

/** Casts without a word where Trino would; undefined when it would not. */
export function coerce(value: Expr, to: TrinoType): string | undefined {
  const common = commonType(value.type, to);
  if (common === undefined || display(common) !== display(to)) return undefined;
  return cast(value.sql, value.type, to, false);
}

/** All values in the one type they share. @throws SqlError TYPE_MISMATCH when there is none. */
export function unify(
  values: readonly Expr[],
  env: Env,
  at: Node,
  what: string,
): { values: string[]; type: TrinoType } {
  let type: TrinoType = UNKNOWN;
  for (const value of values) {
    const common = commonType(type, value.type);
    if (common === undefined && inOtherZone(type, value.type)) throw env.session.source.refuse(at, `${what} ${ZONES}`);
    if (common === undefined)
      throw env.session.source.error(
        "TYPE_MISMATCH",
        at,
        `All ${what} must be the same type or coercible to a common type. Cannot find common type between ${display(type)} and ${display(value.type)}`,
      );
    type = common;
  }
  const target = type;
  return {
    type,
    values: values.map((value) => {
      const sql = cast(value.sql, value.type, target, false);
      if (sql === undefined) throw env.session.source.refuse(at, `${display(value.type)} as ${display(target)}`);
      return sql;
    }),
  };
}

export function condition(node: Node, env: Env, what: string): string {
  const value = expression(node, env);
  if (value.type.kind !== "boolean" && value.type.kind !== "unknown")
    throw env.session.source.error(
      "TYPE_MISMATCH",
      node,
      `${what} must evaluate to a boolean: actual type ${display(value.type)}`,
    );
  return value.sql;
}

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

function caseOf(node: Node, env: Env): Expr {
  const { source } = env.session;
  const { operand, whens, else_: otherwise } = source.only(node, "operand", "whens", "else_");
  const subject = operand ? expression(source.node(operand), env) : undefined;
  const pairs: readonly unknown[] = Array.isArray(whens) ? whens : [];
  const tests: string[] = [];
  const results: Expr[] = [];
  for (const pair of pairs) {
    const [when, result] = source.nodes(pair);
    if (when === undefined || result === undefined) throw source.refuse(node, "this form of CASE");
    const compared = subject && expression(when, env);
    // Trino takes this for true, even where x is NULL.
    if (compared && compared.sql === subject.sql) throw source.refuse(node, "CASE x WHEN x");
    tests.push(compared ? compare("=", subject, compared, when, env).sql : condition(when, env, "CASE WHEN clause"));
    results.push(expression(result, env));
  }
  if (otherwise) results.push(expression(source.node(otherwise), env));
  const all = unify(results, env, node, "CASE results");
  const body = tests.map((test, i) => `WHEN ${test} THEN ${all.values[i]}`).join(" ");
  return { sql: `CASE ${body}${otherwise ? ` ELSE ${all.values.at(-1)}` : ""} END`, type: all.type };
}

/** Of those that are NULL, Trino 476 says `IS NULL` is false. */
function comparesRows(node: Node, env: Env): boolean {
  const { source } = env.session;
  if (node.kind === "paren") return comparesRows(source.node(node.members["this"]), env);
  if (node.kind !== "eq" && node.kind !== "neq") return false;
  return expression(source.node(node.members["left"]), env).type.kind === "row";
}

function negate(node: Node, env: Env): Expr {
  const { source } = env.session;
  const value = expression(source.node(source.only(node, "this")["this"]), env);
  if (value.type.kind === "interval" || value.type.kind === "months")
    return { sql: `(-${value.sql})`, type: value.type };
  if (!isNumeric(value.type)) throw source.error("TYPE_MISMATCH", node, `Cannot negate ${display(value.type)}`);
  return { sql: `(-${value.sql})`, type: value.type };
}

function noSubquery(node: Node, env: Env): void {
  if (env.inLambda === true)
    throw env.session.source.error("SYNTAX_ERROR", node, "Lambda expression cannot contain subqueries");
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
  if_func: written("if(p, x[, y])", (node, env) => {
    const { source } = env.session;
    const {
      condition: test,
      true_value: yes,
      false_value: no,
    } = source.only(node, "condition", "true_value", "false_value");
    const results = [yes, no].flatMap((value) => (value ? [expression(source.node(value), env)] : []));
    const all = unify(results, env, node, "IF results");
    const sql = `CASE WHEN ${condition(source.node(test), env, "IF condition")} THEN ${all.values[0]}${no ? ` ELSE ${all.values[1]}` : ""} END`;
    return { sql, type: all.type };
  }),
  cast: written("CAST(x AS type)", casting(false)),
  try_cast: written("TRY_CAST(x AS type)", casting(true)),
  is_null: written("x IS [NOT] NULL", (node, env) => {
    const { source } = env.session;
    const { this: value, not } = source.only(node, "this", "not");
    if (comparesRows(source.node(value), env))
      throw source.refuse(node, "IS NULL of a comparison of rows", "compare their fields");
    return { sql: `(${operand(value, env).sql} IS ${not === true ? "NOT " : ""}NULL)`, type: BOOLEAN };
  }),
  exists: written("[NOT] EXISTS (SELECT ...)", (node, env) => {
    const { source } = env.session;
    noSubquery(node, env);
    const { this: query, not } = source.only(node, "this", "not");
    return { sql: `(${not === true ? "NOT " : ""}EXISTS (${subquery(source.node(query), env).sql}))`, type: BOOLEAN };
  }),
  subquery: written("(SELECT ...)", (node, env) => {
    noSubquery(node, env);
    const query = subquery(node, env);
    const [only] = query.columns;
    if (only === undefined || query.columns.length !== 1)
      throw env.session.source.refuse(node, "a scalar sub-query of several columns");
    return { sql: `(${query.sql})`, type: only.type };
  }),
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
    windowFunction,
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
