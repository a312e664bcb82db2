import { ident, type Node } from "./ast.ts";
import { condition, expression } from "./expression.ts";
import { subquery } from "./query.ts";
import {
  ANONYMOUS,
  type BoundTable,
  type Env,
  type OutputColumn,
  type Relation,
  type Scan,
  type ScopeColumn,
} from "./scope.ts";
import { BIGINT, display, type TrinoType } from "./types.ts";

export interface From {
  readonly sql: string;
  readonly relations: readonly Relation[];
}

const joinWords: Readonly<Record<string, string>> = {
  Cross: "CROSS JOIN",
  Inner: "JOIN",
  Left: "LEFT JOIN",
  Right: "RIGHT JOIN",
  Full: "FULL JOIN",
};

/** The FROM clause: relations and the names they give. */
export function fromClause(from: unknown, joins: unknown, env: Env): From {
  const { source } = env.session;
  let result: From = { sql: "", relations: [] };
  if (!from) return result;
  const items = source.nodes(source.only({ kind: "FROM", members: Object(from) }, "expressions")["expressions"]);
  for (const item of items) result = cross(result, item, env);
  const list: readonly unknown[] = Array.isArray(joins) ? joins : [];
  for (const join of list) {
    const { nesting_group: nesting, ...rest } = Object(join);
    const node: Node = { kind: "join", members: rest };
    if (typeof nesting === "number" && nesting > 0)
      throw source.refuse(node, "a join in parentheses", "write it as a sub-query");
    const { this: right, on, kind } = source.only(node, "this", "on", "kind");
    if (kind === "Cross") {
      result = cross(result, source.node(right), env);
      continue;
    }
    const word = joinWords[String(kind)];
    if (word === undefined || !on) throw source.refuse(node, `${String(kind)} JOIN${on ? "" : " without ON"}`);
    const next = relation(source.node(right), env);
    const relations = [...result.relations, ...next.relations];
    result = {
      sql: `${result.sql} ${word} ${next.sql} ON ${condition(source.node(on), { ...env, relations }, "JOIN ON clause")}`,
      relations,
    };
  }
  return result;
}

function cross(left: From, item: Node, env: Env): From {
  const unnested = unnestOf(item, env);
  if (unnested !== undefined) return unnest(left, unnested, env);
  const next = relation(item, env);
  if (left.sql === "") return next;
  return { sql: `${left.sql} CROSS JOIN ${next.sql}`, relations: [...left.relations, ...next.relations] };
}

function relation(node: Node, env: Env): From {
  const { source } = env.session;
  if (node.kind === "table") return table(node, env);
  if (node.kind === "alias") {
    const { this: inner, alias } = source.only(node, "this", "alias");
    const named = source.node(inner);
    if (named.kind === "table") return table({ kind: "table", members: { ...named.members, alias } }, env);
  }
  if (node.kind === "subquery") {
    const members = source.only(node, "this", "alias", "column_aliases");
    const query = subquery(
      { kind: "subquery", members: { this: members["this"] } },
      { session: env.session, relations: [], ctes: env.ctes },
    );
    const alias = env.session.fresh("r");
    const columns = derived(query.columns, members["column_aliases"], alias, node, env);
    return {
      sql: `(${query.sql}) AS ${alias}`,
      relations: [{ alias: members["alias"] ? source.name(members["alias"]).toLowerCase() : undefined, columns }],
    };
  }
  throw source.refuse(node, `${node.kind.replaceAll("_", " ")} in FROM`);
}

/** Columns of a derived relation, renamed by an alias list. Of two with one name, neither can be named. */
function derived(columns: readonly OutputColumn[], names: unknown, alias: string, node: Node, env: Env): ScopeColumn[] {
  const list: readonly unknown[] = Array.isArray(names) ? names : [];
  if (list.length > 0 && list.length !== columns.length)
    throw env.session.source.error(
      "SYNTAX_ERROR",
      node,
      `Column alias list has ${list.length} entries but relation has ${columns.length} columns`,
    );
  return columns.map((column, i) => ({
    name:
      list[i] !== undefined
        ? env.session.source.name(list[i]).toLowerCase()
        : column.anonymous
          ? ANONYMOUS
          : column.name.toLowerCase(),
    type: column.type,
    sql: `${alias}.${ident(column.emitted)}`,
  }));
}

function table(node: Node, env: Env): From {
  const { source } = env.session;
  const members = source.only(node, "name", "schema", "catalog", "alias", "column_aliases");
  const name = source.name(members["name"]).toLowerCase();
  const alias = members["alias"] ? source.name(members["alias"]).toLowerCase() : name;
  const emitted = env.session.fresh("r");
  const cte = members["schema"] ? undefined : env.ctes.get(name);
  if (cte !== undefined) {
    return {
      sql: `${cte.emittedName} AS ${emitted}`,
      relations: [{ alias, columns: derived(cte.columns, members["column_aliases"], emitted, node, env) }],
    };
  }
  if (members["column_aliases"] && Array.isArray(members["column_aliases"]) && members["column_aliases"].length > 0)
    throw source.refuse(node, "column aliases on a table");
  const { scan, columns } = scanTable(node, emitted, env);
  return { sql: `${scan.placeholder} AS ${emitted}`, relations: [{ alias, columns }] };
}

