import { ident, type Node } from "./ast.ts";
import { cast } from "./casts.ts";
import { condition, expression, unify } from "./expression.ts";
import { fromClause } from "./from.ts";
import { orderList } from "./ordering.ts";
import { collectPredicates } from "./predicates.ts";
import { ANONYMOUS, type Env, type Expr, type OutputColumn, type Query } from "./scope.ts";
import { commonType, display, isInteger, type TrinoType } from "./types.ts";

/** A sub-query that may use the columns around it. */
export function subquery(node: Node, env: Env): Query {
  const { session, ctes } = env;
  const inner =
    node.kind === "subquery"
      ? session.source.node(session.source.only(node, "this", "order_by", "limit", "offset")["this"])
      : node;
  if (node.kind === "subquery" && (node.members["order_by"] || node.members["limit"] || node.members["offset"]))
    throw session.source.refuse(node, "ORDER BY or LIMIT after a parenthesised query", "put it inside");
  return query(inner, { session, relations: [], parent: env, ctes });
}

/** SELECT, UNION, VALUES and parentheses around them. `env` holds what is visible from outside. */
export function query(node: Node, env: Env): Query {
  const { source } = env.session;
  switch (node.kind) {
    case "select":
      return select(node, env);
    case "union":
      return union(node, env);
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

function withClause(value: unknown, env: Env): { prefix: string; env: Env } {
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
      relation.columns.map((column) => {
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

function limits(node: Node, env: Env): string {
  const { source } = env.session;
  return ["limit", "offset"]
    .map((key) => {
      const clause = node.members[key];
      if (!clause) return "";
      // A set operation has the number itself here, a SELECT a clause around it.
      const value =
        Object(clause)["this"] === undefined
          ? clause
          : source.only({ kind: key, members: Object(clause) }, "this")["this"];
      const number = source.node(value);
      if (key === "limit" && number.kind === "column" && source.name(number.members["name"]).toLowerCase() === "all")
        return "";
      const count = expression(number, { ...env, relations: [] });
      if (!isInteger(count.type) || !/^(CAST\()?\d/.test(count.sql))
        throw source.refuse(node, `${key.toUpperCase()} of what is no whole number`);
      return ` ${key.toUpperCase()} ${count.sql}`;
    })
    .join("");
}

function orderBy(node: Node, env: Env, columns: readonly OutputColumn[], expressions: readonly Expr[]): string {
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
  return ` ORDER BY ${orderList(keys, { ...env, outputs: named }, node.members["distinct"] === true)}`;
}

function groupBy(node: Node, env: Env, items: readonly Item[]): string {
  const { source } = env.session;
  const clause = node.members["group_by"];
  if (!clause) return "";
  const members = source.only({ kind: "GROUP BY", members: Object(clause) }, "expressions");
  const keys = source.nodes(members["expressions"]).map((key) => {
    const position =
      key.kind === "literal" && key.members["literal_type"] === "number" ? Number(key.members["value"]) : undefined;
    if (position === undefined) return expression(key, env).sql;
    if (items[position - 1] === undefined)
      throw source.error("SYNTAX_ERROR", key, `GROUP BY position ${position} is not in select list`);
    return String(position);
  });
  return ` GROUP BY ${keys.length === 0 ? "()" : keys.join(", ")}`;
}

function select(node: Node, outer: Env): Query {
  const { source } = outer.session;
  const members = source.only(
    node,
    "with",
    "expressions",
    "from",
    "joins",
    "where_clause",
    "group_by",
    "having",
    "order_by",
    "limit",
    "offset",
    "distinct",
  );
  const { prefix, env: visible } = withClause(members["with"], outer);
  const from = fromClause(members["from"], members["joins"], visible);
  const env: Env = { ...visible, relations: from.relations };
  const clause = (key: string, what: string): Node | undefined =>
    members[key] ? source.node(source.only({ kind: what, members: Object(members[key]) }, "this")["this"]) : undefined;
  const where = clause("where_clause", "WHERE");
  if (where !== undefined) collectPredicates(where, env);
  const whereSql = where === undefined ? "" : ` WHERE ${condition(where, env, "WHERE clause")}`;
  const items = selectItems(source.nodes(members["expressions"]), env);
  const columns = outputs(items);
  const list = items.map((item, i) => `${item.expr.sql} AS ${ident(columns[i]?.emitted ?? "")}`).join(", ");
  const having = clause("having", "HAVING");
  const parts = [
    `${prefix}SELECT ${members["distinct"] === true ? "DISTINCT " : ""}${list}`,
    from.sql === "" ? "" : ` FROM ${from.sql}`,
    whereSql,
    groupBy(node, env, items),
    having === undefined ? "" : ` HAVING ${condition(having, env, "HAVING clause")}`,
    orderBy(
      node,
      env,
      columns,
      items.map((item) => item.expr),
    ),
    limits(node, env),
  ];
  return { sql: parts.join(""), columns };
}

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

function union(node: Node, outer: Env): Query {
  const { source } = outer.session;
  const members = source.only(node, "left", "right", "all", "distinct", "with", "order_by", "limit", "offset");
  const { prefix, env } = withClause(members["with"], outer);
  const left = query(source.node(members["left"]), env);
  const right = query(source.node(members["right"]), env);
  if (left.columns.length !== right.columns.length)
    throw source.error(
      "SYNTAX_ERROR",
      node,
      `UNION query has different number of fields: ${left.columns.length}, ${right.columns.length}`,
    );
  const types = left.columns.map((column, i) => {
    const other = right.columns[i]?.type ?? column.type;
    const common = commonType(column.type, other);
    if (common === undefined)
      throw source.error(
        "TYPE_MISMATCH",
        node,
        `column ${i + 1} in UNION query has incompatible types: ${display(column.type)}, ${display(other)}`,
      );
    return common;
  });
  const columns = left.columns.map((column, i) => ({ ...column, type: types[i] ?? column.type }));
  const both = `(${retyped(left, types, env)}) UNION ${members["all"] === true ? "ALL " : ""}(${retyped(right, types, env)})`;
  if (prefix === "" && !members["order_by"] && !members["limit"] && !members["offset"]) return { sql: both, columns };
  const alias = env.session.fresh("u");
  const named = columns.map((column) => ({ sql: `${alias}.${ident(column.emitted)}`, type: column.type }));
  const list = columns.map((column, i) => `${named[i]?.sql} AS ${ident(column.emitted)}`).join(", ");
  const tail = `${orderBy(node, { ...env, relations: [] }, columns, named)}${limits(node, env)}`;
  return { sql: `${prefix}SELECT ${list} FROM (${both}) AS ${alias}${tail}`, columns };
}

function values(node: Node, env: Env): Query {
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
