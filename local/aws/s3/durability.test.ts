import { existsSync } from "node:fs";
import { appendFile, readdir, readFile, symlink, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  DeleteObjectCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
} from "@aws-sdk/client-s3";
import { afterEach, beforeEach, expect, test } from "vitest";
import { now, S3Bench } from "./fixture.ts";

let bench: S3Bench;
beforeEach(async () => {
  bench = await S3Bench.start();
});
afterEach(() => bench.end());

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
  for (const key of keys) await bench.store.put({ bucket: "plain", key }, key, {}, bench.call);
  for (const key of keys)
    expect((await bench.store.get({ bucket: "plain", key }, bench.call)).body.toString()).toBe(key);
  await bench.restart();
  for (const key of keys)
    expect((await bench.store.get({ bucket: "plain", key }, bench.call)).body.toString()).toBe(key);
  await bench.store.delete({ bucket: "plain", key: "a" }, bench.call);
  await bench.restart();
  expect((await bench.store.get({ bucket: "plain", key: "a/b" }, bench.call)).body.toString()).toBe("a/b");
  expect(await readdir(bench.home)).not.toContain("up");
});

test("a versioned bucket keeps what was replaced or deleted, across a restart", async () => {
  const first = await bench.put("kept", "doc", "one");
  await bench.put("kept", "doc", "two");
  const marker = await bench.client.send(new DeleteObjectCommand({ Bucket: "kept", Key: "doc" }));
  expect(marker.DeleteMarker).toBe(true);
  await expect(bench.read("kept", "doc")).rejects.toMatchObject({ name: "NoSuchKey" });
  const list = await bench.client.send(new ListObjectVersionsCommand({ Bucket: "kept" }));
  expect(list.Versions?.map(({ Size, IsLatest }) => [Size, IsLatest])).toEqual([
    [3, false],
    [3, false],
  ]);
  expect(list.DeleteMarkers?.map(({ VersionId, IsLatest }) => [VersionId, IsLatest])).toEqual([
    [marker.VersionId, true],
  ]);
  const old = await bench.client.send(new GetObjectCommand({ Bucket: "kept", Key: "doc", VersionId: first.VersionId }));
  expect(await old.Body?.transformToString()).toBe("one");
  await bench.restart();
  const again = await bench.client.send(new ListObjectVersionsCommand({ Bucket: "kept", Prefix: "d" }));
  expect([again.Versions, again.DeleteMarkers]).toEqual([list.Versions, list.DeleteMarkers]);
  expect((await bench.client.send(new GetBucketVersioningCommand({ Bucket: "kept" }))).Status).toBe("Enabled");
});

test("a kill between commit and move, and a torn line, lose nothing and show nothing half-written", async () => {
  await bench.put("plain", "done", "v1");
  await bench.halt();
  const log = join(bench.home, ".index/plain.log");
  const entry = {
    key: "late",
    size: 4,
    etag: "e",
    lastModified: now,
    contentType: "t",
    metadata: {},
    path: "plain/late",
  };
  await writeFile(join(bench.home, ".tmp/t1"), "late");
  await writeFile(join(bench.home, ".tmp/orphan"), "never committed");
  await appendFile(
    log,
    `${JSON.stringify({ op: "put", staged: join(bench.home, ".tmp/t1"), ...entry })}\n{"op":"put","key":"to`,
  );
  await bench.run();
  expect(bench.store.list("plain", "", bench.call).map(({ key }) => key)).toEqual(["done", "late"]);
  expect((await bench.store.get({ bucket: "plain", key: "late" }, bench.call)).body.toString()).toBe("late");
  expect(await readdir(join(bench.home, ".tmp"))).toEqual([]);
  await bench.store.put({ bucket: "plain", key: "next" }, "n", {}, bench.call);
  await bench.restart();
  expect(bench.store.list("plain", "", bench.call).map(({ key }) => key)).toEqual(["done", "late", "next"]);
});

test("a log of much history is compacted at start", async () => {
  for (let index = 0; index < 1100; index++)
    await bench.store.put({ bucket: "plain", key: "k" }, String(index), {}, bench.call);
  await bench.restart();
  expect((await readFile(join(bench.home, ".index/plain.log"), "utf8")).split("\n")).toHaveLength(2);
  expect((await bench.store.get({ bucket: "plain", key: "k" }, bench.call)).body.toString()).toBe("1099");
});

test.runIf(existsSync("/dev/full"))("a full disk is said clearly and leaves nothing behind", async () => {
  await bench.put("plain", "before");
  await bench.halt();
  await unlink(join(bench.home, ".index/kept.log"));
  await symlink("/dev/full", join(bench.home, ".index/kept.log"));
  await bench.run();
  await expect(bench.put("kept", "k")).rejects.toMatchObject({
    name: "InsufficientStorage",
    message: expect.stringContaining("is full: nothing was written"),
    $metadata: { httpStatusCode: 507 },
  });
  expect(existsSync(join(bench.home, "kept/k"))).toBe(false);
  expect(await readdir(join(bench.home, ".tmp"))).toEqual([]);
  expect(bench.store.list("kept", "", bench.call)).toEqual([]);
});
