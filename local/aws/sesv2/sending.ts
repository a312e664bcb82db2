import { randomUUID } from "node:crypto";
import { objectIn, onlyMembers, optionalText } from "../members.ts";
import {
  AwsError,
  type Call,
  NotImplementedLocally,
  type Operation,
  type ServiceContext,
  type Shape,
} from "../service.ts";
import { type ConfigurationSet, contentOf, type EmailEstate, type Identity } from "./estate.ts";
import type { Feedback } from "./feedback.ts";
import { addressOf, headersOf, json, recipients, tagsOf, templateName, texts } from "./input.ts";
import type { Fate, Outbox, OutgoingMessage } from "./outbox.ts";
import type { SuppressionList } from "./suppression.ts";
import { type EmailContent, MissingVariable, renderTemplate } from "./template.ts";

/** What sending needs. */
export interface SendingDeps {
  readonly context: ServiceContext;
  readonly estate: EmailEstate;
  readonly outbox: Outbox;
  readonly suppressed: SuppressionList;
  readonly feedback: Feedback;
  /** Templates by name, made by the graph or by calls. */
  readonly template: (name: string) => { readonly arn: string; readonly content: EmailContent };
}

const SEND_MEMBERS = [
  "FromEmailAddress",
  "Destination",
  "ReplyToAddresses",
  "Content",
  "EmailTags",
  "ConfigurationSetName",
];
const BULK_MEMBERS = [
  "FromEmailAddress",
  "ReplyToAddresses",
  "DefaultEmailTags",
  "DefaultContent",
  "BulkEmailEntries",
  "ConfigurationSetName",
];

/** `SendEmail` and `SendBulkEmail`. */
export function sendingOperations(deps: SendingDeps): Readonly<Record<string, Operation>> {
  const sendEmail: Operation = (input, call) => {
    onlyMembers("ses:SendEmail", input, SEND_MEMBERS);
    const content = objectIn(input["Content"]) ?? {};
    onlyMembers("ses:SendEmail Content", content, ["Simple", "Template"]);
    const sender = senderOf(deps, input);
    const template = objectIn(content["Template"]);
    authorize(
      call,
      "ses:SendEmail",
      sender,
      template === undefined ? undefined : deps.template(templateName(template)).arn,
    );
    const source =
      template === undefined ? simpleContent(objectIn(content["Simple"])) : templated(deps, template, undefined);
    const messageId = send(deps, sender, source, {
      destination: objectIn(input["Destination"]) ?? {},
      replyTo: texts(input["ReplyToAddresses"]),
      tags: tagsOf(input["EmailTags"]),
    });
    return { MessageId: messageId };
  };

  const sendBulkEmail: Operation = (input, call) => {
    onlyMembers("ses:SendBulkEmail", input, BULK_MEMBERS);
    const template = objectIn(objectIn(input["DefaultContent"])?.["Template"]) ?? {};
    const sender = senderOf(deps, input);
    authorize(call, "ses:SendBulkEmail", sender, deps.template(templateName(template)).arn);
    const entries = Array.isArray(input["BulkEmailEntries"])
      ? input["BulkEmailEntries"].map((it) => objectIn(it) ?? {})
      : [];
    const results = entries.map((entry) => {
      onlyMembers("ses:SendBulkEmail BulkEmailEntries", entry, [
        "Destination",
        "ReplacementTags",
        "ReplacementEmailContent",
      ]);
      const replacement = objectIn(objectIn(entry["ReplacementEmailContent"])?.["ReplacementTemplate"]);
      try {
        const messageId = send(
          deps,
          sender,
          templated(deps, template, optionalText(replacement ?? {}, "ReplacementTemplateData")),
          {
            destination: objectIn(entry["Destination"]) ?? {},
            replyTo: texts(input["ReplyToAddresses"]),
            tags: { ...tagsOf(input["DefaultEmailTags"]), ...tagsOf(entry["ReplacementTags"]) },
          },
        );
        return { Status: "SUCCESS", MessageId: messageId };
      } catch (error) {
        if (!(error instanceof AwsError) || error instanceof NotImplementedLocally) throw error;
        return {
          Status: error.code === "MessageRejected" ? "MESSAGE_REJECTED" : "INVALID_PARAMETER",
          Error: error.message,
        };
      }
    });
    return { BulkEmailEntryResults: results };
  };

  return { SendEmail: sendEmail, SendBulkEmail: sendBulkEmail };
}

interface Sender {
  readonly from: string;
  readonly identity: Identity;
  readonly set: ConfigurationSet | undefined;
}

function senderOf({ estate, context }: SendingDeps, input: Shape): Sender {
  const from = optionalText(input, "FromEmailAddress") ?? "";
  const address = addressOf(from);
  const identity = estate.identities.get(address) ?? estate.identities.get(address.split("@")[1] ?? "");
  if (identity === undefined) {
    const region = context.region.toUpperCase();
    const message = `Email address is not verified. The following identities failed the check in region ${region}: ${address}`;
    throw new AwsError("MessageRejected", message);
  }
  const name = optionalText(input, "ConfigurationSetName") ?? identity.configurationSet;
  const set = name === undefined ? undefined : estate.configurationSets.get(name);
  if (name !== undefined && set === undefined) {
    throw new AwsError("NotFoundException", `Configuration set <${name}> does not exist.`, 404);
  }
  if (set?.sendingEnabled === false) {
    throw new AwsError("SendingPausedException", `Email sending is disabled for the configuration set <${set.name}>.`);
  }
  return { from, identity, set };
}

