import { randomBytes } from "node:crypto";
import { appendFileSync, closeSync, ftruncateSync, mkdirSync, openSync, writeSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { scratchOf } from "../scratch.ts";
import type { Shape } from "../service.ts";
import type { DeliveryConfiguration } from "./configuration.ts";
import type { Outcome } from "./outcomes.ts";
import type { SourceRecord } from "./transform.ts";

/** Records that go into the same object. */
export interface Group {
  readonly partitionKeys: Readonly<Record<string, string>>;
  oldestArrival: number;
}

/** Where a line of the NDJSON came from. */
type Line = Pick<SourceRecord, "sequenceNumber" | "arrivedAt">;

/** Kinds of objects under the error prefix. */
export type ErrorType = "processing-failed" | "format-conversion-failed";

/** A record that was not converted, and why. */
interface Failure {
  readonly record: Pick<SourceRecord, "sequenceNumber" | "arrivedAt" | "data">;
  readonly code: string;
  readonly message: string;
  readonly attempts: number;
}

const groupMember = `g_${randomBytes(8).toString("hex")}`;

/**
 * What one flush will deliver: the records' NDJSON and the failures, in files; of each record only its arrival and its
 * sequence number stay in memory. Not durable: after a kill the records are read again from the stream, from the checkpoint on.
 */
export class Staging {
  readonly folder: string;
  readonly file: string;
  /** Name of the member that holds the group's number. No record can know it: it is new in every process. */
  readonly groupMember = groupMember;
  readonly groups: Group[] = [];
  /** Of every line, in order. */
  readonly lines: Line[] = [];
  /** Last sequence number taken of each shard: the checkpoint after this flush. */
  readonly positions = new Map<string, string>();
  readonly failures = new Map<ErrorType, { readonly file: string; oldestArrival: number }>();
  bytes = 0;
  oldestArrival = Number.POSITIVE_INFINITY;
  readonly #configuration: DeliveryConfiguration;
  readonly #groupOf = new Map<string, number>();
  /** The same by the object that says it: records of a batch share it. */
  readonly #groupOfKeys = new WeakMap<Shape, number>();
  readonly #descriptor: number;

  constructor(folder: string, configuration: DeliveryConfiguration, now: number) {
    this.folder = folder;
    this.since = now;
    this.#configuration = configuration;
    mkdirSync(folder, { recursive: true });
    this.file = join(folder, "records.ndjson");
    this.#descriptor = openSync(this.file, "w");
  }

  /** When the first record came in, by the runtime's clock. */
  readonly since: number;

  /** Takes a batch with its outcomes. */
  add(records: readonly SourceRecord[], outcomes: readonly Outcome[], now: number): void {
    const size = outcomes.reduce((sum, outcome) => sum + (outcome.kind === "ok" ? outcome.data.length : 0), 0);
    const buffer = scratchOf(size + outcomes.length * (this.groupMember.length + 24));
    let end = 0;
    const failures: Failure[] = [];
    const lines: Line[] = [];
    for (const [index, record] of records.entries()) {
      const outcome = outcomes[index];
      if (!outcome || outcome.kind === "dropped") continue;
      if (outcome.kind === "failed") {
        failures.push({ record, ...outcome });
        continue;
      }
      const group = this.#group(outcome, record.arrivedAt);
      if (group === undefined) {
        const message = "The record has no value for a partition key of the prefix.";
        failures.push({ record, code: "DynamicPartitioning.MetadataExtractionFailed", message, attempts: 1 });
        continue;
      }
      end = writeLine(buffer, end, `{"${this.groupMember}":${group}`, outcome.data);
      lines.push({ sequenceNumber: record.sequenceNumber, arrivedAt: record.arrivedAt });
    }
    this.fail("processing-failed", failures, now);
    this.#append(buffer.subarray(0, end));
    // Only now: a batch that could not be written whole is taken again from the stream.
    for (const line of lines) this.lines.push(line);
    for (const { shardId, sequenceNumber, arrivedAt } of records) {
      this.positions.set(shardId, sequenceNumber);
      this.oldestArrival = Math.min(this.oldestArrival, arrivedAt);
    }
  }

  #append(bytes: Buffer): void {
    try {
      for (let done = 0; done < bytes.length; )
        done += writeSync(this.#descriptor, bytes, done, bytes.length - done, this.bytes + done);
    } catch (error) {
      ftruncateSync(this.#descriptor, this.bytes);
      throw error;
    }
    this.bytes += bytes.length;
  }

  #group({ partitionKeys }: Extract<Outcome, { kind: "ok" }>, arrivedAt: number): number | undefined {
    const found = this.#groupOfKeys.get(partitionKeys) ?? this.#groupOfValues(partitionKeys);
    const group = found === undefined ? undefined : this.groups[found];
    if (found === undefined || !group) return undefined;
    this.#groupOfKeys.set(partitionKeys, found);
    group.oldestArrival = Math.min(group.oldestArrival, arrivedAt);
    return found;
  }

  /** The group of these values, a new one if need be; undefined when the prefix misses one. */
  #groupOfValues(partitionKeys: Shape): number | undefined {
    const values: Record<string, string> = {};
    let id = "";
    for (const name of this.#configuration.prefix.partitionKeys) {
      const value = partitionKeys[name];
      if (typeof value !== "string" || value === "") return undefined;
      values[name] = value;
      id += `${value}\0`;
    }
    const found = this.#groupOf.get(id);
    if (found !== undefined) return found;
    this.#groupOf.set(id, this.groups.length);
    return this.groups.push({ partitionKeys: values, oldestArrival: Number.POSITIVE_INFINITY }) - 1;
  }

  /** Writes failures as Firehose does, one JSON object a line with the record as it came. */
  fail(type: ErrorType, failures: readonly Failure[], now: number): void {
    if (failures.length === 0) return;
    const { transform, schema } = this.#configuration;
    const conversion = type === "format-conversion-failed";
    const text = failures.map(({ record, code, message, attempts }) =>
      JSON.stringify({
        attemptsMade: attempts,
        arrivalTimestamp: record.arrivedAt,
        [conversion ? "lastErrorCode" : "errorCode"]: code,
        [conversion ? "lastErrorMessage" : "errorMessage"]: message,
        attemptEndingTimestamp: now,
        rawData: record.data,
        ...(conversion
          ? {
              sequenceNumber: record.sequenceNumber,
              subSequenceNumber: 0,
              dataCatalogTable: { databaseName: schema.database, tableName: schema.table, versionId: "LATEST" },
            }
          : { lambdaArn: transform?.functionArn }),
      }),
    );
    const entry = this.failures.get(type) ?? {
      file: join(this.folder, type),
      oldestArrival: Number.POSITIVE_INFINITY,
    };
    appendFileSync(entry.file, `${text.join("\n")}\n`);
    for (const { record } of failures) entry.oldestArrival = Math.min(entry.oldestArrival, record.arrivedAt);
    this.failures.set(type, entry);
  }

  /** The records of some lines, as the transform gave them. */
  async recordsOf(numbers: readonly number[]): Promise<readonly Failure["record"][]> {
    const lines = (await readFile(this.file, "latin1")).split("\n");
    return numbers.flatMap((number) => {
      const origin = this.lines[number];
      if (!origin) return [];
      const body = (lines[number] ?? "").slice(1).replace(/^"[^"]*":\d+,?/, "");
      const text = lines[number]?.startsWith("{") ? `{${body}` : body;
      return [{ ...origin, data: Buffer.from(text, "latin1").toString("base64") }];
    });
  }

  /** No more records come. */
  seal(): void {
    closeSync(this.#descriptor);
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}

const newline = 0x0a;
const space = 0x20;
const brace = 0x7b;
const closingBrace = 0x7d;
const comma = 0x2c;
const isSpace = (byte: number | undefined): boolean =>
  byte === space || byte === newline || byte === 0x0d || byte === 0x09;

/**
 * Decodes a record straight into its place behind `head` (`{"name":1`), whose brace takes the place of the record's own.
 * A record that is no object becomes a line that is no JSON, and is rejected by the conversion.
 */
function writeLine(buffer: Buffer, start: number, head: string, data: string): number {
  const body = start + buffer.write(head, start, "latin1");
  let end = body + buffer.write(data, body, "base64");
  while (end > body && isSpace(buffer[end - 1])) end--;
  let first = body;
  while (first < end && isSpace(buffer[first])) first++;
  if (buffer[first] === brace) {
    buffer.fill(space, body, first);
    let next = first + 1;
    while (next < end && isSpace(buffer[next])) next++;
    buffer[first] = buffer[next] === closingBrace ? space : comma;
  } else buffer[start] = space;
  // A line feed between tokens is a space as well; within a string it would not be JSON at all.
  const written = buffer.subarray(body, end);
  for (let at = written.indexOf(newline); at >= 0; at = written.indexOf(newline, at)) written[at] = space;
  buffer[end] = newline;
  return end + 1;
}
