import { Dialect, format } from "@polyglot-sql/sdk";
import { NotImplementedLocally } from "../../service.ts";
import type { Predicate, Scan } from "../sql/scope.ts";
import type { Explain, Statement } from "../sql/statement-types.ts";
import { place } from "../sql/translate.ts";
import { display } from "../sql/types.ts";
import type { Result, Run } from "./run.ts";

/** One place where a statement reads a table, and how much of it. */
interface Read {
  /** As the translated text calls it. */
  readonly name: string;
  readonly table: string;
  readonly kind: string;
  readonly columns: readonly string[];
  /** Conditions that leave out files. */
  readonly where: readonly string[];
  readonly files: number;
  readonly filesInTable: number;
  readonly bytes: number;
}

interface Plan {
  readonly engine: "duckdb";
  readonly statement: string;
  readonly reads: readonly Read[];
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly warnings: readonly string[];
  /** Undefined for statements that touch the catalogue only. */
  readonly sql: string | undefined;
  /** What DuckDB measured while the query ran, of EXPLAIN ANALYZE. */
  readonly profile?: string;
}

/**
 * What a statement becomes here. On Athena EXPLAIN shows Trino's plan, which there is none of: the answer says so, and
 * no program should read it.
 */
export async function explain({ statement, format: form, analyze }: Explain, run: Run): Promise<Result> {
  const reads = await Promise.all(run.relations.scans.map((scan, i) => readOf(scan, i, run)));
  const plan: Plan = {
    engine: "duckdb",
    statement: statement.kind,
    reads,
    columns:
      statement.kind === "SELECT" ? statement.columns.map(({ name, type }) => ({ name, type: display(type) })) : [],
    warnings: run.warnings,
    sql: textOf(statement),
    ...(analyze && { profile: await profileOf(statement, run) }),
  };
  const text = form === "json" ? JSON.stringify(plan, undefined, 2) : planText(plan);
  const name = "Query Plan";
  // EXPLAIN counts as a query: the column's name comes first.
  const lines = [name, ...text.replaceAll("\t", "    ").split("\n")];
  return { lines, columns: [{ name, type: `varchar(${text.length})` }] };
}

/** Runs a query to its end, and throws its rows away: its bytes count as those of any query. */
async function profileOf(statement: Statement, { connection, relations }: Run): Promise<string> {
  if (statement.kind !== "SELECT") throw new NotImplementedLocally(`EXPLAIN ANALYZE of ${statement.kind}`);
  await relations.open();
  const result = await connection.runAndReadAll(`EXPLAIN ANALYZE ${relations.place(statement.sql)}`);
  // Texts of thousands of files' names say nothing here.
  return String(result.getRows()[0]?.[1] ?? "").replace(/^[\s\S]*?(?=^.*Total Time)/m, "");
}

const nameOf = (scan: number): string => `scan_${scan + 1}`;

async function readOf(scan: Scan, index: number, { binder }: Run): Promise<Read> {
  const { table, columns, predicates, at, positions } = scan;
  const opened = binder.opened(table);
  const { files, bytes } = await opened.read({ columns: [...columns], predicates, at, positions });
  return {
    name: nameOf(index),
    table: `${table.database}.${table.name}`,
    kind: table.kind ?? "table",
    columns: [...columns],
    where: predicates.map(predicateText),
    files,
    filesInTable: await opened.files(),
    bytes,
  };
}

function predicateText({ column, operator, values }: Predicate): string {
  const list = values.join(", ");
  return [column, operator, operator === "in" ? `(${list})` : list].join(" ").trim();
}

/** The statement's DuckDB text with names in the place of long lists of files, laid out for reading. */
function textOf(statement: Statement): string | undefined {
  if (!("sql" in statement) || statement.sql === undefined) return undefined;
  const sql = place(statement.sql, nameOf);
  const { success, sql: laidOut } = format(sql, Dialect.DuckDB);
  return (success ? laidOut?.[0] : undefined) ?? sql;
}

function planText({ statement, reads, columns, warnings, sql, profile }: Plan): string {
  const section = (title: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : ["", title, ...lines.map((line) => `  ${line}`)];
  return [
    `${statement.replaceAll("_", " ")} on this machine's DuckDB; Athena would show Trino's plan here.`,
    ...section("Reads", reads.map(readText)),
    ...section(
      "Gives",
      columns.map(({ name, type }) => `${name} ${type}`),
    ),
    ...section("Mind", warnings),
    ...section("DuckDB SQL", sql?.split("\n") ?? []),
    ...section("What DuckDB measured; Athena's times and costs are others", profile?.split("\n") ?? []),
  ].join("\n");
}

function readText({ name, table, kind, columns, where, files, filesInTable, bytes }: Read): string {
  const parts = [
    `${name}: ${table} (${kind})`,
    columns.length === 0 ? "no column" : columns.join(", "),
    ...(where.length === 0 ? [] : [`where ${where.join(" and ")}`]),
    ...(kind === "metadata" ? [] : [`${files} of ${filesInTable} files, ${bytes} bytes`]),
  ];
  return parts.join("; ");
}
