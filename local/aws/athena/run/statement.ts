import { NotImplementedLocally } from "../../service.ts";
import type { Statement } from "../sql/statement-types.ts";
import { alterTable, dropTable } from "./alter.ts";
import { change, insert } from "./change.ts";
import { createTable, createTableAsSelect } from "./create.ts";
import { alterDatabase, createDatabase, dropDatabase } from "./databases.ts";
import { explain } from "./explain.ts";
import { optimize, vacuum } from "./maintain.ts";
import { deallocate, prepare } from "./prepared.ts";
import { msckRepair } from "./repair.ts";
import type { Result, Run } from "./run.ts";
import { select } from "./select.ts";
import { show } from "./show.ts";
import { unload } from "./unload.ts";
import { createView, dropView } from "./views.ts";

/** Runs a translated statement. */
export function runStatement(statement: Statement, run: Run): Promise<Result> {
  switch (statement.kind) {
    case "SELECT":
      return select(statement, run);
    case "INSERT":
      return insert(statement, run);
    case "DELETE":
    case "UPDATE":
    case "MERGE":
      return change(statement, run);
    case "CREATE_TABLE":
      return createTable(statement, run);
    case "CREATE_TABLE_AS_SELECT":
      return createTableAsSelect(statement, run);
    case "DROP_TABLE":
      return dropTable(statement, run);
    case "ALTER_TABLE":
      return alterTable(statement, run);
    case "OPTIMIZE":
      return optimize(statement, run);
    case "VACUUM":
      return vacuum(statement, run);
    case "CREATE_VIEW":
      return createView(statement, run);
    case "DROP_VIEW":
      return dropView(statement, run);
    case "EXPLAIN":
      return explain(statement, run);
    case "SHOW_DATABASES":
    case "SHOW_TABLES":
    case "SHOW_VIEWS":
    case "SHOW_COLUMNS":
    case "SHOW_TBLPROPERTIES":
    case "SHOW_PARTITIONS":
    case "SHOW_CREATE_TABLE":
    case "SHOW_CREATE_VIEW":
    case "DESCRIBE":
      return show(statement, run);
    case "PREPARE":
      return prepare(statement, run);
    case "DEALLOCATE":
      return deallocate(statement, run);
    case "CREATE_DATABASE":
      return createDatabase(statement, run);
    case "ALTER_DATABASE":
      return alterDatabase(statement, run);
    case "MSCK_REPAIR":
      return msckRepair(statement, run);
    case "DROP_DATABASE":
      return dropDatabase(statement, run);
    case "UNLOAD":
      return unload(statement, run);
    case "EXECUTE":
      throw new NotImplementedLocally("EXECUTE in a prepared statement");
  }
}
