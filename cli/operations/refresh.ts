import { setTimeout as sleep } from "node:timers/promises";
import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  ListExecutionsCommand,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { Type } from "typebox";
import { Value } from "typebox/value";
import { CliError, exitCodes } from "../errors.ts";
import type { Session } from "../session.ts";

/** What one refresh did. */
export interface RefreshResult {
  readonly executionArn: string;
  readonly status: "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED";
  readonly milliseconds: number;
  /** The workflow's own account of itself: as-of date, affected partitions, statements and the bytes they scanned. */
  readonly output: unknown;
  readonly error?: string;
  readonly cause?: string;
}

export interface RefreshRequest {
  readonly scheduledTime: Date;
  /** Every partition instead of those with new events. */
  readonly full?: boolean;
  /** Maintain the tables afterwards, or not; without it with the first refresh of another date. */
  readonly maintain?: boolean | undefined;
}

/** Starts the refresh workflow and waits until it has ended. */
export async function refresh(session: Session, request: RefreshRequest): Promise<RefreshResult> {
  const client = new SFNClient(session.as("operator"));
  const input = {
    scheduledTime: request.scheduledTime.toISOString(),
    ...(request.full === true ? { full: true } : {}),
    ...(request.maintain === undefined ? {} : { maintain: request.maintain }),
  };
  const started = await client.send(
    new StartExecutionCommand({
      stateMachineArn: session.outputs.refreshStateMachineArn,
      input: JSON.stringify(input),
    }),
  );
  if (started.executionArn === undefined) throw new CliError("Step Functions started no execution.");
  return session.waitFor(ended(client, started.executionArn));
}

/** Waits for the newest execution of the refresh: the one that the schedule has just started. */
export async function scheduledRefresh(session: Session, known: ReadonlySet<string>): Promise<RefreshResult> {
  const client = new SFNClient(session.as("operator"));
  return session.waitFor(
    (async () => {
      for (let attempt = 0; attempt < 200; attempt += 1) {
        const arn = (await executions(client, session)).find((candidate) => !known.has(candidate));
        if (arn !== undefined) return ended(client, arn);
        await sleep(25);
      }
      throw new CliError(
        `The schedule ${session.outputs.refreshScheduleName} started no refresh: c360 doctor tells what runs.`,
      );
    })(),
  );
}

/** ARNs of the refreshes so far, newest first. */
export async function knownRefreshes(session: Session): Promise<ReadonlySet<string>> {
  return new Set(await executions(new SFNClient(session.as("operator")), session));
}

async function executions(client: SFNClient, session: Session): Promise<string[]> {
  const { executions = [] } = await client.send(
    new ListExecutionsCommand({ stateMachineArn: session.outputs.refreshStateMachineArn, maxResults: 100 }),
  );
  return executions.flatMap((execution) => execution.executionArn ?? []);
}

async function ended(client: SFNClient, executionArn: string): Promise<RefreshResult> {
  const started = performance.now();
  for (let wait = 10; ; wait = Math.min(wait * 1.5, 500)) {
    const execution = await client.send(new DescribeExecutionCommand({ executionArn }));
    if (execution.status !== "RUNNING") return resultOf(execution, performance.now() - started);
    await sleep(wait);
  }
}

function resultOf(execution: DescribeExecutionCommandOutput, milliseconds: number): RefreshResult {
  const { status, output } = execution;
  if (status !== "SUCCEEDED" && status !== "FAILED" && status !== "TIMED_OUT" && status !== "ABORTED") {
    throw new CliError(`The refresh ended in the state ${status}.`);
  }
  return {
    executionArn: execution.executionArn ?? "",
    status,
    milliseconds,
    output: output === undefined ? {} : JSON.parse(output),
    ...(execution.error === undefined ? {} : { error: execution.error }),
    ...(execution.cause === undefined ? {} : { cause: execution.cause }),
  };
}

/** @throws CliError saying which state failed and why, unless the refresh succeeded. */
export function mustSucceed(result: RefreshResult): RefreshResult {
  if (result.status === "SUCCEEDED") return result;
  if (result.error === "AlreadyRunning") throw new CliError(result.cause ?? "Another refresh is running.");
  const quality = result.error === "QualityFailed";
  throw new CliError(
    `The refresh ${result.status.toLowerCase().replace("_", " ")}: ${result.error ?? "no error given"}: ${causeOf(result)}${quality ? "\nThe last good version stays published. c360 quality tells which rules failed." : ""}`,
    quality ? exitCodes.data : exitCodes.failed,
  );
}

/** Of a query that failed Step Functions tells everything, its text included; its own reason is what one needs. */
const FailedQuery = Type.Object({
  QueryExecution: Type.Object({
    QueryExecutionId: Type.String(),
    Status: Type.Object({ StateChangeReason: Type.String() }),
  }),
});

function causeOf({ cause = "no cause given" }: RefreshResult): string {
  let told: unknown;
  try {
    told = JSON.parse(cause);
  } catch {
    return cause;
  }
  if (!Value.Check(FailedQuery, told)) return cause;
  const { QueryExecutionId, Status } = told.QueryExecution;
  return `${Status.StateChangeReason} (Athena query ${QueryExecutionId})`;
}
