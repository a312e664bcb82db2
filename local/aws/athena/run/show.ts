import type { CatalogueTable } from "../../ports.ts";
import { NotImplementedLocally } from "../../service.ts";
import type { Show, TableName } from "../sql/statement-types.ts";
import { athenaName } from "../sql/statements/iceberg-rules.ts";
import { registeredPartitions } from "../tables/registered-partitions.ts";
import { viewQuery } from "../views.ts";
import { described } from "./describe.ts";
import { StatementError } from "./errors.ts";
import type { Result, Run } from "./run.ts";
import { hiveStatement, icebergStatement } from "./show-create.ts";
import { partitionName } from "./write-hive.ts";

const answer = (lines: readonly string[], names: readonly string[], type = "string"): Result => ({
  lines,
  columns: names.map((name) => ({ name, type })),
});

/** Hive's patterns: `*` is any text, `|` divides alternatives, case does not matter. */
function matching(pattern: string | undefined): (name: string) => boolean {
  if (pattern === undefined) return () => true;
  const test = new RegExp(`^(?:${pattern.replaceAll("*", ".*")})$`, "i");
  return (name) => test.test(name);
}

/** The table that a statement names. */
function named(name: TableName, { binder }: Run): CatalogueTable {
  const database = binder.database(name.database, name.name);
  const table = binder.find(database, name.name);
  if (table !== undefined) return table;
  throw new StatementError("FAILED", `SemanticException [Error 10001]: Table not found ${database}.${name.name}`);
}

/** SHOW: what the catalogue says; of an Iceberg table, what its metadata says. */
export async function show(statement: Show, run: Run): Promise<Result> {
  const { binder, context, call } = run;
  const { catalogue } = context.ports;
  switch (statement.kind) {
    case "SHOW_DATABASES":
      return answer(catalogue.databaseNames(call).filter(matching(statement.pattern)), ["database_name"]);
    case "SHOW_TABLES":
    case "SHOW_VIEWS": {
      const views = statement.kind === "SHOW_VIEWS";
      const names = catalogue
        .tables(binder.database(statement.database, statement.kind), call)
        .filter(({ kind }) => !views || kind === "view")
        .map(({ name }) => name)
        .filter(matching(statement.pattern));
      return views ? answer(names, ["views"], "varchar") : answer(names, ["tab_name"]);
    }
    case "SHOW_TBLPROPERTIES":
      return properties(named(statement.table, run), statement.property, run);
    case "SHOW_PARTITIONS":
      return answer(await partitions(named(statement.table, run), run), ["partition"]);
    case "SHOW_CREATE_TABLE":
      return answer(created(named(statement.table, run), run), ["createtab_stmt"]);
    case "SHOW_CREATE_VIEW": {
      const { database, name, ...view } = named(statement.table, run);
      if (view.kind !== "view") throw new StatementError("NOT_SUPPORTED", `${database}.${name} is no view`);
      const lines = `CREATE VIEW ${database}.${name} AS\n${viewQuery({ database, name, ...view })}`.split("\n");
      return answer(lines, ["create view"], "varchar");
    }
    case "DESCRIBE":
      if (statement.extended) throw new NotImplementedLocally("DESCRIBE EXTENDED and FORMATTED");
      return described("DESCRIBE", named(statement.table, run), run);
    case "SHOW_COLUMNS":
      return described("SHOW_COLUMNS", named(statement.table, run), run);
  }
}

function created(table: CatalogueTable, { binder }: Run): readonly string[] {
  const { database, name, kind } = table;
  if (kind === "hive") return hiveStatement(table);
  if (kind === "iceberg") return icebergStatement(table, binder.iceberg(database, name).state.metadata);
  throw new StatementError("NOT_SUPPORTED", `${database}.${name} is a view: use SHOW CREATE VIEW`);
}

function properties(table: CatalogueTable, property: string | undefined, { binder }: Run): Result {
  const columns = ["prpt_name", "prpt_value"];
  const all =
    table.kind === "iceberg"
      ? Object.entries(binder.iceberg(table.database, table.name).state.metadata.properties).map(
          ([name, value]) => [athenaName(name) ?? name, value] as const,
        )
      : Object.entries(table.parameters);
  if (property === undefined) return answer(all.map(([name, value]) => `${name}\t${value}`).sort(), columns);
  const found = all.find(([name]) => name === property)?.[1];
  return answer([found ?? `Table ${table.database}.${table.name} does not have property: ${property}`], columns);
}

async function partitions(table: CatalogueTable, { context, call }: Run): Promise<string[]> {
  const { database, name, partitionKeys } = table;
  if (table.kind === "iceberg")
    throw new StatementError(
      "NOT_SUPPORTED",
      `Partitions of the Iceberg table ${name} are rows of "${name}$partitions"`,
    );
  if (partitionKeys.length === 0)
    throw new StatementError(
      "FAILED",
      `SemanticException [Error 10241]: Table ${database}.${name} is not a partitioned table`,
    );
  const found = await registeredPartitions(context.dispatch)(table, call);
  return found.map(({ values }) => partitionName(partitionKeys, values));
}
