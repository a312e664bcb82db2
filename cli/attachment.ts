import { once } from "node:events";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { isRecord, isTexts } from "./checks.ts";

/** What a serving `c360 up` leaves for other commands, readable by its user alone. */
export interface Attachment {
  readonly pid: number;
  readonly stack: string;
  readonly endpoint: string;
  readonly outputs: unknown;
  /** The runtime's time less the machine's, in milliseconds; both run at the same speed. */
  readonly clockOffset: number;
  /** Role ARN -> environment with which the SDK acts as it. */
  readonly environments: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const isAttachment = (value: unknown): value is Attachment =>
  isRecord(value) &&
  Number.isInteger(value["pid"]) &&
  typeof value["stack"] === "string" &&
  typeof value["endpoint"] === "string" &&
  URL.canParse(value["endpoint"]) &&
  typeof value["clockOffset"] === "number" &&
  isRecord(value["environments"]) &&
  Object.values(value["environments"]).every(isTexts);

const fileIn = (home: string): string => join(home, "endpoint.json");

/** Tells other commands where the runtime of this home serves. */
export async function announce(home: string, attachment: Attachment): Promise<void> {
  const beside = `${fileIn(home)}.${attachment.pid}.new`;
  await writeFile(beside, JSON.stringify(attachment, undefined, 2), { mode: 0o600 });
  // Whole or not at all: another command may look at any time.
  await rename(beside, fileIn(home));
}

export async function withdraw(home: string): Promise<void> {
  await rm(fileIn(home), { force: true });
}

/** The runtime that serves this home, if one does. */
export async function findServing(home: string): Promise<Attachment | undefined> {
  const text = await readFile(fileIn(home), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const value = parsed(text);
  if (!isAttachment(value) || !isAlive(value.pid)) return undefined;
  // A killed runtime leaves its file, and its process id may be somebody else's by now.
  return (await answers(value.endpoint)) ? value : undefined;
}

/** A file that somebody has damaged announces nothing. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function answers(endpoint: string): Promise<boolean> {
  const { hostname, port } = new URL(endpoint);
  const socket = connect({ host: hostname, port: Number(port) });
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
