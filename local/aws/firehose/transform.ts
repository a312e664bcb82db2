import { randomUUID } from "node:crypto";
import { objectIn } from "../members.ts";
import type { StreamRecord } from "../ports.ts";
import { AwsError, type Call, type Dispatch } from "../service.ts";
import type { DeliveryConfiguration, Transform } from "./configuration.ts";
import { type Outcome, readOutcomes } from "./outcomes.ts";

/** A record on its way through a delivery stream. */
export interface SourceRecord extends StreamRecord {
  readonly shardId: string;
}

/** Largest request of a synchronous invocation. */
export const payloadLimit = 6 * 1024 * 1024;
/** What a record brings to the request besides its data and (twice) its sequence number. */
const recordOverhead = 260;

/** Bytes that a record takes of an invocation's payload. */
export const payloadBytes = (record: SourceRecord): number =>
  record.data.length + record.partitionKey.length + 2 * record.sequenceNumber.length + recordOverhead;

/** The event of one invocation as Firehose writes it. Written by hand, in bytes: the data needs no escaping. */
export function transformEvent(
  configuration: DeliveryConfiguration,
  region: string,
  records: readonly SourceRecord[],
): Buffer {
  const head = JSON.stringify({
    invocationId: randomUUID(),
    deliveryStreamArn: configuration.arn,
    sourceKinesisStreamArn: configuration.sourceArn,
    region,
  });
  const befores: string[] = [];
  const afters: string[] = [];
  let size = 0;
  for (const [index, { sequenceNumber, data, partitionKey, shardId, arrivedAt }] of records.entries()) {
    const before = `${index === 0 ? "" : ","}{"recordId":"${sequenceNumber}","approximateArrivalTimestamp":${arrivedAt},"data":"`;
    const after = `","kinesisRecordMetadata":{"sequenceNumber":"${sequenceNumber}","subsequenceNumber":0,"partitionKey":${JSON.stringify(partitionKey)},"shardId":"${shardId}","approximateArrivalTimestamp":${arrivedAt}}}`;
    befores.push(before);
    afters.push(after);
    size += before.length + data.length + Buffer.byteLength(after);
  }
  const start = `${head.slice(0, -1)},"records":[`;
  const event = Buffer.allocUnsafe(Buffer.byteLength(start) + size + 2);
  let end = event.write(start);
  for (const [index, { data }] of records.entries()) {
    end += event.write(befores[index] ?? "", end, "latin1");
    end += event.write(data, end, "latin1");
    end += event.write(afters[index] ?? "", end);
  }
  event.write("]}", end);
  return event;
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
