import { ident, type Node } from "../ast.ts";
import { condition, expression } from "../expressions/expression.ts";
import { fromClause } from "../queries/from.ts";
import { collectPredicates, columnOf } from "../queries/predicates.ts";
import type { Env, Expr, Relation, ScopeColumn } from "../scope.ts";
import type { Change } from "../statement-types.ts";
import { assigned, changeTarget, columnNamed, listed, type Target, typedNull, types } from "./target.ts";

/** One WHEN clause in SQL over the joined rows. */
interface When {
  readonly matched: boolean;
  readonly condition: string | undefined;
  readonly operation: 0 | 1 | 2;
  /** Values by column; the others keep what they are. */
  readonly set: ReadonlyMap<string, string>;
}

/** The joined rows and the clause that applies to each have this name, so that one text of a column fits both. */
const JOINED = "m";
const CLAUSE = "trino_when";
const TWICE = "error('MERGE_TARGET_ROW_MULTIPLE_MATCHES: One MERGE target table row matched more than one source row')";

/**
 * MERGE: the source joined with the target rows it matches, each with the first WHEN clause that applies to it. A
 * condition that is NULL does not apply.
 */
export function merge(root: Node, env: Env): Change {
  const { source } = env.session;
  const members = source.only(root, "this", "using", "on", "whens");
  const target = changeTarget(source.node(members["this"]), env);
  const used = mergeSource(members["using"], env);
  const on = source.node(members["on"]);
  const both: Env = { ...env, relations: [target.relation, used.relation] };
  collectPredicates(on, both);
  const onSql = condition(on, both, "MERGE ON");
  const keys = keysOf(on, both, target);

  const targetColumns = target.relation.columns.map((column, i) => ({ ...column, sql: `${JOINED}.t${i}` }));
  const joinedTarget: Relation = { alias: target.relation.alias, columns: targetColumns };
  const joinedSource: Relation = {
    alias: used.relation.alias,
    columns: used.relation.columns.map((column, i) => ({ ...column, sql: `${JOINED}.s${i}` })),
  };
  const clauses = source.nodes(Object(Object(members["whens"])["whens"])["expressions"]);
  const whens = clauses.map((clause, nth) =>
    when(
      clause,
      nth,
      targetColumns,
      { ...env, relations: [joinedTarget, joinedSource] },
      { ...env, relations: [joinedSource] },
    ),
  );
  const values = targetColumns.map((column) => `${outcomeOf(column, whens)} AS ${ident(column.name)}`);
  const operations = whens.map(({ operation }, i) => `WHEN ${i} THEN ${operation}`).join(" ");

  const join = [
    `SELECT ${target.emitted}.__file AS __file, ${target.emitted}.__pos AS __pos`,
    ...target.relation.columns.filter(({ name }) => target.scan.columns.has(name)).map(aliased(target.relation, "t")),
    ...used.relation.columns.map(aliased(used.relation, "s")),
  ].join(", ");
  const outer = whens.some(({ matched }) => !matched) ? "LEFT " : "";
  const joined = `${join} FROM ${used.name} AS ${used.emitted} ${outer}JOIN ${target.scan.placeholder} AS ${target.emitted} ON ${onSql}`;
  const sql = `SELECT ${JOINED}.__file AS __file, ${JOINED}.__pos AS __pos, CASE ${JOINED}.${CLAUSE} ${operations} END AS __op, ${values.join(", ")} FROM (${chosen(whens, joined)}) AS ${JOINED}${applied(whens)}`;
  return { kind: "MERGE", target: target.scan, sql, source: { name: used.name, sql: used.sql }, keys };
}

const aliased =
  (relation: Relation, prefix: string) =>
  (column: ScopeColumn): string =>
    `${column.sql} AS ${prefix}${relation.columns.indexOf(column)}`;

/** The source is computed once, so that all that asks it sees the same rows. */
function mergeSource(
  using: unknown,
  env: Env,
): { readonly name: string; readonly sql: string; readonly emitted: string; readonly relation: Relation } {
  const { source, fresh } = env.session;
  const from = fromClause({ expressions: [using] }, undefined, env);
  const [relation] = from.relations;
  if (relation === undefined || from.relations.length !== 1)
    throw source.refuse(source.node(using), "this source of MERGE");
  const emitted = fresh("s");
  const columns = relation.columns.filter(({ hidden }) => hidden !== true);
  for (const column of columns) column.use?.();
  const list = columns.map((column, i) => `${column.sql} AS k${i}`);
  return {
    name: fresh("merge_source_"),
    sql: `SELECT ${list.join(", ")} FROM ${from.sql}`,
    emitted,
    relation: {
      alias: relation.alias,
      columns: columns.map(({ name, type }, i) => ({ name, type, sql: `${emitted}.k${i}` })),
    },
  };
}

/** Equalities of ON between a column of each side, of one type: what the source holds bounds what the target may match. */
function keysOf(on: Node, env: Env, target: Target): { column: string; sourceColumn: string }[] {
  const { source } = env.session;
  if (on.kind === "paren") return keysOf(source.node(on.members["this"]), env, target);
  if (on.kind === "and")
    return [on.members["left"], on.members["right"]].flatMap((side) => keysOf(source.node(side), env, target));
  if (on.kind !== "eq") return [];
  const sides = [on.members["left"], on.members["right"]].map((side) => columnOf(source.node(side), env));
  const own = sides.find((column) => column?.origin?.scan === target.scan);
  const other = sides.find((column) => column !== undefined && column.origin === undefined);
  if (own?.origin === undefined || other === undefined || own.type.kind !== other.type.kind) return [];
  return [{ column: own.origin.column, sourceColumn: other.sql.slice(other.sql.indexOf(".") + 1) }];
}

