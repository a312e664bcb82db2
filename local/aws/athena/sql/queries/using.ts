import type { Node } from "../ast.ts";
import { cast } from "../expressions/casts.ts";
import { compare } from "../expressions/comparison.ts";
import type { Env, From, Relation, ScopeColumn } from "../scope.ts";
import { commonType, display } from "../types.ts";

interface Using {
  readonly word: string;
  readonly names: readonly unknown[];
  readonly node: Node;
}

function only(relations: readonly Relation[], name: string, join: Using, env: Env): ScopeColumn {
  const [found, ...more] = relations.flatMap(({ columns }) => columns.filter((column) => column.name === name));
  if (found !== undefined && more.length === 0) return found;
  const what = found === undefined ? "is missing from one side of the join" : "appears multiple times";
  throw env.session.source.error("SYNTAX_ERROR", join.node, `Column '${name}' ${what}`);
}

/** `left JOIN right USING (a, b)`: the columns come first, once, and belong to neither side. */
export function joinUsing(left: From, right: From, join: Using, env: Env): From {
  const names = join.names.map((name) => env.session.source.name(name).toLowerCase());
  const tests: string[] = [];
  const merged = names.map((name): ScopeColumn => {
    const a = only(left.relations, name, join, env);
    const b = only(right.relations, name, join, env);
    a.use?.();
    b.use?.();
    tests.push(compare("=", a, b, join.node, env).sql);
    const type = commonType(a.type, b.type);
    const [x, y] = [a, b].map((column) => type && cast(column.sql, column.type, type, false));
    if (type === undefined || x === undefined || y === undefined)
      throw env.session.source.refuse(join.node, `USING (${name}) of ${display(a.type)} and ${display(b.type)}`);
    const sql = { "RIGHT JOIN": y, "FULL JOIN": `coalesce(${x}, ${y})` }[join.word] ?? x;
    return { name, type, sql };
  });
  const rest = ({ alias, columns }: Relation): Relation => ({
    alias,
    columns: columns.filter((column) => !names.includes(column.name)).map(({ origin: _origin, ...column }) => column),
  });
  return {
    sql: `${left.sql} ${join.word} ${right.sql} ON ${tests.join(" AND ")}`,
    relations: [{ alias: undefined, columns: merged }, ...[...left.relations, ...right.relations].map(rest)],
  };
}
