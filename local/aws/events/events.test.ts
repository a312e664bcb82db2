import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createVirtualClock } from "../../clock/virtual-clock.ts";
import type { GraphResource } from "../../graph/resource.ts";
import { AwsError, type Call, type ServiceContext, type Shape } from "../service.ts";
import { events } from "./index.ts";

const start = Date.parse("2011-03-01T00:00:00Z");
const streamArn = "arn:aws:kinesis:eu-west-1:123456789012:stream/s";
const rolePrincipal = { roleArn: "arn:aws:iam::123456789012:role/r", sessionArn: "session" };

function resource(type: string, inputs: Shape, outputs: Shape): GraphResource {
  return {
    urn: `urn:${type}`,
    type: `aws:cloudwatch/${type}`,
    name: "n",
    custom: true,
    id: "id",
    inputs,
    outputs,
    dependencies: [],
    propertyDependencies: {},
  };
}

const bus = resource(
  "eventBus:EventBus",
  {},
  { name: "domain", arn: "arn:aws:events:eu-west-1:123456789012:event-bus/domain" },
);
const rule = resource(
  "eventRule:EventRule",
  { eventBusName: "domain", eventPattern: '{"detail-type":["Placed"]}' },
  { name: "r", arn: "arn:rule/r" },
);
const lake = {
  rule: "r",
  eventBusName: "domain",
  arn: streamArn,
  roleArn: "arn:role",
  inputPath: "$.detail",
  kinesisTarget: { partitionKeyPath: "$.detail.subject" },
};
const target = (inputs: Shape) => resource("eventTarget:EventTarget", inputs, { targetId: "t" });

/** The service with these resources; `fails` times a dispatch throws `error` before it succeeds. */
function bench(
  resources: readonly GraphResource[],
  fails = 0,
  error = new AwsError("ThrottlingException", "slow"),
  home = mkdtempSync(join(tmpdir(), "events-")),
) {
  const clock = createVirtualClock(start);
  const sent: { readonly service: string; readonly operation: string; readonly input: Shape; readonly at: number }[] =
    [];
  const metrics: string[] = [];
  let left = fails;
  const call = (roleArn: string): Call => ({
    principal: { ...rolePrincipal, roleArn },
    requestId: "q",
    authorize: () => undefined,
  });
  const service = events({
    graph: { project: "p", stack: "s", region: "eu-west-1", account: "123456789012", outputs: {}, resources },
    clock,
    home,
    region: "eu-west-1",
    account: "123456789012",
    dispatch: async (name, operation, input) => {
      sent.push({ service: name, operation, input, at: clock.now() - start });
      if (left-- > 0) throw error;
      return {};
    },
    assume: (roleArn) => call(roleArn),
    servicePrincipal: () => call(""),
    ports: new Proxy(Object.create(null), {}) satisfies ServiceContext["ports"],
    metric: (_namespace, name) => metrics.push(name),
    log: () => undefined,
    endpoint: () => "http://127.0.0.1:1",
    environmentFor: () => ({}),
  });
  const ask = async (operation: string, input: Shape, as = rolePrincipal.roleArn) => {
    const run = service.operations[operation];
    if (run === undefined) throw new Error(`no operation ${operation}`);
    return run(input, call(as));
  };
  const put = (entry: Shape) =>
    ask("PutEvents", {
      Entries: [
        { EventBusName: "domain", Source: "shop", DetailType: "Placed", Detail: '{"subject":"c1","n":1}', ...entry },
      ],
    });
  return { service, clock, sent, metrics, home, ask, put };
}

test("a matching event goes to the stream: the detail alone, keyed by a path of the whole event", async () => {
  const run = bench([bus, rule, target(lake)]);
  expect(await run.put({})).toMatchObject({ FailedEntryCount: 0 });
  await run.put({ DetailType: "Other" });
  await run.clock.settled();
  expect(run.sent).toEqual([
    {
      service: "kinesis",
      operation: "PutRecord",
      input: { StreamARN: streamArn, Data: Buffer.from('{"subject":"c1","n":1}'), PartitionKey: "c1" },
      at: 0,
    },
  ]);
  expect(run.metrics).toEqual(["TriggeredRules", "Invocations"]);
});

test("the envelope is the service's own", async () => {
  const run = bench([
    bus,
    rule,
    target({ rule: "r", eventBusName: "domain", arn: "arn:aws:lambda:eu-west-1:123456789012:function:f" }),
  ]);
  const { Entries } = await run.put({ Time: new Date("2011-02-28T23:59:59.900Z"), Resources: ["arn:x"] });
  await run.clock.settled();
  const id = Array.isArray(Entries) ? Entries[0].EventId : undefined;
  expect(JSON.parse(String(run.sent[0]?.input["Payload"]))).toEqual({
    version: "0",
    id,
    "detail-type": "Placed",
    source: "shop",
    account: "123456789012",
    time: "2011-02-28T23:59:59Z",
    region: "eu-west-1",
    resources: ["arn:x"],
    detail: { subject: "c1", n: 1 },
  });
  expect(run.sent[0]?.input["InvocationType"]).toBe("Event");
});

