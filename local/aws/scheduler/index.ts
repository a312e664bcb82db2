import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Timer } from "../../clock/clock.ts";
import { deliver, type Failure } from "../deliver.ts";
import { onlyMembers, optionalText, pageOf, requiredText } from "../members.ts";
import { AwsError, type Call, type Service, type ServiceContext, type ServiceFactory, type Shape } from "../service.ts";
import { type Firing, firingId, groupType, type Schedule, schedulesOf, scheduleType } from "./schedules.ts";

/** What is remembered of a schedule, in epoch milliseconds. */
interface Memory {
  /** When it began to exist: the first start of the runtime with it. */
  readonly anchor: number;
  /** The last firing that was handed to its target, if any. */
  readonly last?: number;
}

const principal = "scheduler.amazonaws.com";

/** Amazon EventBridge Scheduler: calls targets at their times, by the runtime's clock. */
export const scheduler: ServiceFactory = (context) => new Scheduler(context).service();

class Scheduler {
  readonly #context: ServiceContext;
  readonly #schedules: readonly Schedule[];
  readonly #file: string;
  readonly #memory: Map<string, Memory>;
  readonly #timers = new Map<string, Timer>();

  constructor(context: ServiceContext) {
    this.#context = context;
    this.#schedules = schedulesOf(context.graph);
    this.#file = join(context.home, "schedules.json");
    this.#memory = readMemory(this.#file);
  }

