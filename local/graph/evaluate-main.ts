/** Child process of {@link evaluateProgram}: runs one Pulumi program under mocks and writes its graph to descriptor 3. */
import { writeSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { findProblems } from "./problems.ts";
import { recordResources } from "./recorder.ts";
import type { ResourceGraph } from "./resource.ts";
import { readStackDefinition } from "./stack-config.ts";

/** The account that stands for AWS's on this machine. */
const account = "123456789012";

/** Imports the program and returns what makes the graph once everything it started has ended. */
async function begin(projectDir: string, stack: string): Promise<() => ResourceGraph> {
  const { project, entry, config } = readStackDefinition(projectDir, stack);
  const region = config["aws:region"];
  if (region === undefined) throw new Error(`Pulumi.${stack}.yaml must set aws:region`);
  // The program's own copy: another one would be another runtime, which nothing records.
  const { default: pulumi }: { default: typeof import("@pulumi/pulumi") } = await import(
    pathToFileURL(createRequire(join(projectDir, "package.json")).resolve("@pulumi/pulumi")).href
  );
  pulumi.runtime.setAllConfig(config);
  const context = { region, account };
  const recorded = await recordResources(pulumi.runtime, { project, stack, folder: dirname(entry), context });
  const program: Record<string, unknown> = await import(pathToFileURL(entry).href);
  const exported = typeof program["default"] === "function" ? await program["default"]() : program;
  let outputs: Readonly<Record<string, unknown>> | undefined;
  pulumi.output({ ...exported }).apply((values) => {
    outputs = values;
  });
  return () => {
    if (outputs === undefined) throw new Error("A stack output is never resolved");
    const problems = findProblems(recorded, outputs);
    if (problems.length > 0)
      throw new Error(`The program has ${problems.length} problem(s):\n- ${problems.join("\n- ")}`);
    return { project, stack, region, account, resources: recorded.map(({ resource }) => resource), outputs };
  };
}

function fail(error: unknown): never {
  // A user's mistake is told by its message; only a bug needs the way to it.
  const expected =
    !(error instanceof Error) || error.constructor === Error || /RunError|ResourceError/.test(error.name);
  const shown = expected ? (error instanceof Error ? error.message : String(error)) : error.stack;
  writeSync(2, `${shown}\n`);
  process.exit(1);
}

process.on("unhandledRejection", fail);
process.on("uncaughtException", fail);

const [projectDir, stack] = process.argv.slice(2);
if (projectDir === undefined || stack === undefined) throw new Error("usage: evaluate-main.ts <projectDir> <stack>");
const finish = await begin(projectDir, stack);
// Like the engine's own runner: the program has ended when nothing is left to do.
process.once("beforeExit", () => {
  const text = Buffer.from(JSON.stringify(finish()));
  for (let written = 0; written < text.length; ) written += writeSync(3, text, written);
});