test("bad entries are refused one by one, the others go through", async () => {
  const run = bench([bus, rule, target(lake)]);
  const good = { EventBusName: "domain", Source: "shop", DetailType: "Placed", Detail: "{}" };
  const answer = await run.ask("PutEvents", {
    Entries: [
      good,
      { ...good, Source: undefined },
      { ...good, Detail: '"text"' },
      { ...good, Source: "aws.s3" },
      { ...good, EventBusName: "nowhere" },
    ],
  });
  expect(answer).toEqual({
    FailedEntryCount: 4,
    Entries: [
      { EventId: expect.any(String) },
      {
        ErrorCode: "InvalidArgument",
        ErrorMessage: "Parameter Source is not valid. Reason: Source is a required argument.",
      },
      { ErrorCode: "MalformedDetail", ErrorMessage: "Detail is malformed." },
      { ErrorCode: "NotAuthorizedForSourceException", ErrorMessage: "Not authorized for the source." },
      { ErrorCode: "ResourceNotFoundException", ErrorMessage: "Event bus nowhere does not exist." },
    ],
  });
  await run.clock.settled();
  expect(run.sent).toHaveLength(1);
});

test("a failing target is tried again on the clock, doubling the wait", async () => {
  const run = bench([bus, rule, target(lake)], 3);
  await run.put({});
  await run.clock.advanceTo(start + 60_000);
  expect(run.sent.map(({ at }) => at)).toEqual([0, 1000, 3000, 7000]);
});

test("what no retry mends, or has been tried enough, goes to the dead letters", async () => {
  const deadLetterConfig = { arn: "arn:aws:sqs:eu-west-1:123456789012:dead" };
  const denied = bench(
    [bus, rule, target({ ...lake, deadLetterConfig })],
    1,
    new AwsError("AccessDeniedException", "no"),
  );
  await denied.put({});
  await denied.clock.settled();
  expect(denied.sent.map(({ operation }) => operation)).toEqual(["PutRecord", "SendMessage"]);
  expect(denied.sent[1]?.input).toMatchObject({
    QueueUrl: "https://sqs.eu-west-1.amazonaws.com/123456789012/dead",
    MessageAttributes: { ERROR_CODE: { StringValue: "AccessDeniedException" } },
  });
  expect(denied.metrics).toEqual(["TriggeredRules", "FailedInvocations"]);

  const tried = bench([bus, rule, target({ ...lake, retryPolicy: { maximumRetryAttempts: 1 } })], 99);
  await tried.put({});
  await tried.clock.advanceTo(start + 3_600_000);
  expect(tried.sent).toHaveLength(2);
});

test("an accepted event survives the end of the process", async () => {
  const first = bench([bus, rule, target(lake)], 99);
  await first.put({});
  await first.clock.settled();
  const second = bench([bus, rule, target(lake)], 0, undefined, first.home);
  await second.service.start?.();
  await second.clock.settled();
  expect(second.sent.map(({ input }) => input["PartitionKey"])).toEqual(["c1"]);
  const third = bench([bus, rule, target(lake)], 0, undefined, first.home);
  await third.service.start?.();
  await third.clock.settled();
  expect(third.sent).toEqual([]);
});

test("events of AWS services reach the default bus, but not from anybody else", async () => {
  const ses = resource(
    "eventRule:EventRule",
    { eventPattern: '{"source":["aws.ses"]}' },
    { name: "ses", arn: "arn:rule/ses" },
  );
  const run = bench([ses, target({ rule: "ses", arn: "arn:aws:sns:eu-west-1:123456789012:t" })]);
  const input = { Entries: [{ Source: "aws.ses", DetailType: "Email Opened", Detail: "{}" }] };
  await expect(run.ask("PutServiceEvents", input)).rejects.toMatchObject({ code: "AccessDeniedException" });
  await run.ask("PutServiceEvents", input, "");
  await run.clock.settled();
  expect(run.sent.map(({ operation }) => operation)).toEqual(["Publish"]);
});

test("what is not implemented is refused by name when the graph is loaded", () => {
  expect(() =>
    bench([bus, rule, target({ ...lake, arn: "arn:aws:firehose:eu-west-1:123456789012:deliverystream/d" })]),
  ).toThrow("a target of service firehose");
  expect(() => bench([bus, rule, target({ ...lake, batchTarget: {} })])).toThrow("a target with batchTarget");
  expect(() =>
    bench([resource("eventRule:EventRule", { scheduleExpression: "rate(1 day)" }, { name: "r", arn: "a" })]),
  ).toThrow("schedule expression");
  expect(() =>
    bench([resource("eventRule:EventRule", { eventPattern: '{"a":[{"near":1}]}' }, { name: "r", arn: "a" })]),
  ).toThrow("Unrecognized match type near");
});

test("rules can be looked at and patterns tried", async () => {
  const run = bench([bus, rule, target(lake)]);
  expect(await run.ask("ListTargetsByRule", { Rule: "r", EventBusName: "domain" })).toEqual({
    Targets: [{ Id: "t", Arn: streamArn, RoleArn: "arn:role" }],
  });
  expect(await run.ask("TestEventPattern", { EventPattern: '{"a":["x"]}', Event: '{"a":"x"}' })).toEqual({
    Result: true,
  });
  await expect(run.ask("DescribeRule", { Name: "none" })).rejects.toThrow(
    "Rule none does not exist on EventBus default.",
  );
});