/** The joined rows with the number of the clause that applies, -1 for none. */
function chosen(whens: readonly When[], joined: string): string {
  const tests = whens.map(
    (clause, i) =>
      `WHEN ${JOINED}.__file IS ${clause.matched ? "NOT " : ""}NULL${clause.condition === undefined ? "" : ` AND ${clause.condition}`} THEN ${i}`,
  );
  const rows = `SELECT ${JOINED}.*, CASE ${tests.join(" ")} ELSE -1 END AS ${CLAUSE} FROM (${joined}) AS ${JOINED}`;
  if (!mayMatchNone(whens)) return rows;
  return `SELECT *, count(*) OVER (PARTITION BY __file, __pos, ${CLAUSE}) AS trino_times FROM (${rows})`;
}

/** A matched row may be without a clause. */
const mayMatchNone = (whens: readonly When[]): boolean =>
  !whens.some(({ matched, condition: test }) => matched && test === undefined);

/**
 * Leaves the rows that a clause applies to. Trino also refuses a target row that matches several source rows to none of
 * which a clause applies; of those nothing is seen in the changes.
 */
function applied(whens: readonly When[]): string {
  const applies = `${JOINED}.${CLAUSE} >= 0`;
  // Without NOT MATCHED the join itself leaves only matched rows, each of them with a clause.
  if (!mayMatchNone(whens)) return whens.every(({ matched }) => matched) ? "" : ` WHERE ${applies}`;
  return ` WHERE CASE WHEN ${applies} THEN true WHEN ${JOINED}.__file IS NOT NULL AND ${JOINED}.trino_times > 1 THEN ${TWICE} ELSE false END`;
}

/** What a column is after the clause that applies. */
function outcomeOf(column: ScopeColumn, whens: readonly When[]): string {
  const none = typedNull(column);
  const cases = whens.map(({ operation, set }, i) => {
    const value = set.get(column.name);
    if (value !== undefined) return `WHEN ${i} THEN ${value}`;
    if (operation !== 1) return `WHEN ${i} THEN ${none}`;
    column.use?.();
    return `WHEN ${i} THEN ${column.sql}`;
  });
  return `CASE ${JOINED}.${CLAUSE} ${cases.join(" ")} ELSE ${none} END`;
}

function when(clause: Node, nth: number, target: readonly ScopeColumn[], both: Env, onlySource: Env): When {
  const { source } = both.session;
  const members = source.only(clause, "matched", "condition", "then");
  const matched = source.node(members["matched"]).members["value"] === true;
  const env = matched ? both : onlySource;
  const test = members["condition"] ? condition(source.node(members["condition"]), env, "MERGE WHEN") : undefined;
  const then = source.node(members["then"]);
  if (then.kind === "var" && then.members["this"] === "DELETE" && matched)
    return { matched, condition: test, operation: 0, set: new Map() };
  const [verb, first, second] = source.nodes(then.members["expressions"]);
  const word = verb?.members["this"];
  if (word === "UPDATE" && matched && first?.kind === "tuple")
    return { matched, condition: test, operation: 1, set: updated(first, target, nth, both) };
  if (word === "INSERT" && !matched && first !== undefined)
    return {
      matched,
      condition: test,
      operation: 2,
      set: inserted(clause, second === undefined ? [first] : [first, second], target, nth, onlySource),
    };
  throw source.refuse(clause, "this action of MERGE");
}

function updated(list: Node, target: readonly ScopeColumn[], nth: number, env: Env): Map<string, string> {
  const { source } = env.session;
  const set = new Map<string, string>();
  for (const pair of source.nodes(list.members["expressions"])) {
    const left = source.node(pair.members["left"]);
    const at = left.members["name"] ?? left.members;
    const column = columnNamed(at, target, (name) => `Merge column name does not exist in target table: ${name}`, env);
    if (set.has(column.name))
      throw source.error("SYNTAX_ERROR", left.members, `Multiple assignments for the column: ${column.name}`);
    const value = expression(source.node(pair.members["right"]), env);
    set.set(column.name, taken([column], [value], nth, left.members, env)[0] ?? "");
  }
  return set;
}

function inserted(
  clause: Node,
  [first, second]: readonly Node[],
  target: readonly ScopeColumn[],
  nth: number,
  env: Env,
): Map<string, string> {
  const { source } = env.session;
  const names = second && source.nodes(first?.members["expressions"]).map((name) => name.members);
  const columns = listed(names, target, "Merge", env);
  const values = source.nodes((second ?? first)?.members["expressions"]).map((value) => expression(value, env));
  const texts = taken(columns, values, nth, clause, env);
  return new Map(columns.map((column, i) => [column.name, texts[i] ?? ""]));
}

/** The values as the columns take them. */
function taken(
  columns: readonly ScopeColumn[],
  values: readonly Expr[],
  nth: number,
  at: unknown,
  env: Env,
): readonly string[] {
  const texts = columns.flatMap((column, i) => {
    const value = values[i];
    return (value && assigned(value, column)) ?? [];
  });
  if (texts.length === columns.length && values.length === columns.length) return texts;
  const message = `MERGE table column types don't match for MERGE case ${nth}, SET expressions: Table: ${types(columns)}, Expressions: ${types(values)}`;
  throw env.session.source.error("TYPE_MISMATCH", at, message);
}
