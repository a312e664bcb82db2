import { ident, type Node } from "./ast.ts";
import { coerce, condition, expression } from "./expression.ts";
import { fromClause, scanTable } from "./from.ts";
import { query } from "./query.ts";
import type { Env, Expr, OutputColumn, Scan, ScopeColumn } from "./scope.ts";
import { display } from "./types.ts";

/** A statement in DuckDB's words; `\0n\0` stands for the n-th scan's relation. */
export interface Statement {
  readonly kind: "SELECT" | "INSERT" | "UPDATE" | "DELETE" | "MERGE";
  readonly sql: string;
  readonly columns: readonly OutputColumn[];
  readonly target?: Scan;
  /** MERGE: the source, to be kept in a temporary table of that name while the statement runs. */
  readonly source?: { readonly name: string; readonly sql: string };
  /** MERGE: gives a row when one target row matches more than one source row, which Trino refuses. */
  readonly check?: string;
}

/** The statements Athena runs on rows. DDL and the rest are refused by name. */
export function statement(root: Node, env: Env): Statement {
  switch (root.kind) {
    case "insert":
      return insert(root, env);
    case "merge":
      return merge(root, env);
    case "delete":
      return deletion(root, env);
    case "update":
      return update(root, env);
    default: {
      const result = query(root, env);
      return { kind: "SELECT", sql: result.sql, columns: result.columns };
    }
  }
}

interface Target {
  readonly scan: Scan;
  readonly columns: readonly ScopeColumn[];
  readonly alias: string;
  readonly name: string;
}

function targetTable(value: unknown, env: Env): Target {
  const { source } = env.session;
  // MERGE wraps its target in an alias node; the other statements give the bare table.
  const wrapped = source.optional(Object(value)["alias"] || Object(value)["table"] ? value : { table: value });
  const aliased = wrapped?.kind === "alias" ? source.only(wrapped, "this", "alias") : undefined;
  const node = aliased ? source.node(aliased["this"]) : wrapped;
  if (node === undefined) throw source.error("SYNTAX_ERROR", value, "a table is expected");
  const members = source.only(node, "name", "schema", "catalog");
  const alias = env.session.fresh("t");
  const { scan, columns } = scanTable(node, alias, env);
  return { scan, columns, alias, name: source.name(aliased?.["alias"] ?? members["name"]).toLowerCase() };
}

/** The columns a list names, in its order; all when there is none. */
function named(list: unknown, target: Target, env: Env): ScopeColumn[] {
  const names: readonly unknown[] = Array.isArray(list) ? list : [];
  if (names.length === 0) return [...target.columns];
  return names.map((name) => columnNamed(env.session.source.name(name).toLowerCase(), target, name, env));
}

function columnNamed(name: string, target: Target, at: unknown, env: Env): ScopeColumn {
  const found = target.columns.find((column) => column.name === name);
  if (found === undefined)
    throw env.session.source.error(
      "COLUMN_NOT_FOUND",
      at,
      `Insert column name does not exist in target table: ${name}`,
    );
  return found;
}

/** A value as the column takes it. Trino widens, never narrows: decimals with more digits need a cast. */
function assigned(value: Expr, column: ScopeColumn, at: Node, env: Env): string {
  const sql = coerce(value, column.type);
  if (sql === undefined) {
    const message = `mismatched column types: column '${column.name}' is ${display(column.type)}, the query gives ${display(value.type)}; cast it`;
    throw env.session.source.error("TYPE_MISMATCH", at, message);
  }
  return sql;
}

function insert(root: Node, env: Env): Statement {
  const { source } = env.session;
  const members = source.only(root, "table", "columns", "query", "values", "with");
  if (members["with"]) throw source.refuse(root, "WITH before INSERT", "put it after INSERT INTO");
  const target = targetTable(members["table"], env);
  const columns = named(members["columns"], target, env);
  const rows: readonly unknown[] = Array.isArray(members["values"]) ? members["values"] : [];
  const body: Node =
    rows.length > 0
      ? { kind: "values", members: { expressions: rows.map((row) => ({ expressions: row })) } }
      : source.node(members["query"]);
  const from = query(body, env);
  if (from.columns.length !== columns.length)
    throw source.error(
      "TYPE_MISMATCH",
      root,
      `Insert query has ${from.columns.length} columns, the table takes ${columns.length}`,
    );
  const alias = env.session.fresh("s");
  const list = from.columns.map((column, i) => {
    const to = columns[i];
    return to === undefined
      ? ""
      : assigned({ sql: `${alias}.${ident(column.emitted)}`, type: column.type }, to, root, env);
  });
  const names = columns.map((column) => ident(column.name)).join(", ");
  const sql = `INSERT INTO ${target.scan.placeholder} (${names}) SELECT ${list.join(", ")} FROM (${from.sql}) AS ${alias}`;
  return { kind: "INSERT", sql, columns: [], target: target.scan };
}

function whereOf(root: Node, env: Env): string {
  const { source } = env.session;
  const clause = root.members["where_clause"];
  if (!clause) return "";
  const where = source.node(source.only({ kind: "WHERE", members: Object(clause) }, "this")["this"]);
  return ` WHERE ${condition(where, env, "WHERE clause")}`;
}

function deletion(root: Node, env: Env): Statement {
  const members = env.session.source.only(root, "table", "where_clause");
  const target = targetTable(members["table"], env);
  const inner: Env = { ...env, relations: [{ alias: target.name, columns: target.columns }] };
  const sql = `DELETE FROM ${target.scan.placeholder} AS ${target.alias}${whereOf(root, inner)}`;
  return { kind: "DELETE", sql, columns: [], target: target.scan };
}