/** Registers a read of a catalogue table; also for the targets of DML. */
export function scanTable(node: Node, emitted: string, env: Env): { scan: Scan; columns: ScopeColumn[] } {
  const { session } = env;
  const { source } = session;
  const { name, schema, catalog } = node.members;
  if (catalog && source.name(catalog).toLowerCase() !== "awsdatacatalog")
    throw source.error("SYNTAX_ERROR", node, `Catalog '${source.name(catalog)}' does not exist`);
  const bound: BoundTable = session.binder.table(
    schema ? source.name(schema).toLowerCase() : undefined,
    source.name(name).toLowerCase(),
  );
  const scan: Scan = { table: bound, columns: new Set(), predicates: [], placeholder: `\0${session.scans.length}\0` };
  session.scans.push(scan);
  const columns = bound.columns.map((column) => ({
    name: column.name,
    type: column.type,
    sql: `${emitted}.${ident(column.name)}`,
    use: () => void scan.columns.add(column.name),
    origin: { scan, column: column.name },
  }));
  return { scan, columns };
}

interface Unnest {
  readonly node: Node;
  readonly array: Node;
  readonly ordinality: boolean;
  readonly alias: string | undefined;
  readonly names: readonly string[];
}

function unnestOf(item: Node, env: Env): Unnest | undefined {
  const { source } = env.session;
  const aliased = item.kind === "alias";
  const inner = aliased ? source.optional(item.members["this"]) : item;
  if (inner?.kind !== "unnest") return undefined;
  const members = source.only(inner, "this", "with_ordinality", "alias");
  const outer = aliased ? source.only(item, "this", "alias", "column_aliases") : {};
  const names: readonly unknown[] = Array.isArray(outer["column_aliases"]) ? outer["column_aliases"] : [];
  const alias = outer["alias"] ?? members["alias"];
  return {
    node: inner,
    array: source.node(members["this"]),
    ordinality: members["with_ordinality"] === true,
    alias: alias ? source.name(alias).toLowerCase() : undefined,
    names: names.map((name) => source.name(name).toLowerCase()),
  };
}

/**
 * `left CROSS JOIN UNNEST(array)`: DuckDB unnests in the select list, beside all columns of the left side, so that no join
 * is made. Elements that are rows become one column a field, as in Trino.
 */
function unnest(left: From, item: Unnest, env: Env): From {
  const { source, fresh } = env.session;
  const array = expression(item.array, { ...env, relations: left.relations });
  if (array.type.kind !== "array")
    throw source.error("TYPE_MISMATCH", item.node, `Cannot unnest type: ${display(array.type)}`);
  const emitted = fresh("r");
  const kept = left.relations.flatMap((rel) => rel.columns);
  const inner = [...kept.map((column, i) => `${column.sql} AS k${i}`), `${array.sql} AS a`].join(", ");
  const outer = [...kept.map((_, i) => `k${i}`), "unnest(a) AS e", "generate_subscripts(a, 1) AS o"].join(", ");
  const sql = `(SELECT ${outer} FROM (SELECT ${inner}${left.sql === "" ? "" : ` FROM ${left.sql}`})) AS ${emitted}`;
  let k = 0;
  const relations = left.relations.map((rel) => ({
    alias: rel.alias,
    columns: rel.columns.map((column) => ({ ...column, sql: `${emitted}.k${k++}` })),
  }));
  const element: TrinoType = array.type.element;
  const fields: { name: string; type: TrinoType; sql: string }[] =
    element.kind === "row"
      ? element.fields.map((field) => ({
          name: field.name.toLowerCase(),
          type: field.type,
          sql: `struct_extract(${emitted}.e, '${field.name.replaceAll("'", "''")}')`,
        }))
      : [{ name: ANONYMOUS, type: element, sql: `${emitted}.e` }];
  if (item.ordinality) fields.push({ name: "ordinality", type: BIGINT, sql: `CAST(${emitted}.o AS BIGINT)` });
  if (item.names.length > 0 && item.names.length !== fields.length)
    throw source.error(
      "SYNTAX_ERROR",
      item.node,
      `Column alias list has ${item.names.length} entries but '${item.alias ?? "unnest"}' has ${fields.length} columns available`,
    );
  const columns = fields.map((field, i) => ({ ...field, name: item.names[i] ?? field.name }));
  return { sql, relations: [...relations, { alias: item.alias, columns }] };
}
