import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { FaultPlan } from "../local/gateway/faults.ts";
import type { Runtime } from "../local/runtime.ts";
import { findServing } from "./attachment.ts";
import { CliError, exitCodes } from "./errors.ts";
import { projectDir } from "./project-dir.ts";
import { passTimeWhile } from "./simulated-time.ts";
import { type RoleName, readStackOutputs, type StackOutputs } from "./stack-outputs.ts";

export { projectDir } from "./project-dir.ts";

export type Target = "local" | "aws";

/** What every command is told before its own options. */
export interface GlobalOptions {
  readonly target: Target;
  readonly stack: string;
  /** State folder of the local runtime. */
  readonly home: string;
  readonly json: boolean;
}

/** What an SDK client of this project is made with. Empty but for the region on AWS: the default chain decides there. */
export interface ClientConfig {
  readonly region: string;
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** One command's way to the estate, wherever it runs. */
export interface Session {
  readonly target: Target;
  readonly outputs: StackOutputs;
  /** Configuration of a client that acts in this role. On AWS the caller's own identity acts. */
  as(role: RoleName): ClientConfig;
  /** The estate's time, milliseconds since the epoch: simulated time where the runtime has it. */
  now(): number;
  /** Awaits what happens in the estate; simulated time passes meanwhile. */
  waitFor<T>(task: Promise<T>): Promise<T>;
  /** The runtime in this process, if this command started one. */
  readonly runtime?: Runtime;
  close(): Promise<void>;
}

export interface LocalOptions {
  readonly clock?: "virtual" | "resume";
  readonly faults?: FaultPlan;
  readonly port?: number;
  /** Where a new virtual clock starts, milliseconds since the epoch. */
  readonly startAt?: number;
}

/** Opens the way to the estate: AWS, a serving local runtime, or a runtime of this command's own. */
export async function openSession(options: GlobalOptions, local: LocalOptions = {}): Promise<Session> {
  if (options.target === "aws") return awsSession(options);
  const serving = await findServing(options.home);
  if (serving !== undefined) {
    if (serving.stack !== options.stack) {
      throw new CliError(
        `The runtime that serves ${options.home} runs the stack ${serving.stack}, not ${options.stack}. Stop it, or name its stack.`,
        exitCodes.usage,
      );
    }
    return {
      ...clientSession(readStackOutputs(serving.outputs), (role) => serving.environments[role]),
      now: () => Date.now() + serving.clockOffset,
    };
  }
  // A runtime is two thousand files: who finds one serving need not read them.
  const { startRuntime } = await import("../local/runtime.ts");
  const runtime = await startRuntime({
    projectDir,
    stack: options.stack,
    home: options.home,
    clock: local.clock ?? "resume",
    ...(local.faults === undefined ? {} : { faults: local.faults }),
    ...(local.port === undefined ? {} : { port: local.port }),
    ...(local.startAt === undefined ? {} : { startAt: local.startAt }),
  }).catch((error: unknown) => {
    // Only the home's own files are read as JSON before anything runs.
    if (!(error instanceof SyntaxError)) throw error;
    throw new CliError(
      `A file in ${options.home} is damaged (${error.message}). Bring back a copy, or remove the folder and start anew: c360 demo`,
    );
  });
  return runtimeSession(runtime);
}

/** A session over a runtime of this process; closing it stops the runtime. */
export function runtimeSession(runtime: Runtime): Session {
  const session = clientSession(readStackOutputs(runtime.graph.outputs), (role) => runtime.environmentFor(role));
  return {
    ...session,
    runtime,
    now: () => runtime.clock.now(),
    waitFor: (task) => passTimeWhile(runtime.clock, task),
    close: () => runtime.stop(),
  };
}

function clientSession(
  outputs: StackOutputs,
  environment: (roleArn: string) => Readonly<Record<string, string>> | undefined,
): Session {
  return {
    target: "local",
    outputs,
    as(role) {
      const variables = environment(outputs.roleArns[role]);
      const {
        AWS_ENDPOINT_URL: endpoint,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
      } = variables ?? {};
      if (endpoint === undefined || accessKeyId === undefined || secretAccessKey === undefined) {
        throw new CliError(`The runtime has no keys for the role ${role} (${outputs.roleArns[role]}).`);
      }
      return { region: outputs.region, endpoint, credentials: { accessKeyId, secretAccessKey } };
    },
    now: Date.now,
    waitFor: (task) => task,
    close: async () => undefined,
  };
}

async function awsSession(options: GlobalOptions): Promise<Session> {
  const outputs = readStackOutputs(await pulumiOutputs(options.stack));
  return {
    target: "aws",
    outputs,
    as: () => ({ region: outputs.region }),
    now: Date.now,
    waitFor: (task) => task,
    close: async () => undefined,
  };
}

async function pulumiOutputs(stack: string): Promise<unknown> {
  try {
    const { stdout } = await promisify(execFile)("pulumi", ["stack", "output", "--json", "--stack", stack], {
      cwd: projectDir,
    });
    return JSON.parse(stdout);
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw new CliError(
      `Cannot read the outputs of stack ${stack} through the pulumi command (${reason}). Install Pulumi, log in, and deploy the stack: npm run up -- --stack ${stack}`,
    );
  }
}
