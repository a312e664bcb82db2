import { changes, mentionsChange } from "../expressions/changing.ts";
import type { Cte, Env } from "../scope.ts";
import { query } from "./query.ts";
import { recursive } from "./recursion.ts";

/** Columns of a common table expression under the names that it gives them. */
function renamed(inner: Cte, names: readonly unknown[], item: unknown, env: Env): Cte {
  const { source } = env.session;
  if (names.length > 0 && names.length !== inner.columns.length)
    throw source.error(
      "SYNTAX_ERROR",
      item,
      `Column alias list has ${names.length} entries but relation has ${inner.columns.length} columns`,
    );
  const columns = inner.columns.map((column, i) =>
    names[i] === undefined ? column : { type: column.type, emitted: column.emitted, name: source.name(names[i]) },
  );
  return { ...inner, columns };
}

const EACH_TIME = "NOT MATERIALIZED ";

/** Trino works a named query out wherever it is named, which shows where its values are random; DuckDB once. */
const workedOut = (sql: string, others: readonly string[], env: Env): string =>
  changes(sql) || mentionsChange(env.session.source.text) || others.some((text) => text.includes(EACH_TIME))
    ? EACH_TIME
    : "";

/** The WITH clause: its text, and the names it gives. */
export function withClause(value: unknown, env: Env): { prefix: string; env: Env } {
  const { source } = env.session;
  if (!value) return { prefix: "", env };
  const members = source.only({ kind: "WITH", members: Object(value) }, "ctes", "recursive");
  const list: readonly unknown[] = Array.isArray(members["ctes"]) ? members["ctes"] : [];
  const ctes = new Map(env.ctes);
  const texts: string[] = [];
  const named = new Set<string>();
  for (const item of list) {
    const cte = source.only({ kind: "common table expression", members: Object(item) }, "alias", "this", "columns");
    const name = source.name(cte["alias"]).toLowerCase();
    if (named.has(name)) throw source.error("SYNTAX_ERROR", item, `WITH query name '${name}' specified more than once`);
    named.add(name);
    const names: readonly unknown[] = Array.isArray(cte["columns"]) ? cte["columns"] : [];
    const node = source.node(cte["this"]);
    const own = { ...env, ctes };
    const repeated = members["recursive"] === true ? recursive(name, names, node, own) : undefined;
    if (repeated !== undefined) {
      texts.push(...repeated.texts);
      ctes.set(name, repeated.cte);
      continue;
    }
    const inner = query(node, own);
    const emittedName = env.session.fresh("c");
    ctes.set(name, renamed({ ...inner, emittedName }, names, item, env));
    texts.push(`${emittedName} AS ${workedOut(inner.sql, texts, env)}(${inner.sql})`);
  }
  return { prefix: `WITH ${texts.join(", ")} `, env: { ...env, ctes } };
}
