import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { type Bench, benchOf } from "../../iam/context-fixture.ts";
import { REGION, roleArn, roleOf } from "../../iam/graph-fixture.ts";
import type { Shape } from "../service.ts";
import { benchWith, caller, fn, functionArn, LOGS, logGroup } from "./fixture.ts";
import { lambda } from "./index.ts";

let bench: Bench | undefined;
const start = (...given: Parameters<typeof benchWith>): Bench => {
  bench = benchWith(...given);
  return bench;
};
afterEach(async () => {
  await bench?.service.stop?.();
});

const invoke = async (input: Shape = {}): Promise<{ error: unknown; answer: Record<string, unknown> }> => {
  const output = await bench?.run("Invoke", { FunctionName: "fn", ...input }, "caller");
  const bytes = output?.["Payload"];
  if (!(bytes instanceof Uint8Array)) throw new Error("no payload");
  return { error: output?.["FunctionError"], answer: JSON.parse(Buffer.from(bytes).toString()) };
};

describe("synchronous invocation", () => {
  test("the handler gets the event, its own environment, its context and the runtime's time", async () => {
    const code = `
      export const handler = async (event, context) => ({
        event, env: process.env, now: new Date().toISOString(), dateNow: Date.now(), epoch: new Date(0).toISOString(),
        isDate: new Date() instanceof Date && new Date().constructor === Date, name: context.functionName,
        arn: context.invokedFunctionArn, memory: context.memoryLimitInMB, time: context.getRemainingTimeInMillis() > 2000,
      });`;
    const { iam } = start(code, { environment: { variables: { BUCKET: "lake" } }, memorySize: 256 });
    const { answer, error } = await invoke({ Payload: '{"a":"ü"}', FunctionName: functionArn("fn") });
    expect(error).toBeUndefined();
    expect(answer).toMatchObject({
      event: { a: "ü" },
      now: "2011-01-01T00:00:00.000Z",
      dateNow: Date.UTC(2011, 0, 1),
      epoch: "1970-01-01T00:00:00.000Z",
      isDate: true,
      name: "fn",
      arn: functionArn("fn"),
      memory: "256",
      time: true,
    });
    expect(answer["env"]).toEqual({
      BUCKET: "lake",
      AWS_ACCESS_KEY_ID: iam.credentialsFor(roleArn("worker")).accessKeyId,
      AWS_REGION: REGION,
      AWS_DEFAULT_REGION: REGION,
      AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
      AWS_LAMBDA_FUNCTION_NAME: "fn",
      AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "256",
      AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/fn",
      AWS_LAMBDA_LOG_STREAM_NAME: expect.stringMatching(/^local\/\[\$LATEST\][0-9a-f]{32}$/),
      AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
      _HANDLER: "index.handler",
      TZ: ":UTC",
    });
  });

  test("an environment stays warm, and bytes are not taken from the caller", async () => {
    start("let count = 0; export const handler = (event) => ({ count: ++count, length: event.text.length });");
    const payload = Buffer.from(JSON.stringify({ text: "x".repeat(1000) }));
    expect((await invoke({ Payload: payload })).answer).toEqual({ count: 1, length: 1000 });
    expect((await invoke({ Payload: payload })).answer).toEqual({ count: 2, length: 1000 });
    expect(payload.length).toBe(1011);
  });

  test("nothing returned is null", async () => {
    start("export const handler = async () => {};");
    expect((await invoke()).answer).toBeNull();
  });

  test.each<[string, string, Shape]>([
    [
      "a thrown error",
      "export const handler = () => { throw new TypeError('boom'); };",
      { errorType: "TypeError", errorMessage: "boom" },
    ],
    [
      "a thrown text",
      "export const handler = () => { throw 'boom'; };",
      { errorType: "string", errorMessage: "boom", trace: [] },
    ],
    [
      "no such export",
      "export const other = 1;",
      { errorType: "Runtime.HandlerNotFound", errorMessage: "index.handler is undefined or not exported" },
    ],
    [
      "a module that does not load",
      "throw new RangeError('early');",
      { errorType: "RangeError", errorMessage: "early" },
    ],
    [
      "an exit",
      "export const handler = () => process.exit(3);",
      { errorType: "Runtime.ExitError", errorMessage: "Runtime exited with error: exit status 3" },
    ],
    [
      "a way out of the machine",
      "import net from 'node:net'; export const handler = () => net.connect(443, '192.0.2.1');",
      { errorType: "NotLoopbackError" },
    ],
  ])("%s", async (_, code, error) => {
    start(code);
    const result = await invoke();
    expect(result.error).toBe("Unhandled");
    expect(result.answer).toMatchObject(error);
    expect(bench?.traffic.metrics.map(({ name, value }) => [name, name === "Duration" ? "ms" : value])).toEqual([
      ["Invocations", 1],
      ["Errors", 1],
      ["Duration", "ms"],
    ]);
  });

  test("a timeout ends the thread; the next invocation starts a new one", async () => {
    start("let n = 0; export const handler = (event) => event.hang ? new Promise(() => {}) : { n: ++n };", {
      timeout: 1,
    });
    expect((await invoke({ Payload: "{}" })).answer).toEqual({ n: 1 });
    const result = await invoke({ Payload: '{"hang":true}' });
    expect(result.error).toBe("Unhandled");
    expect(result.answer["errorType"]).toBe("Sandbox.Timedout");
    expect(result.answer["errorMessage"]).toMatch(/^RequestId: \S+ Error: Task timed out after 1\.00 seconds$/);
    expect((await invoke({ Payload: "{}" })).answer).toEqual({ n: 1 });
  });

  test("too much memory ends the function, not the runtime", async () => {
    start("export const handler = () => { const all = []; for (;;) all.push(new Array(1e5).fill({})); };", {
      memorySize: 128,
      timeout: 30,
    });
    expect((await invoke()).answer).toEqual({
      errorType: "Runtime.ExitError",
      errorMessage: "Runtime exited with error: signal: killed",
    });
  });

  test("an answer beyond the limit is an error", async () => {
    start("export const handler = () => 'x'.repeat(7_000_000);");
    expect((await invoke()).answer).toEqual({
      errorType: "Function.ResponseSizeTooLarge",
      errorMessage: "Response payload size (7000002 bytes) exceeded maximum allowed payload size (6291556 bytes).",
    });
  });

  test("chaos kills the invocation under way and none after it", async () => {
    let kills = 1;
    start("export const handler = () => ({ done: true });", {}, { kills: () => kills-- > 0 });
    expect((await invoke()).answer).toMatchObject({
      errorType: "Runtime.ExitError",
      errorMessage: expect.stringContaining("Runtime exited with error: signal: killed"),
    });
    expect((await invoke()).answer).toEqual({ done: true });
  });

  test("more invocations than threads wait; beyond reserved concurrency they are throttled", async () => {
    const slow = "export const handler = () => new Promise((done) => setTimeout(() => done({}), 50));";
    start(slow);
    expect(await Promise.all([1, 2, 3, 4].map(async () => (await invoke()).answer))).toEqual([{}, {}, {}, {}]);
    await bench?.service.stop?.();
    start(slow, { reservedConcurrentExecutions: 1 });
    const [first, second] = await Promise.allSettled([invoke(), invoke()]);
    expect(first?.status).toBe("fulfilled");
    expect(second).toMatchObject({ reason: { code: "TooManyRequestsException", status: 429 } });
  });
});