function update(root: Node, env: Env): Statement {
  const { source } = env.session;
  const members = source.only(root, "table", "set", "where_clause");
  const target = targetTable(members["table"], env);
  const inner: Env = { ...env, relations: [{ alias: target.name, columns: target.columns }] };
  const pairs: readonly unknown[] = Array.isArray(members["set"]) ? members["set"] : [];
  const sets = pairs.map((pair) => {
    const [name, value]: readonly unknown[] = Array.isArray(pair) ? pair : [];
    const column = columnNamed(source.name(name).toLowerCase(), target, name, env);
    return `${ident(column.name)} = ${assigned(expression(source.node(value), inner), column, root, env)}`;
  });
  const sql = `UPDATE ${target.scan.placeholder} AS ${target.alias} SET ${sets.join(", ")}${whereOf(root, inner)}`;
  return { kind: "UPDATE", sql, columns: [], target: target.scan };
}

interface When {
  readonly matched: boolean;
  readonly condition: string | undefined;
  readonly action: string;
}

function merge(root: Node, env: Env): Statement {
  const { source } = env.session;
  const members = source.only(root, "this", "using", "on", "whens");
  const target = targetTable(members["this"], env);
  const from = fromClause({ expressions: [members["using"]] }, undefined, env);
  const [used] = from.relations;
  if (used === undefined) throw source.refuse(root, "this source of MERGE");
  // The source is computed once, into a temporary table: the check and the merge must see the same rows.
  const name = env.session.fresh("merge_source_");
  const alias = env.session.fresh("s");
  const kept = used.columns.map((column, i) => ({ column, emitted: `k${i}` }));
  const sourceSql = `SELECT ${kept.map(({ column, emitted }) => `${column.sql} AS ${emitted}`).join(", ")} FROM ${from.sql}`;
  for (const { column } of kept) column.use?.();
  const columns = kept.map(({ column, emitted }) => ({
    name: column.name,
    type: column.type,
    sql: `${alias}.${emitted}`,
  }));
  const sourceRelation = { alias: used.alias, columns };
  const both: Env = { ...env, relations: [{ alias: target.name, columns: target.columns }, sourceRelation] };
  const onlySource: Env = { ...env, relations: [sourceRelation] };
  const on = condition(source.node(members["on"]), both, "MERGE ON");
  const clauses = source.nodes(Object(Object(members["whens"])["whens"])["expressions"]);
  const whens = clauses.map((clause) => when(clause, target, both, onlySource));
  const matched = whens.filter((clause) => clause.matched);
  const applies = matched.map((clause) => clause.condition ?? "true").join(" OR ");
  const numbered = `(SELECT *, row_number() OVER () AS trino_row FROM ${target.scan.placeholder}) AS ${target.alias}`;
  const check = `SELECT 1 FROM ${numbered} JOIN ${name} AS ${alias} ON ${on} WHERE ${applies} GROUP BY ${target.alias}.trino_row HAVING count(*) > 1 LIMIT 1`;
  const body = whens.map(
    (clause) =>
      `WHEN ${clause.matched ? "" : "NOT "}MATCHED${clause.condition ? ` AND ${clause.condition}` : ""} THEN ${clause.action}`,
  );
  const sql = `MERGE INTO ${target.scan.placeholder} AS ${target.alias} USING ${name} AS ${alias} ON ${on} ${body.join(" ")}`;
  return {
    kind: "MERGE",
    sql,
    columns: [],
    target: target.scan,
    source: { name, sql: sourceSql },
    ...(matched.length > 0 ? { check } : {}),
  };
}

function when(clause: Node, target: Target, both: Env, onlySource: Env): When {
  const { source } = both.session;
  const members = source.only(clause, "matched", "condition", "then");
  const matched = source.node(members["matched"]).members["value"] === true;
  const env = matched ? both : onlySource;
  const test = members["condition"] ? condition(source.node(members["condition"]), env, "MERGE WHEN") : undefined;
  const then = source.node(members["then"]);
  if (then.kind === "var" && then.members["this"] === "DELETE" && matched)
    return { matched, condition: test, action: "DELETE" };
  const [verb, first, second] = source.nodes(then.members["expressions"]);
  const word = verb?.members["this"];
  if (word === "UPDATE" && matched && first?.kind === "tuple") {
    const sets = source.nodes(first.members["expressions"]).map((pair) => {
      const left = source.node(pair.members["left"]);
      const column = columnNamed(
        source.name(left.members["name"] ?? left.members).toLowerCase(),
        target,
        left.members,
        both,
      );
      return `${ident(column.name)} = ${assigned(expression(source.node(pair.members["right"]), both), column, clause, both)}`;
    });
    return { matched, condition: test, action: `UPDATE SET ${sets.join(", ")}` };
  }
  if (word === "INSERT" && !matched && first !== undefined) {
    const listed =
      second === undefined ? undefined : source.nodes(first.members["expressions"]).map((name) => name.members);
    const columns = named(listed, target, both);
    const values = source.nodes((second ?? first).members["expressions"]).map((value) => expression(value, onlySource));
    if (values.length !== columns.length)
      throw source.error("SYNTAX_ERROR", clause, `INSERT has ${columns.length} columns and ${values.length} values`);
    const texts = columns.map((column, i) =>
      assigned(values[i] ?? { sql: "NULL", type: { kind: "unknown" } }, column, clause, both),
    );
    return {
      matched,
      condition: test,
      action: `INSERT (${columns.map((column) => ident(column.name)).join(", ")}) VALUES (${texts.join(", ")})`,
    };
  }
  throw source.refuse(clause, "this action of MERGE");
}
