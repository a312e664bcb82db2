import type { Command } from "commander";
import { globalOptions, print, withSession } from "../context.ts";
import { CliError, exitCodes } from "../errors.ts";
import { mustSucceed, refresh } from "../operations/refresh.ts";
import { bytes, seconds } from "../output.ts";
import { maintenanceText, refreshSummary } from "../refresh-summary.ts";

/** `c360 refresh`: bring the lake up to date now, instead of waiting for the schedule. */
export function registerRefresh(program: Command): void {
  program
    .command("refresh")
    .description("run the customer-360 refresh and wait for it")
    .option("--as-of <date>", "score as of this day (YYYY-MM-DD, UTC); default: today by the estate's clock")
    .option("--full", "every partition, not only those with new events", false)
    .option("--maintain", "maintain the tables afterwards; default: with the first refresh of another date")
    .option("--no-maintain", "leave the tables as the refresh wrote them")
    .action(async (own: { asOf?: string; full: boolean; maintain?: boolean }, command: Command) => {
      const options = globalOptions(command);
      const asOf = own.asOf === undefined ? undefined : dayOf(own.asOf);
      await withSession(options, async (session) => {
        const result = await refresh(session, {
          scheduledTime: asOf ?? new Date(session.now()),
          full: own.full,
          maintain: own.maintain,
        });
        mustSucceed(result);
        const summary = refreshSummary(result);
        print(
          options,
          { ...summary, milliseconds: Math.round(result.milliseconds), executionArn: result.executionArn },
          () =>
            summary.status === "NothingNew"
              ? `Nothing new as of ${summary.asOf}: nothing changed.${maintenanceText(summary)}`
              : `Refreshed as of ${summary.asOf} in ${seconds(result.milliseconds)}: ${summary.dates} days, ${summary.statements.length} statements, ${bytes(summary.bytesScanned)} scanned.${maintenanceText(summary)}`,
        );
      });
    });
}

function dayOf(text: string): Date {
  const day = new Date(`${text}T00:00:00Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== text) {
    throw new CliError(`--as-of wants a day as YYYY-MM-DD, not "${text}".`, exitCodes.usage);
  }
  return day;
}
