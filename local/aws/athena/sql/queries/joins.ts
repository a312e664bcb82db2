import type { Node } from "../ast.ts";
import { condition } from "../expressions/expression.ts";
import type { Env, From, Relation } from "../scope.ts";
import { unnest, unnestOf } from "./unnest.ts";
import { joinUsing } from "./using.ts";

const joinWords: Readonly<Record<string, string>> = {
  Inner: "JOIN",
  Left: "LEFT JOIN",
  Right: "RIGHT JOIN",
  Full: "FULL JOIN",
};

/** All rows of one side with all of the other; UNNEST and LATERAL see the left side. */
export function cross(left: From, item: Node, env: Env): From {
  const unnested = unnestOf(item, env);
  if (unnested !== undefined) return unnest(left, unnested, env);
  const next = env.session.grammar.relation(item, env, left.relations);
  if (left.sql === "") return next;
  return { sql: `${left.sql} CROSS JOIN ${next.sql}`, relations: [...left.relations, ...next.relations] };
}

/** A relation with all that is joined to it, from the left. */
export function joined(first: From, joins: readonly unknown[], env: Env): From {
  let result = first;
  for (const item of joins) {
    const { nesting_group: _group, ...members } = Object(item);
    result = join(result, { kind: "join", members }, env);
  }
  return result;
}

function join(left: From, node: Node, env: Env): From {
  const { source } = env.session;
  const { this: item, on, kind, using } = source.only(node, "this", "on", "kind", "using");
  const right = source.node(item);
  const test = source.optional(on);
  const names: readonly unknown[] = Array.isArray(using) ? using : [];
  if (kind === "Cross") {
    if (test !== undefined || names.length > 0)
      throw source.error("SYNTAX_ERROR", node, "mismatched input after CROSS JOIN");
    return cross(left, right, env);
  }
  if (kind === "Natural") throw source.error("NOT_SUPPORTED", node, "Natural join not supported");
  const word = joinWords[String(kind)];
  if (word === undefined) throw source.refuse(node, `${String(kind)} JOIN`);
  if (test === undefined && names.length === 0) throw source.error("SYNTAX_ERROR", node, `${word} without ON or USING`);
  const outer = kind === "Left";
  const seesLeft = right.kind === "subquery" && right.members["lateral"] === true;
  const unnested = unnestOf(right, env);
  if (unnested !== undefined || seesLeft) {
    dependent(word, unnested === undefined ? "LATERAL" : "UNNEST", test, node, env);
    if (unnested !== undefined) return unnest(left, unnested, env, outer);
  }
  const next = env.session.grammar.relation(right, env, left.relations);
  if (names.length > 0) return joinUsing(left, next, { word, names, node }, env);
  const both = [...left.relations, ...next.relations];
  const uses = env.correlation?.uses;
  const onSql = test === undefined ? "true" : condition(test, { ...env, relations: both }, "JOIN ON clause");
  if (kind !== "Inner" && env.correlation?.uses !== uses)
    throw source.error("SYNTAX_ERROR", node, "Reference to column from outer scope not allowed in this context");
  return {
    sql: `${left.sql} ${word} ${next.sql} ON ${onSql}`,
    relations: [
      ...(kind === "Right" || kind === "Full" ? left.relations.map(nullable) : left.relations),
      ...(outer || kind === "Full" ? next.relations.map(nullable) : next.relations),
    ],
  };
}

/** What sees the left side stands to the right of an inner or a left join, and with ON true alone. */
function dependent(word: string, what: string, on: Node | undefined, node: Node, env: Env): void {
  const { source } = env.session;
  if (word === "RIGHT JOIN" || word === "FULL JOIN") throw source.refuse(node, `${word} of ${what}`, "use LEFT JOIN");
  if (on?.kind === "boolean" && on.members["value"] === true) return;
  if (what === "UNNEST")
    throw source.error(
      "NOT_SUPPORTED",
      node,
      `${word === "JOIN" ? "INNER JOIN" : word} involving UNNEST is only supported with condition ON TRUE`,
    );
  throw source.refuse(node, `${word} LATERAL with a condition`, "write the condition inside");
}

/** The side of an outer join that may be missing. */
const nullable = (relation: Relation): Relation => ({
  ...relation,
  columns: relation.columns.map((column) =>
    column.origin === undefined ? column : { ...column, origin: { ...column.origin, nullable: true } },
  ),
});
