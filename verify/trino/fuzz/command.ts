import { rmSync } from "node:fs";
import { join } from "node:path";
import { exitCodes } from "../../../cli/errors.ts";
import { progress, textTable } from "../../../cli/output.ts";
import { ownFolder } from "../../home.ts";
import { fuzzSection } from "../report.ts";
import { writeSection } from "../section.ts";
import { chosenAreas } from "./areas.ts";
import { keepCases } from "./findings.ts";
import { GuardedEngine } from "./guarded.ts";
import { isWrong, verdicts } from "./judge.ts";
import { FuzzRun, loadState, type RunPlan, type RunState } from "./run.ts";
import { TheirEngine } from "./theirs.ts";

/** So many queries are a step, after which a long run says how far it is. */
const STEP = 2000;

interface RunName {
  readonly seed: number;
  /** An area or a function; undefined: all. */
  readonly only: string | undefined;
}

interface FuzzOptions extends RunName {
  readonly url: string;
  readonly catalog: string;
  readonly count: number;
  readonly again: boolean;
}

function planOf({ seed, only }: RunName): RunPlan {
  const areas = chosenAreas(only);
  const name = ["seed", String(seed), ...(only === undefined ? [] : [only.replace(/\W+/g, "-")])].join("-");
  return { file: join(ownFolder, "trino", `${name}.json`), seed, areas };
}

/** Ends a run at its next batch on Ctrl-C; a second one ends the process. */
function stopped(): AbortSignal {
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  process.once("SIGTERM", () => stop.abort());
  return stop.signal;
}

/**
 * Runs generated queries on both engines, and prints what came of them.
 * @returns the exit code
 */
export async function fuzz({ url, catalog, count, again, ...name }: FuzzOptions): Promise<number> {
  const plan = planOf(name);
  if (again) rmSync(plan.file, { force: true });
  const theirs = await TheirEngine.open(url, catalog, `c360_fuzz_${name.seed}`);
  const signal = stopped();
  const ours = new GuardedEngine();
  const run = new FuzzRun(ours, theirs, plan);
  try {
    const shown = progress(false);
    while (run.state.compared < count && !signal.aborted)
      await run.until(Math.min(count, run.state.compared + STEP), shown, signal);
  } finally {
    ours.close();
    await theirs.close();
  }
  print(run.state);
  if (signal.aborted) {
    console.log(`Stopped after ${run.state.compared} of ${count}; the same command goes on.`);
    return exitCodes.interrupted;
  }
  if (name.only === undefined) writeSection("queries", fuzzSection(run.state, await theirs.version()));
  return anyWrong(run.state) ? exitCodes.failed : exitCodes.ok;
}

function print({ counts, findings }: RunState): void {
  for (const { verdict, sql, said, trino } of findings)
    console.log(`${verdict}  ${sql}\n    trino  ${JSON.stringify(trino)}\n    here   ${said}`);
  const rows = Object.entries(counts).map(([area, each]) => [area, ...verdicts.map((name) => String(each[name] ?? 0))]);
  console.log(textTable(["area", ...verdicts], rows));
}

const anyWrong = ({ counts }: RunState): boolean =>
  Object.values(counts).some((each) => verdicts.some((name) => isWrong(name) && (each[name] ?? 0) > 0));

/**
 * Keeps what a run found as cases of `npm test`, as far as it is mended.
 * @returns whether all of it is
 */
export async function keepFindings(name: RunName): Promise<boolean> {
  const { file, seed } = planOf(name);
  const ours = new GuardedEngine();
  try {
    const wrong = await keepCases(loadState(file, seed).findings, ours);
    for (const { verdict, sql } of wrong) console.log(`not mended: ${verdict}  ${sql}`);
    return wrong.length === 0;
  } finally {
    ours.close();
  }
}
