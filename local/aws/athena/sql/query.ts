import { ident, type Members, type Node } from "./ast.ts";
import { condition, expression } from "./expression.ts";
import { fromClause } from "./from.ts";
import { orderList } from "./ordering.ts";
import { collectPredicates } from "./predicates.ts";
import { ANONYMOUS, type Env, type Expr, type OutputColumn, type Query } from "./scope.ts";
import { setOperation, values } from "./set-operations.ts";
import { isInteger } from "./types.ts";
import { warn } from "./warnings.ts";

/** A sub-query that may use the columns around it. */
export function subquery(node: Node, env: Env): Query {
  const { session, ctes } = env;
  const inner =
    node.kind === "subquery"
      ? session.source.node(session.source.only(node, "this", "order_by", "limit", "offset")["this"])
      : node;
  if (node.kind === "subquery" && (node.members["order_by"] || node.members["limit"] || node.members["offset"]))
    throw session.source.refuse(node, "ORDER BY or LIMIT after a parenthesised query", "put it inside");
  const { members } = inner;
  if (members["order_by"] && !members["limit"] && !members["fetch"] && !members["offset"])
    warn("orderInside", inner, env);
  return query(inner, { session, relations: [], parent: env, ctes });
}

/** SELECT, UNION, VALUES and parentheses around them. `env` holds what is visible from outside. */
export function query(node: Node, env: Env): Query {
  const { source } = env.session;
  switch (node.kind) {
    case "select":
      return select(node, env);
    case "union":
    case "intersect":
    case "except":
      return setOperation(node, env);
    case "values":
      return values(node, env);
    case "subquery":
      if (node.members["alias"]) throw source.refuse(node, "an alias here");
      return subquery(node, env);
    case "describe":
      throw source.refuse(node, "EXPLAIN or DESCRIBE");
    default:
      throw source.refuse(node, node.kind.toUpperCase().replaceAll("_", " "));
  }
}

/** The WITH clause: its text, and the names it gives. */
export function withClause(value: unknown, env: Env): { prefix: string; env: Env } {
  const { source } = env.session;
  if (!value) return { prefix: "", env };
  const members = source.only({ kind: "WITH", members: Object(value) }, "ctes", "recursive");
  if (members["recursive"] === true) throw source.refuse({ kind: "with", members }, "WITH RECURSIVE");
  const list: readonly unknown[] = Array.isArray(members["ctes"]) ? members["ctes"] : [];
  const ctes = new Map(env.ctes);
  const texts: string[] = [];
  const named = new Set<string>();
  for (const item of list) {
    const cte = source.only({ kind: "common table expression", members: Object(item) }, "alias", "this", "columns");
    const name = source.name(cte["alias"]).toLowerCase();
    if (named.has(name)) throw source.error("SYNTAX_ERROR", item, `WITH query name '${name}' specified more than once`);
    named.add(name);
    const inner = query(source.node(cte["this"]), { ...env, ctes });
    const names: readonly unknown[] = Array.isArray(cte["columns"]) ? cte["columns"] : [];
    if (names.length > 0 && names.length !== inner.columns.length)
      throw source.error(
        "SYNTAX_ERROR",
        item,
        `Column alias list has ${names.length} entries but relation has ${inner.columns.length} columns`,
      );
    const emittedName = env.session.fresh("c");
    const columns = inner.columns.map((column, i) =>
      names[i] === undefined ? column : { type: column.type, emitted: column.emitted, name: source.name(names[i]) },
    );
    ctes.set(name, { sql: inner.sql, columns, emittedName });
    texts.push(`${emittedName} AS (${inner.sql})`);
  }
  return { prefix: `WITH ${texts.join(", ")} `, env: { ...env, ctes } };
}

interface Item {
  readonly name: string | undefined;
  readonly expr: Expr;
}

function selectItems(nodes: readonly Node[], env: Env): Item[] {
  const { source } = env.session;
  return nodes.flatMap((node): Item[] => {
    if (node.kind === "alias") {
      const { this: value, alias } = source.only(node, "this", "alias");
      return [{ name: source.name(alias), expr: expression(source.node(value), env) }];
    }
    if (node.kind !== "star") {
      const named =
        node.kind === "column"
          ? source.name(node.members["name"])
          : node.kind === "dot"
            ? source.name(node.members["field"])
            : undefined;
      return [{ name: named, expr: expression(node, env) }];
    }
    const table = source.only(node, "table")["table"];
    const alias = table ? source.name(table).toLowerCase() : undefined;
    const relations = env.relations.filter((relation) => alias === undefined || relation.alias === alias);
    if (relations.length === 0)
      throw source.error(
        "SYNTAX_ERROR",
        node,
        alias === undefined
          ? "SELECT * not allowed in queries without FROM clause"
          : `Unable to resolve reference ${alias}`,
      );
    return relations.flatMap((relation) =>
      relation.columns
        .filter(({ hidden }) => hidden !== true)
        .map((column) => {
          column.use?.();
          const name = column.name === ANONYMOUS ? undefined : column.name;
          return { name, expr: { sql: column.sql, type: column.type } };
        }),
    );
  });
}

