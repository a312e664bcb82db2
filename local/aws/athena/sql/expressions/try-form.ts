import { isObject, type Node } from "../ast.ts";
import { isAggregate } from "../functions/aggregates.ts";
import { inTry } from "../prelude.ts";
import type { Env, Expr, Relation, ScopeColumn } from "../scope.ts";
import { casting, isNested } from "./casting.ts";
import { expression } from "./expression.ts";

/** What Trino works out before the expression that TRY guards: its errors are the query's. */
const isApart = (node: Node, env: Env): boolean =>
  ["within_group", "window_function", "subquery", "exists"].includes(node.kind) || isAggregate(node, env);

/** The values that come from outside of a TRY, as the fields of a row that is handed in. */
class Handed {
  readonly row: string;
  readonly #columns = new Map<string, string>();
  readonly #apart: ScopeColumn[] = [];
  #known = 0;

  constructor(row: string) {
    this.row = row;
  }

  get isNeeded(): boolean {
    return this.#apart.length > 0;
  }

  /** @returns the tree that stands for the value. */
  add({ sql, type }: Expr): unknown {
    const name = `a${this.#apart.length}`;
    this.#columns.set(name, sql);
    // No column of a table has a name with a blank.
    const column = `apart ${name}`;
    this.#apart.push({ name: column, type, sql: `${this.row}.${name}` });
    return { column: { name: { name: column }, table: null } };
  }

  /** The scope in which columns are the row's fields. */
  scope(env: Env): Env {
    const inner = [...this.#handed(env.relations), { alias: undefined, columns: this.#apart }];
    return { ...env, relations: inner, ...(env.parent && { parent: this.scope(env.parent) }) };
  }

  #handed(relations: readonly Relation[]): Relation[] {
    return relations.map((relation) => ({ ...relation, columns: relation.columns.map((it) => this.#column(it)) }));
  }

  #column(column: ScopeColumn): ScopeColumn {
    const name = `c${this.#known++}`;
    const use = (): void => {
      column.use?.();
      this.#columns.set(name, column.sql);
    };
    return { ...column, sql: `${this.row}.${name}`, use };
  }

  /** The expression over the row. */
  over(body: string): string {
    const fields = [...this.#columns].map(([name, sql]) => `${name} := ${sql}`).join(", ");
    return `list_transform([struct_pack(${fields})], lambda ${this.row}: ${body})[1]`;
  }
}

/** A tree whose parts that stand apart have been taken out of it. */
function withoutApart(value: unknown, env: Env, handed: Handed): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutApart(item, env, handed));
  if (!isObject(value)) return value;
  const [kind, ...more] = Object.keys(value);
  const members = kind === undefined || more.length > 0 ? undefined : value[kind];
  if (kind !== undefined && isObject(members)) {
    const node: Node = { kind, members };
    if (["in", "any", "all"].includes(kind) && (members["query"] || members["subquery"]))
      throw env.session.source.refuse(node, "TRY around a sub-query that is compared", "join the sub-query");
    if (isApart(node, env)) return handed.add(expression(node, env));
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutApart(item, env, handed)]));
}

/** A cast of what cannot fail itself, for which DuckDB has a faster way. */
function isPlainCast(node: Node, env: Env): boolean {
  if (node.kind !== "cast") return false;
  const value = env.session.source.node(node.members["this"]);
  return value.kind === "literal" || (value.kind === "column" && !isNested(expression(value, env).type));
}

/** What DuckDB's TRY does not take, or what fails in DuckDB and goes on in Trino. */
const unfitForms: readonly (readonly [RegExp, string])[] = [
  [/\(SELECT\b/, "a sub-query"],
  [/INTERVAL '-?\d{6}|to_(days|months|milliseconds)\(-?\d{9}/i, "so long an interval"],
  [/trino_interval_ms\(.*\) \* /, "an interval times a number"],
];

/**
 * `TRY(x)`: NULL where Trino fails on a value. What is refused here must not become NULL: inside, everything that may
 * refuse takes a form that DuckDB's TRY does not catch.
 */
export function tryOf(args: readonly Node[], node: Node, env: Env): Expr {
  const { source } = env.session;
  const [inner, ...more] = args;
  if (inner === undefined || more.length > 0) throw source.error("SYNTAX_ERROR", node, "TRY takes one expression");
  if (isPlainCast(inner, env)) return casting(true)({ kind: "try_cast", members: inner.members }, env);
  const handed = new Handed(env.session.fresh("t"));
  const rest = source.node(withoutApart({ [inner.kind]: inner.members }, env, handed));
  if (handed.isNeeded && env.outputs !== undefined)
    throw source.refuse(node, "TRY of an aggregate in ORDER BY", "give it a name in SELECT and order by that");
  const value = expression(rest, handed.isNeeded ? handed.scope(env) : env);
  const unfit = unfitForms.find(([form]) => form.test(value.sql))?.[1] ?? inTry.unfit(value.sql);
  if (unfit !== undefined)
    throw source.refuse(node, `TRY around ${unfit}`, "use a CASE that keeps the failing value out");
  const sql = `trino_try(${inTry.rewritten(value.sql)})`;
  return { sql: handed.isNeeded ? handed.over(sql) : sql, type: value.type };
}
