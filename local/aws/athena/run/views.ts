import type { CreateView, DropView } from "../sql/statement-types.ts";
import { viewInput } from "../views.ts";
import { StatementError } from "./errors.ts";
import { NOTHING, type Result, type Run } from "./run.ts";

/** `CREATE [OR REPLACE] VIEW`: an entry of the catalogue that holds the query. */
export async function createView(statement: CreateView, { binder, context, call }: Run): Promise<Result> {
  const { view, orReplace, query, columns } = statement;
  const { catalogue } = context.ports;
  const database = binder.database(view.database, view.name);
  const input = viewInput({ database, name: view.name, query }, columns);
  const there = binder.find(database, view.name);
  if (there === undefined) {
    catalogue.create(database, input, call);
    return NOTHING;
  }
  if (there.kind !== "view")
    throw new StatementError(
      "TABLE_ALREADY_EXISTS",
      `'awsdatacatalog.${database}.${view.name}' is a table, not a view`,
    );
  if (!orReplace)
    throw new StatementError("TABLE_ALREADY_EXISTS", `View already exists: 'awsdatacatalog.${database}.${view.name}'`);
  catalogue.update(database, input, { version: there.version, skipArchive: false }, call);
  return NOTHING;
}

/** `DROP VIEW [IF EXISTS]` */
export async function dropView({ view, ifExists }: DropView, { binder, context, call }: Run): Promise<Result> {
  const database = binder.database(view.database, view.name);
  const there = binder.find(database, view.name);
  if (there === undefined && ifExists) return NOTHING;
  if (there?.kind !== "view")
    throw new StatementError("TABLE_NOT_FOUND", `View 'awsdatacatalog.${database}.${view.name}' does not exist`);
  context.ports.catalogue.drop(database, view.name, call);
  return NOTHING;
}
