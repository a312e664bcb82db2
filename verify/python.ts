import { type ChildProcess, spawn } from "node:child_process";
import { hash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Runs a program to its end; what it prints goes to stderr. @throws Error with its exit code */
async function run(command: string, args: readonly string[]): Promise<void> {
  const child = spawn(command, args, { stdio: ["ignore", process.stderr, process.stderr], env: foreignEnvironment() });
  const code = await ended(child);
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} exited with ${code}`);
}

/** The exit code of a program; null when a signal ended it. */
export function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
}

/** Without the caller's AWS settings: a foreign client has what it is told and nothing else. */
export function foreignEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([key]) => !/^(AWS_|PYICEBERG_|PYTHON|DBT_)/.test(key));
  return { ...Object.fromEntries(kept), AWS_EC2_METADATA_DISABLED: "true" };
}

/**
 * A Python with pinned packages, made once a pin.
 * @param folder of the virtual environment
 * @param requirements file of the pins
 * @returns path of its interpreter
 */
export async function python(folder: string, requirements: string): Promise<string> {
  const interpreter = join(folder, "bin", "python");
  const stamp = join(folder, "requirements.sha256");
  const wanted = hash("sha256", readFileSync(requirements));
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return interpreter;
  rmSync(folder, { recursive: true, force: true });
  await run("python3", ["-m", "venv", folder]);
  await run(interpreter, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements]);
  writeFileSync(stamp, wanted);
  return interpreter;
}
