import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { objectIn, onlyMembers, pageOf, requiredText } from "../members.ts";
import {
  AwsError,
  type Operation,
  type Route,
  type Service,
  type ServiceContext,
  type ServiceFactory,
  type Shape,
} from "../service.ts";
import {
  ACCOUNT_SUPPRESSION,
  CONFIGURATION_SET,
  contentOf,
  DESTINATION,
  type EmailEstate,
  IDENTITY,
  readEstate,
  TEMPLATE,
} from "./estate.ts";
import { createFeedback } from "./feedback.ts";
import { openOutbox } from "./outbox.ts";
import { sendingOperations } from "./sending.ts";
import { openSuppressionList, type SuppressionList } from "./suppression.ts";
import { checkTemplate, type EmailContent } from "./template.ts";

export { type OutboxEntry, readOutbox } from "./outbox.ts";

const route = (method: string, path: string, operation: string, query: Route["query"] = {}): Route => ({
  method,
  path: `/v2/email/${path}`,
  operation,
  query,
});

const ROUTES: readonly Route[] = [
  route("POST", "outbound-emails", "SendEmail"),
  route("POST", "outbound-bulk-emails", "SendBulkEmail"),
  route("POST", "templates", "CreateEmailTemplate"),
  route("GET", "templates/{TemplateName}", "GetEmailTemplate"),
  route("PUT", "templates/{TemplateName}", "UpdateEmailTemplate"),
  route("GET", "account", "GetAccount"),
  route("PUT", "suppression/addresses", "PutSuppressedDestination"),
  route("GET", "suppression/addresses/{EmailAddress}", "GetSuppressedDestination"),
  route("DELETE", "suppression/addresses/{EmailAddress}", "DeleteSuppressedDestination"),
  route("GET", "suppression/addresses", "ListSuppressedDestinations", {
    Reason: "Reasons",
    StartDate: "StartDate",
    EndDate: "EndDate",
    PageSize: "PageSize",
    NextToken: "NextToken",
  }),
  route("GET", "configuration-sets/{ConfigurationSetName}", "GetConfigurationSet"),
  route("GET", "identities/{EmailIdentity}", "GetEmailIdentity"),
];

/** Amazon SES (API v2): messages end in an outbox on disk, their fate in events on the default bus. */
export const sesv2: ServiceFactory = (context): Service => {
  const estate = readEstate(context.graph);
  const suppressed = openSuppressionList(context.home);
  const feedback = createFeedback(context);
  const templates = openTemplates(context, estate);
  return {
    name: "ses",
    binding: { protocol: "rest-json", routes: ROUTES },
    operations: {
      ...sendingOperations({
        context,
        estate,
        suppressed,
        feedback,
        outbox: openOutbox(context.home),
        template: templates.get,
      }),
      ...templates.operations,
      ...suppressionOperations(context, suppressed),
      ...readOperations(estate),
    },
    runs: [IDENTITY, CONFIGURATION_SET, DESTINATION, TEMPLATE, ACCOUNT_SUPPRESSION],
    stop: () => feedback.settled(),
  };
};

interface Templates {
  readonly get: (name: string) => { readonly arn: string; readonly content: EmailContent };
  readonly operations: Readonly<Record<string, Operation>>;
}

/** Templates of the graph, and those that calls made, which are kept on disk. */
function openTemplates(context: ServiceContext, estate: EmailEstate): Templates {
  const file = join(context.home, "templates.json");
  // Written by `put` below.
  const stored = existsSync(file)
    ? (JSON.parse(readFileSync(file, "utf8")) as Readonly<Record<string, EmailContent>>)
    : {};
  const made = new Map(Object.entries(stored));
  const arnOf = (name: string): string => `arn:aws:ses:${context.region}:${context.account}:template/${name}`;
  const find = (name: string): EmailContent | undefined => made.get(name) ?? estate.templates.get(name);
  const get = (name: string): { arn: string; content: EmailContent } => {
    const content = find(name);
    if (content === undefined) throw new AwsError("NotFoundException", `Template ${name} does not exist.`, 404);
    return { arn: arnOf(name), content };
  };
  const put = (name: string, input: Shape): void => {
    const parts = objectIn(input["TemplateContent"]) ?? {};
    const content = contentOf(parts["Subject"], parts["Text"], parts["Html"]);
    checkTemplate(name, content);
    made.set(name, content);
    writeFileSync(file, JSON.stringify(Object.fromEntries(made)));
  };
  return {
    get,
    operations: {
      CreateEmailTemplate: (input, call) => {
        onlyMembers("ses:CreateEmailTemplate", input, ["TemplateName", "TemplateContent"]);
        const name = requiredText(input, "TemplateName");
        call.authorize("ses:CreateEmailTemplate", arnOf(name));
        if (find(name) !== undefined) throw new AwsError("AlreadyExistsException", `Template ${name} already exists.`);
        put(name, input);
        return {};
      },
      UpdateEmailTemplate: (input, call) => {
        onlyMembers("ses:UpdateEmailTemplate", input, ["TemplateName", "TemplateContent"]);
        const name = requiredText(input, "TemplateName");
        call.authorize("ses:UpdateEmailTemplate", arnOf(name));
        get(name);
        put(name, input);
        return {};
      },
      GetEmailTemplate: (input, call) => {
        onlyMembers("ses:GetEmailTemplate", input, ["TemplateName"]);
        const name = requiredText(input, "TemplateName");
        call.authorize("ses:GetEmailTemplate", arnOf(name));
        const { subject, text, html } = get(name).content;
        return { TemplateName: name, TemplateContent: { Subject: subject, Text: text, Html: html } };
      },
    },
  };
}

