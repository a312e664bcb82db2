import { constants, cpSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { inject } from "vitest";
import { c360, folder, type Ran } from "./command.ts";

/** A home of a test's own. */
export interface Home {
  readonly path: string;
  /** Runs a command on it. */
  c360(...args: readonly string[]): Promise<Ran>;
  /** Runs a command that must succeed, and gives its JSON. */
  json<T>(...args: readonly string[]): Promise<T>;
  /** Rows of an Athena query, as JSON. */
  rows(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  remove(): void;
}

/** A new, empty home. */
export function emptyHome(): Home {
  const place = folder();
  const path = join(place.path, "home");
  const run = (...args: readonly string[]) => c360(["--home", path, ...args]);
  const json = async <T>(...args: readonly string[]): Promise<T> => {
    const ran = await run("--json", ...args);
    if (ran.code !== 0) throw new Error(`c360 ${args.join(" ")} exited with ${ran.code}: ${ran.stderr}`);
    return JSON.parse(ran.stdout);
  };
  return { path, c360: run, json, rows: (sql) => json("query", sql), remove: place.remove };
}

/** A home that has seen one month of the real data and is refreshed: a copy of one that is made once a test run. */
export async function oneMonth(): Promise<Home> {
  const shared = inject("sharedFolder");
  const made = join(shared, "one-month");
  const failed = join(shared, "failed");
  if (isFirst(join(shared, "claimed"))) {
    const demo = await c360(["--home", `${made}.new`, "demo", "--months", "1"]);
    // Takes in what the mailboxes answered, so that nothing is new.
    const refresh = await c360(["--home", `${made}.new`, "refresh"]);
    if (demo.code === 0 && refresh.code === 0) renameSync(`${made}.new`, made);
    else writeFileSync(failed, demo.stderr + refresh.stderr);
  }
  while (!existsSync(made)) {
    if (existsSync(failed)) throw new Error(`c360 demo --months 1 failed: ${readFileSync(failed, "utf8")}`);
    await sleep(100);
  }
  const home = emptyHome();
  cpSync(made, home.path, { recursive: true, mode: constants.COPYFILE_FICLONE });
  return home;
}

/** Of the test files that come here at the same time, one makes the home and the others wait. */
function isFirst(claim: string): boolean {
  try {
    mkdirSync(claim);
    return true;
  } catch {
    return false;
  }
}
