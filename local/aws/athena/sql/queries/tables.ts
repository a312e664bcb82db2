import { ident, type Node, Source } from "../ast.ts";
import {
  ANONYMOUS,
  type Binder,
  type BoundTable,
  type BoundView,
  type Env,
  type From,
  type OutputColumn,
  type Query,
  type Scan,
  type ScopeColumn,
  type TimeTravel,
} from "../scope.ts";
import { query } from "./query.ts";
import { timeTravel } from "./time-travel.ts";

/** A table, view or common table expression in FROM. */
export function table(node: Node, env: Env): From {
  const { source } = env.session;
  const members = source.only(node, "name", "schema", "catalog", "alias", "column_aliases", "version");
  const name = source.name(members["name"]).toLowerCase();
  const alias = members["alias"] ? source.name(members["alias"]).toLowerCase() : name;
  const emitted = env.session.fresh("r");
  const cte = members["schema"] ? undefined : env.ctes.get(name);
  if (cte !== undefined) {
    if (members["version"]) throw source.error("NOT_SUPPORTED", node, "Time travel is not supported for WITH queries");
    const columns = derived(cte.columns, members["column_aliases"], emitted, node, env);
    return { sql: `${cte.emittedName} AS ${emitted}`, relations: [{ alias, columns }] };
  }
  const at = timeTravel(members["version"], node, env);
  const bound = bind(node, env, at);
  if ("query" in bound) {
    if (at !== undefined) throw source.error("NOT_SUPPORTED", node, "Time travel is not supported for views");
    const view = viewQuery(bound, node, env);
    const columns = derived(view.columns, members["column_aliases"], emitted, node, env);
    return { sql: `(${view.sql}) AS ${emitted}`, relations: [{ alias, columns }] };
  }
  const { scan, columns } = scanOf(bound, emitted, env, { at, positions: false });
  const named = renamed(columns, members["column_aliases"], node, env);
  return { sql: `${scan.placeholder} AS ${emitted}`, relations: [{ alias, columns: named }] };
}

/** Columns of a derived relation, renamed by an alias list. Of two with one name, neither can be named. */
export function derived(
  columns: readonly OutputColumn[],
  names: unknown,
  alias: string,
  node: Node,
  env: Env,
): ScopeColumn[] {
  const own = columns.map((column) => ({
    name: column.anonymous ? ANONYMOUS : column.name.toLowerCase(),
    type: column.type,
    sql: `${alias}.${ident(column.emitted)}`,
  }));
  return renamed(own, names, node, env);
}

/** Columns under the names of an alias list; hidden ones cannot be renamed and are lost. */
export function renamed(columns: readonly ScopeColumn[], names: unknown, node: Node, env: Env): ScopeColumn[] {
  const list: readonly unknown[] = Array.isArray(names) ? names : [];
  if (list.length === 0) return [...columns];
  const shown = columns.filter(({ hidden }) => hidden !== true);
  if (list.length !== shown.length)
    throw env.session.source.error(
      "SYNTAX_ERROR",
      node,
      `Column alias list has ${list.length} entries but relation has ${shown.length} columns`,
    );
  return shown.map((column, i) => ({ ...column, name: env.session.source.name(list[i]).toLowerCase() }));
}

function bind(node: Node, env: Env, at?: TimeTravel): BoundTable | BoundView {
  const { source, binder } = env.session;
  const { name, schema, catalog } = node.members;
  if (catalog && source.name(catalog).toLowerCase() !== "awsdatacatalog")
    throw source.error("SYNTAX_ERROR", node, `Catalog '${source.name(catalog)}' does not exist`);
  return binder.table(schema ? source.name(schema).toLowerCase() : undefined, source.name(name).toLowerCase(), at);
}

/** The catalogue's table of that name, as the target of a statement. */
export function tableNamed(node: Node, env: Env): BoundTable {
  const bound = bind(node, env);
  if ("query" in bound) throw env.session.source.error("NOT_SUPPORTED", node, "Changing views is not supported");
  return bound;
}

/** Registers a read of a table that a statement changes: with the places of its rows. */
export function scanTarget(node: Node, emitted: string, env: Env): { scan: Scan; columns: ScopeColumn[] } {
  return scanOf(tableNamed(node, env), emitted, env, { at: undefined, positions: true });
}

function scanOf(
  bound: BoundTable,
  emitted: string,
  { session }: Env,
  { at, positions }: Pick<Scan, "at" | "positions">,
): { scan: Scan; columns: ScopeColumn[] } {
  const placeholder = `\0${session.scans.length}\0`;
  const scan: Scan = { table: bound, columns: new Set(), predicates: [], at, positions, placeholder };
  session.scans.push(scan);
  const read = ({ name, type }: BoundTable["columns"][number]): ScopeColumn => ({
    name,
    type,
    sql: `${emitted}.${ident(name)}`,
    use: () => void scan.columns.add(name),
    origin: { scan, column: name },
  });
  const hidden = positions ? [] : (bound.hidden ?? []);
  const columns = [
    ...bound.columns.map(read),
    ...hidden.map((column): ScopeColumn => ({ ...read(column), hidden: true })),
  ];
  return { scan, columns };
}

/** A view's query in its own text and database; the scans it makes are the statement's. */
function viewQuery(view: BoundView, node: Node, env: Env): Query {
  const { session } = env;
  const name = `${view.database}.${view.name}`;
  if (session.views.includes(name))
    throw session.source.error("INVALID_VIEW", node, `View is recursive: 'awsdatacatalog.${name}'`);
  const source = new Source(view.query);
  const binder: Binder = { table: (database, table, at) => session.binder.table(database ?? view.database, table, at) };
  const inner = { ...session, source, binder, views: [...session.views, name], parameter: () => undefined };
  return query(source.parse(), { session: inner, relations: [], ctes: new Map() });
}
