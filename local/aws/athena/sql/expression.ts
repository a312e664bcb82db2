import { aggregate, isAggregate } from "./aggregates.ts";
import { arithmetic } from "./arithmetic.ts";
import type { Node } from "./ast.ts";
import { callOf } from "./calls.ts";
import { cast } from "./casts.ts";
import { column, field } from "./columns.ts";
import { compare, patternMatch } from "./comparison.ts";
import { between, comparison, inList, operand } from "./conditions.ts";
import { readType } from "./data-type.ts";
import { functions } from "./functions.ts";
import { hints } from "./hints.ts";
import { jsonCall } from "./json-path.ts";
import { decimalLiteral, interval, literal, parameterNode } from "./literals.ts";
import { subquery } from "./query.ts";
import type { Env, Expr } from "./scope.ts";
import {
  arrayOf,
  BOOLEAN,
  commonType,
  display,
  isNumeric,
  isText,
  JSON_TYPE,
  type TrinoType,
  UNKNOWN,
  VARCHAR,
} from "./types.ts";
import { windowFunction } from "./windows.ts";

/** Translates one expression; every kind of node that has no rule here is refused by name. */
export function expression(node: Node, env: Env): Expr {
  const rule = rules[node.kind];
  if (rule !== undefined) return rule(node, env);
  if (isAggregate(node, env)) return aggregate(node, env);
  const { source } = env.session;
  if (node.kind === "function") {
    const name = source.name(node.members["name"]).toLowerCase();
    if (functions[name] === undefined) throw source.refuse(node, `function ${name}`, hints[name]);
  }
  const call = callOf(node, env);
  const definition = call && functions[call.name];
  if (call !== undefined && definition !== undefined) return definition(call, env);
  const hint = hints[node.kind];
  throw source.refuse(node, hint === undefined ? node.kind.replaceAll("_", " ") : node.kind, hint);
}

type Rule = (node: Node, env: Env) => Expr;

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
    if (common === undefined)
      throw env.session.source.error(
        "TYPE_MISMATCH",
        at,
        `All ${what} must be the same type or coercible to a common type. Cannot find common type between ${display(type)} and ${display(value.type)}`,
      );
    type = common;
  }
  const target = type;
  return { type, values: values.map((value) => cast(value.sql, value.type, target, false) ?? value.sql) };
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

function concat(_operator: string, left: Expr, right: Expr, node: Node, env: Env): Expr {
  if (left.type.kind === "array" && right.type.kind === "array") {
    const both = unify([left, right], env, node, "array elements");
    return { sql: `(${both.values.join(" || ")})`, type: both.type };
  }
  if ([left, right].some(({ type }) => type.kind === "array"))
    throw env.session.source.refuse(node, `${display(left.type)} || ${display(right.type)}`);
  for (const side of [left, right]) {
    if (!isText(side.type) && side.type.kind !== "unknown")
      throw env.session.source.error(
        "FUNCTION_NOT_FOUND",
        node,
        `Unexpected parameters (${display(left.type)}, ${display(right.type)}) for function concat; cast to varchar`,
      );
  }
  return { sql: `(${left.sql} || ${right.sql})`, type: VARCHAR };
}

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

