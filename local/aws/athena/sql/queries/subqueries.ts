import { ident, type Node } from "../ast.ts";
import { cast } from "../expressions/casts.ts";
import { changes, IN_FRONT } from "../expressions/changing.ts";
import { coerce, ZONES } from "../expressions/expression.ts";
import { operand } from "../expressions/operand.ts";
import { fieldsOf } from "../expressions/rows.ts";
import type { Env, Expr, Query } from "../scope.ts";
import {
  BOOLEAN,
  CAST_REAL,
  commonType,
  display,
  fieldName,
  inOtherZone,
  meetsReal,
  rowOf,
  type TrinoType,
} from "../types.ts";
import { warn } from "../warnings.ts";
import { subquery } from "./query.ts";

function noLambda(node: Node, env: Env): void {
  if (env.inLambda === true)
    throw env.session.source.error("SYNTAX_ERROR", node, "Lambda expression cannot contain subqueries");
}

/** `[NOT] EXISTS (...)` */
export function exists(node: Node, env: Env): Expr {
  const { source } = env.session;
  noLambda(node, env);
  const { this: inner, not } = source.only(node, "this", "not");
  const allowed = ["a window function", "an aggregate", "LIMIT after a comparison other than ="] as const;
  const { sql } = subquery(source.node(inner), env, allowed);
  return { sql: `(${not === true ? "NOT " : ""}EXISTS (${sql}))`, type: BOOLEAN };
}

/** A query's columns as one: itself, or a row of several. */
function asOne(query: Query): { readonly sql: string; readonly type: TrinoType } {
  const [only, ...more] = query.columns;
  const value = (emitted: string): string => `q.${ident(emitted)}`;
  if (only !== undefined && more.length === 0) return { sql: value(only.emitted), type: only.type };
  const fields = query.columns.map(({ name, type, anonymous }) => ({ name: anonymous ? "" : name, type }));
  const parts = query.columns.map(({ emitted }, i) => {
    const field = fields[i];
    return `${ident(field === undefined ? "" : fieldName(field, i))} := ${value(emitted)}`;
  });
  return { sql: `struct_pack(${parts.join(", ")})`, type: rowOf(fields) };
}

/** `(SELECT ...)` as a value; of several columns it is a row. */
export function scalar(node: Node, env: Env): Expr {
  noLambda(node, env);
  const inner = subquery(node, env, ["such a column in UNNEST", "an aggregate"]);
  const [, second] = inner.columns;
  const { sql, type } = asOne(inner);
  return { sql: second === undefined ? `(${inner.sql})` : `(SELECT ${sql} FROM (${inner.sql}) AS q)`, type };
}

/** NaN is in no list in Trino. */
export const soughtIn = (sql: string | undefined, type: TrinoType): string | undefined =>
  type.kind === "double" ? `trino_no_nan(${sql})` : sql;

const ROW_WITH_NULL = "error('NOT_IMPLEMENTED_LOCALLY: a row with a NULL field IN a sub-query')";

/** A row is found whole. With a NULL in it Trino's answer hangs on where the condition stands. */
function rowIn(left: Expr, inner: Query, negation: string, node: Node, env: Env): Expr {
  const { source } = env.session;
  const fields = left.type.kind === "row" ? left.type.fields : [];
  if (fields.length !== inner.columns.length)
    throw source.error(
      "TYPE_MISMATCH",
      node,
      `Value expression and result of subquery must be of the same type: ${display(left.type)} vs ${display(asOne(inner).type)}`,
    );
  const types = inner.columns.map(({ type }, i) => commonType(fields[i]?.type ?? type, type));
  const parts = left.type.kind === "row" ? fieldsOf(left, left.type) : [];
  const pack = (values: readonly Expr[]): string =>
    values
      .map(({ sql, type }, i) => {
        const to = types[i];
        const value =
          to && !["row", "array", "map", "double"].includes(to.kind) ? cast(sql, type, to, false) : undefined;
        if (value === undefined) throw source.refuse(node, `${display(left.type)} IN this sub-query`, "use EXISTS");
        return `${ident(`k${i}`)} := ${value}`;
      })
      .join(", ");
  const wanted = `struct_pack(${pack(parts)})`;
  const given = pack(inner.columns.map(({ emitted, type }) => ({ sql: `q.${ident(emitted)}`, type })));
  const test = `(${wanted} ${negation}IN (SELECT struct_pack(${given}) FROM (${inner.sql}) AS q))`;
  const missing = parts.map(({ sql }) => `${sql} IS NULL`).join(" OR ");
  const filters = env.filter === node.members && negation === "";
  return { sql: `CASE WHEN ${missing} THEN ${filters ? "false" : ROW_WITH_NULL} ELSE ${test} END`, type: BOOLEAN };
}

