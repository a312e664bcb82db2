import { createHash } from "node:crypto";
import { decide, sqlTimestamp } from "./decide.ts";
import type { TransformedRecord, TransformRequest } from "./firehose.ts";
import type { Refusal } from "./refused.ts";

/** A row of `failed_events`: the record whole, with the reason. */
export interface FailedEvent {
  readonly failed_id: string;
  readonly reason: Refusal["reason"];
  readonly detail: string;
  readonly raw: string;
  readonly record_id: string;
  readonly arrived_at: string;
  readonly refused_at: string;
}

export interface Transformed {
  readonly records: readonly TransformedRecord[];
  /** Rows for `failed_events`; their records answer `Dropped`, which is true once the rows are stored. */
  readonly failed: readonly FailedEvent[];
}

/**
 * Lambda refuses an answer over 6 MB, and Firehose would try the batch again for ever. Printing `data` as JSON text adds
 * a backslash to every quote, so an answer can outgrow its request; what no longer fits is left to the error prefix.
 */
const MAX_ANSWER = 5_900_000;
/** JSON around each record's data. */
const OVERHEAD = 200;

/**
 * Transforms a batch. Every record gets one answer, in order; a refused one never touches its neighbours.
 * @param now milliseconds since the epoch
 */
export function transform({ records }: TransformRequest, now: number): Transformed {
  const answers: TransformedRecord[] = [];
  const failed: FailedEvent[] = [];
  let size = 0;
  for (const { recordId, data, approximateArrivalTimestamp, kinesisRecordMetadata } of records) {
    const bytes = Buffer.from(data, "base64");
    const arrivedAt = kinesisRecordMetadata?.approximateArrivalTimestamp ?? approximateArrivalTimestamp;
    const decision = decide(bytes, arrivedAt);
    if (decision.refused) {
      failed.push(failedEvent(decision, bytes, recordId, arrivedAt, now));
      answers.push({ recordId, result: "Dropped" });
      continue;
    }
    const line = Buffer.from(`${decision.line}\n`).toString("base64");
    size += line.length + OVERHEAD;
    if (size > MAX_ANSWER) {
      size -= line.length;
      answers.push({ recordId, result: "ProcessingFailed" });
      continue;
    }
    answers.push({ recordId, result: "Ok", data: line, metadata: { partitionKeys: decision.partitionKeys } });
  }
  return { records: answers, failed };
}

function failedEvent(refused: Refusal, bytes: Buffer, recordId: string, arrivedAt: number, now: number): FailedEvent {
  return {
    failed_id: createHash("sha256").update(bytes).digest("hex").slice(0, 32),
    reason: refused.reason,
    detail: refused.detail,
    raw: bytes.toString("base64"),
    record_id: recordId,
    arrived_at: sqlTimestamp(new Date(arrivedAt).toISOString()),
    refused_at: sqlTimestamp(new Date(now).toISOString()),
  };
}

/** The answers when the failed events could not be stored: Firehose then keeps those records itself. */
export const withoutStore = ({ records, failed }: Transformed): readonly TransformedRecord[] => {
  const refused = new Set(failed.map((row) => row.record_id));
  return records.map((record) =>
    refused.has(record.recordId) ? { recordId: record.recordId, result: "ProcessingFailed" } : record,
  );
};

/** Where a batch's failed events are kept. Named by content: a batch that is tried again overwrites its own object. */
export function failedKey(prefix: string, failed: readonly FailedEvent[], now: number): string {
  const hash = createHash("sha256");
  for (const { record_id, failed_id } of failed) hash.update(`${record_id}:${failed_id}\n`);
  return `${prefix}refused_date=${new Date(now).toISOString().slice(0, 10)}/${hash.digest("hex").slice(0, 32)}.ndjson`;
}
