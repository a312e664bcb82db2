import { randomUUID } from "node:crypto";
import type { GraphResource } from "../../graph/resource.ts";
import { authorizeKey, resolveKeyArn } from "../../iam/keys.ts";
import { objectIn, onlyMembers, optionalText } from "../members.ts";
import {
  AwsError,
  type Call,
  NotImplementedLocally,
  type Operation,
  type Service,
  type ServiceContext,
  type ServiceFactory,
  type Shape,
} from "../service.ts";
import { keepEmail, keepMessage, type MessageAttribute, type PublishedMessage } from "./store.ts";

export { type PublishedMessage, readMessages } from "./store.ts";

const TOPIC = "aws:sns/topic:Topic";
const SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";
/** https://docs.aws.amazon.com/general/latest/gr/sns.html */
const MAX_MESSAGE_BYTES = 262_144;
const MAX_BATCH = 10;

interface Topic {
  readonly arn: string;
  readonly name: string;
  readonly displayName: string;
  readonly keyArn: string | undefined;
  readonly keyReference: string | undefined;
  readonly subscriptions: readonly Subscription[];
}

interface Subscription {
  readonly arn: string;
  readonly protocol: "lambda" | "sqs" | "email" | "email-json";
  readonly endpoint: string;
  readonly raw: boolean;
}

/** Amazon SNS: standard topics; subscribers are functions, queues and a file that stands for mailboxes. */
export const sns: ServiceFactory = (context): Service => {
  const topics = readTopics(context);

  const topicOf = (input: Shape): Topic => {
    const arn = optionalText(input, "TopicArn") ?? optionalText(input, "TargetArn") ?? "";
    const topic = topics.get(arn);
    if (topic === undefined) throw new AwsError("NotFound", "Topic does not exist", 404);
    return topic;
  };

  const publish: Operation = (input, call) => {
    onlyMembers("sns:Publish", input, ["TopicArn", "TargetArn", "Message", "Subject", "MessageAttributes"]);
    const topic = topicOf(input);
    authorizePublish(topic, call);
    return { MessageId: accept(context, topic, input) };
  };

  const publishBatch: Operation = (input, call) => {
    onlyMembers("sns:PublishBatch", input, ["TopicArn", "PublishBatchRequestEntries"]);
    const topic = topicOf(input);
    authorizePublish(topic, call);
    const given = input["PublishBatchRequestEntries"];
    const entries = Array.isArray(given) ? given.map((it) => objectIn(it) ?? {}) : [];
    const ids = entries.map((entry) => String(entry["Id"]));
    if (entries.length === 0) throw new AwsError("EmptyBatchRequest", "The batch request doesn't contain any entries.");
    if (entries.length > MAX_BATCH) {
      throw new AwsError(
        "TooManyEntriesInBatchRequest",
        `The batch request contains more entries than permissible: ${entries.length}.`,
      );
    }
    if (new Set(ids).size < ids.length) {
      throw new AwsError("BatchEntryIdsNotDistinct", "Two or more batch entries in the request have the same Id.");
    }
    const Successful: Shape[] = [];
    const Failed: Shape[] = [];
    for (const [index, entry] of entries.entries()) {
      onlyMembers("sns:PublishBatch entry", entry, ["Id", "Message", "Subject", "MessageAttributes"]);
      try {
        Successful.push({ Id: ids[index], MessageId: accept(context, topic, entry) });
      } catch (error) {
        if (!(error instanceof AwsError) || error instanceof NotImplementedLocally) throw error;
        Failed.push({ Id: ids[index], Code: error.code, Message: error.message, SenderFault: true });
      }
    }
    return { Successful, Failed };
  };

  const listTopics: Operation = (input, call) => {
    onlyMembers("sns:ListTopics", input, []);
    call.authorize("sns:ListTopics", "*");
    return { Topics: [...topics.keys()].map((TopicArn) => ({ TopicArn })) };
  };

  const getTopicAttributes: Operation = (input, call) => {
    onlyMembers("sns:GetTopicAttributes", input, ["TopicArn"]);
    const topic = topicOf(input);
    call.authorize("sns:GetTopicAttributes", topic.arn);
    const attributes = new Map<string, string>([
      ["TopicArn", topic.arn],
      ["Owner", context.account],
      ["DisplayName", topic.displayName],
      ["SubscriptionsConfirmed", String(topic.subscriptions.length)],
      ["SubscriptionsPending", "0"],
      ["SubscriptionsDeleted", "0"],
    ]);
    if (topic.keyReference !== undefined) attributes.set("KmsMasterKeyId", topic.keyReference);
    return { Attributes: attributes };
  };

  return {
    name: "sns",
    binding: { protocol: "query", xmlns: "http://sns.amazonaws.com/doc/2010-03-31/" },
    operations: {
      Publish: publish,
      PublishBatch: publishBatch,
      ListTopics: listTopics,
      GetTopicAttributes: getTopicAttributes,
    },
    runs: [TOPIC, SUBSCRIPTION],
  };
};

function readTopics(context: ServiceContext): ReadonlyMap<string, Topic> {
  const { graph } = context;
  const topics = graph.resources
    .filter((it) => it.type === TOPIC)
    .map((it): Topic => {
      if (it.inputs["fifoTopic"] === true) throw new NotImplementedLocally(`${TOPIC} fifoTopic (${it.name})`);
      const arn = String(it.outputs["arn"]);
      const key = it.inputs["kmsMasterKeyId"];
      return {
        arn,
        name: arn.slice(arn.lastIndexOf(":") + 1),
        displayName: String(it.inputs["displayName"] ?? ""),
        keyReference: typeof key === "string" ? key : undefined,
        keyArn: typeof key === "string" ? resolveKeyArn(graph, key) : undefined,
        subscriptions: graph.resources
          .filter((other) => other.type === SUBSCRIPTION && other.inputs["topic"] === arn)
          .map(readSubscription),
      };
    });
  return new Map(topics.map((topic) => [topic.arn, topic]));
}

