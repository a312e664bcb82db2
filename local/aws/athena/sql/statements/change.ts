import { ident, type Node } from "../ast.ts";
import { condition, expression } from "../expressions/expression.ts";
import { collectPredicates } from "../queries/predicates.ts";
import type { Env } from "../scope.ts";
import type { Change } from "../statement-types.ts";
import { assigned, changeTarget, columnNamed, type Target, typedNull, types } from "./target.ts";

/** The WHERE of a DELETE or UPDATE; what it says of the target's columns chooses the files that are read. */
function whereOf(root: Node, env: Env): string {
  const { source } = env.session;
  const clause = root.members["where_clause"];
  if (!clause) return "";
  const where = source.node(source.only({ kind: "WHERE", members: Object(clause) }, "this")["this"]);
  collectPredicates(where, env);
  return ` WHERE ${condition(where, env, "WHERE clause")}`;
}

const positions = (target: Target): string => `${target.emitted}.__file AS __file, ${target.emitted}.__pos AS __pos`;

/** `DELETE FROM t [WHERE ...]`. The rows' values are not needed, so they are not read. */
export function deletion(root: Node, env: Env): Change {
  const { source } = env.session;
  const members = source.only(root, "table", "where_clause");
  const target = changeTarget(source.node({ table: members["table"] }), env);
  const where = whereOf(root, { ...env, relations: [target.relation] });
  const list = target.relation.columns.map((column) => `${typedNull(column)} AS ${ident(column.name)}`);
  const sql = `SELECT ${positions(target)}, 0 AS __op, ${list.join(", ")} FROM ${target.scan.placeholder} AS ${target.emitted}${where}`;
  return { kind: "DELETE", target: target.scan, sql };
}

/** `UPDATE t SET a = x [WHERE ...]`. */
export function update(root: Node, env: Env): Change {
  const { source } = env.session;
  const members = source.only(root, "table", "set", "where_clause");
  const target = changeTarget(source.node({ table: members["table"] }), env);
  const { columns } = target.relation;
  const inner: Env = { ...env, relations: [target.relation] };
  const pairs: readonly unknown[] = Array.isArray(members["set"]) ? members["set"] : [];
  const set = new Map<string, string>();
  for (const pair of pairs) {
    const [name, value]: readonly unknown[] = Array.isArray(pair) ? pair : [];
    const column = columnNamed(name, columns, (it) => `The UPDATE SET target column ${it} doesn't exist`, env);
    if (set.has(column.name))
      throw source.error("SYNTAX_ERROR", name, `Multiple assignments for the column: ${column.name}`);
    const expr = expression(source.node(value), inner);
    const sql = assigned(expr, column);
    if (sql === undefined)
      throw source.error(
        "TYPE_MISMATCH",
        name,
        `UPDATE table column types don't match SET expressions: Table: ${types([column])}, Expressions: ${types([expr])}`,
      );
    set.set(column.name, sql);
  }
  const where = whereOf(root, inner);
  const list = columns.map((column) => {
    const value = set.get(column.name);
    if (value === undefined) column.use?.();
    return `${value ?? column.sql} AS ${ident(column.name)}`;
  });
  const sql = `SELECT ${positions(target)}, 1 AS __op, ${list.join(", ")} FROM ${target.scan.placeholder} AS ${target.emitted}${where}`;
  return { kind: "UPDATE", target: target.scan, sql };
}
