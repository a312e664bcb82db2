import { type Command, Option } from "commander";
import { globalOptions, print, withSession } from "../context.ts";
import { CliError } from "../errors.ts";
import {
  type Maintained,
  type MaintenanceStatement,
  maintainTable,
  type TableFigures,
  tablesNamed,
} from "../operations/maintain.ts";
import { bytes, grouped, progress, seconds, textTable } from "../output.ts";

/** `c360 maintain`: compact the Iceberg tables and remove what no snapshot keeps, between two refreshes. */
export function registerMaintain(program: Command): void {
  program
    .command("maintain")
    .description("compact Iceberg tables and remove what their history no longer keeps (OPTIMIZE, VACUUM)")
    .argument("[table...]", "which; default: all")
    .addOption(new Option("--optimize-only", "only rewrite small files and deleted rows").conflicts("vacuumOnly"))
    .addOption(new Option("--vacuum-only", "only expire snapshots and remove files").conflicts("optimizeOnly"))
    .addHelpText(
      "after",
      `
A deleted row is gone from a table at once, and from its files when OPTIMIZE has rewritten them, the table's history
(vacuum_max_snapshot_age_seconds) has passed, VACUUM has run, and the bucket's days for deleted objects are over.`,
    )
    .action(async (given: string[], own: { optimizeOnly?: true; vacuumOnly?: true }, command: Command) => {
      const options = globalOptions(command);
      const names = tablesNamed(given);
      const statements = chosen(own);
      const bar = progress(options.json);
      await withSession(options, async (session) => {
        const done: Maintained[] = [];
        bar.start("maintain", names.length);
        for (const name of names) {
          done.push(await maintainTable(session, name, statements));
          bar.reached(done.length);
        }
        bar.done(`${names.length} ${names.length === 1 ? "table" : "tables"}`);
        print(options, done, () => report(done));
        const failed = done.filter((table) => table.failed !== undefined);
        if (failed.length > 0) throw new CliError(failed.map((table) => `${table.table}: ${table.failed}`).join("\n"));
      });
    });
}

function chosen(own: { readonly optimizeOnly?: true; readonly vacuumOnly?: true }): readonly MaintenanceStatement[] {
  if (own.optimizeOnly === true) return ["OPTIMIZE"];
  return own.vacuumOnly === true ? ["VACUUM"] : ["OPTIMIZE", "VACUUM"];
}

function report(done: readonly Maintained[]): string {
  return textTable(
    ["table", "data files", "delete files", "size", "manifests", "snapshots", "runs", "scanned", "took"],
    done.map((table) => {
      const change = (part: keyof TableFigures, text: (value: number) => string = grouped): string => {
        const [before, after] = [text(table.before[part]), text(table.after[part])];
        return before === after ? after : `${before} -> ${after}`;
      };
      return [
        table.table,
        change("dataFiles"),
        change("deleteFiles"),
        change("bytes", bytes),
        change("manifests"),
        change("snapshots"),
        Object.values(table.runs).join(" + "),
        bytes(table.bytesScanned),
        seconds(table.milliseconds),
      ];
    }),
  );
}