function suppressionOperations(context: ServiceContext, list: SuppressionList): Readonly<Record<string, Operation>> {
  const notFound = (): never => {
    throw new AwsError("NotFoundException", "Email address does not exist on your suppression list.", 404);
  };
  return {
    PutSuppressedDestination: (input, call) => {
      onlyMembers("ses:PutSuppressedDestination", input, ["EmailAddress", "Reason"]);
      call.authorize("ses:PutSuppressedDestination", "*");
      const reason = requiredText(input, "Reason");
      if (reason !== "BOUNCE" && reason !== "COMPLAINT")
        throw new AwsError("BadRequestException", `Reason ${reason} is not BOUNCE or COMPLAINT`);
      list.put({ address: requiredText(input, "EmailAddress"), reason, updatedAt: context.clock.now() });
      return {};
    },
    GetSuppressedDestination: (input, call) => {
      onlyMembers("ses:GetSuppressedDestination", input, ["EmailAddress"]);
      call.authorize("ses:GetSuppressedDestination", "*");
      const entry = list.get(requiredText(input, "EmailAddress")) ?? notFound();
      const { address, reason, updatedAt } = entry;
      return { SuppressedDestination: { EmailAddress: address, Reason: reason, LastUpdateTime: new Date(updatedAt) } };
    },
    DeleteSuppressedDestination: (input, call) => {
      onlyMembers("ses:DeleteSuppressedDestination", input, ["EmailAddress"]);
      call.authorize("ses:DeleteSuppressedDestination", "*");
      if (!list.delete(requiredText(input, "EmailAddress"))) notFound();
      return {};
    },
    ListSuppressedDestinations: (input, call) => {
      onlyMembers("ses:ListSuppressedDestinations", input, ["Reasons", "PageSize", "NextToken"]);
      call.authorize("ses:ListSuppressedDestinations", "*");
      const given = input["Reasons"];
      // One value of a query parameter arrives as text, several as a list.
      const wanted = typeof given === "string" ? [given] : given;
      const found = list.all().filter(({ reason }) => !Array.isArray(wanted) || wanted.includes(reason));
      const { items, next } = pageOf(found, Number(input["PageSize"] ?? 1000), input["NextToken"], 1000);
      return {
        SuppressedDestinationSummaries: items.map(({ address, reason, updatedAt }) => ({
          EmailAddress: address,
          Reason: reason,
          LastUpdateTime: new Date(updatedAt),
        })),
        NextToken: next,
      };
    },
  };
}

function readOperations(estate: EmailEstate): Readonly<Record<string, Operation>> {
  return {
    GetAccount: (input, call) => {
      onlyMembers("ses:GetAccount", input, []);
      call.authorize("ses:GetAccount", "*");
      return {
        SendingEnabled: true,
        ProductionAccessEnabled: true,
        EnforcementStatus: "HEALTHY",
        SuppressionAttributes: { SuppressedReasons: estate.accountReasons },
      };
    },
    GetConfigurationSet: (input, call) => {
      onlyMembers("ses:GetConfigurationSet", input, ["ConfigurationSetName"]);
      const name = requiredText(input, "ConfigurationSetName");
      const set = estate.configurationSets.get(name);
      if (set === undefined)
        throw new AwsError("NotFoundException", `Configuration set <${name}> does not exist.`, 404);
      call.authorize("ses:GetConfigurationSet", set.arn);
      return {
        ConfigurationSetName: name,
        SendingOptions: { SendingEnabled: set.sendingEnabled },
        SuppressionOptions: { SuppressedReasons: set.suppressedReasons ?? estate.accountReasons },
      };
    },
    GetEmailIdentity: (input, call) => {
      onlyMembers("ses:GetEmailIdentity", input, ["EmailIdentity"]);
      const name = requiredText(input, "EmailIdentity");
      const identity = estate.identities.get(name.toLowerCase());
      if (identity === undefined)
        throw new AwsError("NotFoundException", `Email identity ${name} does not exist.`, 404);
      call.authorize("ses:GetEmailIdentity", identity.arn);
      return {
        IdentityType: name.includes("@") ? "EMAIL_ADDRESS" : "DOMAIN",
        VerifiedForSendingStatus: true,
        VerificationStatus: "SUCCESS",
        ConfigurationSetName: identity.configurationSet,
      };
    },
  };
}
