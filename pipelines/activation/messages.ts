import { setTimeout as sleep } from "node:timers/promises";
import { SESv2Client, SESv2ServiceException, SendEmailCommand } from "@aws-sdk/client-sesv2";
import type { Campaign } from "../../analytics/segments/index.ts";
import { type Member, templateData } from "./members.ts";

/** Refusals that concern one message or its address; the others concern every message. */
const ABOUT_MESSAGE = new Set(["BadRequestException", "MessageRejected"]);
const THROTTLED = new Set(["TooManyRequestsException", "ThrottlingException", "LimitExceededException"]);

const ATTEMPTS = 8;

/** SES said for certain that it has sent nothing: the person may be claimed again. */
export class NotSent extends Error {
  /** False: no message would go out now (permission, template, throttling), so the run should end. */
  readonly aboutMessage: boolean;
  constructor(cause: Error, aboutMessage: boolean) {
    super(`${cause.name}: ${cause.message}`, { cause });
    this.name = "NotSent";
    this.aboutMessage = aboutMessage;
  }
}

export interface Sender {
  readonly from: string;
  readonly configurationSet: string;
  /** What the stack puts before the names of its templates: an account's templates are shared by all of its stacks. */
  readonly templatePrefix: string;
}

/**
 * SES takes a message as often as it is asked to, so the client must not retry by itself (`maxAttempts: 1`): after a
 * lost answer the message may be out.
 */
export const createMailClient = (): SESv2Client => new SESv2Client({ maxAttempts: 1 });

/**
 * Sends one member the campaign's message; waits and asks again when SES throttles.
 * @returns the message's id
 * @throws NotSent when SES refused; any other error leaves open whether the message is out
 */
export async function sendMessage(
  ses: SESv2Client,
  sender: Sender,
  campaign: Campaign,
  member: Member,
  to: string,
): Promise<string> {
  const command = new SendEmailCommand({
    FromEmailAddress: sender.from,
    Destination: { ToAddresses: [to] },
    ConfigurationSetName: sender.configurationSet,
    Content: {
      Template: {
        TemplateName: `${sender.templatePrefix}${campaign.templateName}`,
        TemplateData: JSON.stringify(templateData(campaign, member)),
      },
    },
    EmailTags: [
      { Name: "campaign", Value: campaign.id },
      ...(TAG.test(member.customerId) ? [{ Name: "customer", Value: member.customerId }] : []),
    ],
  });
  for (let attempt = 1; ; attempt++) {
    try {
      const { MessageId } = await ses.send(command);
      return MessageId ?? "";
    } catch (error) {
      if (!(error instanceof SESv2ServiceException) || error.$fault !== "client") throw error;
      if (!THROTTLED.has(error.name) || attempt === ATTEMPTS) throw new NotSent(error, ABOUT_MESSAGE.has(error.name));
      await sleep(50 * 2 ** attempt * (0.5 + Math.random()));
    }
  }
}

/** What SES allows in a tag. */
const TAG = /^[A-Za-z0-9_-]{1,256}$/;