function readSubscription(it: GraphResource): Subscription {
  const known = ["topic", "protocol", "endpoint", "rawMessageDelivery", "region", "confirmationTimeoutInMinutes"];
  for (const [key, value] of Object.entries(it.inputs)) {
    if (value !== undefined && !key.startsWith("__") && !known.includes(key)) {
      throw new NotImplementedLocally(`${SUBSCRIPTION} ${key} (${it.name})`);
    }
  }
  const { protocol } = it.inputs;
  if (protocol !== "lambda" && protocol !== "sqs" && protocol !== "email" && protocol !== "email-json") {
    throw new NotImplementedLocally(`${SUBSCRIPTION} protocol ${protocol} (${it.name})`);
  }
  return {
    arn: String(it.outputs["arn"]),
    protocol,
    endpoint: String(it.inputs["endpoint"]),
    raw: it.inputs["rawMessageDelivery"] === true,
  };
}

/** Publishing to an encrypted topic needs the key as well, under the publisher's own name. */
function authorizePublish(topic: Topic, call: Call): void {
  call.authorize("sns:Publish", topic.arn);
  if (topic.keyArn === undefined) return;
  const context = { "aws:sns:topicArn": topic.arn };
  authorizeKey(call, topic.keyArn, "kms:GenerateDataKey", "sns", context);
  authorizeKey(call, topic.keyArn, "kms:Decrypt", "sns", context);
}

/** Checks, keeps and delivers one message; @returns its id. */
function accept(context: ServiceContext, topic: Topic, input: Shape): string {
  const message = optionalText(input, "Message") ?? "";
  if (message === "") throw new AwsError("InvalidParameter", "Invalid parameter: Empty message");
  const subject = optionalText(input, "Subject");
  if (subject !== undefined && !/^[\x21-\x7e][\x20-\x7e]{0,99}$/.test(subject)) {
    throw new AwsError("InvalidParameter", "Invalid parameter: Subject");
  }
  const attributes = attributesOf(input["MessageAttributes"]);
  const size = Buffer.byteLength(message) + Buffer.byteLength(JSON.stringify(attributes)) - "{}".length;
  if (size > MAX_MESSAGE_BYTES) throw new AwsError("InvalidParameter", "Invalid parameter: Message too long");
  const published: PublishedMessage = {
    messageId: randomUUID(),
    topicArn: topic.arn,
    publishedAt: new Date(context.clock.now()).toISOString(),
    ...(subject === undefined ? {} : { subject }),
    message,
    attributes,
  };
  keepMessage(context.home, published);
  context.metric("AWS/SNS", "NumberOfMessagesPublished", { TopicName: topic.name }, 1);
  for (const subscription of topic.subscriptions) {
    void context.clock.work(() => deliver(context, topic, subscription, published));
  }
  return published.messageId;
}

function attributesOf(value: unknown): Readonly<Record<string, MessageAttribute>> {
  return Object.fromEntries(
    Object.entries(objectIn(value) ?? {}).map(([name, entry]) => {
      const { DataType, StringValue } = objectIn(entry) ?? {};
      if (typeof DataType !== "string" || typeof StringValue !== "string") {
        throw new NotImplementedLocally(`sns MessageAttributes that are not text (${name})`);
      }
      return [name, { Type: DataType, Value: StringValue }];
    }),
  );
}

async function deliver(
  context: ServiceContext,
  topic: Topic,
  to: Subscription,
  message: PublishedMessage,
): Promise<void> {
  try {
    const call = context.servicePrincipal("sns.amazonaws.com", topic.arn);
    if (to.protocol === "lambda") {
      const event = {
        Records: [
          { EventSource: "aws:sns", EventVersion: "1.0", EventSubscriptionArn: to.arn, Sns: notification(message) },
        ],
      };
      const input = { FunctionName: to.endpoint, InvocationType: "Event", Payload: JSON.stringify(event) };
      await context.dispatch("lambda", "Invoke", input, call);
    } else if (to.protocol === "sqs") {
      const queue = context.graph.resources.find(
        (it) => it.type === "aws:sqs/queue:Queue" && it.outputs["arn"] === to.endpoint,
      );
      const body = to.raw ? message.message : JSON.stringify(notification(message));
      await context.dispatch("sqs", "SendMessage", { QueueUrl: queue?.outputs["url"], MessageBody: body }, call);
    } else keepEmail(context.home, { to: to.endpoint, message });
  } catch (error) {
    context.log("a message did not reach a subscriber", {
      topic: topic.name,
      protocol: to.protocol,
      reason: String(error),
    });
    context.metric("AWS/SNS", "NumberOfNotificationsFailed", { TopicName: topic.name }, 1);
  }
}

/** What subscribers get; there is no signature, since nobody could check it. */
function notification(message: PublishedMessage): Shape {
  return {
    Type: "Notification",
    MessageId: message.messageId,
    TopicArn: message.topicArn,
    Subject: message.subject ?? null,
    Message: message.message,
    Timestamp: message.publishedAt,
    MessageAttributes: message.attributes,
  };
}
