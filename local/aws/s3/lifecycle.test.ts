import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { VirtualClock } from "../../clock/clock.ts";
import { createVirtualClock } from "../../clock/virtual-clock.ts";
import { resource, type Started, startServices } from "../kinesis/fixture.ts";
import { s3 } from "./index.ts";

const at = (text: string): number => Date.parse(`${text}Z`);
const lifecycle = (bucket: string, rules: readonly object[]) =>
  resource("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", `${bucket}-lifecycle`, "", {
    bucket,
    rules,
  });
const resources = [
  resource("aws:s3/bucket:Bucket", "plain", "arn:aws:s3:::plain", { bucket: "plain" }),
  resource("aws:s3/bucket:Bucket", "kept", "arn:aws:s3:::kept", { bucket: "kept" }),
  resource("aws:s3/bucketVersioning:BucketVersioning", "versioning", "", {
    bucket: "kept",
    versioningConfiguration: { status: "Enabled" },
  }),
  lifecycle("plain", [{ id: "results", status: "Enabled", filter: { prefix: "results/" }, expiration: { days: 30 } }]),
  lifecycle("kept", [
    {
      id: "old-versions",
      status: "Enabled",
      filter: { prefix: "" },
      expiration: { expiredObjectDeleteMarker: true },
      noncurrentVersionExpiration: { noncurrentDays: 5 },
      abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
    },
    { id: "failed", status: "Enabled", filter: { prefix: "failed/" }, expiration: { days: 2 } },
  ]),
];

let root: string;
let clock: VirtualClock;
let started: Started;
let client: S3Client;

const run = async (start: number) => {
  clock = createVirtualClock(start);
  started = await startServices({ home: root, clock, resources, services: { s3 } });
  client = new S3Client(started.config);
};
const halt = async () => {
  client.destroy();
  await started.stop();
};

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "s3-lifecycle-"));
  await run(at("2011-01-01T12:00"));
});

afterEach(async () => {
  await halt();
  await rm(root, { recursive: true, force: true });
});

const put = (Bucket: string, Key: string, Body: string) => client.send(new PutObjectCommand({ Bucket, Key, Body }));
const keys = (bucket: string) => started.ports.objects.list(bucket, "", started.call).map(({ key }) => key);
/** `key size` of every version, `key -` of every delete marker. */
const versions = async () => {
  const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand({ Bucket: "kept" }));
  return [...Versions.map(({ Key, Size }) => `${Key} ${Size}`), ...DeleteMarkers.map(({ Key }) => `${Key} -`)];
};
const filesOf = async (folder: string) =>
  existsSync(join(root, "s3", folder)) ? readdir(join(root, "s3", folder)) : [];

test("an object under the prefix expires at its midnight, another one stays", async () => {
  await put("plain", "results/one.csv", "1");
  await put("plain", "other.csv", "2");
  await clock.advanceTo(at("2011-01-31T23:59:59.999"));
  expect(keys("plain")).toEqual(["other.csv", "results/one.csv"]);
  await clock.advanceTo(at("2011-02-01T00:00"));
  expect(keys("plain")).toEqual(["other.csv"]);
  expect(existsSync(join(root, "s3/plain/results/one.csv"))).toBe(false);
  expect(started.asked.filter((asked) => asked.startsWith("s3:Delete"))).toEqual([]);
  await clock.advanceTo(at("2012-01-01T00:00"));
  expect(keys("plain")).toEqual(["other.csv"]);
});

test("the bytes of what was deleted or replaced go for good after their days, and the lone marker with them", async () => {
  await put("kept", "silver/a.parquet", "a customer's row");
  await put("kept", "metadata", "v1");
  await clock.advanceTo(at("2011-01-10T09:00"));
  await client.send(new DeleteObjectCommand({ Bucket: "kept", Key: "silver/a.parquet" }));
  await put("kept", "metadata", "v2!");
  await clock.advanceTo(at("2011-01-15T23:59"));
  expect(await versions()).toEqual(["metadata 3", "metadata 2", "silver/a.parquet 16", "silver/a.parquet -"]);
  expect(await filesOf(".versions/kept")).toHaveLength(2);
  await clock.advanceTo(at("2011-01-16T00:00"));
  expect(await versions()).toEqual(["metadata 3"]);
  expect(await filesOf(".versions/kept")).toEqual([]);
  await halt();
  await run(clock.now());
  expect(await versions()).toEqual(["metadata 3"]);
});

test("in a versioned bucket an expired object stands behind a marker until its own days are over", async () => {
  await put("kept", "failed/x", "refused");
  await clock.advanceTo(at("2011-01-04T00:00"));
  await expect(client.send(new GetObjectCommand({ Bucket: "kept", Key: "failed/x" }))).rejects.toMatchObject({
    name: "NoSuchKey",
  });
  expect(await versions()).toEqual(["failed/x 7", "failed/x -"]);
  await clock.advanceTo(at("2011-01-09T23:59"));
  expect(await versions()).toEqual(["failed/x 7", "failed/x -"]);
  await clock.advanceTo(at("2011-01-10T00:00"));
  expect(await versions()).toEqual([]);
});

test("an incomplete upload is aborted after its days", async () => {
  const upload = { Bucket: "kept", Key: "big" };
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(upload));
  const part = () => client.send(new UploadPartCommand({ ...upload, UploadId, PartNumber: 1, Body: "part" }));
  await clock.advanceTo(at("2011-01-08T23:59"));
  await part();
  await clock.advanceTo(at("2011-01-09T00:00"));
  await expect(part()).rejects.toMatchObject({ name: "NoSuchUpload" });
  expect(await filesOf(".uploads")).toEqual([]);
});

test("what fell due while the runtime was stopped goes when it starts", async () => {
  await put("plain", "results/one.csv", "1");
  await halt();
  await run(at("2011-06-01T12:00"));
  await clock.settled();
  expect(keys("plain")).toEqual([]);
});

test("a log full of what is gone is compacted at start and keeps versions and markers in order", async () => {
  for (let index = 0; index < 1100; index++) {
    await started.ports.objects.put({ bucket: "kept", key: "k" }, String(index), {}, started.call);
  }
  await clock.advanceTo(at("2011-01-08T00:00"));
  expect(await versions()).toEqual(["k 4"]);
  await put("kept", "k", "the last");
  await client.send(new DeleteObjectCommand({ Bucket: "kept", Key: "k" }));
  await put("kept", "k", "back");
  const before = await client.send(new ListObjectVersionsCommand({ Bucket: "kept" }));
  await halt();
  await run(clock.now());
  expect((await readFile(join(root, "s3/.index/kept.log"), "utf8")).split("\n")).toHaveLength(5);
  const after = await client.send(new ListObjectVersionsCommand({ Bucket: "kept" }));
  expect([after.Versions, after.DeleteMarkers]).toEqual([before.Versions, before.DeleteMarkers]);
  expect(await versions()).toEqual(["k 4", "k 8", "k 4", "k -"]);
});
