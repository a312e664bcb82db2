import { ident, type Node } from "../ast.ts";
import { expression, unify } from "../expressions/expression.ts";
import type { Env, Expr, Query } from "../scope.ts";

/** What stands alone in a row of VALUES; a ROW gives a column for each of its fields. */
function rowOf(node: Node, env: Env): Expr[] {
  const { source } = env.session;
  if (node.kind === "function" && /^row$/i.test(source.name(node.members["name"])))
    return source.nodes(source.only(node, "name", "args")["args"]).map((cell) => expression(cell, env));
  const value = expression(node, env);
  if (value.type.kind === "row") throw source.refuse(node, "VALUES of a row", "write its fields in parentheses");
  return [value];
}

/** VALUES: rows in parentheses, or single values. */
export function values(node: Node, env: Env): Query {
  const { source } = env.session;
  const rows: readonly unknown[] = Array.isArray(node.members["expressions"]) ? node.members["expressions"] : [];
  const table = rows.map((row) => {
    const members = source.only({ kind: "row", members: Object(row) }, "expressions");
    const cells = source.nodes(members["expressions"]);
    const [only] = cells;
    if (only === undefined || cells.length > 1) return cells.map((cell) => expression(cell, env));
    return rowOf(only, env);
  });
  const width = table[0]?.length ?? 0;
  if (width === 0 || table.some((row) => row.length !== width))
    throw source.error("TYPE_MISMATCH", node, "Values rows have mismatched sizes");
  const columns = Array.from({ length: width }, (_, i) =>
    unify(
      table.flatMap((row) => row[i] ?? []),
      env,
      node,
      "VALUES of a column",
    ),
  );
  const body = table.map((_, r) => `(${columns.map((column) => column.values[r]).join(", ")})`).join(", ");
  const outputColumns = columns.map((column, i) => {
    const name = `_col${i}`;
    return { name, type: column.type, emitted: name, anonymous: true };
  });
  return {
    sql: `SELECT * FROM (VALUES ${body}) AS ${env.session.fresh("v")}(${outputColumns.map((column) => ident(column.emitted)).join(", ")})`,
    columns: outputColumns,
  };
}
