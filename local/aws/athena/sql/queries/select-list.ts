import type { Node } from "../ast.ts";
import { expression } from "../expressions/expression.ts";
import { ANONYMOUS, type Env, type Expr, type OutputColumn } from "../scope.ts";

/** A column of a SELECT's result. */
export interface Item {
  readonly name: string | undefined;
  readonly expr: Expr;
}

/** The name that a column has without AS: its own, or the last of a chain of names. */
function nameOf({ kind, members }: Node, env: Env): string | undefined {
  const { source } = env.session;
  if (kind === "column") return source.name(members["name"]);
  const chained = kind === "dot" && nameOf(source.node(members["this"]), env) !== undefined;
  return chained ? source.name(members["field"]) : undefined;
}

/** The select list, with `*` taken apart. */
export function selectItems(nodes: readonly Node[], env: Env): Item[] {
  const { source } = env.session;
  return nodes.flatMap((node): Item[] => {
    if (node.kind === "alias") {
      const { this: value, alias } = source.only(node, "this", "alias");
      return [{ name: source.name(alias), expr: expression(source.node(value), env) }];
    }
    if (node.kind !== "star") {
      return [{ name: nameOf(node, env), expr: expression(node, env) }];
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
export function outputs(items: readonly Item[]): OutputColumn[] {
  const taken = new Set<string>();
  return items.map((item, i) => {
    const name = item.name ?? `_col${i}`;
    let emitted = name.toLowerCase();
    while (taken.has(emitted)) emitted = `${emitted}_${i}`;
    taken.add(emitted);
    return { name, type: item.expr.type, emitted, ...(item.name === undefined && { anonymous: true }) };
  });
}
