import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { GetObjectCommand, HeadObjectCommand, PutObjectAclCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterEach, beforeEach, expect, test } from "vitest";
import { keyArn, now, S3Bench } from "./fixture.ts";

let bench: S3Bench;
beforeEach(async () => {
  bench = await S3Bench.start();
});
afterEach(() => bench.end());

test("an object is a plain file; its bytes, metadata, ETag and range come back", async () => {
  const made = await bench.client.send(
    new PutObjectCommand({
      Bucket: "plain",
      Key: "a/b=1/c.txt",
      Body: "hello",
      ContentType: "text/plain",
      Metadata: { Colour: "red" },
    }),
  );
  expect(made.ETag).toBe('"5d41402abc4b2a76b9719d911017c592"');
  expect(await readFile(join(bench.home, "plain/a/b=1/c.txt"), "utf8")).toBe("hello");
  const got = await bench.client.send(
    new GetObjectCommand({ Bucket: "plain", Key: "a/b=1/c.txt", Range: "bytes=1-3" }),
  );
  expect(await got.Body?.transformToString()).toBe("ell");
  expect(got.ContentRange).toBe("bytes 1-3/5");
  const head = await bench.client.send(new HeadObjectCommand({ Bucket: "plain", Key: "a/b=1/c.txt" }));
  expect([
    head.ContentLength,
    head.ContentType,
    head.Metadata,
    head.LastModified?.getTime(),
    head.ServerSideEncryption,
  ]).toEqual([5, "text/plain", { colour: "red" }, now, "AES256"]);
});

test("a streamed upload arrives without its framing", async () => {
  const body = Buffer.alloc(200_000, "z");
  await bench.client.send(
    new PutObjectCommand({
      Bucket: "plain",
      Key: "stream",
      Body: Readable.from([body.subarray(0, 70_000), body.subarray(70_000)]),
      ContentLength: body.length,
    }),
  );
  expect((await readFile(join(bench.home, "plain/stream"))).equals(body)).toBe(true);
});

test.each(["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] as const)(
  "the SDK's checksum %s is verified, in a header and in a trailer",
  async (ChecksumAlgorithm) => {
    const body = Buffer.alloc(100_000, "y");
    const bodies = { header: body, trailer: Readable.from([body.subarray(0, 70_000), body.subarray(70_000)]) };
    for (const [Key, Body] of Object.entries(bodies)) {
      await bench.client.send(
        new PutObjectCommand({ Bucket: "plain", Key, Body, ContentLength: body.length, ChecksumAlgorithm }),
      );
      expect((await readFile(join(bench.home, "plain", Key))).equals(body)).toBe(true);
    }
  },
);

test("errors are S3's own", async () => {
  await expect(bench.put("nowhere", "k")).rejects.toMatchObject({
    name: "NoSuchBucket",
    $metadata: { httpStatusCode: 404 },
  });
  await expect(bench.read("plain", "none")).rejects.toMatchObject({ name: "NoSuchKey" });
  await expect(bench.client.send(new HeadObjectCommand({ Bucket: "plain", Key: "none" }))).rejects.toMatchObject({
    name: "NotFound",
  });
  bench.denied.add("s3:ListBucket");
  await expect(bench.read("plain", "none")).rejects.toMatchObject({
    name: "AccessDenied",
    message: expect.stringContaining("is not authorized to perform: s3:ListBucket on resource: arn:aws:s3:::plain"),
    $metadata: { httpStatusCode: 403 },
  });
  await expect(
    bench.client.send(new PutObjectAclCommand({ Bucket: "plain", Key: "k", ACL: "private" })),
  ).rejects.toMatchObject({
    name: "NotImplementedLocally",
    message: expect.stringContaining("?acl"),
  });
  await expect(
    bench.client.send(new PutObjectCommand({ Bucket: "plain", Key: "k", Body: "x", CacheControl: "no-cache" })),
  ).rejects.toThrow("cache-control");
  await expect(
    bench.client.send(new PutObjectCommand({ Bucket: "plain", Key: "k", Body: "x", ContentMD5: "AAAA" })),
  ).rejects.toMatchObject({ name: "BadDigest" });
  expect(existsSync(join(bench.home, "plain/k"))).toBe(false);
});

test("conditional writes hold, also when two race", async () => {
  const create = () =>
    bench.client.send(new PutObjectCommand({ Bucket: "plain", Key: "once", Body: "1", IfNoneMatch: "*" }));
  const outcomes = await Promise.allSettled([create(), create(), create()]);
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  await expect(create()).rejects.toMatchObject({ name: "PreconditionFailed" });
  const { ETag } = await bench.client.send(new HeadObjectCommand({ Bucket: "plain", Key: "once" }));
  await bench.client.send(new PutObjectCommand({ Bucket: "plain", Key: "once", Body: "2", IfMatch: ETag }));
  await expect(
    bench.client.send(new PutObjectCommand({ Bucket: "plain", Key: "once", Body: "3", IfMatch: ETag })),
  ).rejects.toMatchObject({ name: "PreconditionFailed" });
  expect(await bench.read("plain", "once")).toBe("2");
});

test("asks for the action on the object and for the bucket's key", async () => {
  await bench.put("kept", "x/y");
  await bench.read("kept", "x/y");
  expect(bench.asked).toEqual([
    "s3:PutObject arn:aws:s3:::kept/x/y",
    `kms:GenerateDataKey ${keyArn}`,
    "s3:GetObject arn:aws:s3:::kept/x/y",
    `kms:Decrypt ${keyArn}`,
  ]);
  expect(bench.contexts[1]).toEqual({
    "kms:ViaService": "s3.eu-west-1.amazonaws.com",
    "kms:CallerAccount": "123456789012",
    "kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::kept",
  });
  bench.denied.add("kms:GenerateDataKey");
  await expect(bench.put("kept", "z")).rejects.toMatchObject({
    name: "AccessDenied",
    message: expect.stringContaining("kms:GenerateDataKey"),
  });
});