/** Under a cast, JSON's text matters less: a fraction's number is kept (its text is not), and the order of members is all one. */
function inCast(sql: string, target: TrinoType): string {
  const number = target.kind === "double" || target.kind === "decimal";
  const value = number ? sql.replace(/^trino_json_scalar\(/, "trino_json_number(") : sql;
  return target.kind === "json" ? value : value.replace(/^trino_json_parse\(/, "trino_json_value(");
}

function casting(safe: boolean): Rule {
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
    return { sql, type: target };
  };
}

function negate(node: Node, env: Env): Expr {
  const { source } = env.session;
  const value = expression(source.node(source.only(node, "this")["this"]), env);
  if (!isNumeric(value.type)) throw source.error("TYPE_MISMATCH", node, `Cannot negate ${display(value.type)}`);
  return { sql: `(-${value.sql})`, type: value.type };
}

const rules: Readonly<Record<string, Rule>> = {
  column,
  literal,
  boolean: (node, env) => ({
    sql: env.session.source.only(node, "value")["value"] === true ? "true" : "false",
    type: BOOLEAN,
  }),
  null: () => ({ sql: "NULL", type: UNKNOWN }),
  paren: (node, env) => {
    const { source } = env.session;
    const inner = expression(source.node(source.only(node, "this")["this"]), env);
    return { sql: `(${inner.sql})`, type: inner.type };
  },
  and: logical("AND"),
  or: logical("OR"),
  not: (node, env) => {
    const { source } = env.session;
    return {
      sql: `(NOT ${condition(source.node(source.only(node, "this")["this"]), env, "Value of logical NOT expression")})`,
      type: BOOLEAN,
    };
  },
  add: binary(arithmetic, "+"),
  sub: binary(arithmetic, "-"),
  mul: binary(arithmetic, "*"),
  div: binary(arithmetic, "/"),
  mod: (node, env) => {
    const { source } = env.session;
    if (/[\w)"']\s+mod\b/i.test(source.text))
      throw source.error("SYNTAX_ERROR", node, "mismatched input; write % or mod(a, b)");
    return binary(arithmetic, "%")(node, env);
  },
  neg: negate,
  concat: binary(concat, "||"),
  eq: comparison("="),
  neq: comparison("<>"),
  lt: comparison("<"),
  lte: comparison("<="),
  gt: comparison(">"),
  gte: comparison(">="),
  null_safe_eq: comparison("IS NOT DISTINCT FROM"),
  null_safe_neq: comparison("IS DISTINCT FROM"),
  like: patternMatch,
  between,
  in: inList,
  case: caseOf,
  if_func: (node, env) => {
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
  },
  cast: casting(false),
  try_cast: casting(true),
  is_null: (node, env) => {
    const { source } = env.session;
    const { this: value, not } = source.only(node, "this", "not");
    return { sql: `(${operand(value, env).sql} IS ${not === true ? "NOT " : ""}NULL)`, type: BOOLEAN };
  },
  exists: (node, env) => {
    const { source } = env.session;
    const { this: query, not } = source.only(node, "this", "not");
    return { sql: `(${not === true ? "NOT " : ""}EXISTS (${subquery(source.node(query), env).sql}))`, type: BOOLEAN };
  },
  subquery: (node, env) => {
    const query = subquery(node, env);
    const [only] = query.columns;
    if (only === undefined || query.columns.length !== 1)
      throw env.session.source.refuse(node, "a scalar sub-query of several columns");
    return { sql: `(${query.sql})`, type: only.type };
  },
  dot: (node, env) => {
    const { source } = env.session;
    const { this: value, field: name } = source.only(node, "this", "field");
    return field(expression(source.node(value), env), source.name(name).toLowerCase(), node, env);
  },
  subscript: (node, env) => {
    const { source } = env.session;
    const { this: value, index } = source.only(node, "this", "index");
    const array = expression(source.node(value), env);
    if (array.type.kind !== "array") throw source.refuse(node, `a subscript of ${display(array.type)}`);
    return {
      sql: `trino_subscript(${array.sql}, ${expression(source.node(index), env).sql})`,
      type: array.type.element,
    };
  },
  array_func: (node, env) => {
    const { source } = env.session;
    const items = source
      .nodes(source.only(node, "expressions", "bracket_notation")["expressions"])
      .map((item) => expression(item, env));
    const all = unify(items, env, node, "ARRAY elements");
    return { sql: `[${all.values.join(", ")}]`, type: arrayOf(all.type) };
  },
  json_extract: (node, env) => ({ sql: jsonCall("json_extract", node, env), type: JSON_TYPE }),
  json_extract_scalar: (node, env) => ({ sql: jsonCall("trino_json_scalar", node, env), type: VARCHAR }),
  at_time_zone: (node, env) => {
    const { source } = env.session;
    const { this: value, zone } = source.only(node, "this", "zone");
    const inner = expression(source.node(value), env);
    if (inner.type.kind !== "timestamptz" || source.node(zone).members["value"] !== "UTC")
      throw source.refuse(node, "AT TIME ZONE", "only AT TIME ZONE 'UTC' on a timestamp with time zone is");
    return inner;
  },
  interval,
  placeholder: (node, env) => {
    const parameter = env.session.nextParameter();
    if (parameter === undefined)
      throw env.session.source.error("SYNTAX_ERROR", node, "Incorrect number of parameters for the query");
    return expression(env.session.source.node(parameterNode(parameter)), env);
  },
  window_function: windowFunction,
  // Text the parser could not take apart, such as `NOT lower(x) LIKE 'a%'`.
  raw: (node, env) => {
    const text = String(node.members["sql"]);
    throw env.session.source.refuse(node, text, "put parentheses around what NOT negates");
  },
};
