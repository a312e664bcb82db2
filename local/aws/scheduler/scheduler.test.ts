import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createVirtualClock } from "../../clock/virtual-clock.ts";
import { AwsError, type Call, type ServiceContext, type Shape } from "../service.ts";
import { scheduler } from "./index.ts";
import { firingId } from "./schedules.ts";

const begin = Date.parse("2010-12-01T00:00:00Z");
const arn = "arn:aws:scheduler:eu-west-1:123456789012:schedule/default/monthly";
const machine = "arn:aws:states:eu-west-1:123456789012:stateMachine:m";
const target = {
  arn: machine,
  roleArn: "arn:role",
  input: '{"scheduledTime":"<aws.scheduler.scheduled-time>","id":"<aws.scheduler.execution-id>"}',
};
const monthly = {
  scheduleExpression: "cron(0 0 1 * ? *)",
  scheduleExpressionTimezone: "UTC",
  flexibleTimeWindow: { mode: "OFF" },
  target,
};

function bench(
  inputs: Shape,
  options: { readonly start?: number; readonly home?: string; readonly failures?: AwsError[] } = {},
) {
  const clock = createVirtualClock(options.start ?? begin);
  const home = options.home ?? mkdtempSync(join(tmpdir(), "scheduler-"));
  const failures = options.failures ?? [];
  const sent: { readonly operation: string; readonly input: Shape; readonly at: string }[] = [];
  const call: Call = {
    principal: { roleArn: "arn:role", sessionArn: "s" },
    requestId: "q",
    authorize: () => undefined,
  };
  const service = scheduler({
    graph: {
      project: "p",
      stack: "s",
      region: "eu-west-1",
      account: "123456789012",
      outputs: {},
      resources: [
        {
          urn: "urn:monthly",
          type: "aws:scheduler/schedule:Schedule",
          name: "n",
          custom: true,
          id: "i",
          inputs,
          outputs: { arn, name: "monthly" },
          dependencies: [],
          propertyDependencies: {},
        },
      ],
    },
    clock,
    home,
    region: "eu-west-1",
    account: "123456789012",
    dispatch: async (_service, operation, input) => {
      sent.push({ operation, input, at: new Date(clock.now()).toISOString() });
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
      return {};
    },
    assume: () => call,
    servicePrincipal: () => call,
    ports: new Proxy(Object.create(null), {}) satisfies ServiceContext["ports"],
    metric: () => undefined,
    log: () => undefined,
    endpoint: () => "http://127.0.0.1:1",
    environmentFor: () => ({}),
  });
  const ask = async (operation: string, input: Shape) => {
    const run = service.operations[operation];
    if (run === undefined) throw new Error(`no operation ${operation}`);
    return run(input, call);
  };
  return { service, clock, home, sent, ask };
}

test("fires at its times with the scheduled time and an id of its own", async () => {
  const run = bench(monthly);
  await run.service.start?.();
  await run.clock.advanceTo(Date.parse("2011-03-15T00:00:00Z"));
  // The first of December was the moment of creation: cron fires later than that.
  expect(run.sent.map(({ at }) => at)).toEqual([
    "2011-01-01T00:00:00.000Z",
    "2011-02-01T00:00:00.000Z",
    "2011-03-01T00:00:00.000Z",
  ]);
  const { name, input, stateMachineArn } = run.sent[0]?.input ?? {};
  expect({ stateMachineArn, input: JSON.parse(String(input)) }).toEqual({
    stateMachineArn: machine,
    input: { scheduledTime: "2011-01-01T00:00:00Z", id: name },
  });
  expect(new Set(run.sent.map((each) => each.input["name"])).size).toBe(3);
});

test("a restart neither misses nor repeats a firing", async () => {
  const first = bench(monthly, { start: begin + 1 });
  await first.service.start?.();
  await first.clock.advanceTo(Date.parse("2011-01-20T00:00:00Z"));
  await first.service.stop?.();
  const second = bench(monthly, { start: Date.parse("2011-01-20T00:00:00Z"), home: first.home });
  await second.service.start?.();
  await second.clock.advanceTo(Date.parse("2011-02-20T00:00:00Z"));
  expect([...first.sent, ...second.sent].map(({ at }) => at.slice(0, 10))).toEqual(["2011-01-01", "2011-02-01"]);
});

