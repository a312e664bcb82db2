import { ident, type Node } from "../ast.ts";
import type { Env, Expr } from "../scope.ts";
import { BOOLEAN, display, rowOf, type TrinoType } from "../types.ts";
import { compare } from "./comparison.ts";

type RowType = TrinoType & { readonly kind: "row" };

/** `ROW(a, b)` and `(a, b)`: a row whose fields have no names. */
export function rowOfValues(values: readonly Expr[]): Expr {
  const fields = values.map((value) => ({ name: "", type: value.type }));
  const parts = values.map((value, i) => `${ident(`field${i}`)} := ${value.sql}`);
  return { sql: `struct_pack(${parts.join(", ")})`, type: rowOf(fields) };
}

/** The values of a row. */
export const fieldsOf = (value: Expr, type: RowType): Expr[] =>
  type.fields.map((field, i) => ({ sql: `struct_extract_at(${value.sql}, ${i + 1})`, type: field.type }));

/** Rows compare field by field; a NULL field leaves equality unknown, and has no order. */
export function compareRows(operator: string, left: Expr, right: Expr, node: Node, env: Env): Expr {
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

/** Arrays are equal when all elements are; a NULL element leaves it unknown, unless another one decides. */
export function compareArrays(operator: string, left: Expr, right: Expr, node: Node, env: Env): Expr {
  const { source } = env.session;
  if (left.type.kind !== "array" || right.type.kind !== "array" || (operator !== "=" && operator !== "<>"))
    throw source.refuse(node, `${display(left.type)} ${operator} ${display(right.type)}`);
  const i = env.session.fresh("l");
  const item = (list: Expr, element: TrinoType): Expr => ({ sql: `(${list.sql})[${i}]`, type: element });
  const equal = compare("=", item(left, left.type.element), item(right, right.type.element), node, env);
  const tests = `list_transform(generate_series(1, len(${left.sql})), lambda ${i}: ${equal.sql})`;
  const sql = `CASE WHEN ${left.sql} IS NULL OR ${right.sql} IS NULL THEN NULL WHEN len(${left.sql}) <> len(${right.sql}) THEN false ELSE trino_all_match(${tests}) END`;
  return { sql: operator === "=" ? sql : `(NOT ${sql})`, type: BOOLEAN };
}
