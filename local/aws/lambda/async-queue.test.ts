import { afterEach, describe, expect, test } from "vitest";
import type { GraphResource } from "../../graph/resource.ts";
import { type Bench, benchOf } from "../../iam/context-fixture.ts";
import { ACCOUNT, REGION, resourceOf, roleOf } from "../../iam/graph-fixture.ts";
import type { Shape } from "../service.ts";
import { benchWith, caller, fn, functionArn, LOGS, logGroup } from "./fixture.ts";
import { lambda } from "./index.ts";

const TOPIC = `arn:aws:sns:${REGION}:${ACCOUNT}:failed`;

let bench: Bench | undefined;
afterEach(async () => {
  await bench?.service.stop?.();
});

describe("asynchronous invocation (002-11)", () => {
  const sns = { Effect: "Allow", Action: "sns:Publish", Resource: TOPIC };
  const failing = "export const handler = (event) => { throw new Error('no ' + event.id); };";
  const config = (inputs: Shape): GraphResource =>
    resourceOf("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig", "config", {
      functionName: "fn",
      ...inputs,
    });
  const settled = async (done: () => boolean): Promise<void> => {
    for (let turn = 0; turn < 200 && !done(); turn++) await new Promise((resolve) => setTimeout(resolve, 10));
  };
  const invocations = (): number => bench?.traffic.metrics.filter(({ name }) => name === "Invocations").length ?? 0;

  test("three attempts, one and two minutes apart, then the destination", async () => {
    const destination = config({ destinationConfig: { onFailure: { destination: TOPIC } } });
    bench = benchOf(lambda, [fn(failing), roleOf("worker", [LOGS, sns]), caller, logGroup, destination]);
    const accepted = await bench.run(
      "Invoke",
      { FunctionName: "fn", InvocationType: "Event", Payload: '{"id":7}' },
      "caller",
    );
    expect(accepted["StatusCode"]).toBe(202);
    await settled(() => invocations() === 1);
    await bench.clock.advance(59_000);
    expect(invocations()).toBe(1);
    await bench.clock.advance(1_000);
    expect(invocations()).toBe(2);
    await bench.clock.advance(119_000);
    expect(invocations()).toBe(2);
    await bench.clock.advance(1_000);
    expect(invocations()).toBe(3);
    const [sent] = bench.traffic.dispatched;
    expect(sent).toMatchObject({
      service: "sns",
      operation: "Publish",
      by: `arn:aws:sts::${ACCOUNT}:assumed-role/worker/fn`,
    });
    expect(JSON.parse(String(sent?.input["Message"]))).toMatchObject({
      timestamp: "2011-01-01T00:03:00.000Z",
      requestContext: {
        functionArn: `${functionArn("fn")}:$LATEST`,
        condition: "RetriesExhausted",
        approximateInvokeCount: 3,
      },
      requestPayload: { id: 7 },
      responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
      responsePayload: { errorType: "Error", errorMessage: "no 7" },
    });
  });

  test("without retries the dead-letter topic gets the event itself", async () => {
    const inputs = { deadLetterConfig: { targetArn: TOPIC } };
    bench = benchOf(lambda, [
      fn(failing, inputs),
      roleOf("worker", [LOGS, sns]),
      caller,
      logGroup,
      config({ maximumRetryAttempts: 0 }),
    ]);
    await bench.run("Invoke", { FunctionName: "fn", InvocationType: "Event", Payload: '{"id":7}' }, "caller");
    await settled(() => bench?.traffic.dispatched.length === 1);
    expect(bench.traffic.dispatched[0]?.input).toMatchObject({
      TopicArn: TOPIC,
      Message: '{"id":7}',
      MessageAttributes: { ErrorMessage: { DataType: "String", StringValue: "no 7" } },
    });
  });

  test("an event that waits for its retry survives a restart", async () => {
    bench = benchWith(failing);
    await bench?.run("Invoke", { FunctionName: "fn", InvocationType: "Event", Payload: '{"id":7}' }, "caller");
    await settled(() => invocations() === 1);
    await bench?.service.stop?.();
    const home = bench?.home ?? "";
    bench = benchWith("export const handler = () => 1;", {}, { home });
    await bench?.service.start?.();
    await bench?.clock.advance(60_000);
    expect(invocations()).toBe(1);
  });
});
