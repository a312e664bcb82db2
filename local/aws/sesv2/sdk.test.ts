import {
  CreateEmailTemplateCommand,
  DeleteSuppressedDestinationCommand,
  GetAccountCommand,
  GetConfigurationSetCommand,
  GetEmailIdentityCommand,
  GetEmailTemplateCommand,
  GetSuppressedDestinationCommand,
  ListSuppressedDestinationsCommand,
  PutSuppressedDestinationCommand,
  SESv2Client,
  SendEmailCommand,
  UpdateEmailTemplateCommand,
} from "@aws-sdk/client-sesv2";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ACCOUNT, REGION, resourceOf, roleOf } from "../../iam/graph-fixture.ts";
import { type Served, serve } from "../../iam/sdk-fixture.ts";
import { readOutbox, sesv2 } from "./index.ts";

const arn = (resource: string): string => `arn:aws:ses:${REGION}:${ACCOUNT}:${resource}`;
let served: Served;
let client: SESv2Client;

beforeAll(async () => {
  const on = (Action: readonly string[], Resource: string) => ({ Effect: "Allow", Action, Resource });
  const set = resourceOf(
    "aws:sesv2/configurationSet:ConfigurationSet",
    "set",
    { configurationSetName: "campaigns" },
    { arn: arn("configuration-set/campaigns") },
  );
  const identity = resourceOf(
    "aws:sesv2/emailIdentity:EmailIdentity",
    "domain",
    { emailIdentity: "sender.example", configurationSetName: "campaigns" },
    { arn: arn("identity/sender.example") },
  );
  const templates = ["ses:SendEmail", "ses:CreateEmailTemplate", "ses:GetEmailTemplate", "ses:UpdateEmailTemplate"];
  const account = [
    "ses:GetAccount",
    "ses:PutSuppressedDestination",
    "ses:GetSuppressedDestination",
    "ses:DeleteSuppressedDestination",
    "ses:ListSuppressedDestinations",
  ];
  served = await serve(sesv2, [
    set,
    identity,
    roleOf("marketer", [
      on(["ses:SendEmail", "ses:GetEmailIdentity"], arn("identity/sender.example")),
      on(["ses:SendEmail", "ses:GetConfigurationSet"], arn("configuration-set/campaigns")),
      on(templates, arn("template/hello")),
      on(account, "*"),
    ]),
  ]);
  client = new SESv2Client(served.as("marketer"));
});
afterAll(() => served.close());

test("a template is made, changed, read and sent", async () => {
  const TemplateName = "hello";
  await client.send(new CreateEmailTemplateCommand({ TemplateName, TemplateContent: { Subject: "Hi", Text: "x" } }));
  const again = new CreateEmailTemplateCommand({ TemplateName, TemplateContent: { Subject: "Hi", Text: "x" } });
  await expect(client.send(again)).rejects.toMatchObject({ name: "AlreadyExistsException" });
  await client.send(
    new UpdateEmailTemplateCommand({ TemplateName, TemplateContent: { Subject: "Hi {{name}}", Html: "<p>x</p>" } }),
  );
  const { TemplateContent } = await client.send(new GetEmailTemplateCommand({ TemplateName }));
  expect(TemplateContent).toEqual({ Subject: "Hi {{name}}", Html: "<p>x</p>" });
  const { MessageId } = await client.send(
    new SendEmailCommand({
      FromEmailAddress: "offers@sender.example",
      Destination: { ToAddresses: ["a@b.example"] },
      Content: { Template: { TemplateName, TemplateData: '{"name":"Ann"}' } },
    }),
  );
  expect(readOutbox(served.home)).toMatchObject([
    { messageId: MessageId, subject: "Hi Ann", configurationSet: "campaigns" },
  ]);
});

test("the suppression list", async () => {
  const EmailAddress = "ann+x@example.com";
  await client.send(new PutSuppressedDestinationCommand({ EmailAddress, Reason: "COMPLAINT" }));
  const { SuppressedDestination } = await client.send(new GetSuppressedDestinationCommand({ EmailAddress }));
  expect(SuppressedDestination).toEqual({
    EmailAddress,
    Reason: "COMPLAINT",
    LastUpdateTime: new Date("2011-01-01T00:00:00Z"),
  });
  for (const [Reasons, count] of [
    [["COMPLAINT"], 1],
    [["BOUNCE"], 0],
    [["BOUNCE", "COMPLAINT"], 1],
    [undefined, 1],
  ] as const) {
    const list = new ListSuppressedDestinationsCommand({ Reasons: Reasons && [...Reasons], PageSize: 10 });
    expect((await client.send(list)).SuppressedDestinationSummaries).toHaveLength(count);
  }
  await client.send(new DeleteSuppressedDestinationCommand({ EmailAddress }));
  const get = new GetSuppressedDestinationCommand({ EmailAddress });
  await expect(client.send(get)).rejects.toMatchObject({ name: "NotFoundException" });
});

test("account, identity and configuration set", async () => {
  expect(await client.send(new GetAccountCommand({}))).toMatchObject({
    SendingEnabled: true,
    ProductionAccessEnabled: true,
  });
  const identity = await client.send(new GetEmailIdentityCommand({ EmailIdentity: "sender.example" }));
  expect(identity).toMatchObject({ IdentityType: "DOMAIN", VerifiedForSendingStatus: true });
  const set = await client.send(new GetConfigurationSetCommand({ ConfigurationSetName: "campaigns" }));
  expect(set.SuppressionOptions).toEqual({ SuppressedReasons: ["BOUNCE", "COMPLAINT"] });
});

test("errors carry the modelled names", async () => {
  const message = new SendEmailCommand({
    FromEmailAddress: "x@elsewhere.example",
    Destination: { ToAddresses: ["a@b.example"] },
    Content: { Simple: { Subject: { Data: "x" }, Body: { Text: { Data: "x" } } } },
  });
  await expect(client.send(message)).rejects.toMatchObject({ name: "MessageRejected" });
});
