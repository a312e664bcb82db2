import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { environment } from "../shared/environment.ts";
import { metricLine } from "../shared/metric.ts";
import type { TransformRequest, TransformResponse } from "./firehose.ts";
import { failedKey, transform, withoutStore } from "./transform.ts";

const s3 = new S3Client({});
const { LAKE_BUCKET, FAILED_PREFIX } = environment("LAKE_BUCKET", "FAILED_PREFIX");

/** Firehose's transform: events of the stream become rows of `raw_events`, what is refused goes to `failed_events`. */
export async function handler(request: TransformRequest): Promise<TransformResponse> {
  const now = Date.now();
  const done = transform(request, now);
  if (done.failed.length === 0) return { records: done.records };
  try {
    await s3.send(
      new PutObjectCommand({
        Bucket: LAKE_BUCKET,
        Key: failedKey(FAILED_PREFIX, done.failed, now),
        Body: done.failed.map((row) => `${JSON.stringify(row)}\n`).join(""),
        ContentType: "application/x-ndjson",
      }),
    );
  } catch (error) {
    console.error(
      `Failed events not stored, left to the error prefix: ${error instanceof Error ? error.name : "unknown error"}`,
    );
    return { records: withoutStore(done) };
  } finally {
    console.log(metricLine("RefusedRecords", done.failed.length, now));
  }
  return { records: done.records };
}
