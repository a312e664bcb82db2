import type { Node } from "../ast.ts";
import type { Env, From, Relation } from "../scope.ts";
import { apart } from "./correlation.ts";
import { cross, joined } from "./joins.ts";
import { query, subquery, warnOfOrder } from "./query.ts";
import { derived, renamed, table } from "./tables.ts";
import { tail } from "./tail.ts";

/** What stands between two commas of FROM: a relation, and what is joined to it. */
interface Group {
  readonly head: Node;
  readonly joins: readonly unknown[];
}

/**
 * The parser has the relations before the first join in one list, and after it commas among the joins. A join binds
 * tighter than a comma, and belongs to the relation right before it.
 */
function groupsOf(heads: readonly Node[], joins: readonly unknown[], env: Env): Group[] {
  const groups: { head: Node; joins: unknown[] }[] = heads.map((head) => ({ head, joins: [] }));
  for (const join of joins) {
    const { kind, this: head } = Object(join);
    if (kind === "Implicit") groups.push({ head: env.session.source.node(head), joins: [] });
    else groups.at(-1)?.joins.push(join);
  }
  return groups;
}

/** The FROM clause: relations and the names they give. */
export function fromClause(from: unknown, joins: unknown, env: Env): From {
  const { source } = env.session;
  let result: From = { sql: "", relations: [] };
  if (!from) return result;
  const heads = source.nodes(source.only({ kind: "FROM", members: Object(from) }, "expressions")["expressions"]);
  for (const { head, joins: more } of groupsOf(heads, Array.isArray(joins) ? joins : [], env)) {
    if (more.length === 0) result = cross(result, head, env);
    else {
      const group = joined(cross({ sql: "", relations: [] }, head, env), more, env);
      result =
        result.sql === ""
          ? group
          : {
              sql: `${result.sql} CROSS JOIN ${inBrackets(group)}`,
              relations: [...result.relations, ...group.relations],
            };
    }
  }
  return result;
}

/** As an operand of another join; DuckDB takes no brackets around what is no join. */
const inBrackets = ({ sql, single }: From): string => (single === true ? sql : `(${sql})`);

/** A join in parentheses has the names of its parts, or under an alias one name for all. */
function joinInParentheses(node: Node, env: Env): From {
  const { source } = env.session;
  const members = source.only(node, "left", "joins", "alias", "column_aliases");
  const joins: readonly unknown[] = Array.isArray(members["joins"]) ? members["joins"] : [];
  const inner = joined(cross({ sql: "", relations: [] }, source.node(members["left"]), env), joins, env);
  return named({ sql: inBrackets(inner), relations: inner.relations }, members, node, env);
}

function named(inner: From, members: Node["members"], node: Node, env: Env): From {
  if (!members["alias"]) return inner;
  const alias = env.session.source.name(members["alias"]).toLowerCase();
  const all = inner.relations.flatMap(({ columns }) => columns);
  return { sql: inner.sql, relations: [{ alias, columns: renamed(all, members["column_aliases"], node, env) }] };
}

/** What a query in FROM sees: not its neighbours, but what is around the query that it stands in. */
const around = ({ session, ctes, parent, correlation }: Env): Env => ({
  ...{ session, ctes, relations: [] },
  ...(parent && { parent }),
  ...(correlation && { correlation }),
});

/** @param left what LATERAL sees. */
export function relation(node: Node, env: Env, left: readonly Relation[] = []): From {
  const { source } = env.session;
  if (node.kind === "table") return table(node, env);
  if (node.kind === "joined_table") return joinInParentheses(node, env);
  if (node.kind === "paren") return relation(source.node(source.only(node, "this")["this"]), env, left);
  if (node.kind === "alias") {
    const members = source.only(node, "this", "alias", "column_aliases");
    const inner = source.node(members["this"]);
    return named(relation(inner, env, left), members, node, env);
  }
  if (node.kind === "values") {
    const rows = source.only(node, "expressions", "alias");
    const inner = { values: { expressions: rows["expressions"] } };
    return relation({ kind: "subquery", members: { this: inner, alias: rows["alias"] } }, env);
  }
  if (node.kind === "subquery") {
    const members = source.only(node, "this", "alias", "column_aliases", "lateral", "modifiers_inside", ...tail);
    const lateral = members["lateral"] === true;
    const { alias: _alias, column_aliases: _names, lateral: _lateral, ...own } = node.members;
    const inner: Node = { kind: "subquery", members: own };
    if (!lateral) warnOfOrder(inner, env);
    const seen = { ...env, relations: left };
    const result = lateral
      ? subquery(inner, seen, ["such a column in UNNEST", "an aggregate"])
      : apart(env, () => query(inner, around(env)));
    const alias = env.session.fresh("r");
    const columns = derived(result.columns, members["column_aliases"], alias, node, env);
    return {
      sql: `${lateral ? "LATERAL " : ""}(${result.sql}) AS ${alias}`,
      relations: [{ alias: members["alias"] ? source.name(members["alias"]).toLowerCase() : undefined, columns }],
    };
  }
  throw source.refuse(node, `${node.kind.replaceAll("_", " ")} in FROM`);
}
