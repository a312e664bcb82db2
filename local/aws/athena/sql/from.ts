import type { Node } from "./ast.ts";
import { condition } from "./expression.ts";
import { subquery } from "./query.ts";
import type { Env, From, Relation } from "./scope.ts";
import { derived, table } from "./tables.ts";
import { unnest, unnestOf } from "./unnest.ts";
import { joinUsing } from "./using.ts";

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
    const { this: right, on, kind, using } = source.only(node, "this", "on", "kind", "using");
    const unnested = unnestOf(source.node(right), env);
    if (unnested !== undefined && kind === "Left") {
      if (on === undefined || source.node(on).kind !== "boolean" || source.node(on).members["value"] !== true)
        throw source.refuse(node, "LEFT JOIN UNNEST with a condition", "join it ON true");
      result = unnest(result, unnested, env, true);
      continue;
    }
    if (kind === "Cross") {
      result = cross(result, source.node(right), env);
      continue;
    }
    const word = joinWords[String(kind)];
    if (word !== undefined && Array.isArray(using) && using.length > 0) {
      result = joinUsing(result, relation(source.node(right), env), { word, names: using, node }, env);
      continue;
    }
    if (word === undefined || !on) throw source.refuse(node, `${String(kind)} JOIN${on ? "" : " without ON"}`);
    const next = relation(source.node(right), env);
    const both = [...result.relations, ...next.relations];
    const test = condition(source.node(on), { ...env, relations: both }, "JOIN ON clause");
    result = {
      sql: `${result.sql} ${word} ${next.sql} ON ${test}`,
      relations: [
        ...(kind === "Right" || kind === "Full" ? result.relations.map(nullable) : result.relations),
        ...(kind === "Left" || kind === "Full" ? next.relations.map(nullable) : next.relations),
      ],
    };
  }
  return result;
}

/** The side of an outer join that may be missing. */
const nullable = (relation: Relation): Relation => ({
  ...relation,
  columns: relation.columns.map((column) =>
    column.origin === undefined ? column : { ...column, origin: { ...column.origin, nullable: true } },
  ),
});

function cross(left: From, item: Node, env: Env): From {
  const unnested = unnestOf(item, env);
  if (unnested !== undefined) return unnest(left, unnested, env);
  const next = relation(item, env, left.relations);
  if (left.sql === "") return next;
  return { sql: `${left.sql} CROSS JOIN ${next.sql}`, relations: [...left.relations, ...next.relations] };
}

function relation(node: Node, env: Env, left: readonly Relation[] = []): From {
  const { source } = env.session;
  if (node.kind === "table") return table(node, env);
  if (node.kind === "alias") {
    const { this: inner, alias } = source.only(node, "this", "alias");
    const named = source.node(inner);
    if (named.kind === "table") return table({ kind: "table", members: { ...named.members, alias } }, env);
  }
  if (node.kind === "subquery") {
    const members = source.only(node, "this", "alias", "column_aliases", "lateral");
    const lateral = members["lateral"] === true;
    const query = subquery(
      { kind: "subquery", members: { this: members["this"] } },
      lateral ? { ...env, relations: left } : { session: env.session, relations: [], ctes: env.ctes },
    );
    const alias = env.session.fresh("r");
    const columns = derived(query.columns, members["column_aliases"], alias, node, env);
    return {
      sql: `${lateral ? "LATERAL " : ""}(${query.sql}) AS ${alias}`,
      relations: [{ alias: members["alias"] ? source.name(members["alias"]).toLowerCase() : undefined, columns }],
    };
  }
  throw source.refuse(node, `${node.kind.replaceAll("_", " ")} in FROM`);
}
