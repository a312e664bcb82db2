import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { GraphResource } from "../../graph/resource.ts";
import { type Bench, benchOf } from "../../iam/context-fixture.ts";
import { ACCOUNT, REGION, resourceOf, roleOf } from "../../iam/graph-fixture.ts";
import type { Shape } from "../service.ts";
import { readOutbox, sesv2 } from "./index.ts";

const arn = (resource: string): string => `arn:aws:ses:${REGION}:${ACCOUNT}:${resource}`;
const identity = resourceOf(
  "aws:sesv2/emailIdentity:EmailIdentity",
  "domain",
  { emailIdentity: "sender.example" },
  { arn: arn("identity/sender.example") },
);
const set = resourceOf(
  "aws:sesv2/configurationSet:ConfigurationSet",
  "set",
  { configurationSetName: "campaigns" },
  { arn: arn("configuration-set/campaigns") },
);
const bus = `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/default`;
const destination = (eventDestination: Shape): GraphResource =>
  resourceOf("aws:sesv2/configurationSetEventDestination:ConfigurationSetEventDestination", "dest", {
    configurationSetName: "campaigns",
    eventDestinationName: "bus",
    eventDestination,
  });
const toBus = destination({
  enabled: true,
  matchingEventTypes: ["SEND", "DELIVERY", "BOUNCE", "COMPLAINT", "RENDERING_FAILURE"],
  eventBridgeDestination: { eventBusArn: bus },
});
const template = (subject: string): GraphResource =>
  resourceOf(
    "aws:ses/template:Template",
    "hello",
    { name: "hello", subject, html: "<p>{{name}}</p>", text: "{{order.id}}" },
    { name: "hello", arn: arn("template/hello") },
  );

const send = {
  Effect: "Allow",
  Action: "ses:SendEmail",
  Resource: [arn("identity/sender.example"), arn("configuration-set/campaigns"), arn("template/hello")],
};
const suppression = {
  Effect: "Allow",
  Action: [
    "ses:PutSuppressedDestination",
    "ses:GetSuppressedDestination",
    "ses:DeleteSuppressedDestination",
    "ses:ListSuppressedDestinations",
  ],
  Resource: "*",
};
const bulk = { Effect: "Allow", Action: "ses:SendBulkEmail", Resource: send.Resource };
const sender = roleOf("sender", [send, suppression, bulk]);
const halfway = roleOf("halfway", [{ ...send, Resource: arn("identity/sender.example") }]);

const bench = (): Bench => benchOf(sesv2, [identity, set, toBus, template("Hi {{name}}"), sender, halfway]);
const mail = (to: string, more: Shape = {}): Shape => ({
  FromEmailAddress: "Sender <offers@sender.example>",
  Destination: { ToAddresses: [to] },
  ConfigurationSetName: "campaigns",
  EmailTags: [{ Name: "campaign", Value: "spring" }],
  Content: {
    Simple: { Subject: { Data: "Grüße" }, Body: { Text: { Data: "Hello" }, Html: { Data: "<p>Hello</p>" } } },
  },
  ...more,
});
const templated = (data: Shape): Shape => ({
  Content: { Template: { TemplateName: "hello", TemplateData: JSON.stringify(data) } },
});

const eventsOf = async ({
  service,
  traffic,
}: Bench): Promise<readonly { type: unknown; detail: Record<string, unknown> }[]> => {
  await service.stop?.();
  return traffic.dispatched.map(({ input }) => {
    const [entry] = Array.isArray(input["Entries"]) ? input["Entries"] : [];
    return { type: entry.DetailType, detail: JSON.parse(entry.Detail) };
  });
};

