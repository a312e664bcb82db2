import { once } from "node:events";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";

/** What a serving `c360 up` leaves for other commands, readable by its user alone. */
const Attachment = Type.Object({
  pid: Type.Integer(),
  stack: Type.String(),
  endpoint: Type.String(),
  outputs: Type.Unknown(),
  /** The runtime's time less the machine's, in milliseconds; both run at the same speed. */
  clockOffset: Type.Number(),
  /** Role ARN -> environment with which the SDK acts as it. */
  environments: Type.Record(Type.String(), Type.Record(Type.String(), Type.String())),
});
export type Attachment = Static<typeof Attachment>;

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
  const value: unknown = JSON.parse(text);
  if (!Value.Check(Attachment, value) || !isAlive(value.pid)) return undefined;
  // A killed runtime leaves its file, and its process id may be somebody else's by now.
  return (await answers(value.endpoint)) ? value : undefined;
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