function authorize(call: Call, action: string, { from, identity, set }: Sender, templateArn: string | undefined): void {
  const context = { "ses:FromAddress": addressOf(from), "ses:ApiVersion": "2" };
  call.authorize(action, identity.arn, context);
  if (set !== undefined) call.authorize(action, set.arn, context);
  if (templateArn !== undefined) call.authorize(action, templateArn, context);
}

function send(deps: SendingDeps, { from, identity, set }: Sender, source: Source, envelope: Envelope): string {
  const { to, cc, bcc } = recipients(envelope.destination);
  const messageId = `local-${randomUUID()}`;
  const base = {
    messageId,
    sentAt: deps.context.clock.now(),
    from,
    to,
    cc,
    bcc,
    replyTo: envelope.replyTo,
    headers: source.headers,
  };
  const rest = { configurationSet: set?.name, tags: envelope.tags };
  try {
    const message: OutgoingMessage = { ...base, ...rest, content: source.render() };
    deliver(deps, message, identity, set);
  } catch (error) {
    if (!(error instanceof MissingVariable)) throw error;
    // As on AWS: the call succeeds, and an event tells that there was no message.
    const message: OutgoingMessage = { ...base, ...rest, content: { subject: "" } };
    const facts = { errorMessage: error.message, templateName: source.template ?? "" };
    deps.feedback.report(set, message, identity.arn, "RENDERING_FAILURE", facts);
    deps.outbox.keep(
      message,
      fatesOf(message, () => "rendering-failed"),
    );
  }
  return messageId;
}

interface Envelope {
  readonly destination: Shape;
  readonly replyTo: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

interface Source {
  readonly template?: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly render: () => EmailContent;
}

function simpleContent(simple: Shape | undefined): Source {
  if (simple === undefined) throw new AwsError("BadRequestException", "Content needs Simple or Template.");
  onlyMembers("ses:SendEmail Content.Simple", simple, ["Subject", "Body", "Headers"]);
  const data = (part: unknown): unknown => objectIn(part)?.["Data"];
  const body = objectIn(simple["Body"]) ?? {};
  const content = contentOf(data(simple["Subject"]), data(body["Text"]), data(body["Html"]));
  return { headers: headersOf(simple["Headers"]), render: () => content };
}

function templated(deps: SendingDeps, template: Shape, replacement: string | undefined): Source {
  onlyMembers("ses Template", template, ["TemplateName", "TemplateData", "Headers"]);
  const name = templateName(template);
  const { content } = deps.template(name);
  const data = { ...json(optionalText(template, "TemplateData")), ...json(replacement) };
  return { template: name, headers: headersOf(template["Headers"]), render: () => renderTemplate(content, data) };
}

/** Decides what becomes of a message for each recipient, keeps it and reports it. */
function deliver(
  deps: SendingDeps,
  message: OutgoingMessage,
  identity: Identity,
  set: ConfigurationSet | undefined,
): void {
  const { suppressed, estate, context } = deps;
  const reasons = set?.suppressedReasons ?? estate.accountReasons;
  const at = new Date(context.clock.now()).toISOString();
  const report: (type: "SEND" | "DELIVERY" | "BOUNCE" | "COMPLAINT", facts: Shape) => void = (type, facts) =>
    deps.feedback.report(set, message, identity.arn, type, facts);
  const bounce = (address: string, bounceSubType: string): void =>
    report("BOUNCE", {
      feedbackId: randomUUID(),
      bounceType: "Permanent",
      bounceSubType,
      bouncedRecipients: [
        { emailAddress: address, action: "failed", status: "5.1.1", diagnosticCode: "smtp; 550 5.1.1 user unknown" },
      ],
      timestamp: at,
    });
  const fates = fatesOf(message, (address) => {
    const entry = suppressed.get(address);
    if (entry !== undefined && reasons.includes(entry.reason)) return "suppressed";
    return simulated(address);
  });
  deps.outbox.keep(message, fates);
  report("SEND", {});
  for (const [address, fate] of Object.entries(fates)) {
    if (fate === "suppressed")
      bounce(address, suppressed.get(address) === undefined ? "Suppressed" : "OnAccountSuppressionList");
    else if (fate === "bounced") bounce(address, "General");
    else {
      report("DELIVERY", {
        timestamp: at,
        processingTimeMillis: 0,
        recipients: [address],
        smtpResponse: "250 2.6.0 Message received",
      });
      if (fate === "complained") {
        report("COMPLAINT", {
          feedbackId: randomUUID(),
          complaintFeedbackType: "abuse",
          complainedRecipients: [{ emailAddress: address }],
          timestamp: at,
        });
      }
    }
  }
}

/** The mailbox simulator (https://docs.aws.amazon.com/ses/latest/dg/send-an-email-from-console.html); its addresses never get on a list. */
function simulated(address: string): Fate {
  const box = /^([a-z]+)(?:\+[^@]*)?@simulator\.amazonses\.com$/i.exec(addressOf(address))?.[1]?.toLowerCase();
  if (box === "bounce") return "bounced";
  if (box === "complaint") return "complained";
  return box === "suppressionlist" ? "suppressed" : "delivered";
}

function fatesOf(message: OutgoingMessage, fate: (address: string) => Fate): Readonly<Record<string, Fate>> {
  const all = [...message.to, ...message.cc, ...message.bcc];
  return Object.fromEntries(all.map((recipient) => [addressOf(recipient), fate(addressOf(recipient))]));
}