describe("sending", () => {
  test("a message ends in the outbox, its fate on the default bus", async () => {
    const it = bench();
    const { MessageId } = await it.run("SendEmail", mail("Ann@Example.com"), "sender");
    expect(readOutbox(it.home)).toEqual([
      {
        messageId: MessageId,
        sentAt: "2011-01-01T00:00:00.000Z",
        to: ["Ann@Example.com"],
        subject: "Grüße",
        configurationSet: "campaigns",
        tags: { campaign: "spring" },
        fates: { "ann@example.com": "delivered" },
      },
    ]);
    const text = readFileSync(join(it.home, "outbox", `${MessageId}.eml`), "utf8");
    expect(text).toContain("Subject: =?UTF-8?B?R3LDvMOfZQ==?=\r\n");
    expect(text).toContain(
      "Content-Type: text/html; charset=UTF-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n<p>Hello</p>",
    );
    const events = await eventsOf(it);
    expect(events.map(({ type }) => type)).toEqual(["Email Sent", "Email Delivered"]);
    expect(it.traffic.dispatched[1]).toMatchObject({
      service: "events",
      operation: "PutServiceEvents",
      by: "ses.amazonaws.com",
    });
    expect(events[1]?.detail).toMatchObject({
      eventType: "Delivery",
      mail: {
        messageId: MessageId,
        source: "Sender <offers@sender.example>",
        sourceArn: arn("identity/sender.example"),
        sendingAccountId: ACCOUNT,
        destination: ["Ann@Example.com"],
        commonHeaders: { subject: "Grüße" },
        tags: { campaign: ["spring"], "ses:configuration-set": ["campaigns"], "ses:from-domain": ["sender.example"] },
      },
      delivery: { recipients: ["ann@example.com"], timestamp: "2011-01-01T00:00:00.000Z" },
    });
    expect(it.traffic.logged).toEqual([]);
  });

  test.each<[string, readonly string[], Shape]>([
    ["success@simulator.amazonses.com", ["Email Sent", "Email Delivered"], { eventType: "Delivery" }],
    [
      "bounce+a@simulator.amazonses.com",
      ["Email Sent", "Email Bounced"],
      { bounce: { bounceType: "Permanent", bounceSubType: "General" } },
    ],
    [
      "complaint@simulator.amazonses.com",
      ["Email Sent", "Email Delivered", "Email Complaint Received"],
      { complaint: { complaintFeedbackType: "abuse" } },
    ],
    [
      "suppressionlist@simulator.amazonses.com",
      ["Email Sent", "Email Bounced"],
      { bounce: { bounceSubType: "Suppressed" } },
    ],
  ])("mailbox simulator: %s", async (to, types, last) => {
    const it = bench();
    await it.run("SendEmail", mail(to), "sender");
    const events = await eventsOf(it);
    expect(events.map(({ type }) => type)).toEqual(types);
    expect(events.at(-1)?.detail).toMatchObject(last);
  });

  test("a suppressed address bounces instead of being delivered, until it is taken off the list", async () => {
    const it = bench();
    await it.run("PutSuppressedDestination", { EmailAddress: "Ann@example.com", Reason: "BOUNCE" }, "sender");
    await it.run("SendEmail", mail("ann@example.com"), "sender");
    await it.run("DeleteSuppressedDestination", { EmailAddress: "ann@EXAMPLE.com" }, "sender");
    await it.run("SendEmail", mail("ann@example.com"), "sender");
    const events = await eventsOf(it);
    expect(events.map(({ type }) => type)).toEqual(["Email Sent", "Email Bounced", "Email Sent", "Email Delivered"]);
    expect(events[1]?.detail).toMatchObject({
      bounce: { bounceType: "Permanent", bounceSubType: "OnAccountSuppressionList" },
    });
    expect(readOutbox(it.home).map(({ fates }) => Object.values(fates))).toEqual([["suppressed"], ["delivered"]]);
  });

  test("templates are filled, unescaped; a missing value is a rendering failure after the call succeeded", async () => {
    const it = bench();
    const { MessageId } = await it.run(
      "SendEmail",
      mail("a@b.example", templated({ name: "A & B", order: { id: 7 } })),
      "sender",
    );
    const text = readFileSync(join(it.home, "outbox", `${MessageId}.eml`), "utf8");
    expect(text).toContain("Subject: Hi A & B\r\n");
    expect(text).toContain("<p>A & B</p>");
    await it.run("SendEmail", mail("a@b.example", templated({ name: "A" })), "sender");
    const events = await eventsOf(it);
    expect(events.at(-1)).toMatchObject({
      type: "Email Rendering Failed",
      detail: {
        failure: { templateName: "hello", errorMessage: "Attribute 'order.id' is not present in the rendering data." },
      },
    });
  });

  test("bulk: each entry has its own data and its own outcome", async () => {
    const it = bench();
    const { BulkEmailEntryResults } = await it.run(
      "SendBulkEmail",
      {
        FromEmailAddress: "offers@sender.example",
        ConfigurationSetName: "campaigns",
        DefaultContent: { Template: { TemplateName: "hello", TemplateData: '{"order":{"id":1}}' } },
        BulkEmailEntries: [
          {
            Destination: { ToAddresses: ["a@b.example"] },
            ReplacementEmailContent: { ReplacementTemplate: { ReplacementTemplateData: '{"name":"A"}' } },
          },
          { Destination: { ToAddresses: ["nobody"] } },
        ],
      },
      "sender",
    );
    expect(BulkEmailEntryResults).toEqual([
      { Status: "SUCCESS", MessageId: expect.stringMatching(/^local-/) },
      { Status: "INVALID_PARAMETER", Error: "A recipient is not an e-mail address." },
    ]);
    expect(readOutbox(it.home).map(({ subject }) => subject)).toEqual(["Hi A"]);
  });
});

