import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { findServing } from "../attachment.ts";
import { globalOptions, print, withSession } from "../context.ts";
import { chaos } from "../demo/chaos.ts";
import { periods } from "../demo/periods.ts";
import type { DemoReport } from "../demo/report.ts";
import { runDemo } from "../demo/run.ts";
import { Steps } from "../demo/steps.ts";
import { summaryText } from "../demo/summary.ts";
import { CliError, exitCodes } from "../errors.ts";
import { progress } from "../output.ts";
import { REPLAYS } from "../replay-place.ts";
import { projectDir } from "../session.ts";

/** What is written while a demonstration runs: what the next one finds if this one is cut. */
const UNFINISHED = "demo.unfinished";
const REPORT = "demo.json";

/** `c360 demo`: the main job. */
export function registerDemo(program: Command): void {
  program
    .command("demo")
    .description("a year of real orders in, segments out; starts from a clean home each time")
    .option("--months <n>", "only the first n of the 13 periods")
    .option(
      "--chaos",
      "duplicates, disorder, malformed events and faults everywhere; gold must come out the same",
      false,
    )
    .option("--data <file>", "the data set", join(projectDir, "data", "online-retail.parquet"))
    .option("--seed <n>", "seed of the synthetic part", "1")
    .action(async (own: { months?: string; chaos: boolean; data: string; seed: string }, command: Command) => {
      const options = globalOptions(command);
      if (options.target === "aws")
        throw new CliError("demo runs on this machine only; on AWS: c360 replay, c360 refresh.", exitCodes.usage);
      const chosen = periods(own.months === undefined ? undefined : whole("--months", own.months, 1, 13));
      const seed = whole("--seed", own.seed, 0, 2 ** 31);
      const bar = progress(options.json);
      const calm = await prepare(options.home, (message) => process.stderr.write(`${message}\n`));
      const report = await withSession(
        options,
        async (session) => {
          if (session.runtime === undefined) throw new CliError("A runtime serves this home: stop it first.");
          return runDemo(session, session.runtime, new Steps(bar), {
            dataFile: own.data,
            seed,
            periods: chosen,
            chaos: own.chaos,
          });
        },
        { clock: "virtual", startAt: chosen[0]?.from.getTime() ?? 0, ...(own.chaos ? { faults: chaos.faults } : {}) },
      );
      await writeFile(join(options.home, REPORT), JSON.stringify(report, undefined, 2));
      await rm(join(options.home, UNFINISHED), { force: true });
      const compared = calm === undefined ? undefined : compareGold(calm, report);
      print(options, report, () => summaryText(report) + (compared === undefined ? "" : `\n\n${compared.text}`));
      if (!report.reconciliation.reconciled)
        throw new CliError("The lake does not reconcile with the source.", exitCodes.data);
      if (compared?.equal === false) throw new CliError("Gold differs from the run before.", exitCodes.data);
    });
}

/** Clears the home of an earlier demonstration, says so, and gives the report of that one if it was finished. */
async function prepare(home: string, say: (message: string) => void): Promise<DemoReport | undefined> {
  const serving = await findServing(home);
  if (serving !== undefined)
    throw new CliError(
      `A runtime (process ${serving.pid}) serves ${home}: stop it first, or give --home.`,
      exitCodes.usage,
    );
  const cut = await readFile(join(home, UNFINISHED), "utf8").catch(() => undefined);
  const last = await readFile(join(home, REPORT), "utf8").catch(() => undefined);
  if (cut !== undefined) say(`The demo begun at ${cut} did not finish: starting clean.`);
  else if (last !== undefined) say("Starting clean: the last demo's state is removed.");
  await clear(home);
  await mkdir(home, { recursive: true });
  await writeFile(join(home, UNFINISHED), new Date().toISOString());
  return last === undefined || cut !== undefined ? undefined : JSON.parse(last);
}

/** Removes a home; never a folder that is something else. */
async function clear(home: string): Promise<void> {
  // Places of replays, also of those to AWS, are nobody's work.
  const entries = (await readdir(home).catch((): string[] => [])).filter((name) => name !== REPLAYS);
  if (entries.length > 0 && !entries.includes("version") && !entries.includes(UNFINISHED)) {
    throw new CliError(`${home} is not empty and holds no state of c360: give --home another folder.`, exitCodes.usage);
  }
  await rm(home, { recursive: true, force: true });
}

/** Two runs over the same periods must leave the same gold, whatever happened on the way. */
function compareGold(
  before: DemoReport,
  now: DemoReport,
): { readonly equal: boolean; readonly text: string } | undefined {
  const same = before.periods.length === now.periods.length && before.events.events === now.events.events;
  if (!same) return undefined;
  const different = Object.keys(now.gold).filter((table) => now.gold[table] !== before.gold[table]);
  const kind = (report: DemoReport): string => (report.chaos === undefined ? "calm" : "chaotic");
  return different.length === 0
    ? { equal: true, text: `Gold is identical, row for row, to the ${kind(before)} run before.` }
    : { equal: false, text: `Gold DIFFERS from the ${kind(before)} run before: ${different.join(", ")}.` };
}

function whole(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new CliError(`${option} wants a whole number from ${least} to ${most}, not "${text}".`, exitCodes.usage);
  }
  return value;
}
