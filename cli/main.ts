#!/usr/bin/env node
import { enableCompileCache } from "node:module";
import { join } from "node:path";
import { Command, CommanderError, Option } from "commander";
import { CliError, exitCodes, messageOf } from "./errors.ts";
import { projectDir } from "./project-dir.ts";

type Register = (program: Command) => void;

/** The commands in the order of the help. Each is loaded when it is needed: most of them bring a runtime's libraries. */
const commands: Readonly<Record<string, () => Promise<Register>>> = {
  demo: async () => (await import("./commands/demo.ts")).registerDemo,
  up: async () => (await import("./commands/up.ts")).registerUp,
  replay: async () => (await import("./commands/replay.ts")).registerReplay,
  refresh: async () => (await import("./commands/refresh.ts")).registerRefresh,
  maintain: async () => (await import("./commands/maintain.ts")).registerMaintain,
  query: async () => (await import("./commands/query.ts")).registerQuery,
  sql: async () => (await import("./commands/sql.ts")).registerSql,
  quality: async () => (await import("./commands/quality.ts")).registerQuality,
  segments: async () => (await import("./commands/segments.ts")).registerSegments,
  failed: async () => (await import("./commands/failed.ts")).registerFailed,
  graph: async () => (await import("./commands/graph.ts")).registerGraph,
  doctor: async () => (await import("./commands/doctor.ts")).registerDoctor,
};

/** What every command has. */
function emptyLine(): Command {
  return new Command("c360")
    .description("The retailer's estate and its Customer 360: on AWS, or as it is on this machine.")
    .addOption(new Option("--target <where>", "where the estate runs").choices(["local", "aws"]).default("local"))
    .option("--stack <name>", "stack of the Pulumi program", "dev")
    .option("--home <folder>", "state of the local runtime", process.env["C360_HOME"] ?? `${projectDir}.c360`)
    .option("--json", "print the result as JSON", false)
    .showHelpAfterError("(c360 --help lists the commands)")
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    .exitOverride();
}

/** The command line for these arguments, without running it: the command that they name, or all where they name none. */
async function commandLine(argv: readonly string[]): Promise<Command> {
  const [word = ""] = emptyLine().parseOptions([...argv]).operands;
  const named = Object.hasOwn(commands, word) ? commands[word] : undefined;
  const registers = await Promise.all((named === undefined ? Object.values(commands) : [named]).map((load) => load()));
  const program = emptyLine().addHelpText(
    "after",
    `
Start here:
  c360 demo                                  a year of real orders in, segments out
  c360 query --name net-value-by-month       a saved question
  c360 query "SELECT * FROM rfm LIMIT 5"     your own, in Athena SQL
  c360 sql                                   a shell for it
  c360 up                                    keep serving, for any AWS client

Exit codes: 0 done, 1 failed, 2 wrong use, 3 the data broke a rule, 130 interrupted.`,
  );
  for (const register of registers) register(program);
  return program;
}

/** Runs one command line and gives the exit code. */
export async function run(argv: readonly string[]): Promise<number> {
  try {
    await (await commandLine(argv)).parseAsync(argv, { from: "user" });
    return exitCodes.ok;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    process.stderr.write(`c360: ${messageOf(error)}\n`);
    if (process.env["C360_DEBUG"] !== undefined && error instanceof Error) process.stderr.write(`${error.stack}\n`);
    return error instanceof CliError ? error.exitCode : exitCodes.failed;
  }
}

/** Lets a pipe take all that was written: leaving drops what it has not taken yet. */
function written(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    stream.write("", () => resolve());
  });
}

if (import.meta.main) {
  // Node need not strip the types of the same files again the next time. Where it cannot keep them, it does.
  enableCompileCache(join(projectDir, "node_modules", ".cache", "c360"));
  // A reader that has enough (`| head`) closes its end: no reason to fail.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  // Work that nobody awaits must not end in a stack trace either. Leaving at once is safe: state is whole at any time.
  const fail = (error: unknown): void => {
    process.stderr.write(`c360: ${messageOf(error)}\n`, () => process.exit(exitCodes.failed));
  };
  process.on("uncaughtException", fail);
  process.on("unhandledRejection", fail);
  const code = await run(process.argv.slice(2));
  await Promise.all([written(process.stdout), written(process.stderr)]);
  process.exit(code);
}