/** Output columns under names that differ, as DuckDB's relations need them. */
function outputs(items: readonly Item[]): OutputColumn[] {
  const taken = new Set<string>();
  return items.map((item, i) => {
    const name = item.name ?? `_col${i}`;
    let emitted = name.toLowerCase();
    while (taken.has(emitted)) emitted = `${emitted}_${i}`;
    taken.add(emitted);
    return { name, type: item.expr.type, emitted, ...(item.name === undefined && { anonymous: true }) };
  });
}

/** LIMIT, OFFSET and FETCH as text. */
export function limits(node: Node, env: Env): string {
  const { source } = env.session;
  const fetch = node.members["fetch"];
  const rows = fetch
    ? source.only({ kind: "FETCH", members: Object(fetch) }, "direction", "count", "rows", "with_ties")
    : undefined;
  if (rows !== undefined && node.members["limit"]) throw source.error("SYNTAX_ERROR", node, "mismatched input 'FETCH'");
  const fetched = rows === undefined || rows["with_ties"] === true ? "" : ` LIMIT ${fetchCount(node, env)}`;
  return ["limit", "offset"]
    .map((key) => {
      const clause = node.members[key];
      if (!clause) return "";
      // A set operation has the number itself here, a SELECT a clause around it.
      const value =
        Object(clause)["this"] === undefined
          ? clause
          : source.only({ kind: key, members: Object(clause) }, "this", "rows")["this"];
      const number = source.node(value);
      if (key === "limit" && number.kind === "column" && source.name(number.members["name"]).toLowerCase() === "all")
        return "";
      const count = expression(number, { ...env, relations: [] });
      if (!isInteger(count.type) || !/^(CAST\()?\d/.test(count.sql))
        throw source.refuse(node, `${key.toUpperCase()} of what is no whole number`);
      return ` ${key.toUpperCase()} ${count.sql}`;
    })
    .join("")
    .concat(fetched);
}

/** The number of FETCH FIRST. */
function fetchCount(node: Node, env: Env): string {
  const { count } = Object(node.members["fetch"]);
  const number = count ? expression(env.session.source.node(count), { ...env, relations: [] }).sql : "1";
  if (!/^(CAST\()?\d/.test(number)) throw env.session.source.refuse(node, "FETCH of what is no whole number");
  return number;
}

/** `FETCH FIRST n ROWS WITH TIES` as a condition on the rank. */
function withTies(node: Node, env: Env, columns: readonly OutputColumn[], expressions: readonly Expr[]): string {
  const { source } = env.session;
  if (Object(node.members["fetch"] ?? {})["with_ties"] !== true) return "";
  if (!node.members["order_by"])
    throw source.error("SYNTAX_ERROR", node, "FETCH FIRST WITH TIES clause requires ORDER BY");
  if (node.members["offset"] || node.members["distinct"] === true)
    throw source.refuse(node, "FETCH WITH TIES beside OFFSET or DISTINCT");
  return ` QUALIFY rank() OVER (${orderBy(node, env, columns, expressions, true).trim()}) <= ${fetchCount(node, env)}`;
}

/** The ORDER BY clause as text. */
export function orderBy(
  node: Node,
  env: Env,
  columns: readonly OutputColumn[],
  expressions: readonly Expr[],
  plain = false,
): string {
  const clause = node.members["order_by"];
  if (!clause) return "";
  const members = env.session.source.only({ kind: "ORDER BY", members: Object(clause) }, "expressions");
  const keys: readonly unknown[] = Array.isArray(members["expressions"]) ? members["expressions"] : [];
  const named = new Map<string, Expr & { position: number }>();
  columns.forEach((column, i) => {
    const expr = expressions[i];
    if (expr !== undefined)
      named.set(named.has(column.name.toLowerCase()) ? `${column.name}#${i}` : column.name.toLowerCase(), {
        ...expr,
        position: i + 1,
      });
  });
  return ` ORDER BY ${orderList(keys, { ...env, outputs: named }, node.members["distinct"] === true, plain)}`;
}

/** A key of GROUP BY, or GROUPING SETS, CUBE or ROLLUP of keys. */
function groupingKey(key: Node, env: Env): string {
  const { source } = env.session;
  const name = key.kind === "function" ? source.name(key.members["name"]).toUpperCase() : "";
  if (!["GROUPING SETS", "CUBE", "ROLLUP"].includes(name)) return expression(key, env).sql;
  const sets = source.nodes(source.only(key, "name", "args")["args"]).map((set) => {
    const keys = set.kind === "tuple" ? source.nodes(source.only(set, "expressions")["expressions"]) : [set];
    if (keys.some(({ kind }) => kind === "literal"))
      throw source.refuse(set, `a position in ${name}`, "name the column");
    return `(${keys.map((item) => expression(item, env).sql).join(", ")})`;
  });
  return `${name} (${sets.join(", ")})`;
}

function groupBy(node: Node, env: Env, items: readonly Item[]): string {
  const { source } = env.session;
  const clause = node.members["group_by"];
  if (!clause) return "";
  const members = source.only({ kind: "GROUP BY", members: Object(clause) }, "expressions");
  const keys = source.nodes(members["expressions"]).map((key) => {
    const position =
      key.kind === "literal" && key.members["literal_type"] === "number" ? Number(key.members["value"]) : undefined;
    if (position === undefined) return groupingKey(key, env);
    if (items[position - 1] === undefined)
      throw source.error("SYNTAX_ERROR", key, `GROUP BY position ${position} is not in select list`);
    return String(position);
  });
  return ` GROUP BY ${keys.length === 0 ? "()" : keys.join(", ")}`;
}

/** `WINDOW w AS (...)`: what `OVER w` stands for. */
function namedWindows(value: unknown, env: Env): ReadonlyMap<string, Members> {
  const { source } = env.session;
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  return new Map(
    list.map((item) => {
      const { name, spec } = source.only({ kind: "WINDOW", members: Object(item) }, "name", "spec");
      return [source.name(name).toLowerCase(), Object(spec)];
    }),
  );
}

/** The parts of a SELECT that are read, and how they are written. */
export const clauses: Readonly<Record<string, string>> = {
  with: "WITH name [(columns)] AS (SELECT ...), ...",
  expressions: "SELECT x [AS name], table.*, *",
  distinct: "SELECT DISTINCT",
  from: 'FROM table, view, "table$snapshots" or (SELECT ...) [AS alias [(columns)]]',
  joins: "[INNER | LEFT | RIGHT | FULL] JOIN ... ON p or USING (columns), CROSS JOIN, LATERAL (SELECT ...)",
  where_clause: "WHERE p",
  group_by: "GROUP BY x, position, GROUPING SETS, CUBE, ROLLUP",
  having: "HAVING p",
  windows: "WINDOW name AS (...)",
  order_by: "ORDER BY x [ASC | DESC] [NULLS FIRST | NULLS LAST], ...",
  offset: "OFFSET n",
  limit: "LIMIT n | ALL",
  fetch: "FETCH FIRST n ROWS ONLY | WITH TIES",
};

function select(node: Node, outer: Env): Query {
  const { source } = outer.session;
  const members = source.only(node, ...Object.keys(clauses));
  const { prefix, env: visible } = withClause(members["with"], outer);
  const from = fromClause(members["from"], members["joins"], visible);
  const env: Env = { ...visible, relations: from.relations, windows: namedWindows(members["windows"], outer) };
  const clause = (key: string, what: string): Node | undefined =>
    members[key] ? source.node(source.only({ kind: what, members: Object(members[key]) }, "this")["this"]) : undefined;
  const where = clause("where_clause", "WHERE");
  if (where !== undefined) collectPredicates(where, env);
  const whereSql = where === undefined ? "" : ` WHERE ${condition(where, env, "WHERE clause")}`;
  const items = selectItems(source.nodes(members["expressions"]), env);
  const columns = outputs(items);
  const list = items.map((item, i) => `${item.expr.sql} AS ${ident(columns[i]?.emitted ?? "")}`).join(", ");
  const having = clause("having", "HAVING");
  const results = items.map((item) => item.expr);
  const parts = [
    `${prefix}SELECT ${members["distinct"] === true ? "DISTINCT " : ""}${list}`,
    from.sql === "" ? "" : ` FROM ${from.sql}`,
    whereSql,
    groupBy(node, env, items),
    having === undefined ? "" : ` HAVING ${condition(having, env, "HAVING clause")}`,
    withTies(node, env, columns, results),
    orderBy(node, env, columns, results),
    limits(node, env),
  ];
  return { sql: parts.join(""), columns };
}
