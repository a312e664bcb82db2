import type { Table as GlueTable } from "@aws-sdk/client-glue";
import { SqlError } from "../../local/aws/athena/sql/errors.ts";
import { fromHive } from "../../local/aws/athena/sql/hive-type.ts";
import type { Binder, BoundTable, BoundView } from "../../local/aws/athena/sql/scope.ts";
import { translate } from "../../local/aws/athena/sql/translate.ts";
import { viewQuery } from "../../local/aws/athena/views.ts";
import { columnsOf, isIceberg } from "./table-columns.ts";

/** Gives a table of the catalogue; undefined when there is none or the caller may not see it. */
export type FindTable = (database: string, name: string) => Promise<GlueTable | undefined>;

/** Stops a translation until the catalogue has been asked for a table. */
class Wanted extends Error {
  readonly database: string;
  readonly table: string;
  constructor(database: string, name: string) {
    super(name);
    this.database = database;
    this.table = name;
  }
}

/**
 * What is right in a statement and may surprise its author. Athena's API has no place for warnings, so they do not come
 * with the answer: the statement is read here, with the types that the catalogue tells any client. That is the same
 * advice on AWS, and nothing is added to an API that others must find as AWS made it.
 * @returns nothing for what cannot be read: the statement's own answer says why, and advice never stands in its way.
 */
export async function adviceOn(sql: string, database: string, find: FindTable): Promise<readonly string[]> {
  const known = new Map<string, BoundTable | BoundView>();
  const binder: Binder = {
    table(named, name) {
      const inside = named ?? database;
      const bound = known.get(`${inside}.${name}`);
      if (bound === undefined) throw new Wanted(inside, name);
      return bound;
    },
  };
  for (;;) {
    try {
      return translate(sql, binder).warnings;
    } catch (error) {
      if (!(error instanceof Wanted)) return [];
      const table = await find(error.database, error.table).catch(() => undefined);
      const bound = table && boundTable(error.database, error.table, table);
      if (bound === undefined) return [];
      known.set(`${error.database}.${error.table}`, bound);
    }
  }
}

function boundTable(database: string, name: string, table: GlueTable): BoundTable | BoundView | undefined {
  try {
    if (table.TableType === "VIRTUAL_VIEW")
      return { database, name, query: viewQuery({ database, name, input: { ...table } }) };
    const iceberg = isIceberg(table);
    const columns = columnsOf(table).map((column) => {
      const type = fromHive(column.type, iceberg ? 6 : 3);
      if (type === undefined) throw new SqlError("NOT_IMPLEMENTED_LOCALLY", `column type ${column.type}`);
      return { name: column.name, type };
    });
    return { database, name, columns, kind: iceberg ? "iceberg" : "hive" };
  } catch {
    return undefined;
  }
}
