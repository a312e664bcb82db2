import { isUtf8 } from "node:buffer";
import { validateEvent } from "../../ingest/contracts/index.ts";
import { type Refusal, refusal } from "./refused.ts";
import { type ParsedEvent, parseEvent } from "./split.ts";

/** A row of `raw_events` as one line of JSON, and the partition it belongs to. */
export interface Accepted {
  readonly refused: false;
  readonly line: string;
  readonly partitionKeys: { readonly event_date: string; readonly event_type: string };
}

/** Firehose's Parquet conversion works on whole records; an event this big is an error of its producer. */
export const MAX_BYTES = 1_000_000;

/**
 * Judges one record of the stream by its event's contract.
 * @param bytes the record as the producer put it
 * @param arrivedAt arrival at the stream, milliseconds since the epoch
 */
export function decide(bytes: Buffer, arrivedAt: number): Accepted | Refusal {
  if (bytes.length > MAX_BYTES) return refusal("oversized", `${bytes.length} bytes, ${MAX_BYTES} at most`);
  if (!isUtf8(bytes)) return refusal("malformed-json", "not UTF-8");
  let parsed: ParsedEvent;
  try {
    parsed = parseEvent(bytes.toString("utf8"));
  } catch {
    // The engine's message quotes the text, which may be personal.
    return refusal("malformed-json", "not JSON");
  }
  const judged = validateEvent(parsed.event);
  if (!judged.ok) return refusal(judged.reason, judged.detail);
  const { event, contract } = judged;
  const line = JSON.stringify({
    event_id: event.id,
    type: event.type,
    source: event.source,
    subject: event.subject,
    time: sqlTimestamp(event.time),
    dataschema: event.dataschema,
    correlationid: event.correlationid,
    causationid: event.causationid,
    traceparent: event.traceparent,
    data: parsed.dataText,
    ingested_at: sqlTimestamp(new Date(arrivedAt).toISOString()),
  });
  return {
    refused: false,
    line,
    partitionKeys: { event_date: event.time.slice(0, 10), event_type: contract.partition },
  };
}

/** `2011-12-09T12:50:00Z` -> `2011-12-09 12:50:00.000`, what Hive's JSON reader takes for a timestamp. */
export const sqlTimestamp = (rfc3339: string): string =>
  `${rfc3339.slice(0, 10)} ${rfc3339.slice(11, 19)}.${rfc3339.slice(20, -1).slice(0, 3).padEnd(3, "0")}`;
