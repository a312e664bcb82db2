import { ident } from "../ast.ts";
import type { Expr } from "../scope.ts";
import { rowOf, type TrinoType } from "../types.ts";

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
