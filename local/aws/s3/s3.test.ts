import { existsSync } from "node:fs";
import { appendFile, mkdtemp, readdir, readFile, rm, symlink, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectAclCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createVirtualClock } from "../../clock/virtual-clock.ts";
import { type Started, startServices } from "../kinesis/fixture.ts";
import type { ObjectStore } from "../ports.ts";
import type { Call } from "../service.ts";
import { keyArn, resources } from "./fixture.ts";
import { s3 } from "./index.ts";

const now = Date.UTC(2011, 0, 1, 12);

let root: string;
/** Folder of the service itself. */
let home: string;
let started: Started;
let client: S3Client;
let store: ObjectStore;
let call: Call;
let asked: string[];
let denied: Set<string>;

const run = async () => {
  started = await startServices({ home: root, clock: createVirtualClock(now), resources, services: { s3 } });
  ({ asked, call, denied } = started);
  store = started.ports.objects;
  client = new S3Client(started.config);
};
const halt = async () => {
  client.destroy();
  await started.stop();
};

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "s3-"));
  home = join(root, "s3");
  await run();
});

afterEach(async () => {
  await halt();
  await rm(root, { recursive: true, force: true });
});

const put = (Bucket: string, Key: string, Body: string | Uint8Array = Key) =>
  client.send(new PutObjectCommand({ Bucket, Key, Body }));
