import {
  closeSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import type { StreamRecord } from "../ports.ts";
import { scratchOf } from "../scratch.ts";
import { AwsError } from "../service.ts";
import { sequenceNumber } from "./sequence.ts";

export interface ShardLogOptions {
  /** Bytes of the newest records that stay in memory. Default 16 MiB. */
  readonly tailBytes?: number;
  /** A new file is begun beyond this size. Default 8 MiB. */
  readonly segmentBytes?: number;
}

interface Segment {
  readonly file: string;
  readonly firstPosition: number;
  readonly firstArrival: number;
}

/** What a new record brings. */
export type NewRecord = Pick<StreamRecord, "partitionKey" | "data">;

/**
 * The records of one shard in append-only files, one line each: position, arrival, data, partition key as JSON. A
 * record is in the file before its put is answered, so a killed process loses nothing that was answered; the page cache
 * is not forced to disk, so a power cut may. Consumers that keep up read from memory.
 */
export class ShardLog {
  readonly #folder: string;
  readonly #shard: number;
  readonly #tailLimit: number;
  readonly #segmentLimit: number;
  readonly #segments: Segment[] = [];
  #tail: StreamRecord[] = [];
  #tailBytes = 0;
  /** Position of the next record. */
  #next = 0;
  #open: number | undefined;
  #openBytes = 0;
  #lastArrival = 0;
  /** Where reads from disk ended lately: position -> place in its file. */
  readonly #cursors = new Map<number, { readonly segment: Segment; readonly offset: number }>();

  constructor(folder: string, shard: number, options: ShardLogOptions = {}) {
    this.#folder = folder;
    this.#shard = shard;
    this.#tailLimit = options.tailBytes ?? 16 * 1024 * 1024;
    this.#segmentLimit = options.segmentBytes ?? 8 * 1024 * 1024;
    mkdirSync(folder, { recursive: true });
    this.#load();
  }

  #load(): void {
    for (const name of readdirSync(this.#folder).sort()) {
      const file = join(this.#folder, name);
      const first = firstLine(file);
      // A file whose first record was torn by a kill holds nothing that was answered.
      if (!first) rmSync(file);
      else this.#segments.push({ file, firstPosition: first.position, firstArrival: first.arrivedAt });
    }
    const last = this.#segments.at(-1);
    if (!last) return;
    const bytes = readFileSync(last.file);
    const end = bytes.lastIndexOf(0x0a) + 1;
    this.#open = openSync(last.file, "a");
    if (end < bytes.length) ftruncateSync(this.#open, end);
    this.#openBytes = end;
    const line = parseLine(bytes.toString("latin1", bytes.lastIndexOf(0x0a, end - 2) + 1, end - 1));
    this.#next = line.position + 1;
    this.#lastArrival = line.arrivedAt;
  }

  /** Position of the newest record; -1 when there never was one. */
  get last(): number {
    return this.#next - 1;
  }

  /** Appends and returns the sequence numbers. The arrival never goes back, even if the clock does. */
  append(records: readonly NewRecord[], now: number): readonly string[] {
    const arrivedAt = Math.max(now, this.#lastArrival);
    const sequences: string[] = [];
    const frames: (readonly [string, string])[] = [];
    let size = 0;
    let position = this.#next;
    for (const { data, partitionKey } of records) {
      const frame = [`${position}\t${arrivedAt}\t`, `\t${asciiJson(partitionKey)}\n`] as const;
      frames.push(frame);
      size += frame[0].length + data.length + frame[1].length;
      sequences.push(sequenceNumber(position, this.#shard));
      position++;
    }
    const bytes = scratchOf(size);
    let at = 0;
    for (const [index, { data }] of records.entries()) {
      const [head = "", end = ""] = frames[index] ?? [];
      at += bytes.write(head, at, "latin1");
      at += bytes.write(data, at, "latin1");
      at += bytes.write(end, at, "latin1");
    }
    this.#write(bytes.subarray(0, at), arrivedAt);
    this.#lastArrival = arrivedAt;
    for (const [index, { data, partitionKey }] of records.entries()) {
      this.#tail.push({ sequenceNumber: sequences[index] ?? "", partitionKey, data, arrivedAt });
      this.#tailBytes += data.length;
    }
    this.#next = position;
    this.#shrinkTail();
    return sequences;
  }

  #write(bytes: Buffer, arrivedAt: number): void {
    if (this.#open === undefined || this.#openBytes > this.#segmentLimit) this.#roll(arrivedAt);
    const open = this.#open;
    if (open === undefined) throw new Error("The shard's log is closed.");
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(open, bytes, done);
    } catch (error) {
      ftruncateSync(open, this.#openBytes);
      if (error instanceof Error && "code" in error && error.code === "ENOSPC") {
        throw new AwsError(
          "InsufficientStorage",
          "The disk that holds the runtime's state is full: no record was taken. Free some space and try again.",
          507,
        );
      }
      throw error;
    }
    this.#openBytes += bytes.length;
  }

  #roll(arrivedAt: number): void {
    if (this.#open !== undefined) closeSync(this.#open);
    const file = join(this.#folder, `${String(this.#next).padStart(16, "0")}.log`);
    this.#open = openSync(file, "a");
    this.#openBytes = fstatSync(this.#open).size;
    this.#segments.push({ file, firstPosition: this.#next, firstArrival: arrivedAt });
  }

  #shrinkTail(): void {
    if (this.#tailBytes <= this.#tailLimit) return;
    let drop = 0;
    // Half of it at once, so that the array is not rebuilt at every append.
    while (this.#tailBytes > this.#tailLimit / 2 && drop < this.#tail.length)
      this.#tailBytes -= this.#tail[drop++]?.data.length ?? 0;
    this.#tail = this.#tail.slice(drop);
  }

  /** Records from `position` on that arrived at or after `horizon`, until a limit is reached; at least one if there is any. */
  read(
    position: number,
    horizon: number,
    limit: { readonly records: number; readonly bytes: number },
  ): readonly StreamRecord[] {
    if (position >= this.#next || limit.records < 1) return [];
    const tailStart = this.#next - this.#tail.length;
    if (position < tailStart) return this.#readFile(position, horizon, limit);
    const found: StreamRecord[] = [];
    let bytes = 0;
    for (let index = position - tailStart; index < this.#tail.length; index++) {
      const record = this.#tail[index];
      if (!record || record.arrivedAt < horizon) continue;
      bytes += record.data.length;
      if (found.length > 0 && (found.length >= limit.records || bytes > limit.bytes)) break;
      found.push(record);
    }
    return found;
  }

  #readFile(
    position: number,
    horizon: number,
    limit: { readonly records: number; readonly bytes: number },
  ): readonly StreamRecord[] {
    const found: StreamRecord[] = [];
    let bytes = 0;
    for (const place of this.#placesFrom(position)) {
      const text = readText(place.segment.file);
      for (let start = place.offset; start < text.length; ) {
        const end = text.indexOf("\n", start);
        if (end < 0) break;
        const line = parseLine(text.slice(start, end));
        if (line.position >= position && line.arrivedAt >= horizon) {
          bytes += line.data.length;
          if (found.length > 0 && (found.length >= limit.records || bytes > limit.bytes)) {
            this.#remember(line.position, place.segment, start);
            return found;
          }
          found.push({
            sequenceNumber: sequenceNumber(line.position, this.#shard),
            partitionKey: line.partitionKey,
            data: line.data,
            arrivedAt: line.arrivedAt,
          });
        }
        start = end + 1;
      }
    }
    return found;
  }

  *#placesFrom(position: number): Generator<{ readonly segment: Segment; readonly offset: number }> {
    const cursor = this.#cursors.get(position);
    const start = cursor ? this.#segments.indexOf(cursor.segment) : -1;
    let index = start >= 0 ? start : this.#segments.findLastIndex(({ firstPosition }) => firstPosition <= position);
    if (start >= 0 && cursor) {
      yield cursor;
      index++;
    }
    for (index = Math.max(index, 0); index < this.#segments.length; index++) {
      const segment = this.#segments[index];
      if (segment) yield { segment, offset: 0 };
    }
  }

  #remember(position: number, segment: Segment, offset: number): void {
    this.#cursors.set(position, { segment, offset });
    const [oldest] = this.#cursors.keys();
    if (this.#cursors.size > 16 && oldest !== undefined) this.#cursors.delete(oldest);
  }

  /** Position of the first record that arrived at `time` or later. */
  positionAt(time: number): number {
    if (time > this.#lastArrival) return this.#next;
    let position = this.#segments.findLast(({ firstArrival }) => firstArrival < time)?.firstPosition ?? 0;
    for (;;) {
      const records = this.read(position, 0, { records: 10_000, bytes: 4 * 1024 * 1024 });
      if (records.length === 0) return position;
      const index = records.findIndex(({ arrivedAt }) => arrivedAt >= time);
      if (index >= 0) return Math.max(position, this.#segments[0]?.firstPosition ?? 0) + index;
      position = Math.max(position, this.#segments[0]?.firstPosition ?? 0) + records.length;
    }
  }

  /** Removes files that hold only records from before `horizon`. */
  trim(horizon: number): void {
    for (let next = this.#segments[1]; next && next.firstArrival < horizon; next = this.#segments[1]) {
      const oldest = this.#segments.shift();
      if (oldest) rmSync(oldest.file, { force: true });
    }
  }

  close(): void {
    if (this.#open !== undefined) closeSync(this.#open);
    this.#open = undefined;
  }
}

interface ParsedLine extends NewRecord {
  readonly position: number;
  readonly arrivedAt: number;
}

function parseLine(line: string): ParsedLine {
  const first = line.indexOf("\t");
  const second = line.indexOf("\t", first + 1);
  const third = line.indexOf("\t", second + 1);
  return {
    position: Number(line.slice(0, first)),
    arrivedAt: Number(line.slice(first + 1, second)),
    data: line.slice(second + 1, third),
    partitionKey: String(JSON.parse(line.slice(third + 1))),
  };
}

const readText = (file: string): string => readFileSync(file, "latin1");

/** Position and arrival of a file's first record; undefined when there is not one whole line. */
function firstLine(file: string): { readonly position: number; readonly arrivedAt: number } | undefined {
  const descriptor = openSync(file, "r");
  try {
    const bytes = Buffer.alloc(64);
    const length = readSync(descriptor, bytes, 0, bytes.length, 0);
    const match = /^(\d+)\t(\d+)\t/.exec(bytes.toString("latin1", 0, length));
    if (!match || (length < bytes.length && !bytes.includes(0x0a))) return undefined;
    if (readFileSync(descriptor).indexOf(0x0a) < 0 && !bytes.includes(0x0a)) return undefined;
    return { position: Number(match[1]), arrivedAt: Number(match[2]) };
  } finally {
    closeSync(descriptor);
  }
}

/** JSON in ASCII, so that the file is one byte a character. */
function asciiJson(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[^ -~]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
