import type { Command } from "commander";
import type { Health } from "../../local/doctor.ts";
import { type TableHealth, tablesHealth } from "../../local/doctor-tables.ts";
import { globalOptions, print } from "../context.ts";
import { CliError, exitCodes } from "../errors.ts";
import { grouped, textTable } from "../output.ts";
import { openSession } from "../session.ts";

/** `c360 doctor`: what of the estate runs here, what does not and why, and what is wrong. */
export function registerDoctor(program: Command): void {
  program
    .command("doctor")
    .description("what of the estate runs on this machine, what does not and why, and what is wrong")
    .option("--all", "list every resource, not only those that are not run", false)
    .action(async (own: { all: boolean }, command: Command) => {
      const options = globalOptions(command);
      if (options.target === "aws")
        throw new CliError("doctor looks at the local runtime: on AWS ask CloudWatch.", exitCodes.usage);
      const session = await openSession(options);
      try {
        const tables = await tablesHealth(options.home, session.now());
        // Of a home that another process serves only what lies on disk can be looked at.
        const health = session.runtime?.doctor();
        print(options, { ...health, tables }, () =>
          [
            ...(health === undefined ? [served] : [own.all ? everyResource(health) : notRun(health), runText(health)]),
            tablesText(tables),
          ].join("\n"),
        );
        if (health?.checks.some((check) => !check.ok) || tables.some(({ problems }) => problems.length > 0))
          throw new CliError("Something is wrong; see above.");
      } finally {
        await session.close();
      }
    });
}

const served = "A runtime serves this home: only its tables are looked at. Stop it and ask again for the rest.";

const runText = (health: Health): string =>
  [
    `${health.resources.filter((resource) => resource.runBy !== undefined).length} of ${health.resources.length} resources run here.`,
    ...health.checks.map((check) => `${check.ok ? "ok  " : "BAD "} ${check.name}: ${check.detail}`),
  ].join("\n");

/** Whole tables in one line; each problem of the others in a line of its own. */
function tablesText(tables: readonly TableHealth[]): string {
  const whole = tables.filter(({ problems }) => problems.length === 0);
  const sum = (part: "rows" | "snapshots") => grouped(whole.reduce((total, table) => total + (table[part] ?? 0), 0));
  return [
    `${whole.length === tables.length ? "ok  " : "BAD "} ${whole.length} of ${tables.length} Iceberg tables are whole: ${sum("rows")} rows, ${sum("snapshots")} snapshots`,
    ...tables.flatMap(({ name, problems }) => problems.map((problem) => `BAD  table ${name}: ${problem}`)),
    ...tables.flatMap(({ name, notices }) => notices.map((notice) => `note table ${name}: ${notice}`)),
  ].join("\n");
}

function everyResource(health: Health): string {
  return textTable(
    ["resource", "type", "run by", "why not"],
    health.resources.map((resource) => [resource.name, resource.type, resource.runBy ?? "", resource.reason ?? ""]),
  );
}

/** What does not run here, by type and reason. */
function notRun(health: Health): string {
  const groups = new Map<string, { readonly type: string; readonly reason: string; count: number }>();
  for (const { type, runBy, reason = "" } of health.resources) {
    if (runBy !== undefined) continue;
    const group = groups.get(`${type} ${reason}`) ?? { type, reason, count: 0 };
    group.count += 1;
    groups.set(`${type} ${reason}`, group);
  }
  return textTable(
    ["not run here", "", "because"],
    [...groups.values()].map((group) => [group.type, String(group.count), group.reason]),
  );
}
