import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { afterEach, beforeEach, expect, test } from "vitest";
import { keyArn, S3Bench } from "./fixture.ts";

let bench: S3Bench;
beforeEach(async () => {
  bench = await S3Bench.start();
});
afterEach(() => bench.end());

test("a multipart upload's checksum and size are those of the whole object", async () => {
  const where = { Bucket: "plain", Key: "nine" };
  const { UploadId } = await bench.client.send(
    new CreateMultipartUploadCommand({ ...where, ChecksumAlgorithm: "CRC64NVME", ChecksumType: "FULL_OBJECT" }),
  );
  const { ETag } = await bench.client.send(
    new UploadPartCommand({ ...where, UploadId, PartNumber: 1, Body: "123456789", ChecksumAlgorithm: "CRC64NVME" }),
  );
  const complete = (ChecksumCRC64NVME: string, MpuObjectSize: number) =>
    bench.client.send(
      new CompleteMultipartUploadCommand({
        ...where,
        UploadId,
        MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] },
        ChecksumType: "FULL_OBJECT",
        ChecksumCRC64NVME,
        MpuObjectSize,
      }),
    );
  await expect(complete("rosUhgp5mIk=", 9)).rejects.toMatchObject({ name: "BadDigest" });
  await expect(complete("rosUhgp5mIg=", 8)).rejects.toMatchObject({ name: "InvalidRequest" });
  await complete("rosUhgp5mIg=", 9);
  expect(await bench.read("plain", "nine")).toBe("123456789");
});

test("multipart, copy, delete many, and the bucket's own answers", async () => {
  const where = { Bucket: "plain", Key: "big" };
  const { UploadId } = await bench.client.send(new CreateMultipartUploadCommand({ ...where, ContentType: "x/y" }));
  const parts = [Buffer.alloc(5 * 1024 * 1024, 1), Buffer.from("tail")];
  const uploaded = await Promise.all(
    parts.map(async (Body, index) => ({
      PartNumber: index + 1,
      ETag: (await bench.client.send(new UploadPartCommand({ ...where, UploadId, PartNumber: index + 1, Body }))).ETag,
    })),
  );
  const complete = await bench.client.send(
    new CompleteMultipartUploadCommand({ ...where, UploadId, MultipartUpload: { Parts: uploaded } }),
  );
  expect(complete.ETag).toMatch(/^"[0-9a-f]{32}-2"$/);
  expect((await readFile(join(bench.home, "plain/big"))).equals(Buffer.concat(parts))).toBe(true);
  const aborted = await bench.client.send(new CreateMultipartUploadCommand(where));
  await bench.client.send(new AbortMultipartUploadCommand({ ...where, UploadId: aborted.UploadId }));
  await expect(
    bench.client.send(new AbortMultipartUploadCommand({ ...where, UploadId: aborted.UploadId })),
  ).rejects.toMatchObject({ name: "NoSuchUpload" });

  await bench.client.send(new CopyObjectCommand({ Bucket: "kept", Key: "copy of big", CopySource: "plain/big" }));
  const head = await bench.client.send(new HeadObjectCommand({ Bucket: "kept", Key: "copy of big" }));
  expect([head.ContentLength, head.ContentType, head.SSEKMSKeyId]).toEqual([5 * 1024 * 1024 + 4, "x/y", keyArn]);
  const gone = await bench.client.send(
    new DeleteObjectsCommand({ Bucket: "plain", Delete: { Objects: [{ Key: "big" }, { Key: "never there" }] } }),
  );
  expect(gone.Deleted?.map(({ Key }) => Key)).toEqual(["big", "never there"]);
  expect((await bench.client.send(new ListBucketsCommand({}))).Buckets?.map(({ Name }) => Name)).toEqual([
    "plain",
    "kept",
  ]);
  expect((await bench.client.send(new GetBucketLocationCommand({ Bucket: "plain" }))).LocationConstraint).toBe(
    "eu-west-1",
  );
  expect((await bench.client.send(new HeadBucketCommand({ Bucket: "plain" }))).BucketRegion).toBe("eu-west-1");
});
