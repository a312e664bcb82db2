import type { Command } from "commander";
import { startRuntime } from "../../local/runtime.ts";
import { announce, withdraw } from "../attachment.ts";
import { globalOptions, interruption } from "../context.ts";
import { CliError, exitCodes } from "../errors.ts";
import { projectDir } from "../session.ts";
import { readStackOutputs, type StackOutputs } from "../stack-outputs.ts";

/** `c360 up`: the estate, serving on this machine until Ctrl-C. */
export function registerUp(program: Command): void {
  program
    .command("up")
    .description("run the estate on this machine and keep serving, for any AWS client")
    .option("--port <n>", "loopback port; 0 takes a free one", "4566")
    .option("--memory <size>", "what all queries together may use, e.g. 512MB or 4GB", "1GB")
    .action(async (own: { port: string; memory: string }, command: Command) => {
      const options = globalOptions(command);
      if (options.target === "aws") throw new CliError("On AWS the estate comes up with: npm run up", exitCodes.usage);
      const port = Number(own.port);
      if (!Number.isInteger(port) || port < 0 || port > 65535)
        throw new CliError(`--port wants a number from 0 to 65535, not "${own.port}".`, exitCodes.usage);
      if (!/^\d+(\.\d+)?\s*[KMGT]i?B$/i.test(own.memory))
        throw new CliError(`--memory wants a size such as 512MB or 4GB, not "${own.memory}".`, exitCodes.usage);
      const stop = interruption();
      const runtime = await startRuntime({
        projectDir,
        stack: options.stack,
        home: options.home,
        clock: "serve",
        port,
        engine: { memoryLimit: own.memory },
      });
      try {
        const outputs = readStackOutputs(runtime.graph.outputs);
        const environments = Object.fromEntries(
          Object.values(outputs.roleArns).map((arn) => [arn, runtime.environmentFor(arn)]),
        );
        await announce(options.home, {
          pid: process.pid,
          stack: options.stack,
          endpoint: runtime.endpoint,
          outputs,
          clockOffset: runtime.clock.now() - Date.now(),
          environments,
        });
        const started = {
          endpoint: runtime.endpoint,
          time: new Date(runtime.clock.now()).toISOString(),
          roles: environments,
        };
        process.stdout.write(
          `${options.json ? JSON.stringify(started, undefined, 2) : greeting(runtime.endpoint, outputs, environments)}\n`,
        );
        await stop.promise;
      } catch (error) {
        // Ctrl-C is how it is meant to end.
        if (!(error instanceof CliError && error.exitCode === exitCodes.interrupted)) throw error;
      } finally {
        await withdraw(options.home);
        await runtime.stop();
        stop.forget();
      }
    });
}

function greeting(
  endpoint: string,
  { roleArns: roles, workgroup }: StackOutputs,
  environments: Readonly<Record<string, Readonly<Record<string, string>>>>,
): string {
  const keys = Object.entries(roles).map(([name, arn]) => {
    const environment = environments[arn] ?? {};
    return `  ${name.padEnd(9)} AWS_ACCESS_KEY_ID=${environment["AWS_ACCESS_KEY_ID"]} AWS_SECRET_ACCESS_KEY=${environment["AWS_SECRET_ACCESS_KEY"]}`;
  });
  const analyst = environments[roles["analyst"] ?? ""] ?? {};
  return `Serving on ${endpoint}. Other c360 commands find it by themselves; any AWS client does with

  export AWS_ENDPOINT_URL=${endpoint} AWS_REGION=${analyst["AWS_REGION"]} AWS_DEFAULT_REGION=${analyst["AWS_REGION"]}

and the keys of a role (they work on this machine only):

${keys.join("\n")}

  aws athena list-named-queries --work-group ${workgroup}   # as the analyst

Ctrl-C stops it; what has arrived is kept.`;
}
