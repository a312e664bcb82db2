import { ident, type Node, quote } from "../ast.ts";
import { cast } from "../expressions/casts.ts";
import type { Cte, Env, OutputColumn } from "../scope.ts";
import { commonType, display, duckType } from "../types.ts";
import { query } from "./query.ts";

/** Trino's `max_recursion_depth`, which Athena does not let one change. */
const DEPTH = 10;
const TOO_DEEP = `NOT_SUPPORTED: Recursion depth limit exceeded (${DEPTH}). Use 'max_recursion_depth' session property to modify the limit.`;

const inner = new Set(["Inner", "Cross", "Implicit"]);

/** Every table in the tree of that name. */
function references(value: unknown, name: string): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + references(item, name), 0);
  if (typeof value !== "object" || value === null) return 0;
  return Object.entries(value).reduce((sum, [key, held]) => sum + isNamed(key, held, name) + references(held, name), 0);
}

const isNamed = (key: string, value: unknown, name: string): number => {
  const { name: own, schema } = Object(value);
  return key === "table" && !schema && String(Object(own).name).toLowerCase() === name ? 1 : 0;
};

/** Whether the step takes its rows from the query itself where every engine understands the same: once, and by an inner join. */
function isPlain(step: Node, name: string): boolean {
  const { from, joins, with: nested, order_by: order, limit, offset, fetch } = step.members;
  if (step.kind !== "select" || nested || order || limit || offset || fetch) return false;
  const list: readonly unknown[] = Array.isArray(joins) ? joins : [];
  const heads: readonly unknown[] = Object(from).expressions ?? [];
  const places = [...heads, ...list.filter((join) => inner.has(Object(join).kind)).map((join) => Object(join).this)];
  const direct = places.filter((place) => isNamed("table", Object(place).table, name) === 1);
  return direct.length === 1 && list.every((join) => inner.has(Object(join).kind) || Object(join).kind === "Left");
}

/** Trino compares the lengths of texts, too, which are not known here. */
function checkTexts(first: Node, columns: readonly OutputColumn[], env: Env): void {
  const { source } = env.session;
  const items = source.nodes(first.members["expressions"]);
  for (const [i, { type }] of columns.entries()) {
    const item = items[i];
    const value = item?.kind === "alias" ? source.node(item.members["this"]) : item;
    if (type.kind === "varchar" && value?.kind !== "cast")
      throw source.refuse(first, "text in a recursive query", "cast it to varchar in the first part");
  }
}

/**
 * A query of WITH RECURSIVE that names itself: as in Trino, its step as often as recursion may go.
 * @returns undefined for one that does not
 */
export function recursive(
  name: string,
  names: readonly unknown[],
  node: Node,
  env: Env,
): { readonly texts: readonly string[]; readonly cte: Cte } | undefined {
  const { source, fresh } = env.session;
  if (references(node.members, name) === 0) return undefined;
  const members = node.kind === "union" ? source.only(node, "left", "right", "all", "distinct") : {};
  const [first, step] = [source.optional(members["left"]), source.optional(members["right"])];
  if (first === undefined || step === undefined || references(members, name) !== 1 || !isPlain(step, name))
    throw source.refuse(
      node,
      "this recursive query",
      "name it once, in FROM after UNION ALL, and join it by inner joins",
    );
  if (names.length === 0) throw source.error("SYNTAX_ERROR", node, "missing column aliases in recursive WITH query");
  const base = query(first, env);
  if (names.length !== base.columns.length)
    throw source.error(
      "SYNTAX_ERROR",
      node,
      `Column alias list has ${names.length} entries but relation has ${base.columns.length} columns`,
    );
  checkTexts(first, base.columns, env);
  const columns = names.map((written, i) => {
    const type = base.columns[i]?.type ?? { kind: "unknown" };
    return { name: source.name(written), type, emitted: `k${i}` };
  });
  const list = columns.map(({ emitted }) => ident(emitted)).join(", ");
  const levels = [fresh("c")];
  const texts = [`${levels[0]}(${list}) AS MATERIALIZED (${base.sql})`];
  for (let depth = 0; depth <= DEPTH; depth++) {
    const before: Cte = { sql: "", columns, emittedName: levels[depth] ?? "" };
    const next = query(step, { ...env, ctes: new Map(env.ctes).set(name, before) });
    const level = fresh("c");
    const q = fresh("u");
    texts.push(
      `${level}(${list}) AS MATERIALIZED (SELECT ${coerced(next, columns, q, step, env)} FROM (${next.sql}) AS ${q})`,
    );
    levels.push(level);
  }
  const tooDeep = columns.map(({ type }) => `CAST(trino_fail(${quote(TOO_DEEP)}) AS ${duckType(type)})`);
  const parts = levels.map((level, depth) => `SELECT ${depth > DEPTH ? tooDeep.join(", ") : "*"} FROM ${level}`);
  const all = parts.join(" UNION ALL ");
  const emittedName = fresh("c");
  const body = members["all"] === true ? all : `SELECT DISTINCT * FROM (${all})`;
  return { texts: [...texts, `${emittedName}(${list}) AS (${body})`], cte: { sql: body, columns, emittedName } };
}

/** The step's columns as the first part's types. */
function coerced(
  step: { readonly columns: readonly OutputColumn[] },
  columns: readonly OutputColumn[],
  from: string,
  node: Node,
  env: Env,
): string {
  const { source } = env.session;
  if (step.columns.length !== columns.length)
    throw source.error("TYPE_MISMATCH", node, "base and step relations of recursion have different number of fields");
  return step.columns
    .map(({ type, emitted }, i) => {
      const wanted = columns[i]?.type ?? type;
      const common = commonType(type, wanted);
      const sql = cast(`${from}.${ident(emitted)}`, type, wanted, false);
      if (sql === undefined || common === undefined || display(common) !== display(wanted))
        throw source.error(
          "TYPE_MISMATCH",
          node,
          `recursion step relation output type (${display(type)}) is not coercible to recursion base relation output type (${display(wanted)}) at column ${i + 1}`,
        );
      return sql;
    })
    .join(", ");
}
