import { GetTopicAttributesCommand, PublishBatchCommand, PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ACCOUNT, REGION, resourceOf, roleOf } from "../../iam/graph-fixture.ts";
import { type Served, serve } from "../../iam/sdk-fixture.ts";
import { readMessages, sns } from "./index.ts";

const TOPIC = `arn:aws:sns:${REGION}:${ACCOUNT}:segments`;
let served: Served;
let client: SNSClient;

beforeAll(async () => {
  served = await serve(sns, [
    resourceOf("aws:sns/topic:Topic", "segments", {}, { arn: TOPIC }),
    roleOf("publisher", [{ Effect: "Allow", Action: ["sns:Publish", "sns:GetTopicAttributes"], Resource: TOPIC }]),
    roleOf("stranger", []),
  ]);
  client = new SNSClient(served.as("publisher"));
});
afterAll(() => served.close());

test("Publish, PublishBatch and GetTopicAttributes", async () => {
  const MessageAttributes = { kind: { DataType: "String", StringValue: "entered" } };
  const { MessageId } = await client.send(
    new PublishCommand({ TopicArn: TOPIC, Message: "ü & <b>", MessageAttributes }),
  );
  const entries = [
    { Id: "a", Message: "one" },
    { Id: "b", Message: "two", Subject: "" },
  ];
  const batch = await client.send(new PublishBatchCommand({ TopicArn: TOPIC, PublishBatchRequestEntries: entries }));
  expect(batch.Successful?.map(({ Id }) => Id)).toEqual(["a"]);
  expect(batch.Failed).toEqual([
    { Id: "b", Code: "InvalidParameter", Message: "Invalid parameter: Subject", SenderFault: true },
  ]);
  const messages = readMessages(served.home, TOPIC);
  expect(messages.map(({ message }) => message)).toEqual(["ü & <b>", "one"]);
  expect(messages[0]).toMatchObject({
    messageId: MessageId,
    attributes: { kind: { Type: "String", Value: "entered" } },
  });
  const { Attributes } = await client.send(new GetTopicAttributesCommand({ TopicArn: TOPIC }));
  expect(Attributes).toMatchObject({ TopicArn: TOPIC, Owner: ACCOUNT, SubscriptionsConfirmed: "0" });
});

test("errors carry the modelled names", async () => {
  const message = new PublishCommand({ TopicArn: TOPIC, Message: "x" });
  await expect(new SNSClient(served.as("stranger")).send(message)).rejects.toMatchObject({
    name: "AuthorizationErrorException",
  });
  const elsewhere = new PublishCommand({ TopicArn: `${TOPIC}2`, Message: "x" });
  await expect(client.send(elsewhere)).rejects.toMatchObject({ name: "NotFoundException" });
});
