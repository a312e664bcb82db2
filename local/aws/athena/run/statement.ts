import { NotImplementedLocally } from "../../service.ts";
import type { Statement } from "../sql/statement-types.ts";
import { alterTable, dropTable } from "./alter.ts";
import { change, insert } from "./change.ts";
import { createTable, createTableAsSelect } from "./create.ts";
import { explain } from "./explain.ts";
import { optimize, vacuum } from "./maintain.ts";
import type { Result, Run } from "./run.ts";
import { select } from "./select.ts";
import { show } from "./show.ts";
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
    case "SHOW_CREATE_VIEW":
    case "DESCRIBE":
      return show(statement, run);
    default:
      throw new NotImplementedLocally(`statement ${statement.kind.replaceAll("_", " ")}`);
  }
}

const definitions = /^(CREATE|DROP|ALTER)_(TABLE|VIEW|DATABASE)$/;
const utilities = /^(SHOW_|DESCRIBE$|PREPARE$|DEALLOCATE$)/;

/** Athena's kind of a statement. CTAS and EXPLAIN are DML there. */
export function statementType(kind: Statement["kind"]): "DDL" | "DML" | "UTILITY" {
  if (definitions.test(kind)) return "DDL";
  return utilities.test(kind) ? "UTILITY" : "DML";
}
