import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A message attribute as subscribers see it. */
export interface MessageAttribute {
  readonly Type: string;
  readonly Value: string;
}

/** A published message, as it is kept. */
export interface PublishedMessage {
  readonly messageId: string;
  readonly topicArn: string;
  readonly publishedAt: string;
  readonly subject?: string;
  readonly message: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
}

/** Keeps a message in the topic's file. */
export function keepMessage(home: string, message: PublishedMessage): void {
  append(home, fileOf(message.topicArn), message);
}

/** Keeps what an e-mail subscriber would have got. */
export function keepEmail(home: string, email: { readonly to: string; readonly message: PublishedMessage }): void {
  append(home, "email.ndjson", email);
}

/**
 * Messages published to a topic, oldest first.
 * @param home state folder of the SNS service
 * @param topicArn or the topic's name
 */
export function readMessages(home: string, topicArn: string): readonly PublishedMessage[] {
  const file = join(home, fileOf(topicArn));
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n");
  // Written by `keepMessage`.
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as PublishedMessage);
}

function fileOf(topicArn: string): string {
  return join("messages", `${topicArn.slice(topicArn.lastIndexOf(":") + 1)}.ndjson`);
}

function append(home: string, file: string, value: object): void {
  mkdirSync(join(home, "messages"), { recursive: true });
  appendFileSync(join(home, file), `${JSON.stringify(value)}\n`);
}
