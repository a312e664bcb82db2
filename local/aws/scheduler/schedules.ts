import { createHash } from "node:crypto";
import type { GraphResource, ResourceGraph } from "../../graph/resource.ts";
import type { RetryPolicy } from "../deliver.ts";
import { objectIn, requiredText } from "../members.ts";
import { NotImplementedLocally, type Shape } from "../service.ts";
import { type Expression, parseExpression } from "./expression.ts";

/** A schedule of the graph. */
export interface Schedule extends RetryPolicy {
  readonly arn: string;
  readonly name: string;
  readonly group: string;
  readonly text: string;
  readonly expression: Expression;
  readonly enabled: boolean;
  readonly description?: string;
  /** Firings before or after these, in epoch milliseconds, do not happen. */
  readonly start: number;
  readonly end: number;
  readonly roleArn: string;
  readonly targetArn: string;
  readonly input?: string;
  readonly deadLetterArn?: string;
  readonly request: (firing: Firing) => Request;
}

/** One firing of a schedule. */
export interface Firing {
  /** The same for the same firing, whenever it is tried. */
  readonly id: string;
  readonly scheduled: number;
  readonly attempt: number;
}

/** The call a firing makes. */
export interface Request {
  readonly service: string;
  readonly operation: string;
  readonly input: Shape;
}

export const scheduleType = "aws:scheduler/schedule:Schedule";
export const groupType = "aws:scheduler/scheduleGroup:ScheduleGroup";

const universal = "arn:aws:scheduler:::aws-sdk:sfn:startExecution";
const targetMembers = new Set(["arn", "roleArn", "input", "retryPolicy", "deadLetterConfig"]);

/** @throws Error or NotImplementedLocally naming the schedule and what is wrong or missing here. */
export function schedulesOf(graph: ResourceGraph): readonly Schedule[] {
  return graph.resources
    .filter(({ type }) => type === scheduleType)
    .map((resource) => {
      try {
        return readSchedule(resource);
      } catch (error) {
        if (error instanceof Error) error.message = `${resource.urn}: ${error.message}`;
        throw error;
      }
    });
}

function readSchedule({ inputs, outputs }: GraphResource): Schedule {
  const zone = inputs["scheduleExpressionTimezone"] ?? "UTC";
  if (zone !== "UTC" && zone !== "Etc/UTC") throw new NotImplementedLocally(`scheduler: time zone ${String(zone)}`);
  const mode = objectIn(inputs["flexibleTimeWindow"])?.["mode"];
  if (mode !== "OFF") throw new NotImplementedLocally(`scheduler: flexible time window ${String(mode)}`);
  const target = objectIn(inputs["target"]) ?? {};
  for (const member of Object.keys(target)) {
    if (!targetMembers.has(member)) throw new NotImplementedLocally(`scheduler: a target with ${member}`);
  }
  const policy = objectIn(target["retryPolicy"]);
  const text = requiredText(inputs, "scheduleExpression");
  const arn = requiredText(outputs, "arn");
  const name = requiredText(outputs, "name");
  const deadLetterArn = objectIn(target["deadLetterConfig"])?.["arn"];
  const description = inputs["description"];
  const input = target["input"];
  const targetArn = requiredText(target, "arn");
  return {
    arn,
    name,
    group: typeof inputs["groupName"] === "string" ? inputs["groupName"] : "default",
    text,
    expression: parseExpression(text),
    enabled: inputs["state"] !== "DISABLED",
    ...(typeof description === "string" ? { description } : {}),
    start: time(inputs["startDate"], Number.NEGATIVE_INFINITY),
    end: time(inputs["endDate"], Number.POSITIVE_INFINITY),
    roleArn: requiredText(target, "roleArn"),
    targetArn,
    ...(typeof input === "string" ? { input } : {}),
    ...(typeof deadLetterArn === "string" ? { deadLetterArn } : {}),
    retries: numberOr(policy?.["maximumRetryAttempts"], 185),
    maxAgeMs: numberOr(policy?.["maximumEventAgeInSeconds"], 86_400) * 1000,
    request: requestOf(targetArn, typeof input === "string" ? input : undefined, arn),
  };
}

/** How a firing becomes a call. A started execution is named after the firing, so that no firing starts two. */
function requestOf(target: string, input: string | undefined, arn: string): Schedule["request"] {
  const filled = (firing: Firing) => (input === undefined ? undefined : substitute(input, arn, firing));
  if (/^arn:aws[a-z-]*:states:[^:]+:\d+:stateMachine:/.test(target)) {
    return (firing) => ({
      service: "states",
      operation: "StartExecution",
      input: { stateMachineArn: target, name: firing.id, input: filled(firing) ?? "{}" },
    });
  }
  if (/^arn:aws[a-z-]*:lambda:/.test(target)) {
    return (firing) => ({
      service: "lambda",
      operation: "Invoke",
      input: { FunctionName: target, InvocationType: "Event", Payload: Buffer.from(filled(firing) ?? "{}") },
    });
  }
  if (target !== universal) throw new NotImplementedLocally(`scheduler: target ${target}`);
  if (input === undefined) throw new Error(`the target ${universal} needs an input with StateMachineArn`);
  return (firing) => {
    const { StateMachineArn, Name, Input } = objectIn(JSON.parse(filled(firing) ?? "{}")) ?? {};
    return {
      service: "states",
      operation: "StartExecution",
      input: { stateMachineArn: StateMachineArn, name: Name ?? firing.id, input: Input ?? "{}" },
    };
  };
}

/** The names that EventBridge Scheduler replaces in an input. */
function substitute(input: string, arn: string, { id, scheduled, attempt }: Firing): string {
  return input
    .replaceAll("<aws.scheduler.schedule-arn>", arn)
    .replaceAll("<aws.scheduler.scheduled-time>", isoSeconds(scheduled))
    .replaceAll("<aws.scheduler.execution-id>", id)
    .replaceAll("<aws.scheduler.attempt-number>", String(attempt));
}

/** Id of a firing: the same schedule and time always give the same, so a firing tried again after a kill is known. */
export function firingId(arn: string, scheduled: number): string {
  const hex = createHash("sha256").update(`${arn} ${scheduled}`).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}

function isoSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

function time(value: unknown, fallback: number): number {
  const ms = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? fallback : ms;
}

function numberOr(value: unknown, fallback: number): number {
  return typeof value === "number" ? value : fallback;
}
