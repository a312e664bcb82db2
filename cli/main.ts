#!/usr/bin/env node
import { Command, CommanderError, Option } from "commander";
import { registerDemo } from "./commands/demo.ts";
import { registerDoctor } from "./commands/doctor.ts";
import { registerFailed } from "./commands/failed.ts";
import { registerGraph } from "./commands/graph.ts";
import { registerMaintain } from "./commands/maintain.ts";
import { registerQuality } from "./commands/quality.ts";
import { registerQuery } from "./commands/query.ts";
import { registerRefresh } from "./commands/refresh.ts";
import { registerReplay } from "./commands/replay.ts";
import { registerSegments } from "./commands/segments.ts";
import { registerSql } from "./commands/sql.ts";
import { registerUp } from "./commands/up.ts";
import { CliError, exitCodes, messageOf } from "./errors.ts";
import { projectDir } from "./session.ts";

/** The whole command line, without running it: the help and the tests read it too. */
export function commandLine(): Command {
  const program = new Command("c360")
    .description("The retailer's estate and its Customer 360: on AWS, or as it is on this machine.")
    .addOption(new Option("--target <where>", "where the estate runs").choices(["local", "aws"]).default("local"))
    .option("--stack <name>", "stack of the Pulumi program", "dev")
    .option("--home <folder>", "state of the local runtime", process.env["C360_HOME"] ?? `${projectDir}.c360`)
    .option("--json", "print the result as JSON", false)
    .showHelpAfterError("(c360 --help lists the commands)")
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    .exitOverride()
    .addHelpText(
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
  for (const register of [
    registerDemo,
    registerUp,
    registerReplay,
    registerRefresh,
    registerMaintain,
    registerQuery,
    registerSql,
    registerQuality,
    registerSegments,
    registerFailed,
    registerGraph,
    registerDoctor,
  ]) {
    register(program);
  }
  return program;
}

/** Runs one command line and gives the exit code. */
export async function run(argv: readonly string[]): Promise<number> {
  try {
    await commandLine().parseAsync(argv, { from: "user" });
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
