import { BatchCreatePartitionCommand, GlueClient } from "@aws-sdk/client-glue";
import { GetObjectCommand, ListObjectsV2Command, NoSuchKey, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { rawEventColumns } from "../../ingest/contracts/index.ts";
import { environment } from "../shared/environment.ts";
import { type Partition, type Plan, planRefresh, type RawObject, type Watermark } from "./plan.ts";
import { parseRequest, parseWatermark } from "./plan-request.ts";

const s3 = new S3Client({});
const glue = new GlueClient({});
const { LAKE_BUCKET, RAW_PREFIX, DATABASE, RAW_TABLE } = environment(
  "LAKE_BUCKET",
  "RAW_PREFIX",
  "DATABASE",
  "RAW_TABLE",
);
const WATERMARK_KEY = "control/refresh/watermark.json";

/** What the state machine needs of a plan; the partitions are registered and no longer of interest. */
type Answer = Omit<Plan, "partitions"> & { readonly partitions: number };

/** Plans a refresh, and keeps its watermark once it has published. */
export async function handler(input: unknown): Promise<Answer | { readonly committed: true }> {
  const request = parseRequest(input);
  if (request.action === "commit") {
    await putWatermark(request.watermark);
    return { committed: true };
  }
  const startedAt = Date.now();
  const previous = await getWatermark();
  const plan = planRefresh(await listObjects(), previous, { ...request, startedAt });
  // Athena projects the partitions; Glue Data Quality reads those that are registered.
  await registerPartitions(plan.partitions);
  return { ...plan, partitions: plan.partitions.length };
}

async function getWatermark(): Promise<Watermark | undefined> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: LAKE_BUCKET, Key: WATERMARK_KEY }));
    return parseWatermark(JSON.parse((await Body?.transformToString()) ?? ""));
  } catch (error) {
    // Only a role that may list the bucket is told that an object is missing; others are denied.
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}

const putWatermark = (watermark: Watermark) =>
  s3.send(
    new PutObjectCommand({
      Bucket: LAKE_BUCKET,
      Key: WATERMARK_KEY,
      Body: JSON.stringify(watermark),
      ContentType: "application/json",
    }),
  );

/** S3 cannot list by age, so every refresh lists every object: 1,000 a request. */
async function listObjects(): Promise<RawObject[]> {
  const objects: RawObject[] = [];
  let token: string | undefined;
  do {
    const page = await s3.send(
      new ListObjectsV2Command({ Bucket: LAKE_BUCKET, Prefix: RAW_PREFIX, ...(token && { ContinuationToken: token }) }),
    );
    for (const { Key, ETag, LastModified } of page.Contents ?? []) {
      if (Key !== undefined && !Key.endsWith("/")) {
        objects.push({ key: Key, etag: ETag ?? "", lastModified: LastModified?.getTime() ?? 0 });
      }
    }
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return objects;
}

/** Glue takes 100 a call. */
const CHUNK = 100;

async function registerPartitions(partitions: readonly Partition[]): Promise<void> {
  for (let start = 0; start < partitions.length; start += CHUNK) {
    const { Errors } = await glue.send(
      new BatchCreatePartitionCommand({
        DatabaseName: DATABASE,
        TableName: RAW_TABLE,
        PartitionInputList: partitions.slice(start, start + CHUNK).map(partitionInput),
      }),
    );
    const failed = Errors?.find(({ ErrorDetail }) => ErrorDetail?.ErrorCode !== "AlreadyExistsException");
    if (failed !== undefined) {
      throw new Error(
        `Partition ${failed.PartitionValues?.join("/")} not registered: ${failed.ErrorDetail?.ErrorCode}`,
      );
    }
  }
}

const partitionInput = ({ eventDate, eventType }: Partition) => ({
  Values: [eventDate, eventType],
  StorageDescriptor: {
    Columns: rawEventColumns.map(({ name, type }) => ({ Name: name, Type: type })),
    Location: `s3://${LAKE_BUCKET}/${RAW_PREFIX}event_date=${eventDate}/event_type=${eventType}/`,
    InputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
    OutputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
    SerdeInfo: { SerializationLibrary: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe" },
  },
});
