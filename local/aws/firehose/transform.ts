import { randomUUID } from "node:crypto";
import { objectIn } from "../members.ts";
import type { StreamRecord } from "../ports.ts";
import { AwsError, type Call, type Dispatch, type Shape } from "../service.ts";
import type { DeliveryConfiguration, Transform } from "./configuration.ts";

/** A record on its way through a delivery stream. */
export interface SourceRecord extends StreamRecord {
  readonly shardId: string;
}

/** What became of a record. `data` is base64. */
export type Outcome =
  | { readonly kind: "ok"; readonly data: string; readonly partitionKeys: Shape }
  | { readonly kind: "dropped" }
  | { readonly kind: "failed"; readonly code: string; readonly message: string; readonly attempts: number };

/** Largest request of a synchronous invocation. */
export const payloadLimit = 6 * 1024 * 1024;
/** What a record brings to the request besides its data and (twice) its sequence number. */
const recordOverhead = 260;

/** Bytes that a record takes of an invocation's payload. */
export const payloadBytes = (record: SourceRecord): number =>
  record.data.length + record.partitionKey.length + 2 * record.sequenceNumber.length + recordOverhead;

/** The event of one invocation as Firehose writes it. Written by hand: the data needs no escaping. */
export function transformEvent(
  configuration: DeliveryConfiguration,
  region: string,
  records: readonly SourceRecord[],
): string {
  const head = JSON.stringify({
    invocationId: randomUUID(),
    deliveryStreamArn: configuration.arn,
    sourceKinesisStreamArn: configuration.sourceArn,
    region,
  });
  const items = records.map(
    ({ sequenceNumber, data, partitionKey, shardId, arrivedAt }) =>
      `{"recordId":"${sequenceNumber}","approximateArrivalTimestamp":${arrivedAt},"data":"${data}","kinesisRecordMetadata":{"sequenceNumber":"${sequenceNumber}","subsequenceNumber":0,"partitionKey":${JSON.stringify(partitionKey)},"shardId":"${shardId}","approximateArrivalTimestamp":${arrivedAt}}}`,
  );
  return `${head.slice(0, -1)},"records":[${items.join(",")}]}`;
}

/**
 * Sends records through the function: tried again at once when the invocation fails, and given up as a whole after the
 * configured retries. A refusal by IAM is thrown instead: the records wait until the program is mended.
 */
export async function transformRecords(
  transform: Transform,
  configuration: DeliveryConfiguration,
  region: string,
  records: readonly SourceRecord[],
  dispatch: Dispatch,
  call: Call,
): Promise<readonly Outcome[]> {
  const Payload = transformEvent(configuration, region, records);
  let failure = { code: "Lambda.FunctionError", message: "The Lambda function was not invoked." };
  for (let attempt = 0; attempt <= transform.retries; attempt++) {
    try {
      const answer = await dispatch(
        "lambda",
        "Invoke",
        { FunctionName: transform.functionArn, InvocationType: "RequestResponse", Payload },
        call,
      );
      const text = payloadText(answer["Payload"]);
      if (answer["FunctionError"] === undefined) {
        const outcomes = readOutcomes(text, records, attempt + 1);
        if (outcomes) return outcomes;
        failure = {
          code: "Lambda.JsonProcessingException",
          message: "The function's answer is not a JSON object with an array `records`.",
        };
      } else {
        failure = {
          code: "Lambda.FunctionError",
          message: `The Lambda function was successfully invoked but it returned an error result: ${errorText(text)}`,
        };
      }
    } catch (error) {
      if (
        !(error instanceof AwsError) ||
        error.code.startsWith("AccessDenied") ||
        error.code === "NotImplementedLocally"
      )
        throw error;
      failure = { code: `Lambda.${error.code}`, message: error.message };
    }
  }
  return records.map(() => ({ kind: "failed", ...failure, attempts: transform.retries + 1 }));
}

function payloadText(payload: unknown): string {
  if (typeof payload === "string") return payload;
  return payload instanceof Uint8Array
    ? Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString("utf8")
    : "";
}

/** The kind of error only: a message of the function's may hold data. */
function errorText(payload: string): string {
  try {
    return String(objectIn(JSON.parse(payload))?.["errorType"] ?? "Error");
  } catch {
    return "Error";
  }
}

/** Outcomes in the order of the records; undefined when the answer as a whole cannot be read. */
export function readOutcomes(
  payload: string,
  records: readonly SourceRecord[],
  attempts: number,
): readonly Outcome[] | undefined {
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
    return { kind: "ok", data, partitionKeys: objectIn(objectIn(metadata)?.["partitionKeys"]) ?? {} };
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
