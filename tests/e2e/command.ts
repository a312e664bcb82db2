import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** What a command did. */
export interface Ran {
  /** Exit code; 137 for a process that was killed. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output as it came. */
  readonly bytes: Buffer;
}

/** A command under way. */
export interface Running {
  readonly ended: Promise<Ran>;
  signal(name: NodeJS.Signals): void;
  /** Waits for something in the output, and gives the match. @throws Error when the command ends without it */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  /** Waits until something is so. @throws Error when the command ends before */
  until(what: string, isSo: () => boolean): Promise<void>;
}

export interface CommandOptions {
  readonly project?: string;
  readonly killAfterLine?: RegExp;
  /** Options of Node itself, before the command. */
  readonly node?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** What comes in through a pipe. */
  readonly input?: string;
}

/** Starts `c360` as a user does: a process of its own. Dummy AWS keys in the environment must not matter. */
export function start(args: readonly string[], options: CommandOptions = {}): Running {
  const project = options.project ?? root;
  const child = spawn(process.execPath, [...(options.node ?? []), join(project, "cli", "main.ts"), ...args], {
    cwd: project,
    env: {
      ...process.env,
      AWS_ACCESS_KEY_ID: "not-a-key",
      AWS_SECRET_ACCESS_KEY: "not-a-secret",
      AWS_REGION: "us-east-1",
      ...options.environment,
    },
  });
  if (options.input !== undefined) child.stdin.end(options.input);
  const stdout: Buffer[] = [];
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    if (options.killAfterLine?.test(stderr) === true) child.kill("SIGKILL");
  });
  const ended = new Promise<Ran>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      const bytes = Buffer.concat(stdout);
      resolve({ code: code ?? 137, stdout: bytes.toString("utf8"), stderr, bytes });
    });
  });
  const until = async (what: string, isSo: () => boolean): Promise<void> => {
    while (!isSo()) {
      if (hasEnded(child)) throw new Error(`c360 ${args.join(" ")} ended before ${what}: ${(await ended).stderr}`);
      await sleep(10);
    }
  };
  return {
    ended,
    signal: (name) => child.kill(name),
    until,
    async says(pattern) {
      let found: RegExpExecArray | null = null;
      await until(`it said ${pattern}`, () => {
        found = pattern.exec(`${stderr}\n${Buffer.concat(stdout).toString("utf8")}`);
        return found !== null;
      });
      if (found === null) throw new Error(`c360 never said ${pattern}`);
      return found;
    },
  };
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

/** Runs `c360` to its end. */
export function c360(args: readonly string[], options: CommandOptions = {}): Promise<Ran> {
  return start(args, options).ended;
}

/** A folder of the test's own; removed by `remove`. */
export function folder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "c360-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

const PROGRAM = [
  "analytics",
  "cli",
  "governance",
  "infra",
  "ingest",
  "local",
  "pipelines",
  "data",
  "package.json",
  "Pulumi.yaml",
  "Pulumi.dev.yaml",
];

/** A copy of the project in which one source file is changed: what a colleague's commit might do. */
export function changedProject(
  file: string,
  change: (text: string) => string,
): { readonly path: string; remove(): void } {
  const copy = folder();
  for (const name of readdirSync(root).filter((entry) => PROGRAM.includes(entry))) {
    cpSync(join(root, name), join(copy.path, name), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(copy.path, "node_modules"), "dir");
  const path = join(copy.path, file);
  const before = readFileSync(path, "utf8");
  const after = change(before);
  if (after === before) throw new Error(`The change left ${file} as it was`);
  writeFileSync(path, after);
  return copy;
}
