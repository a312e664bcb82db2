import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { GraphResource } from "../../graph/resource.ts";
import { type Bench, benchOf } from "../../iam/context-fixture.ts";
import { ACCOUNT, REGION, resourceOf, roleOf } from "../../iam/graph-fixture.ts";
import { readMessages, sns } from "./index.ts";

const TOPIC = `arn:aws:sns:${REGION}:${ACCOUNT}:segments`;
const KEY = `arn:aws:kms:${REGION}:${ACCOUNT}:key/k1`;
const FUNCTION = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:fn`;
const topic = (inputs = {}) =>
  resourceOf("aws:sns/topic:Topic", "segments", { displayName: "Segments", ...inputs }, { arn: TOPIC });
const key = resourceOf("aws:kms/key:Key", "key", {}, { arn: KEY, keyId: "k1", id: "k1" });
const actions = ["sns:Publish", "sns:GetTopicAttributes"];
const publisher = roleOf("publisher", [{ Effect: "Allow", Action: actions, Resource: TOPIC }]);
const keyed = roleOf("keyed", [
  { Effect: "Allow", Action: actions, Resource: TOPIC },
  {
    Effect: "Allow",
    Action: ["kms:GenerateDataKey", "kms:Decrypt"],
    Resource: KEY,
    Condition: { StringEquals: { "kms:ViaService": `sns.${REGION}.amazonaws.com` } },
  },
]);
const subscription = (protocol: string, endpoint: string, more = {}) =>
  resourceOf(
    "aws:sns/topicSubscription:TopicSubscription",
    protocol,
    { topic: TOPIC, protocol, endpoint, ...more },
    { arn: `${TOPIC}:1` },
  );
const bench = (...resources: GraphResource[]): Bench => benchOf(sns, [publisher, keyed, key, ...resources]);

describe("SNS", () => {
  test("a published message is kept with its time, subject and attributes", async () => {
    const { run, home, traffic } = bench(topic());
    const attributes = { kind: { DataType: "String", StringValue: "entered" } };
    const { MessageId } = await run(
      "Publish",
      { TopicArn: TOPIC, Message: "hello", Subject: "Hi", MessageAttributes: attributes },
      "publisher",
    );
    expect(readMessages(home, TOPIC)).toEqual([
      {
        messageId: MessageId,
        topicArn: TOPIC,
        publishedAt: "2011-01-01T00:00:00.000Z",
        subject: "Hi",
        message: "hello",
        attributes: { kind: { Type: "String", Value: "entered" } },
      },
    ]);
    expect(traffic.metrics).toEqual([
      { name: "NumberOfMessagesPublished", dimensions: { TopicName: "segments" }, value: 1 },
    ]);
  });

  test("an encrypted topic needs the key too", async () => {
    const { run, iam } = bench(topic({ kmsMasterKeyId: "k1" }));
    const message = { TopicArn: TOPIC, Message: "hello" };
    await expect(run("Publish", message, "publisher")).rejects.toThrow("kms:GenerateDataKey");
    await run("Publish", message, "keyed");
    expect(
      iam
        .unusedGrants()
        .filter(({ role }) => role === "keyed")
        .map(({ action }) => action),
    ).toEqual(["sns:GetTopicAttributes"]);
  });

  test("a batch tells entry by entry what went well", async () => {
    const { run, home } = bench(topic());
    const entries = [
      { Id: "a", Message: "one" },
      { Id: "b", Message: "" },
    ];
    const { Successful, Failed } = await run(
      "PublishBatch",
      { TopicArn: TOPIC, PublishBatchRequestEntries: entries },
      "publisher",
    );
    expect(Successful).toEqual([{ Id: "a", MessageId: readMessages(home, TOPIC)[0]?.messageId }]);
    expect(Failed).toEqual([
      { Id: "b", Code: "InvalidParameter", Message: "Invalid parameter: Empty message", SenderFault: true },
    ]);
    const twice = [
      { Id: "a", Message: "1" },
      { Id: "a", Message: "2" },
    ];
    await expect(
      run("PublishBatch", { TopicArn: TOPIC, PublishBatchRequestEntries: twice }, "publisher"),
    ).rejects.toMatchObject({ code: "BatchEntryIdsNotDistinct" });
  });

  test("subscribers: a function gets an event by the service itself, a mailbox a line in a file", async () => {
    const { run, traffic, home } = bench(
      topic(),
      subscription("lambda", FUNCTION),
      subscription("email", "ops@example.com"),
    );
    const { MessageId } = await run("Publish", { TopicArn: TOPIC, Message: "hello" }, "publisher");
    await new Promise((resolve) => setImmediate(resolve));
    expect(traffic.dispatched).toHaveLength(1);
    expect(traffic.dispatched[0]).toMatchObject({ service: "lambda", operation: "Invoke", by: "sns.amazonaws.com" });
    expect(traffic.dispatched[0]?.input).toMatchObject({ FunctionName: FUNCTION, InvocationType: "Event" });
    expect(JSON.parse(String(traffic.dispatched[0]?.input["Payload"]))).toEqual({
      Records: [
        {
          EventSource: "aws:sns",
          EventVersion: "1.0",
          EventSubscriptionArn: `${TOPIC}:1`,
          Sns: {
            Type: "Notification",
            MessageId,
            TopicArn: TOPIC,
            Subject: null,
            Message: "hello",
            Timestamp: "2011-01-01T00:00:00.000Z",
            MessageAttributes: {},
          },
        },
      ],
    });
    expect(readFileSync(join(home, "email.ndjson"), "utf8")).toContain('"to":"ops@example.com"');
  });

  test("GetTopicAttributes", async () => {
    const { Attributes } = await bench(topic({ kmsMasterKeyId: "k1" })).run(
      "GetTopicAttributes",
      { TopicArn: TOPIC },
      "publisher",
    );
    expect(Object.fromEntries(Attributes instanceof Map ? Attributes : [])).toEqual({
      TopicArn: TOPIC,
      Owner: ACCOUNT,
      DisplayName: "Segments",
      SubscriptionsConfirmed: "0",
      SubscriptionsPending: "0",
      SubscriptionsDeleted: "0",
      KmsMasterKeyId: "k1",
    });
  });

  test("what is wrong or not implemented is refused", async () => {
    const { run } = bench(topic());
    await expect(run("Publish", { TopicArn: `${TOPIC}2`, Message: "x" }, "publisher")).rejects.toMatchObject({
      code: "NotFound",
    });
    await expect(run("Publish", { TopicArn: TOPIC, Message: "x".repeat(262_145) }, "publisher")).rejects.toThrow(
      "Message too long",
    );
    await expect(
      run("Publish", { TopicArn: TOPIC, Message: "x", MessageStructure: "json" }, "publisher"),
    ).rejects.toThrow("sns:Publish with MessageStructure");
    await expect(run("ListTopics", {}, "publisher")).rejects.toMatchObject({ code: "AccessDeniedException" });
    expect(() => bench(topic({ fifoTopic: true }))).toThrow("aws:sns/topic:Topic fifoTopic (segments)");
    expect(() => bench(topic(), subscription("lambda", FUNCTION, { filterPolicy: "{}" }))).toThrow(
      "filterPolicy (lambda)",
    );
    expect(() => bench(topic(), subscription("firehose", "arn:x"))).toThrow("protocol firehose");
  });
});
