import { spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { ResourceGraph } from "./resource.ts";

/** The Pulumi program, or its configuration, is wrong; the message is for the person who wrote it. */
export class ProgramError extends Error {
  override readonly name = "ProgramError";
}

export interface EvaluateOptions {
  /** Folder of `Pulumi.yaml`. */
  readonly projectDir: string;
  readonly stack: string;
}

/**
 * Runs the Pulumi program against mocks and returns every resource it makes with all values resolved. The program runs
 * in a process of its own, so that Pulumi's memory is given back, without the caller's AWS settings.
 * @throws ProgramError with what the program printed, or with the list of what is wrong in the graph.
 */
export async function evaluateProgram({ projectDir, stack }: EvaluateOptions): Promise<ResourceGraph> {
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL("./evaluate-main.ts", import.meta.url)), projectDir, stack],
    {
      cwd: projectDir,
      env: cleanEnvironment(),
      stdio: ["ignore", "pipe", "pipe", "pipe"],
    },
  );
  const [out, err, result] = child.stdio.slice(1);
  const exit = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const [stdout, stderr, graph, code] = await Promise.all([
    text(readable(out)),
    text(readable(err)),
    buffer(readable(result)),
    exit,
  ]);
  if (code !== 0)
    throw new ProgramError(`The Pulumi program of stack "${stack}" failed.\n${stdout}${stderr}`.trimEnd());
  return JSON.parse(graph.toString());
}

/** Without AWS_*, NODE_OPTIONS and the like: the graph depends on the project only. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([key]) => !/^(AWS_|PULUMI_|NODE_OPTIONS$|VITEST)/.test(key));
  return { ...Object.fromEntries(kept), NODE_NO_WARNINGS: "1" };
}

function readable(stream: unknown): Readable {
  if (typeof stream !== "object" || stream === null || !("read" in stream))
    throw new Error("The child has no such pipe");
  return stream as Readable;
}