  service(): Service {
    return {
      name: "scheduler",
      binding: {
        protocol: "rest-json",
        routes: [
          { method: "GET", path: "/schedules/{Name}", operation: "GetSchedule", query: { groupName: "GroupName" } },
          {
            method: "GET",
            path: "/schedules",
            operation: "ListSchedules",
            query: {
              ScheduleGroup: "GroupName",
              NamePrefix: "NamePrefix",
              State: "State",
              MaxResults: "MaxResults",
              NextToken: "NextToken",
            },
          },
        ],
      },
      runs: [scheduleType, groupType],
      operations: {
        GetSchedule: (input, call) => this.#get(input, call),
        ListSchedules: (input, call) => this.#list(input, call),
      },
      start: async () => this.#arm(),
      stop: async () => {
        for (const timer of this.#timers.values()) timer.cancel();
      },
    };
  }

  #arm(): void {
    const now = this.#context.clock.now();
    for (const schedule of this.#schedules) {
      if (!schedule.enabled) continue;
      if (!this.#memory.has(schedule.arn)) this.#remember(schedule, { anchor: now });
      this.#armNext(schedule);
    }
  }

  /** Sets the timer of the next firing after the last one that was made. */
  #armNext(schedule: Schedule): void {
    const next = this.#next(schedule);
    if (next === undefined) return;
    this.#timers.set(
      schedule.arn,
      this.#context.clock.at(next, () => this.#fire(schedule, next)),
    );
  }

  #next(schedule: Schedule): number | undefined {
    const { clock } = this.#context;
    const { anchor, last } = this.#memory.get(schedule.arn) ?? { anchor: clock.now() };
    const after = (from: number) =>
      schedule.expression.next(Math.max(from, schedule.start - 1), Math.max(anchor, schedule.start));
    let next = after(last ?? (schedule.expression.immediate ? anchor - 1 : anchor));
    // Simulated time waits for the runtime, so nothing is missed. Real time does not: of what was missed, the latest is made up.
    if (clock.kind === "real") {
      for (let later = next; later !== undefined && later <= clock.now(); later = after(later)) next = later;
    }
    return next === undefined || next > schedule.end ? undefined : next;
  }

  async #fire(schedule: Schedule, scheduled: number): Promise<void> {
    const { clock } = this.#context;
    const id = firingId(schedule.arn, scheduled);
    await deliver(
      clock,
      schedule,
      scheduled,
      (retry) => this.#send(schedule, { id, scheduled, attempt: retry + 1 }),
      (failure) => (failure === undefined ? undefined : this.#giveUp(schedule, id, failure)),
    );
    // Only now: a firing cut short by a kill is made again at the next start, under the same id.
    this.#remember(schedule, { ...(this.#memory.get(schedule.arn) ?? { anchor: scheduled }), last: scheduled });
    this.#armNext(schedule);
  }

  async #send(schedule: Schedule, firing: Firing): Promise<void> {
    const { service, operation, input } = schedule.request(firing);
    this.#count("InvocationAttemptCount", schedule);
    const call = this.#context.assume(schedule.roleArn, principal, schedule.arn);
    try {
      await this.#context.dispatch(service, operation, input, call);
    } catch (error) {
      // The firing had been made before the process ended.
      if (error instanceof AwsError && error.code === "ExecutionAlreadyExists") return;
      this.#count("TargetErrorCount", schedule);
      throw error;
    }
  }

  async #giveUp(schedule: Schedule, id: string, { code, message, retries }: Failure): Promise<void> {
    this.#count("InvocationDroppedCount", schedule);
    this.#context.log("a schedule could not reach its target", { schedule: schedule.arn, code, message });
    if (schedule.deadLetterArn === undefined) return;
    const [, , , region, account, name] = schedule.deadLetterArn.split(":");
    const attributes = {
      ERROR_CODE: code,
      ERROR_MESSAGE: message,
      EXECUTION_ID: id,
      RETRY_ATTEMPTS: String(retries),
      SCHEDULE_ARN: schedule.arn,
      TARGET_ARN: schedule.targetArn,
    };
    const MessageAttributes = Object.fromEntries(
      Object.entries(attributes).map(([key, StringValue]) => [key, { DataType: "String", StringValue }]),
    );
    try {
      const call = this.#context.assume(schedule.roleArn, principal, schedule.arn);
      const QueueUrl = `https://sqs.${region}.amazonaws.com/${account}/${name}`;
      await this.#context.dispatch(
        "sqs",
        "SendMessage",
        { QueueUrl, MessageBody: schedule.input ?? "{}", MessageAttributes },
        call,
      );
    } catch (error) {
      this.#context.log("a firing could not be kept with the dead letters", {
        schedule: schedule.arn,
        error: error instanceof Error ? error.message : String(error),
      });
    }
  }

  #count(name: string, schedule: Schedule): void {
    this.#context.metric("AWS/Scheduler", name, { ScheduleGroup: schedule.group }, 1);
  }

  #remember(schedule: Schedule, memory: Memory): void {
    this.#memory.set(schedule.arn, memory);
    writeFileSync(`${this.#file}.new`, JSON.stringify(Object.fromEntries(this.#memory)));
    renameSync(`${this.#file}.new`, this.#file);
  }

  #get(input: Shape, call: Call): Shape {
    onlyMembers("scheduler:GetSchedule", input, ["Name", "GroupName"]);
    const name = requiredText(input, "Name");
    const group = optionalText(input, "GroupName") ?? "default";
    const { account, region } = this.#context;
    const schedule = this.#schedules.find((candidate) => candidate.name === name && candidate.group === group);
    call.authorize(
      "scheduler:GetSchedule",
      schedule?.arn ?? `arn:aws:scheduler:${region}:${account}:schedule/${group}/${name}`,
    );
    if (schedule === undefined)
      throw new AwsError("ResourceNotFoundException", `Schedule ${name} does not exist.`, 404);
    return {
      ...summary(schedule),
      ScheduleExpression: schedule.text,
      ScheduleExpressionTimezone: "UTC",
      FlexibleTimeWindow: { Mode: "OFF" },
      ...(schedule.description === undefined ? {} : { Description: schedule.description }),
      Target: {
        Arn: schedule.targetArn,
        RoleArn: schedule.roleArn,
        ...(schedule.input === undefined ? {} : { Input: schedule.input }),
        RetryPolicy: { MaximumRetryAttempts: schedule.retries, MaximumEventAgeInSeconds: schedule.maxAgeMs / 1000 },
      },
    };
  }

  #list(input: Shape, call: Call): Shape {
    onlyMembers("scheduler:ListSchedules", input, ["GroupName", "NamePrefix", "State", "MaxResults", "NextToken"]);
    call.authorize("scheduler:ListSchedules", "*");
    const { GroupName, State } = input;
    const prefix = optionalText(input, "NamePrefix") ?? "";
    const found = this.#schedules.filter(
      (schedule) =>
        (GroupName === undefined || schedule.group === GroupName) &&
        (State === undefined || stateOf(schedule) === State) &&
        schedule.name.startsWith(prefix),
    );
    const { items, next } = pageOf(
      found,
      input["MaxResults"] === undefined ? undefined : Number(input["MaxResults"]),
      input["NextToken"],
      100,
    );
    return {
      Schedules: items.map((schedule) => ({ ...summary(schedule), Target: { Arn: schedule.targetArn } })),
      ...(next === undefined ? {} : { NextToken: next }),
    };
  }
}

function summary(schedule: Schedule): Shape {
  return { Arn: schedule.arn, Name: schedule.name, GroupName: schedule.group, State: stateOf(schedule) };
}

function stateOf(schedule: Schedule): string {
  return schedule.enabled ? "ENABLED" : "DISABLED";
}

function readMemory(file: string): Map<string, Memory> {
  if (!existsSync(file)) return new Map();
  const memory: Readonly<Record<string, Memory>> = JSON.parse(readFileSync(file, "utf8"));
  return new Map(Object.entries(memory));
}
