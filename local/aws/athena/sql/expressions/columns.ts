import { type Node, quote } from "../ast.ts";
import { type Found, noteUse } from "../queries/correlation.ts";
import type { Env, Expr, ScopeColumn } from "../scope.ts";
import { fieldName } from "../types.ts";

/** Columns of that name in the nearest scope that has any; several are ambiguous. */
export function findColumn(env: Env, table: string | undefined, name: string): readonly ScopeColumn[] {
  const { columns, borders } = search(env, table, name);
  noteUse(borders);
  return columns;
}

function search(env: Env, table: string | undefined, name: string): Found {
  const { parent, correlation } = env;
  const columns = env.relations
    .filter((relation) => table === undefined || relation.alias === table)
    .flatMap((relation) => relation.columns.filter((column) => column.name === name));
  if (columns.length > 0 || parent === undefined) return { columns, borders: [] };
  const outer = search(parent, table, name);
  const crosses = outer.columns.length > 0 && correlation !== undefined && correlation !== parent.correlation;
  return crosses ? { columns: outer.columns, borders: [correlation, ...outer.borders] } : outer;
}

/** A column, or a field of a row column, or in ORDER BY an output column. */
export function column(node: Node, env: Env): Expr {
  const { source } = env.session;
  const { name: rawName, table: rawTable } = source.only(node, "name", "table");
  const name = source.name(rawName).toLowerCase();
  const table = rawTable ? source.name(rawTable).toLowerCase() : undefined;
  const output = table === undefined ? env.outputs?.get(name) : undefined;
  if (output !== undefined && env.aggregated)
    throw source.error(
      "COLUMN_NOT_FOUND",
      node,
      "Invalid reference to output projection attribute from ORDER BY aggregation",
    );
  if (output !== undefined) return output;
  const found = findColumn(env, table, name);
  // DuckDB finds no such column there.
  if (env.inLambda === true && search(env, table, name).borders.length > 0)
    throw source.refuse(node, `the column ${name} of the query around inside a lambda`, "join instead");
  if (found.length > 1) throw source.error("SYNTAX_ERROR", node, `Column '${name}' is ambiguous`);
  const [only] = found;
  if (only !== undefined) {
    only.use?.();
    return { sql: only.sql, type: only.type };
  }
  // `l.sku` may be the field `sku` of a row column `l`.
  const [row] = table === undefined ? [] : findColumn(env, undefined, table);
  if (row?.type.kind === "row") {
    row.use?.();
    return field({ sql: row.sql, type: row.type }, name, node, env);
  }
  const shown = table === undefined ? name : `${table}.${name}`;
  throw source.error(
    "COLUMN_NOT_FOUND",
    node,
    `Column '${shown}' cannot be resolved or requester is not authorized to access requested resources`,
  );
}

/** The field of a row. */
export function field(value: Expr, name: string, node: Node, env: Env): Expr {
  const fields = value.type.kind === "row" ? value.type.fields : [];
  const index = fields.findIndex((f) => f.name !== "" && f.name.toLowerCase() === name);
  const found = fields[index];
  if (found === undefined)
    throw env.session.source.error("COLUMN_NOT_FOUND", node, `Field '${name}' cannot be resolved`);
  return { sql: `struct_extract(${value.sql}, ${quote(fieldName(found, index))})`, type: found.type };
}
