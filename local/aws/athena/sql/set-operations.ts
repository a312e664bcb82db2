import { ident, type Node } from "./ast.ts";
import { cast } from "./casts.ts";
import { expression, unify, ZONES } from "./expression.ts";
import { limits, orderBy, query, withClause } from "./query.ts";
import type { Env, Query } from "./scope.ts";
import { commonType, display, inOtherZone, type TrinoType } from "./types.ts";

/** The query's columns in given types. */
function retyped(inner: Query, types: readonly TrinoType[], env: Env): string {
  if (inner.columns.every((column, i) => display(column.type) === display(types[i] ?? column.type))) return inner.sql;
  const alias = env.session.fresh("u");
  const list = inner.columns.map((column, i) => {
    const sql = `${alias}.${ident(column.emitted)}`;
    return `${cast(sql, column.type, types[i] ?? column.type, false) ?? sql} AS ${ident(column.emitted)}`;
  });
  return `SELECT ${list.join(", ")} FROM (${inner.sql}) AS ${alias}`;
}

/** UNION, INTERSECT and EXCEPT, with or without ALL. */
export function setOperation(node: Node, outer: Env): Query {
  const { source } = outer.session;
  const members = source.only(node, "left", "right", "all", "distinct", "with", "order_by", "limit", "offset");
  const word = node.kind.toUpperCase();
  const { prefix, env } = withClause(members["with"], outer);
  // The parser joins from the left, whatever the operators; in Trino INTERSECT binds tighter.
  const first = source.node(members["left"]);
  if (node.kind === "intersect" && (first.kind === "union" || first.kind === "except"))
    throw source.refuse(node, "INTERSECT after UNION or EXCEPT", "put parentheses around what belongs together");
  const left = query(first, env);
  const right = query(source.node(members["right"]), env);
  if (left.columns.length !== right.columns.length)
    throw source.error(
      "SYNTAX_ERROR",
      node,
      `${word} query has different number of fields: ${left.columns.length}, ${right.columns.length}`,
    );
  const types = left.columns.map((column, i) => {
    const other = right.columns[i]?.type ?? column.type;
    const common = commonType(column.type, other);
    if (common === undefined && inOtherZone(column.type, other)) throw source.refuse(node, `${word} ${ZONES}`);
    if (common === undefined)
      throw source.error(
        "TYPE_MISMATCH",
        node,
        `column ${i + 1} in ${word} query has incompatible types: ${display(column.type)}, ${display(other)}`,
      );
    return common;
  });
  const columns = left.columns.map((column, i) => ({ ...column, type: types[i] ?? column.type }));
  const both = `(${retyped(left, types, env)}) ${word} ${members["all"] === true ? "ALL " : ""}(${retyped(right, types, env)})`;
  if (prefix === "" && !members["order_by"] && !members["limit"] && !members["offset"]) return { sql: both, columns };
  const alias = env.session.fresh("u");
  const named = columns.map((column) => ({ sql: `${alias}.${ident(column.emitted)}`, type: column.type }));
  const list = columns.map((column, i) => `${named[i]?.sql} AS ${ident(column.emitted)}`).join(", ");
  const tail = `${orderBy(node, { ...env, relations: [] }, columns, named)}${limits(node, env)}`;
  return { sql: `${prefix}SELECT ${list} FROM (${both}) AS ${alias}${tail}`, columns };
}

/** VALUES: rows in parentheses, or single values. */
export function values(node: Node, env: Env): Query {
  const { source } = env.session;
  const rows: readonly unknown[] = Array.isArray(node.members["expressions"]) ? node.members["expressions"] : [];
  const table = rows.map((row) => {
    const members = source.only({ kind: "row", members: Object(row) }, "expressions");
    const cells = source.nodes(members["expressions"]);
    // The parser gives `VALUES 1, 2` and `VALUES ROW(1)` other shapes; only rows in parentheses are taken.
    return cells.map((cell) => expression(cell, env));
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
