import { spawn } from "node:child_process";
import { constants, copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findServing } from "../cli/attachment.ts";
import { projectDir } from "../cli/session.ts";
import { type Runtime, startRuntime } from "../local/runtime.ts";

/** Where verifications keep what is their own: homes, Pythons, programs. */
export const ownFolder = join(projectDir, ".c360-verify");

/**
 * Makes the home of a verification: a copy of one that a demonstration filled, or a new one with its first months.
 * What was there of an earlier run is removed.
 * @throws Error when there is no such home, or a runtime serves it
 */
export async function prepareHome(source: string | undefined, months: number, name = "home"): Promise<string> {
  if (source !== undefined && !existsSync(source)) throw new Error(`There is no home ${source}.`);
  const home = join(ownFolder, name);
  rmSync(home, { recursive: true, force: true });
  mkdirSync(ownFolder, { recursive: true });
  if (source === undefined) {
    await demo(home, months);
    return home;
  }
  const serving = await findServing(source);
  if (serving !== undefined) throw new Error(`A runtime (process ${serving.pid}) serves ${source}: stop it first.`);
  cpSync(source, home, { recursive: true, mode: constants.COPYFILE_FICLONE });
  return home;
}

/** Runs `c360 demo`, whose bars show how far it is. */
async function demo(home: string, months: number): Promise<void> {
  const main = join(projectDir, "cli", "main.ts");
  const child = spawn(process.execPath, [main, "--home", home, "demo", "--months", String(months)], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const code = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0) throw new Error(`c360 demo exited with ${code}`);
}

/** What foreign engines reach. Without the rest nothing changes the lake meanwhile, no schedule either. */
const SERVICES = ["athena", "glue", "s3", "kms", "sts"];

/**
 * Serves a home's tables as `c360 up` does, under a program that adds grants to the estate. In the time of the machine:
 * foreign engines write the times of their snapshots by it.
 * @param estate module of that program.
 */
export async function serve(home: string, estate: URL, port: number): Promise<Runtime> {
  const program = `${home}-program`;
  mkdirSync(program, { recursive: true });
  const project = readFileSync(join(projectDir, "Pulumi.yaml"), "utf8");
  writeFileSync(join(program, "Pulumi.yaml"), `main: ${JSON.stringify(fileURLToPath(estate))}\n${project}`);
  copyFileSync(join(projectDir, "Pulumi.dev.yaml"), join(program, "Pulumi.dev.yaml"));
  // Kept for a program whose sources lie in its own folder.
  rmSync(join(home, "graph.json"), { force: true });
  return startRuntime({ projectDir: program, stack: "dev", home, clock: "real", port, only: SERVICES });
}
