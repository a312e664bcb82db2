import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { AwsError } from "../service.ts";
import { bench, machineArn, startTime } from "./fixture.ts";

const waiting = {
  QueryLanguage: "JSONata",
  StartAt: "W",
  States: { W: { Type: "Wait", Seconds: 60, Next: "D" }, D: { Type: "Succeed" } },
};

function one(resource: string, args: unknown, more: Readonly<Record<string, unknown>> = {}) {
  return {
    QueryLanguage: "JSONata",
    StartAt: "T",
    States: { T: { Type: "Task", Resource: resource, Arguments: args, End: true, ...more } },
  };
}

test("the same name and input while it runs is the same execution; otherwise the name is taken", async () => {
  const run = bench(waiting);
  const start = (input: string) => run.ask("StartExecution", { stateMachineArn: machineArn, name: "n", input });
  const first = await start("{}");
  expect(first).toEqual({
    executionArn: "arn:aws:states:eu-west-1:123456789012:execution:test:n",
    startDate: new Date(startTime),
  });
  expect(await start("{}")).toEqual(first);
  await expect(start('{"other":1}')).rejects.toMatchObject({ code: "ExecutionAlreadyExists" });
  await run.clock.advanceTo(startTime + 61_000);
  await expect(start("{}")).rejects.toMatchObject({ code: "ExecutionAlreadyExists" });
  expect(run.metrics).toEqual(["ExecutionsStarted", "ExecutionsSucceeded"]);
});

test("StopExecution aborts with error and cause", async () => {
  const run = bench(waiting);
  const { executionArn } = await run.ask("StartExecution", { stateMachineArn: machineArn });
  await run.clock.advanceTo(startTime + 1000);
  await run.ask("StopExecution", { executionArn, error: "E", cause: "C" });
  await run.clock.settled();
  expect(await run.ask("DescribeExecution", { executionArn })).toMatchObject({
    status: "ABORTED",
    error: "E",
    cause: "C",
    stopDate: new Date(startTime + 1000),
  });
  expect(run.clock.next()).toBeUndefined();
});

test("the history shows the states, paged", async () => {
  const run = bench(one("arn:aws:states:::lambda:invoke", { FunctionName: "f", Payload: { a: 1 } }), () => ({
    StatusCode: 200,
    Payload: Buffer.from('"done"'),
  }));
  const { executionArn } = await run.run({ i: 1 });
  const first = await run.ask("GetExecutionHistory", { executionArn, maxResults: 4 });
  const rest = await run.ask("GetExecutionHistory", { executionArn, nextToken: first["nextToken"] });
  const types = [first, rest]
    .flatMap((page) => (Array.isArray(page["events"]) ? page["events"] : []))
    .map((event) => [event.id, event.previousEventId, event.type]);
  expect(types).toEqual([
    [1, 0, "ExecutionStarted"],
    [2, 0, "TaskStateEntered"],
    [3, 2, "TaskScheduled"],
    [4, 3, "TaskStarted"],
    [5, 4, "TaskSucceeded"],
    [6, 5, "TaskStateExited"],
    [7, 6, "ExecutionSucceeded"],
  ]);
  expect(run.calls).toEqual([
    { service: "lambda", operation: "Invoke", input: { FunctionName: "f", Payload: Buffer.from('{"a":1}') }, at: 0 },
  ]);
});

test("an execution that a kill cut short is ABORTED at the next start, with the reason; ended ones are as they were", async () => {
  const run = bench(waiting);
  const done = await run.run({ n: 1 });
  const { executionArn } = await run.ask("StartExecution", { stateMachineArn: machineArn, name: "cut" });
  await run.clock.settled();
  const folder = join(run.home, "executions");
  const file = readdirSync(folder).find((name) => name.includes("cut")) ?? "";
  writeFileSync(join(folder, file), `${readFileSync(join(folder, file), "utf8")}{"event":{"id":3,"pre`);

  const next = bench(waiting, undefined, run.home);
  await next.service.start?.();
  expect(await next.ask("DescribeExecution", { executionArn })).toMatchObject({
    status: "ABORTED",
    error: "Runtime.Ended",
    cause: "the local runtime ended while the execution ran",
  });
  expect(await next.ask("DescribeExecution", { executionArn: done["executionArn"] })).toEqual(done);
  expect(await next.ask("ListExecutions", { stateMachineArn: machineArn, statusFilter: "SUCCEEDED" })).toMatchObject({
    executions: [{ executionArn: done["executionArn"] }],
  });
  expect(next.metrics).toEqual(["ExecutionsAborted"]);
});

