import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EmailContent } from "./template.ts";

/** A message as it would leave SES. */
export interface OutgoingMessage {
  readonly messageId: string;
  readonly sentAt: number;
  readonly from: string;
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly bcc: readonly string[];
  readonly replyTo: readonly string[];
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly content: EmailContent;
  readonly configurationSet: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

/** What became of a message for one recipient. */
export type Fate = "delivered" | "bounced" | "complained" | "suppressed" | "rendering-failed";

/** One line of the outbox's index. */
export interface OutboxEntry {
  readonly messageId: string;
  readonly sentAt: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly configurationSet?: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly fates: Readonly<Record<string, Fate>>;
}

/** Messages kept for people to read: `index.ndjson`, and one `.eml` file each. */
export interface Outbox {
  keep(message: OutgoingMessage, fates: Readonly<Record<string, Fate>>): void;
}

export function openOutbox(home: string): Outbox {
  const folder = join(home, "outbox");
  mkdirSync(folder, { recursive: true });
  const index = join(folder, "index.ndjson");
  return {
    keep: (message, fates) => {
      const entry: OutboxEntry = {
        messageId: message.messageId,
        sentAt: new Date(message.sentAt).toISOString(),
        to: [...message.to, ...message.cc, ...message.bcc],
        subject: message.content.subject,
        ...(message.configurationSet === undefined ? {} : { configurationSet: message.configurationSet }),
        tags: message.tags,
        fates,
      };
      writeFileSync(join(folder, `${message.messageId}.eml`), mime(message));
      appendFileSync(index, `${JSON.stringify(entry)}\n`);
    },
  };
}

/** Index of the outbox under an SES home, oldest first. */
export function readOutbox(home: string): readonly OutboxEntry[] {
  const index = join(home, "outbox", "index.ndjson");
  if (!existsSync(index)) return [];
  const lines = readFileSync(index, "utf8").split("\n");
  // Written by `keep` above.
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as OutboxEntry);
}

function mime(message: OutgoingMessage): string {
  const { content } = message;
  const boundary = `=_${message.messageId}`;
  const headers: readonly (readonly [string, string])[] = [
    ["Message-ID", `<${message.messageId}@eu-west-1.amazonses.com>`],
    ["Date", new Date(message.sentAt).toUTCString().replace("GMT", "+0000")],
    ["From", message.from],
    ["To", message.to.join(", ")],
    ...(message.cc.length === 0 ? [] : [["Cc", message.cc.join(", ")] as const]),
    ...(message.replyTo.length === 0 ? [] : [["Reply-To", message.replyTo.join(", ")] as const]),
    ["Subject", encodedWord(content.subject)],
    ...message.headers.map(({ name, value }) => [name, value] as const),
    ["MIME-Version", "1.0"],
    ["Content-Type", `multipart/alternative; boundary="${boundary}"`],
  ];
  const part = (type: string, text: string | undefined): string =>
    text === undefined
      ? ""
      : `--${boundary}\r\nContent-Type: ${type}; charset=UTF-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n${text}\r\n`;
  const head = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  return `${head}\r\n${part("text/plain", content.text)}${part("text/html", content.html)}--${boundary}--\r\n`;
}

/** RFC 2047, where a header is not plain ASCII; line breaks would start another header. */
function encodedWord(text: string): string {
  const line = text.replaceAll(/[\r\n]+/g, " ");
  return /^[\x20-\x7e]*$/.test(line) ? line : `=?UTF-8?B?${Buffer.from(line).toString("base64")}?=`;
}