describe("logs", () => {
  const METRIC = {
    _aws: {
      Timestamp: 0,
      CloudWatchMetrics: [{ Namespace: "Demo", Dimensions: [["Stage"]], Metrics: [{ Name: "Refused" }] }],
    },
    Stage: "raw",
    Refused: [3, 4],
  };

  test("console output goes to the function's log, embedded metrics to the metrics", async () => {
    start(`export const handler = () => {
      console.warn("odd %d", 7); console.log(JSON.stringify(${JSON.stringify(METRIC)})); process.stdout.write("plain\\n"); return {}; };`);
    await invoke();
    const lines = readFileSync(join(bench?.home ?? "", "logs", "fn.log"), "utf8")
      .trimEnd()
      .split("\n");
    expect(lines[0]).toMatch(/^2011-01-01T00:00:00\.000Z\t[0-9a-f-]{36}\tWARN\todd 7$/);
    expect(lines[2]).toBe("plain");
    expect(bench?.traffic.metrics.slice(0, 2)).toEqual([
      { name: "Refused", dimensions: { Stage: "raw" }, value: 3 },
      { name: "Refused", dimensions: { Stage: "raw" }, value: 4 },
    ]);
  });

  test("a role without the grants loses its log, not its invocation", async () => {
    const code = "export const handler = () => { console.log('x'); return { ok: true }; };";
    bench = benchOf(lambda, [fn(code), roleOf("worker", []), caller, logGroup]);
    expect((await invoke()).answer).toEqual({ ok: true });
    expect(bench.traffic.logged).toHaveLength(1);
    expect(bench.traffic.logged[0]?.fields?.["reason"]).toContain("logs:CreateLogStream");
    expect(() => readFileSync(join(bench?.home ?? "", "logs", "fn.log"))).toThrow("ENOENT");
  });

  test("both grants count as used", async () => {
    const { iam } = start("export const handler = () => 1;");
    await invoke();
    expect(iam.unusedGrants().map((grant) => grant.action)).toEqual(["lambda:GetFunction"]);
  });
});

describe("what is refused", () => {
  const input = { FunctionName: "fn" };
  test.each<[Shape, string]>([
    [{ FunctionName: "gone" }, `Function not found: ${functionArn("gone")}`],
    [{ ...input, Qualifier: "7" }, "lambda function version 7"],
    [{ ...input, InvocationType: "DryRun" }, "lambda:Invoke InvocationType DryRun"],
    [{ ...input, LogType: "Tail" }, "lambda:Invoke LogType"],
    [{ ...input, Payload: "x".repeat(6 * 1024 * 1024 + 1) }, "Request must be smaller than 6291456 bytes"],
    [
      { ...input, InvocationType: "Event", Payload: "x".repeat(1024 * 1024 + 1) },
      "Request must be smaller than 1048576 bytes",
    ],
    [{ ...input, InvocationType: "Event", Payload: "{" }, "Could not parse request body into json"],
  ])("%#", async (given, message) => {
    start("export const handler = () => 1;");
    await expect(bench?.run("Invoke", given, "caller")).rejects.toThrow(message);
  });

  test("a caller without the grant, and a role that does not trust Lambda", async () => {
    start("export const handler = () => 1;");
    await expect(bench?.run("Invoke", input, "worker")).rejects.toMatchObject({ code: "AccessDeniedException" });
    bench = benchOf(lambda, [
      fn("export const handler = () => 1;"),
      roleOf("worker", [LOGS], ["firehose.amazonaws.com"]),
      caller,
    ]);
    await expect(bench.run("Invoke", input, "caller")).rejects.toThrow(
      "The role defined for the function cannot be assumed by Lambda.",
    );
  });

  test("an input of the function that the runtime cannot honour", () => {
    expect(() => start("", { layers: ["arn:x"] })).toThrow("aws:lambda/function:Function layers (function fn)");
    expect(() => start("", { runtime: "python3.13" })).toThrow("lambda runtime python3.13");
  });
});
