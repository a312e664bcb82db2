import { objectIn, onlyMembers, optionalText } from "../members.ts";
import { AwsError, type Shape } from "../service.ts";

/** Recipients of one message (https://docs.aws.amazon.com/ses/latest/dg/quotas.html). */
const MAX_RECIPIENTS = 50;

/** Recipients of a message. @throws AwsError `BadRequestException` for none, too many, or one that is no address */
export function recipients(destination: Shape): {
  to: readonly string[];
  cc: readonly string[];
  bcc: readonly string[];
} {
  onlyMembers("ses Destination", destination, ["ToAddresses", "CcAddresses", "BccAddresses"]);
  const to = texts(destination["ToAddresses"]);
  const cc = texts(destination["CcAddresses"]);
  const bcc = texts(destination["BccAddresses"]);
  const all = [...to, ...cc, ...bcc];
  if (all.length === 0 || all.length > MAX_RECIPIENTS) {
    throw new AwsError(
      "BadRequestException",
      `A message needs 1 to ${MAX_RECIPIENTS} recipients, this one has ${all.length}.`,
    );
  }
  if (!all.every((recipient) => /^[^\s@<>,]+@[^\s@<>,]+$/.test(addressOf(recipient)))) {
    throw new AwsError("BadRequestException", "A recipient is not an e-mail address.");
  }
  return { to, cc, bcc };
}

/** `Name <a@b>` -> `a@b`, lower case. */
export function addressOf(mailbox: string): string {
  return (/<([^>]*)>\s*$/.exec(mailbox)?.[1] ?? mailbox).trim().toLowerCase();
}

export function templateName(template: Shape): string {
  return optionalText(template, "TemplateName") ?? "";
}

/** Message tags, by name. @throws AwsError `BadRequestException` for characters that SES does not take */
export function tagsOf(value: unknown): Readonly<Record<string, string>> {
  const tags = Array.isArray(value) ? value.map((it) => objectIn(it) ?? {}) : [];
  return Object.fromEntries(
    tags.map(({ Name, Value }) => {
      if (!/^[A-Za-z0-9_-]{1,256}$/.test(String(Name)) || !/^[A-Za-z0-9_.@-]{1,256}$/.test(String(Value))) {
        throw new AwsError(
          "BadRequestException",
          `Invalid tag <${Name}>: names and values are ASCII letters, digits, _ and -.`,
        );
      }
      return [String(Name), String(Value)];
    }),
  );
}

export function headersOf(value: unknown): readonly { readonly name: string; readonly value: string }[] {
  const headers = Array.isArray(value) ? value.map((it) => objectIn(it) ?? {}) : [];
  return headers.map((header) => ({ name: String(header["Name"]), value: String(header["Value"]) }));
}

/** Template data. @throws AwsError `BadRequestException` when it is not JSON */
export function json(text: string | undefined): Shape {
  if (text === undefined || text === "") return {};
  try {
    return objectIn(JSON.parse(text)) ?? {};
  } catch {
    throw new AwsError("BadRequestException", "Template data is not valid JSON.");
  }
}

export function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
