import { expect, test } from "vitest";
import { createRealClock } from "../../clock/real-clock.ts";
import { AwsError } from "../service.ts";
import { bench, lambdaState, machine, machineArn, startTime } from "./fixture.ts";

test("retries wait 1, 2 and 4 seconds by default, then the error stands", async () => {
  const run = bench(machine({ A: { ...lambdaState, Retry: [{ ErrorEquals: ["States.ALL"] }], End: true } }), () => {
    throw new AwsError("TooManyRequestsException", "Rate Exceeded.", 429);
  });
  const ended = await run.run();
  expect(run.calls.map((call) => call.at)).toEqual([0, 1000, 3000, 7000]);
  expect(ended["error"]).toBe("Lambda.TooManyRequestsException");
});

test("the first retrier that matches decides: MaxAttempts 0 ends it, a later States.ALL is not tried", async () => {
  const Retry = [{ ErrorEquals: ["Own"], MaxAttempts: 0 }, { ErrorEquals: ["States.ALL"] }];
  const run = bench(machine({ A: { ...lambdaState, Retry, End: true } }), () => ({
    StatusCode: 200,
    FunctionError: "Unhandled",
    Payload: Buffer.from('{"errorType":"Own","errorMessage":"m"}'),
  }));
  const ended = await run.run();
  expect(run.calls).toHaveLength(1);
  expect({ error: ended["error"], cause: ended["cause"] }).toEqual({
    error: "Own",
    cause: '{"errorType":"Own","errorMessage":"m"}',
  });
});

test("each retrier counts for itself and MaxDelaySeconds caps", async () => {
  const Retry = [
    { ErrorEquals: ["A"], IntervalSeconds: 5, MaxAttempts: 2, BackoffRate: 10, MaxDelaySeconds: 7 },
    { ErrorEquals: ["States.TaskFailed"], IntervalSeconds: 1, MaxAttempts: 1 },
  ];
  const errors = ["A", "B", "A", "B"];
  const run = bench(machine({ S: { ...lambdaState, Retry, End: true } }), () => ({
    StatusCode: 200,
    FunctionError: "Unhandled",
    Payload: JSON.stringify({ errorType: errors.shift() }),
  }));
  const ended = await run.run();
  expect(run.calls.map((call) => call.at)).toEqual([0, 5000, 6000, 13000]);
  expect(ended["error"]).toBe("B");
});

test("a task in time, and one that is not: States.Timeout, which States.TaskFailed does not catch", async () => {
  const states = {
    A: {
      ...lambdaState,
      TimeoutSeconds: 1,
      Catch: [
        { ErrorEquals: ["States.TaskFailed"], Next: "B" },
        { ErrorEquals: ["States.Timeout"], Output: "{% $states.errorOutput.Error %}", Next: "B" },
      ],
      End: true,
    },
    B: { Type: "Succeed" },
  };
  const quick = await bench(machine(states), () => ({ StatusCode: 200, Payload: "1" })).run();
  expect(JSON.parse(String(quick["output"]))).toMatchObject({ StatusCode: 200, Payload: 1 });

  const slow = bench(machine(states), () => new Promise(() => undefined), undefined, createRealClock());
  const { executionArn } = await slow.ask("StartExecution", { stateMachineArn: machineArn });
  await expect
    .poll(() => slow.ask("DescribeExecution", { executionArn }), { timeout: 5000 })
    .toMatchObject({ status: "SUCCEEDED", output: '"States.Timeout"' });
});

test("the machine's own TimeoutSeconds", async () => {
  const ended = await bench(machine({ A: { Type: "Wait", Seconds: 100, End: true } }, { TimeoutSeconds: 10 })).run();
  expect({ status: ended["status"], error: ended["error"], stopDate: ended["stopDate"] }).toEqual({
    status: "TIMED_OUT",
    error: "States.Timeout",
    stopDate: new Date(startTime + 10_000),
  });
});

test("waits by seconds and until a time fire in their simulated time", async () => {
  const run = bench(
    machine({
      A: { Type: "Wait", Seconds: "{% $states.input.s %}", Next: "B" },
      B: { Type: "Wait", Timestamp: "2011-01-01T01:00:00Z", Next: "C" },
      C: { ...lambdaState, End: true },
    }),
    () => ({ StatusCode: 200, Payload: "null" }),
  );
  const ended = await run.run({ s: 90 });
  expect(run.calls.map((call) => call.at)).toEqual([3_600_000]);
  expect(ended["status"]).toBe("SUCCEEDED");
});

test("a branch that fails stops its siblings at once", async () => {
  const states = {
    A: {
      Type: "Parallel",
      Branches: [
        { StartAt: "L", States: { L: { Type: "Wait", Seconds: 5, Next: "F" }, F: { Type: "Fail", Error: "E" } } },
        { StartAt: "R", States: { R: { Type: "Wait", Seconds: 500, Next: "T" }, T: { ...lambdaState, End: true } } },
      ],
      End: true,
    },
  };
  const run = bench(machine(states));
  const ended = await run.run();
  expect({ error: ended["error"], stopDate: ended["stopDate"], calls: run.calls }).toEqual({
    error: "E",
    stopDate: new Date(startTime + 5000),
    calls: [],
  });
});