test("athena .sync awaits the query; times are epoch milliseconds", async () => {
  const execution = { QueryExecutionId: "q", Status: { State: "SUCCEEDED", SubmissionDateTime: new Date(startTime) } };
  const run = bench(
    one("arn:aws:states:::athena:startQueryExecution.sync", { QueryString: "SELECT 1", WorkGroup: "w" }),
    (_service, operation) =>
      operation === "StartQueryExecution" ? { QueryExecutionId: "q" } : { QueryExecution: execution },
  );
  const ended = await run.run();
  expect(JSON.parse(String(ended["output"]))).toEqual({
    QueryExecution: { QueryExecutionId: "q", Status: { State: "SUCCEEDED", SubmissionDateTime: startTime } },
  });
  expect(run.calls.map(({ operation, input }) => [operation, input])).toEqual([
    ["StartQueryExecution", { QueryString: "SELECT 1", WorkGroup: "w" }],
    ["AwaitQueryExecution", { QueryExecutionId: "q" }],
  ]);
});

test("athena .sync of a query that fails is States.TaskFailed with the query as cause", async () => {
  const execution = { QueryExecutionId: "q", Status: { State: "FAILED", StateChangeReason: "COLUMN_NOT_FOUND" } };
  const run = bench(one("arn:aws:states:::athena:startQueryExecution.sync", {}), (_service, operation) =>
    operation === "StartQueryExecution" ? { QueryExecutionId: "q" } : { QueryExecution: execution },
  );
  const ended = await run.run();
  expect({ error: ended["error"], cause: JSON.parse(String(ended["cause"])) }).toEqual({
    error: "States.TaskFailed",
    cause: { QueryExecution: execution },
  });
});

test("errors of SDK integrations are named by service; the answer's times are text", async () => {
  const missing = bench(one("arn:aws:states:::aws-sdk:glue:getTable", { Name: "t" }), () => {
    throw new AwsError("EntityNotFoundException", "Entity Not Found");
  });
  expect(await missing.run()).toMatchObject({
    error: "Glue.EntityNotFoundException",
    cause: "Entity Not Found (Service: Glue, Status Code: 400, Request ID: request-1)",
  });
  const found = bench(one("arn:aws:states:::aws-sdk:glue:getTable", { Name: "t" }), () => ({
    Table: { CreateTime: new Date(startTime), Owner: undefined },
  }));
  expect((await found.run())["output"]).toBe('{"Table":{"CreateTime":"2011-01-01T00:00:00.000Z"}}');
});

test("putEvents: details become text, the machine is a resource, a failed entry fails the task", async () => {
  const entries = { Entries: [{ Source: "s", DetailType: "d", Detail: { a: 1 } }] };
  const run = bench(one("arn:aws:states:::events:putEvents", entries), () => ({
    FailedEntryCount: 1,
    Entries: [{ ErrorCode: "MalformedDetail", ErrorMessage: "Detail is malformed." }],
  }));
  const ended = await run.run();
  expect({ error: ended["error"], cause: ended["cause"] }).toEqual({
    error: "EventBridge.FailedEntry",
    cause: '{"FailedEntryCount":1,"Entries":[{"ErrorCode":"MalformedDetail","ErrorMessage":"Detail is malformed."}]}',
  });
  expect(run.calls[0]?.input).toEqual({
    Entries: [{ Source: "s", DetailType: "d", Detail: '{"a":1}', Resources: [machineArn, ended["executionArn"]] }],
  });
});

test("members that are not known are refused by name", async () => {
  await expect(bench(waiting).ask("StartExecution", { stateMachineArn: machineArn, region: "x" })).rejects.toThrow(
    "states:StartExecution with region",
  );
});