/** `x [NOT] IN (SELECT ...)` */
export function inQuery(left: Expr, query: Node, not: boolean, node: Node, env: Env): Expr {
  const { source } = env.session;
  noLambda(node, env);
  const inner = subquery(query, env);
  const negation = not ? "NOT " : "";
  if (left.type.kind === "row") return rowIn(left, inner, negation, node, env);
  const [only] = inner.columns;
  if (only === undefined || inner.columns.length !== 1)
    throw source.error("TYPE_MISMATCH", node, "the sub-query of IN must have one column");
  if (["array", "map"].includes(left.type.kind))
    throw source.refuse(node, `${display(left.type)} IN a sub-query`, "use EXISTS");
  const common = commonType(left.type, only.type);
  if (meetsReal(left.type, only.type))
    throw source.refuse(node, `${display(left.type)} IN a sub-query of ${display(only.type)}`, CAST_REAL);
  if (inOtherZone(left.type, only.type)) throw source.refuse(node, `IN a sub-query ${ZONES}`, "use EXISTS");
  if (common === undefined)
    throw source.error(
      "TYPE_MISMATCH",
      node,
      `value and result of subquery must be of the same type for IN expression: ${display(left.type)} vs ${display(only.type)}`,
    );
  if (not && !/ IS NOT NULL/.test(inner.sql)) warn("notInNull", node, env);
  const values = cast(`q.${ident(only.emitted)}`, only.type, common, false);
  const sought = soughtIn(cast(left.sql, left.type, common, false), common);
  return { sql: `(${sought} ${negation}IN (SELECT ${values} FROM (${inner.sql}) AS q))`, type: BOOLEAN };
}

const operators: Readonly<Record<string, string>> = {
  Eq: "=",
  NEq: "<>",
  Neq: "<>",
  Lt: "<",
  Lte: "<=",
  Gt: ">",
  Gte: ">=",
};

/** `x >= ALL (query)` and `x = ANY (query)`. */
export function quantified(word: "ANY" | "ALL", node: Node, env: Env): Expr {
  const { source } = env.session;
  const { this: value, subquery: inner, op } = source.only(node, "this", "subquery", "op");
  const operator = operators[String(op)];
  const left = operand(value, env);
  const isIn = (word === "ANY" && operator === "=") || (word === "ALL" && operator === "<>");
  if (isIn) return inQuery(left, source.node(inner), word === "ALL", node, env);
  noLambda(node, env);
  const query = subquery(source.node(inner), env);
  const [only] = query.columns;
  const common = only && commonType(left.type, only.type);
  if (operator === undefined || only === undefined || query.columns.length !== 1 || common === undefined)
    throw source.refuse(node, `this comparison with ${word}`);
  if (["row", "array", "map", "double", "real"].includes(common.kind))
    throw source.refuse(node, `${word} of ${display(common)}`, "use EXISTS");
  const sought = coerce(left, common);
  const values = cast(`q.${ident(only.emitted)}`, only.type, common, false);
  const test = `(${sought} ${operator} ${word} (SELECT ${values} FROM (${query.sql}) AS q))`;
  if (operator !== "=" && operator !== "<>") return { sql: test, type: BOOLEAN };
  if (changes(query.sql)) throw source.refuse(node, `${word} of random values`, IN_FRONT);
  // Trino first compares the least value with the greatest: where they differ it needs no other.
  const differ = `(SELECT min(${values}) <> max(${values}) FROM (${query.sql}) AS q)`;
  return { sql: `CASE WHEN ${sought} IS NULL AND ${differ} THEN ${word === "ANY"} ELSE ${test} END`, type: BOOLEAN };
}
