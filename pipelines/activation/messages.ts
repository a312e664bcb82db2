import { setTimeout as sleep } from "node:timers/promises";
import { SESv2Client, SESv2ServiceException, SendEmailCommand } from "@aws-sdk/client-sesv2";
import type { Campaign } from "../../analytics/segments/index.ts";
import { type Member, templateData } from "./members.ts";

/** Refusals that say for certain that nothing was sent, and will say so again. */
const FINAL = new Set([
  "AccountSuspendedException",
  "BadRequestException",
  "MailFromDomainNotVerifiedException",
  "MessageRejected",
  "NotFoundException",
  "SendingPausedException",
]);
/** Refusals that say for certain that nothing was sent this time. */
const THROTTLED = new Set(["TooManyRequestsException", "ThrottlingException", "LimitExceededException"]);

const ATTEMPTS = 8;

/** A message that SES took, or refused for good. Anything else throws: the message may be out. */
export type Sent = { readonly state: "sent"; readonly messageId: string } | { readonly state: "rejected"; readonly error: string };

export interface Sender {
  readonly from: string;
  readonly configurationSet: string;
}

/**
 * SES takes a message as often as it is asked to, so the client must not retry by itself (`maxAttempts: 1`): after a
 * lost answer the message may be out.
 */
export const createMailClient = (): SESv2Client => new SESv2Client({ maxAttempts: 1 });

/** Sends one member the campaign's message; waits and asks again only when SES has certainly sent nothing. */
export async function sendMessage(ses: SESv2Client, sender: Sender, campaign: Campaign, member: Member, to: string): Promise<Sent> {
  const command = new SendEmailCommand({
    FromEmailAddress: sender.from,
    Destination: { ToAddresses: [to] },
    ConfigurationSetName: sender.configurationSet,
    Content: { Template: { TemplateName: campaign.templateName, TemplateData: JSON.stringify(templateData(campaign, member)) } },
    EmailTags: [
      { Name: "campaign", Value: campaign.id },
      ...(TAG.test(member.customerId) ? [{ Name: "customer", Value: member.customerId }] : []),
    ],
  });
  for (let attempt = 1; ; attempt++) {
    try {
      const { MessageId } = await ses.send(command);
      return { state: "sent", messageId: MessageId ?? "" };
    } catch (error) {
      if (!(error instanceof SESv2ServiceException)) throw error;
      const throttled = THROTTLED.has(error.name);
      if (FINAL.has(error.name) || (throttled && attempt === ATTEMPTS)) return { state: "rejected", error: error.name };
      if (!throttled) throw error;
      await sleep(50 * 2 ** attempt * (0.5 + Math.random()));
    }
  }
}

/** What SES allows in a tag. */
const TAG = /^[A-Za-z0-9_-]{1,256}$/;