const read = async (Bucket: string, Key: string) =>
  (await client.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();

test("an object is a plain file; its bytes, metadata, ETag and range come back", async () => {
  const made = await client.send(
    new PutObjectCommand({
      Bucket: "plain",
      Key: "a/b=1/c.txt",
      Body: "hello",
      ContentType: "text/plain",
      Metadata: { Colour: "red" },
    }),
  );
  expect(made.ETag).toBe('"5d41402abc4b2a76b9719d911017c592"');
  expect(await readFile(join(home, "plain/a/b=1/c.txt"), "utf8")).toBe("hello");
  const got = await client.send(new GetObjectCommand({ Bucket: "plain", Key: "a/b=1/c.txt", Range: "bytes=1-3" }));
  expect(await got.Body?.transformToString()).toBe("ell");
  expect(got.ContentRange).toBe("bytes 1-3/5");
  const head = await client.send(new HeadObjectCommand({ Bucket: "plain", Key: "a/b=1/c.txt" }));
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
  await client.send(
    new PutObjectCommand({
      Bucket: "plain",
      Key: "stream",
      Body: Readable.from([body.subarray(0, 70_000), body.subarray(70_000)]),
      ContentLength: body.length,
    }),
  );
  expect((await readFile(join(home, "plain/stream"))).equals(body)).toBe(true);
});

test.each(["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] as const)(
  "the SDK's checksum %s is verified, in a header and in a trailer",
  async (ChecksumAlgorithm) => {
    const body = Buffer.alloc(100_000, "y");
    const bodies = { header: body, trailer: Readable.from([body.subarray(0, 70_000), body.subarray(70_000)]) };
    for (const [Key, Body] of Object.entries(bodies)) {
      await client.send(
        new PutObjectCommand({ Bucket: "plain", Key, Body, ContentLength: body.length, ChecksumAlgorithm }),
      );
      expect((await readFile(join(home, "plain", Key))).equals(body)).toBe(true);
    }
  },
);

test("errors are S3's own", async () => {
  await expect(put("nowhere", "k")).rejects.toMatchObject({ name: "NoSuchBucket", $metadata: { httpStatusCode: 404 } });
  await expect(read("plain", "none")).rejects.toMatchObject({ name: "NoSuchKey" });
  await expect(client.send(new HeadObjectCommand({ Bucket: "plain", Key: "none" }))).rejects.toMatchObject({
    name: "NotFound",
  });
  denied.add("s3:ListBucket");
  await expect(read("plain", "none")).rejects.toMatchObject({
    name: "AccessDenied",
    message: expect.stringContaining("is not authorized to perform: s3:ListBucket on resource: arn:aws:s3:::plain"),
    $metadata: { httpStatusCode: 403 },
  });
  await expect(
    client.send(new PutObjectAclCommand({ Bucket: "plain", Key: "k", ACL: "private" })),
  ).rejects.toMatchObject({
    name: "NotImplementedLocally",
    message: expect.stringContaining("?acl"),
  });
  await expect(
    client.send(new PutObjectCommand({ Bucket: "plain", Key: "k", Body: "x", CacheControl: "no-cache" })),
  ).rejects.toThrow("cache-control");
  await expect(
    client.send(new PutObjectCommand({ Bucket: "plain", Key: "k", Body: "x", ContentMD5: "AAAA" })),
  ).rejects.toMatchObject({ name: "BadDigest" });
  expect(existsSync(join(home, "plain/k"))).toBe(false);
});

test("conditional writes hold, also when two race", async () => {
  const create = () => client.send(new PutObjectCommand({ Bucket: "plain", Key: "once", Body: "1", IfNoneMatch: "*" }));
  const outcomes = await Promise.allSettled([create(), create(), create()]);
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  await expect(create()).rejects.toMatchObject({ name: "PreconditionFailed" });
  const { ETag } = await client.send(new HeadObjectCommand({ Bucket: "plain", Key: "once" }));
  await client.send(new PutObjectCommand({ Bucket: "plain", Key: "once", Body: "2", IfMatch: ETag }));
  await expect(
    client.send(new PutObjectCommand({ Bucket: "plain", Key: "once", Body: "3", IfMatch: ETag })),
  ).rejects.toMatchObject({ name: "PreconditionFailed" });
  expect(await read("plain", "once")).toBe("2");
});

test("asks for the action on the object and for the bucket's key", async () => {
  await put("kept", "x/y");
  await read("kept", "x/y");
  expect(asked).toEqual([
    "s3:PutObject arn:aws:s3:::kept/x/y",
    `kms:GenerateDataKey ${keyArn}`,
    "s3:GetObject arn:aws:s3:::kept/x/y",
    `kms:Decrypt ${keyArn}`,
  ]);
  expect(started.contexts[1]).toEqual({
    "kms:ViaService": "s3.eu-west-1.amazonaws.com",
    "kms:CallerAccount": "123456789012",
    "kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::kept",
  });
  denied.add("kms:GenerateDataKey");
  await expect(put("kept", "z")).rejects.toMatchObject({
    name: "AccessDenied",
    message: expect.stringContaining("kms:GenerateDataKey"),
  });
});

test("lists in byte order with prefix, delimiter, pages and start-after", async () => {
  for (const key of ["b/2", "a/1", "b/1", "c", "a/10", "é", "\u{1F600}", "\uFF5E"]) await put("plain", key);
  const all = await client.send(new ListObjectsV2Command({ Bucket: "plain" }));
  expect(all.Contents?.map(({ Key }) => Key)).toEqual(["a/1", "a/10", "b/1", "b/2", "c", "é", "\uFF5E", "\u{1F600}"]);
  const folders = await client.send(new ListObjectsV2Command({ Bucket: "plain", Delimiter: "/", MaxKeys: 2 }));
  expect([folders.CommonPrefixes, folders.Contents, folders.IsTruncated, folders.KeyCount]).toEqual([
    [{ Prefix: "a/" }, { Prefix: "b/" }],
    undefined,
    true,
    2,
  ]);
  const rest = await client.send(
    new ListObjectsV2Command({
      Bucket: "plain",
      Delimiter: "/",
      MaxKeys: 2,
      ContinuationToken: folders.NextContinuationToken,
    }),
  );
  expect(rest.Contents?.map(({ Key }) => Key)).toEqual(["c", "é"]);
  const after = await client.send(new ListObjectsV2Command({ Bucket: "plain", Prefix: "b/", StartAfter: "b/1" }));
  expect(after.Contents?.map(({ Key, Size }) => [Key, Size])).toEqual([["b/2", 3]]);
  expect(store.list("plain", "a/", call).map(({ key }) => key)).toEqual(["a/1", "a/10"]);
});

test("lists by the first version's marker", async () => {
  for (const key of ["b/2", "a/1", "b/1", "c d", "e"]) await put("plain", key);
  const list = (input: object) =>
    client.send(new ListObjectsCommand({ Bucket: "plain", EncodingType: "url", ...input }));
  const first = await list({ MaxKeys: 4 });
  expect([first.Contents?.map(({ Key }) => Key), first.IsTruncated, first.NextMarker]).toEqual([
    ["a/1", "b/1", "b/2", "c%20d"],
    true,
    undefined,
  ]);
  const rest = await list({ Marker: "c d" });
  expect([rest.Contents?.map(({ Key }) => Key), rest.Marker, rest.IsTruncated]).toEqual([["e"], "c%20d", false]);
  const folders = await list({ Delimiter: "/", MaxKeys: 1 });
  expect([folders.CommonPrefixes, folders.NextMarker]).toEqual([[{ Prefix: "a/" }], "a/"]);
  const next = await list({ Delimiter: "/", MaxKeys: 1, Marker: folders.NextMarker });
  expect(next.CommonPrefixes).toEqual([{ Prefix: "b/" }]);
  expect((await list({ Prefix: "b/", Marker: "" })).Contents?.map(({ Key }) => Key)).toEqual(["b/1", "b/2"]);
});

test("keys that a file system cannot hold, or that collide as files and folders, stay apart", async () => {
  const keys = [
    "a",
    "a/b",
    "a/b/c",
    "d/",
    "d",
    "x//y",
    "../up",
    "./here",
    "50%",
    "50%25",
    `long/${"n".repeat(300)}`,
    "nul\u0001",
  ];
  for (const key of keys) await store.put({ bucket: "plain", key }, key, {}, call);
  for (const key of keys) expect((await store.get({ bucket: "plain", key }, call)).body.toString()).toBe(key);
  await halt();
  await run();
  for (const key of keys) expect((await store.get({ bucket: "plain", key }, call)).body.toString()).toBe(key);
  await store.delete({ bucket: "plain", key: "a" }, call);
  await halt();
  await run();
  expect((await store.get({ bucket: "plain", key: "a/b" }, call)).body.toString()).toBe("a/b");
  expect(await readdir(home)).not.toContain("up");
});

test("a versioned bucket keeps what was replaced or deleted, across a restart", async () => {
  const first = await put("kept", "doc", "one");
  await put("kept", "doc", "two");
  const marker = await client.send(new DeleteObjectCommand({ Bucket: "kept", Key: "doc" }));
  expect(marker.DeleteMarker).toBe(true);
  await expect(read("kept", "doc")).rejects.toMatchObject({ name: "NoSuchKey" });
  const list = await client.send(new ListObjectVersionsCommand({ Bucket: "kept" }));
  expect(list.Versions?.map(({ Size, IsLatest }) => [Size, IsLatest])).toEqual([
    [3, false],
    [3, false],
  ]);
  expect(list.DeleteMarkers?.map(({ VersionId, IsLatest }) => [VersionId, IsLatest])).toEqual([
    [marker.VersionId, true],
  ]);
  const old = await client.send(new GetObjectCommand({ Bucket: "kept", Key: "doc", VersionId: first.VersionId }));
  expect(await old.Body?.transformToString()).toBe("one");
  await halt();
  await run();
  const again = await client.send(new ListObjectVersionsCommand({ Bucket: "kept", Prefix: "d" }));
  expect([again.Versions, again.DeleteMarkers]).toEqual([list.Versions, list.DeleteMarkers]);
  expect((await client.send(new GetBucketVersioningCommand({ Bucket: "kept" }))).Status).toBe("Enabled");
});

test("a kill between commit and move, and a torn line, lose nothing and show nothing half-written", async () => {
  await put("plain", "done", "v1");
  await halt();
  const log = join(home, ".index/plain.log");
  const entry = {
    key: "late",
    size: 4,
    etag: "e",
    lastModified: now,
    contentType: "t",
    metadata: {},
    path: "plain/late",
  };
  await writeFile(join(home, ".tmp/t1"), "late");
  await writeFile(join(home, ".tmp/orphan"), "never committed");
  await appendFile(
    log,
    `${JSON.stringify({ op: "put", staged: join(home, ".tmp/t1"), ...entry })}\n{"op":"put","key":"to`,
  );
  await run();
  expect(store.list("plain", "", call).map(({ key }) => key)).toEqual(["done", "late"]);
  expect((await store.get({ bucket: "plain", key: "late" }, call)).body.toString()).toBe("late");
  expect(await readdir(join(home, ".tmp"))).toEqual([]);
  await store.put({ bucket: "plain", key: "next" }, "n", {}, call);
  await halt();
  await run();
  expect(store.list("plain", "", call).map(({ key }) => key)).toEqual(["done", "late", "next"]);
});

test("a log of much history is compacted at start", async () => {
  for (let index = 0; index < 1100; index++) await store.put({ bucket: "plain", key: "k" }, String(index), {}, call);
  await halt();
  await run();
  expect((await readFile(join(home, ".index/plain.log"), "utf8")).split("\n")).toHaveLength(2);
  expect((await store.get({ bucket: "plain", key: "k" }, call)).body.toString()).toBe("1099");
});

test.runIf(existsSync("/dev/full"))("a full disk is said clearly and leaves nothing behind", async () => {
  await put("plain", "before");
  await halt();
  await unlink(join(home, ".index/kept.log"));
  await symlink("/dev/full", join(home, ".index/kept.log"));
  await run();
  await expect(put("kept", "k")).rejects.toMatchObject({
    name: "InsufficientStorage",
    message: expect.stringContaining("is full: nothing was written"),
    $metadata: { httpStatusCode: 507 },
  });
  expect(existsSync(join(home, "kept/k"))).toBe(false);
  expect(await readdir(join(home, ".tmp"))).toEqual([]);
  expect(store.list("kept", "", call)).toEqual([]);
});

test("a multipart upload's checksum and size are those of the whole object", async () => {
  const where = { Bucket: "plain", Key: "nine" };
  const { UploadId } = await client.send(
    new CreateMultipartUploadCommand({ ...where, ChecksumAlgorithm: "CRC64NVME", ChecksumType: "FULL_OBJECT" }),
  );
  const { ETag } = await client.send(
    new UploadPartCommand({ ...where, UploadId, PartNumber: 1, Body: "123456789", ChecksumAlgorithm: "CRC64NVME" }),
  );
  const complete = (ChecksumCRC64NVME: string, MpuObjectSize: number) =>
    client.send(
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
  expect(await read("plain", "nine")).toBe("123456789");
});

test("multipart, copy, delete many, and the bucket's own answers", async () => {
  const where = { Bucket: "plain", Key: "big" };
  const { UploadId } = await client.send(new CreateMultipartUploadCommand({ ...where, ContentType: "x/y" }));
  const parts = [Buffer.alloc(5 * 1024 * 1024, 1), Buffer.from("tail")];
  const uploaded = await Promise.all(
    parts.map(async (Body, index) => ({
      PartNumber: index + 1,
      ETag: (await client.send(new UploadPartCommand({ ...where, UploadId, PartNumber: index + 1, Body }))).ETag,
    })),
  );
  const complete = await client.send(
    new CompleteMultipartUploadCommand({ ...where, UploadId, MultipartUpload: { Parts: uploaded } }),
  );
  expect(complete.ETag).toMatch(/^"[0-9a-f]{32}-2"$/);
  expect((await readFile(join(home, "plain/big"))).equals(Buffer.concat(parts))).toBe(true);
  const aborted = await client.send(new CreateMultipartUploadCommand(where));
  await client.send(new AbortMultipartUploadCommand({ ...where, UploadId: aborted.UploadId }));
  await expect(
    client.send(new AbortMultipartUploadCommand({ ...where, UploadId: aborted.UploadId })),
  ).rejects.toMatchObject({ name: "NoSuchUpload" });

  await client.send(new CopyObjectCommand({ Bucket: "kept", Key: "copy of big", CopySource: "plain/big" }));
  const head = await client.send(new HeadObjectCommand({ Bucket: "kept", Key: "copy of big" }));
  expect([head.ContentLength, head.ContentType, head.SSEKMSKeyId]).toEqual([5 * 1024 * 1024 + 4, "x/y", keyArn]);
  const gone = await client.send(
    new DeleteObjectsCommand({ Bucket: "plain", Delete: { Objects: [{ Key: "big" }, { Key: "never there" }] } }),
  );
  expect(gone.Deleted?.map(({ Key }) => Key)).toEqual(["big", "never there"]);
  expect((await client.send(new ListBucketsCommand({}))).Buckets?.map(({ Name }) => Name)).toEqual(["plain", "kept"]);
  expect((await client.send(new GetBucketLocationCommand({ Bucket: "plain" }))).LocationConstraint).toBe("eu-west-1");
  expect((await client.send(new HeadBucketCommand({ Bucket: "plain" }))).BucketRegion).toBe("eu-west-1");
});
