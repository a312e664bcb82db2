import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { StreamRecord } from "./batches.ts";

/** The file to replay can not be read. */
export class ReplayFileError extends Error {
  override readonly name = "ReplayFileError";
}

const NEWLINE = 0x0a;
const RETURN = 0x0d;

/**
 * Every line of a file as a record, byte for byte: malformed ones too, because the transform judges and keeps them.
 * Blank lines are none. The partition key is a hash of the line, so that repeated lines go the same way.
 * @param skip records to leave out at the start: `confirmed` of an earlier, unfinished run
 * @throws ReplayFileError when the file cannot be read
 */
export async function* ndjsonRecords(path: string, skip = 0): AsyncGenerator<StreamRecord> {
  let record = 0;
  for await (const line of lines(path)) {
    const bytes = line.at(-1) === RETURN ? line.subarray(0, -1) : line;
    if (isBlank(bytes)) continue;
    if (record++ < skip) continue;
    yield { partitionKey: createHash("sha256").update(bytes).digest("hex").slice(0, 32), bytes };
  }
}

async function* lines(path: string): AsyncGenerator<Buffer> {
  await checkFile(path);
  let rest: Buffer[] = [];
  for await (const chunk of createReadStream(path)) {
    const bytes: Buffer = chunk;
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      yield Buffer.concat([...rest, bytes.subarray(start, end)]);
      rest = [];
      start = end + 1;
    }
    if (start < bytes.length) rest.push(bytes.subarray(start));
  }
  if (rest.length > 0) yield Buffer.concat(rest);
}

async function checkFile(path: string): Promise<void> {
  const info = await stat(path).catch((cause: unknown) => {
    throw new ReplayFileError(`The file ${path} cannot be read: check the path.`, { cause });
  });
  if (!info.isFile()) throw new ReplayFileError(`${path} is not a file.`);
}

const isBlank = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0x20 || byte === 0x09);