describe("refusals", () => {
  test("identity, configuration set and template are each authorised", async () => {
    const it = bench();
    await expect(it.run("SendEmail", mail("a@b.example"), "halfway")).rejects.toThrow(
      arn("configuration-set/campaigns"),
    );
    await expect(it.run("SendEmail", mail("a@b.example", templated({})), "halfway")).rejects.toMatchObject({
      code: "AccessDeniedException",
    });
  });

  test.each<[Shape, string, string]>([
    [
      { FromEmailAddress: "x@elsewhere.example" },
      "MessageRejected",
      "Email address is not verified. The following identities failed the check in region EU-WEST-1: x@elsewhere.example",
    ],
    [{ ConfigurationSetName: "none" }, "NotFoundException", "Configuration set <none> does not exist."],
    [{ Content: { Template: { TemplateName: "none" } } }, "NotFoundException", "Template none does not exist."],
    [{ Content: { Raw: { Data: "x" } } }, "NotImplementedLocally", "ses:SendEmail Content with Raw"],
    [{ ListManagementOptions: {} }, "NotImplementedLocally", "ses:SendEmail with ListManagementOptions"],
    [
      { Destination: { ToAddresses: [] } },
      "BadRequestException",
      "A message needs 1 to 50 recipients, this one has 0.",
    ],
    [{ EmailTags: [{ Name: "a b", Value: "c" }] }, "BadRequestException", "Invalid tag <a b>"],
  ])("%j", async (more, code, message) => {
    const it = bench();
    await expect(it.run("SendEmail", mail("a@b.example", more), "sender")).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
    expect(readOutbox(it.home)).toEqual([]);
  });

  test("template syntax and destinations that the runtime does not have", () => {
    expect(() => benchOf(sesv2, [template("{{#if name}}x{{/if}}")])).toThrow(
      "SES template syntax {{#if name}} (template hello)",
    );
    expect(() => benchOf(sesv2, [set, destination({ enabled: true, snsDestination: { topicArn: "x" } })])).toThrow(
      "snsDestination (dest)",
    );
  });
});

describe("the suppression list", () => {
  test("is listed by reason and survives a restart", async () => {
    const first = bench();
    await first.run("PutSuppressedDestination", { EmailAddress: "a@b.example", Reason: "BOUNCE" }, "sender");
    await first.run("PutSuppressedDestination", { EmailAddress: "c@d.example", Reason: "COMPLAINT" }, "sender");
    const second = benchOf(sesv2, [identity, sender], { home: first.home });
    const LastUpdateTime = new Date("2011-01-01T00:00:00Z");
    expect(await second.run("ListSuppressedDestinations", { Reasons: ["COMPLAINT"] }, "sender")).toMatchObject({
      SuppressedDestinationSummaries: [{ EmailAddress: "c@d.example", Reason: "COMPLAINT", LastUpdateTime }],
    });
    expect(await second.run("GetSuppressedDestination", { EmailAddress: "A@B.example" }, "sender")).toEqual({
      SuppressedDestination: { EmailAddress: "a@b.example", Reason: "BOUNCE", LastUpdateTime },
    });
    await expect(
      second.run("GetSuppressedDestination", { EmailAddress: "x@y.example" }, "sender"),
    ).rejects.toMatchObject({ code: "NotFoundException" });
  });
});
