import { ident, type Members, type Node } from "../ast.ts";
import type { Env, Query } from "../scope.ts";
import { hinder, hinderingUses } from "./correlation.ts";
import { fromClause } from "./from.ts";
import { groupBy } from "./grouping.ts";
import { limits, withTies } from "./limits.ts";
import { orderBy } from "./ordering.ts";
import { query } from "./query.ts";
import { outputs, selectItems } from "./select-list.ts";
import { setOperation } from "./set-operations.ts";
import { tail, tailed } from "./tail.ts";
import { values } from "./values-rows.ts";
import { havingClause, whereClause } from "./where.ts";
import { withClause } from "./with.ts";

/** SELECT, UNION, VALUES and parentheses around them. `env` holds what is visible from outside. */
export function queryByKind(node: Node, env: Env): Query {
  const { source } = env.session;
  switch (node.kind) {
    case "select":
      return select(node, env);
    case "union":
    case "intersect":
    case "except":
      return hinderingUses(env, "UNION, INTERSECT or EXCEPT", () => setOperation(node, env));
    case "values":
      return hinderingUses(env, "such a column among VALUES", () => values(node, env));
    case "subquery":
      return tailed(query(source.node(source.only(node, "this", "modifiers_inside", ...tail)["this"]), env), node, env);
    case "describe":
      throw source.refuse(node, "EXPLAIN or DESCRIBE");
    default:
      throw source.refuse(node, node.kind.toUpperCase().replaceAll("_", " "));
  }
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
  with: "WITH [RECURSIVE] name [(columns)] AS (SELECT ...), ...",
  expressions: "SELECT x [AS name], table.*, *",
  distinct: "SELECT DISTINCT",
  from: 'FROM table, view, "table$snapshots" or (SELECT ...) [AS alias [(columns)]]',
  joins:
    "[INNER | LEFT | RIGHT | FULL] JOIN ... ON p or USING (columns), CROSS JOIN, joins in parentheses, LATERAL (SELECT ...)",
  where_clause: "WHERE p",
  group_by: "GROUP BY x, position, GROUPING SETS, CUBE, ROLLUP; with grouping(x, ...) → integer",
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
  const limited = Boolean(members["limit"] ?? members["fetch"]);
  const whereSql = where === undefined ? "" : whereClause(where, limited, env);
  const items = selectItems(source.nodes(members["expressions"]), env);
  const columns = outputs(items);
  const list = items.map((item, i) => `${item.expr.sql} AS ${ident(columns[i]?.emitted ?? "")}`).join(", ");
  const having = clause("having", "HAVING");
  if (members["offset"]) hinder(env, "OFFSET");
  const results = items.map((item) => item.expr);
  const parts = [
    `${prefix}SELECT ${members["distinct"] === true ? "DISTINCT " : ""}${list}`,
    from.sql === "" ? "" : ` FROM ${from.sql}`,
    whereSql,
    hinderingUses(env, "such a column in GROUP BY", () => groupBy(node, env, items)),
    having === undefined ? "" : havingClause(having, Boolean(members["group_by"]), env),
    withTies(node, env, columns, results),
    hinderingUses(env, "such a column in ORDER BY", () => orderBy(node, env, columns, results)),
    limits(node, env),
  ];
  return { sql: parts.join(""), columns };
}
