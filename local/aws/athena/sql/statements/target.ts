import type { Node } from "../ast.ts";
import { cast } from "../expressions/casts.ts";
import { coerce } from "../expressions/expression.ts";
import { scanTarget, tableNamed } from "../queries/tables.ts";
import type { BoundTable, Env, Expr, Relation, Scan, ScopeColumn } from "../scope.ts";
import { display, duckType, isNumeric, isTemporal, type TrinoType } from "../types.ts";

/** A table that a statement changes. */
export interface Target {
  readonly scan: Scan;
  readonly relation: Relation;
  readonly emitted: string;
}

/** The table an INSERT writes to: it is not read. */
export function insertTarget(value: unknown, env: Env): BoundTable {
  const { source } = env.session;
  const node = source.node({ table: value });
  source.only(node, "name", "schema", "catalog");
  return writable(tableNamed(node, env), node, env);
}

/** The table that DELETE and UPDATE name, or MERGE with its alias; read with the positions of its rows. */
export function changeTarget(named: Node, env: Env): Target {
  const { source } = env.session;
  const aliased = named.kind === "alias" ? source.only(named, "this", "alias") : undefined;
  const node = aliased ? source.node(aliased["this"]) : named;
  const members = source.only(node, "name", "schema", "catalog");
  const emitted = env.session.fresh("t");
  const { scan, columns } = scanTarget(node, emitted, env);
  writable(scan.table, node, env);
  if (scan.table.kind === "hive")
    throw source.error("NOT_SUPPORTED", node, "Modifying Hive table rows is only supported for transactional tables");
  const alias = source.name(aliased?.["alias"] ?? members["name"]).toLowerCase();
  return { scan, relation: { alias, columns }, emitted };
}

function writable(table: BoundTable, at: Node, env: Env): BoundTable {
  if (table.kind === "metadata")
    throw env.session.source.error("NOT_SUPPORTED", at, "This connector does not support modifying table rows");
  return table;
}

/** A column by the name it has in a list of columns or a SET. */
export function columnNamed<T extends { readonly name: string }>(
  at: unknown,
  columns: readonly T[],
  missing: (name: string) => string,
  env: Env,
): T {
  const name = env.session.source.name(at).toLowerCase();
  const found = columns.find((column) => column.name === name);
  if (found !== undefined) return found;
  throw env.session.source.error("COLUMN_NOT_FOUND", at, missing(name));
}

/** The columns that a list names, in its order; all when there is none. */
export function listed<T extends { readonly name: string }>(
  list: unknown,
  columns: readonly T[],
  statement: "Insert" | "Merge",
  env: Env,
): T[] {
  const names: readonly unknown[] = Array.isArray(list) ? list : [];
  if (names.length === 0) return [...columns];
  const chosen = new Set<T>();
  for (const at of names) {
    const column = columnNamed(
      at,
      columns,
      (name) => `${statement} column name does not exist in target table: ${name}`,
      env,
    );
    if (chosen.has(column)) {
      const message = `${statement} column name is specified more than once: ${column.name}`;
      throw env.session.source.error("DUPLICATE_COLUMN_NAME", at, message);
    }
    chosen.add(column);
  }
  return [...chosen];
}

/**
 * A value as the column takes it. Trino follows the standard's rules of assignment: numbers become numbers, dates and
 * timestamps one another, as a cast would; anything else only where it widens.
 */
export function assigned(value: Expr, column: Pick<ScopeColumn, "type">): string | undefined {
  const { sql, type } = value;
  const to = column.type;
  const numbers = [type, to].every((it) => isNumeric(it) || it.kind === "real");
  const moments = isTemporal(type) && (to.kind === "date" || to.kind === "timestamp");
  return numbers || moments ? cast(sql, type, to, false) : coerce(value, to);
}

/** `Table: [bigint], Query: [varchar]`, as Trino says what it does not assign. */
export const types = (columns: readonly { readonly type: TrinoType }[]): string =>
  `[${columns.map(({ type }) => display(type)).join(", ")}]`;

export const typedNull = (column: Pick<ScopeColumn, "type">): string => `CAST(NULL AS ${duckType(column.type)})`;
