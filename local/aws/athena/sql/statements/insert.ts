import { ident, type Node } from "../ast.ts";
import { query } from "../queries/query.ts";
import type { Env } from "../scope.ts";
import type { Insert } from "../statement-types.ts";
import { assigned, insertTarget, listed, typedNull, types } from "./target.ts";

/** `INSERT INTO t [(a, b)] query`: a SELECT of every column, NULL for those that are not named. */
export function insert(root: Node, env: Env): Insert {
  const { source } = env.session;
  const members = source.only(root, "table", "columns", "query", "values", "with");
  if (members["with"]) throw source.refuse(root, "WITH before INSERT", "put it after INSERT INTO");
  const target = insertTarget(members["table"], env);
  const columns = listed(members["columns"], target.columns, "Insert", env);
  const rows: readonly unknown[] = Array.isArray(members["values"]) ? members["values"] : [];
  const body: Node =
    rows.length > 0
      ? { kind: "values", members: { expressions: rows.map((row) => ({ expressions: row })) } }
      : source.node(members["query"]);
  const from = query(body, env);
  const alias = env.session.fresh("s");
  const values = new Map(
    columns.map((column, i) => {
      const given = from.columns[i];
      const expr = given && { sql: `${alias}.${ident(given.emitted)}`, type: given.type };
      return [column, expr && assigned(expr, column)];
    }),
  );
  if (from.columns.length !== columns.length || [...values.values()].includes(undefined))
    throw source.error(
      "TYPE_MISMATCH",
      root,
      `Insert query has mismatched column types: Table: ${types(columns)}, Query: ${types(from.columns)}`,
    );
  const list = target.columns.map((column) => `${values.get(column) ?? typedNull(column)} AS ${ident(column.name)}`);
  return { kind: "INSERT", target, sql: `SELECT ${list.join(", ")} FROM (${from.sql}) AS ${alias}` };
}
