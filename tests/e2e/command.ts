import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** What a command did. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `c360` as a user does: a process of its own. Dummy AWS keys in the environment must not matter. */
export function c360(
  args: readonly string[],
  options: { readonly project?: string; readonly killAfterLine?: RegExp } = {},
): Promise<Ran> {
  const project = options.project ?? root;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(project, "cli", "main.ts"), ...args], {
      cwd: project,
      env: {
        ...process.env,
        AWS_ACCESS_KEY_ID: "not-a-key",
        AWS_SECRET_ACCESS_KEY: "not-a-secret",
        AWS_REGION: "us-east-1",
      },
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
      if (options.killAfterLine?.test(stderr) === true) child.kill("SIGKILL");
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 137, stdout, stderr }));
  });
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
