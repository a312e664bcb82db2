import { objectIn } from "../members.ts";
import type { Shape } from "../service.ts";
import type { SourceRecord } from "./transform.ts";

/** What became of a record. `data` is base64. */
export type Outcome =
  | { readonly kind: "ok"; readonly data: string; readonly partitionKeys: Shape }
  | { readonly kind: "dropped" }
  | { readonly kind: "failed"; readonly code: string; readonly message: string; readonly attempts: number };

/** What of a record the answer is held against. */
type Asked = Pick<SourceRecord, "sequenceNumber">;

/** Outcomes in the order of the records; undefined when the answer as a whole cannot be read. */
export function readOutcomes(
  payload: string,
  records: readonly Asked[],
  attempts: number,
): readonly Outcome[] | undefined {
  return readPlain(payload, records) ?? readAny(payload, records, attempts);
}

const opening = '{"records":[';
const closing = "]}";
const dataHead = '","result":"Ok","data":"';
const metadataHead = '","metadata":';
const dropped = '","result":"Dropped"}';
const nextRecord = '},{"recordId":"';

/**
 * Reads an answer as `JSON.stringify` prints the ordinary one: every record in its place, `Ok` or `Dropped`. Its data is
 * cut out of the text and never copied, and equal metadata is parsed once.
 *
 * The text is JSON without an escape, so every quote begins or ends a string: what stands between two cuts is compared
 * literally, and metadata that was cut wrongly does not parse. So this gives what JSON.parse would.
 * @returns undefined for any other answer
 */
function readPlain(text: string, records: readonly Asked[]): readonly Outcome[] | undefined {
  if (!text.startsWith(opening) || text.includes("\\")) return undefined;
  const outcomes: Outcome[] = [];
  const known = new Map<string, Shape>();
  let at = opening.length;
  for (const [index, { sequenceNumber }] of records.entries()) {
    const head = `${index === 0 ? "" : ","}{"recordId":"${sequenceNumber}`;
    if (!text.startsWith(head, at)) return undefined;
    at += head.length;
    if (text.startsWith(dropped, at)) {
      at += dropped.length;
      outcomes.push({ kind: "dropped" });
      continue;
    }
    if (!text.startsWith(dataHead, at)) return undefined;
    const start = at + dataHead.length;
    const end = text.indexOf('"', start);
    if (end < 0 || !text.startsWith(metadataHead, end)) return undefined;
    const metadataStart = end + metadataHead.length;
    const last = index === records.length - 1;
    const metadataEnd = last ? text.length - closing.length - 1 : text.indexOf(nextRecord, metadataStart);
    if (metadataEnd < metadataStart || text[metadataEnd] !== "}") return undefined;
    const metadata = text.slice(metadataStart, metadataEnd);
    const partitionKeys = known.get(metadata) ?? readKeys(metadata);
    if (partitionKeys === undefined) return undefined;
    known.set(metadata, partitionKeys);
    outcomes.push({ kind: "ok", data: text.slice(start, end), partitionKeys });
    at = metadataEnd + 1;
  }
  return text.length === at + closing.length && text.endsWith(closing) ? outcomes : undefined;
}

function readKeys(metadata: string): Shape | undefined {
  try {
    return partitionKeysOf(JSON.parse(metadata));
  } catch {
    return undefined;
  }
}

const partitionKeysOf = (metadata: unknown): Shape => objectIn(objectIn(metadata)?.["partitionKeys"]) ?? {};

/** Reads whatever the function answered: records in any order, missing or twice. */
function readAny(payload: string, records: readonly Asked[], attempts: number): readonly Outcome[] | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(payload);
  } catch {
    return undefined;
  }
  const results: unknown = objectIn(parsed)?.["records"];
  if (!Array.isArray(results)) return undefined;
  const inOrder =
    results.length === records.length &&
    records.every((record, index) => idOf(results[index]) === record.sequenceNumber);
  if (inOrder) return results.map((result: unknown) => readOutcome(result, attempts));
  const byId = new Map<unknown, unknown[]>();
  for (const result of results) {
    const id = idOf(result);
    byId.set(id, [...(byId.get(id) ?? []), result]);
  }
  return records.map((record) => {
    const [result, ...others] = byId.get(record.sequenceNumber) ?? [];
    if (result === undefined) {
      return {
        kind: "failed",
        code: "Lambda.MissingRecordId",
        message: "The function returned no record with this record ID.",
        attempts,
      };
    }
    if (others.length > 0) {
      return {
        kind: "failed",
        code: "Lambda.DuplicatedRecordId",
        message: "Multiple records with the same record ID were returned.",
        attempts,
      };
    }
    return readOutcome(result, attempts);
  });
}

const idOf = (result: unknown): unknown =>
  typeof result === "object" && result !== null && "recordId" in result ? result.recordId : undefined;

function readOutcome(given: unknown, attempts: number): Outcome {
  if (typeof given !== "object" || given === null)
    return { kind: "failed", code: "Lambda.InvalidRecord", message: "Not an object.", attempts };
  const { result, data, metadata }: Shape = { result: undefined, data: undefined, metadata: undefined, ...given };
  if (result === "Ok" && typeof data === "string") {
    return { kind: "ok", data, partitionKeys: partitionKeysOf(metadata) };
  }
  if (result === "Dropped") return { kind: "dropped" };
  if (result === "ProcessingFailed") {
    return {
      kind: "failed",
      code: "Lambda.ProcessingFailedStatus",
      message: "ProcessingFailed status set for record",
      attempts,
    };
  }
  const what = result === "Ok" ? "Ok without data" : "neither Ok, Dropped nor ProcessingFailed";
  return { kind: "failed", code: "Lambda.InvalidRecord", message: `The record's result is ${what}.`, attempts };
}