test("a firing that a kill cut short is made again under the same id; that it was made already is fine", async () => {
  const first = bench(monthly, { start: begin + 1 });
  await first.service.start?.();
  await first.clock.advanceTo(Date.parse("2011-01-01T00:00:00Z") - 1);
  const second = bench(monthly, {
    start: Date.parse("2011-01-01T00:00:05Z"),
    home: first.home,
    failures: [new AwsError("ExecutionAlreadyExists", "")],
  });
  await second.service.start?.();
  await second.clock.settled();
  expect(second.sent.map(({ input }) => input["name"])).toEqual([firingId(arn, Date.parse("2011-01-01T00:00:00Z"))]);
  await second.clock.advanceTo(Date.parse("2011-01-15T00:00:00Z"));
  expect(second.sent).toHaveLength(1);
});

test("a target that fails is tried again on the clock; a failure that stays is given up", async () => {
  const run = bench(monthly, {
    start: begin + 1,
    failures: [
      new AwsError("ThrottlingException", ""),
      new AwsError("ThrottlingException", ""),
      new AwsError("AccessDeniedException", ""),
    ],
  });
  await run.service.start?.();
  await run.clock.advanceTo(Date.parse("2011-01-15T00:00:00Z"));
  expect(run.sent.map(({ at }) => at.slice(11, 19))).toEqual(["00:00:00", "00:00:01", "00:00:03"]);
});

test("the universal target starts an execution; start and end dates bound the firings", async () => {
  const universal = {
    ...monthly,
    startDate: "2011-02-01T00:00:00Z",
    endDate: "2011-03-31T00:00:00Z",
    target: {
      ...target,
      arn: "arn:aws:scheduler:::aws-sdk:sfn:startExecution",
      input: JSON.stringify({ StateMachineArn: machine, Input: '{"t":"<aws.scheduler.scheduled-time>"}' }),
    },
  };
  const run = bench(universal);
  await run.service.start?.();
  await run.clock.advanceTo(Date.parse("2011-06-01T00:00:00Z"));
  expect(run.sent.map(({ input }) => input["input"])).toEqual([
    '{"t":"2011-02-01T00:00:00Z"}',
    '{"t":"2011-03-01T00:00:00Z"}',
  ]);
});

test("what is not implemented is refused by name", () => {
  expect(() => bench({ ...monthly, scheduleExpressionTimezone: "Europe/London" })).toThrow(
    "urn:monthly: The local runtime does not implement scheduler: time zone Europe/London",
  );
  expect(() => bench({ ...monthly, flexibleTimeWindow: { mode: "FLEXIBLE" } })).toThrow(
    "flexible time window FLEXIBLE",
  );
  expect(() => bench({ ...monthly, target: { ...target, arn: "arn:aws:sqs:eu-west-1:123456789012:q" } })).toThrow(
    "target arn:aws:sqs",
  );
  expect(() => bench({ ...monthly, target: { ...target, ecsParameters: {} } })).toThrow("a target with ecsParameters");
});

test("schedules can be looked at", async () => {
  const run = bench(monthly);
  expect(await run.ask("GetSchedule", { Name: "monthly" })).toMatchObject({
    Arn: arn,
    State: "ENABLED",
    ScheduleExpression: "cron(0 0 1 * ? *)",
    Target: { Arn: machine },
  });
  expect(await run.ask("ListSchedules", {})).toEqual({
    Schedules: [{ Arn: arn, Name: "monthly", GroupName: "default", State: "ENABLED", Target: { Arn: machine } }],
  });
  await expect(run.ask("GetSchedule", { Name: "none" })).rejects.toMatchObject({ code: "ResourceNotFoundException" });
});
