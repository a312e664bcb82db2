import type { ServiceContext, Shape } from "../service.ts";
import type { ConfigurationSet } from "./estate.ts";
import type { OutgoingMessage } from "./outbox.ts";

/** SES's event types, by the names of `MatchingEventTypes`. */
export type FeedbackType = "SEND" | "DELIVERY" | "BOUNCE" | "COMPLAINT" | "RENDERING_FAILURE";

/** `detail-type` on the bus, `eventType` and the detail's own member (https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-ses.html). */
const NAMES: Readonly<Record<FeedbackType, { detailType: string; eventType: string; member: string }>> = {
  SEND: { detailType: "Email Sent", eventType: "Send", member: "send" },
  DELIVERY: { detailType: "Email Delivered", eventType: "Delivery", member: "delivery" },
  BOUNCE: { detailType: "Email Bounced", eventType: "Bounce", member: "bounce" },
  COMPLAINT: { detailType: "Email Complaint Received", eventType: "Complaint", member: "complaint" },
  RENDERING_FAILURE: { detailType: "Email Rendering Failed", eventType: "Rendering Failure", member: "failure" },
};

/** Tells the default bus what became of messages, in order, behind the sender's back. */
export interface Feedback {
  report(
    set: ConfigurationSet | undefined,
    message: OutgoingMessage,
    identityArn: string,
    type: FeedbackType,
    facts: Shape,
  ): void;
  /** Resolves when everything reported so far is on the bus. */
  settled(): Promise<void>;
}

export function createFeedback(context: ServiceContext): Feedback {
  let last: Promise<void> = Promise.resolve();
  const put = async (set: ConfigurationSet, entry: Shape): Promise<void> => {
    try {
      const call = context.servicePrincipal("ses.amazonaws.com", set.arn);
      await context.dispatch("events", "PutServiceEvents", { Entries: [entry] }, call);
    } catch (error) {
      context.log("an e-mail event did not reach the bus", { configurationSet: set.name, reason: String(error) });
    }
  };
  return {
    report: (set, message, identityArn, type, facts) => {
      if (set === undefined || !set.destinations.some(({ types }) => types.includes(type))) return;
      const { detailType, eventType, member } = NAMES[type];
      const detail = { eventType, mail: mailOf(context, message, identityArn), [member]: facts };
      const entry = {
        Source: "aws.ses",
        DetailType: detailType,
        Resources: [set.arn],
        Detail: JSON.stringify(detail),
        Time: new Date(context.clock.now()),
      };
      const before = last;
      last = context.clock.work(async () => {
        await before;
        await put(set, entry);
      });
    },
    settled: () => last,
  };
}

function mailOf(context: ServiceContext, message: OutgoingMessage, identityArn: string): Shape {
  const tags = Object.entries(message.tags).map(([name, value]) => [name, [value]]);
  return {
    timestamp: new Date(message.sentAt).toISOString(),
    source: message.from,
    sourceArn: identityArn,
    sendingAccountId: context.account,
    messageId: message.messageId,
    destination: [...message.to, ...message.cc, ...message.bcc],
    headersTruncated: false,
    headers: [
      { name: "From", value: message.from },
      { name: "To", value: message.to.join(", ") },
      { name: "Subject", value: message.content.subject },
    ],
    commonHeaders: {
      from: [message.from],
      to: message.to,
      messageId: message.messageId,
      subject: message.content.subject,
    },
    tags: {
      "ses:source-ip": ["127.0.0.1"],
      "ses:from-domain": [message.from.replace(/^.*@|>$/g, "")],
      ...(message.configurationSet === undefined ? {} : { "ses:configuration-set": [message.configurationSet] }),
      ...Object.fromEntries(tags),
    },
  };
}
