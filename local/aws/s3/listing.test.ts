import { ListObjectsCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { afterEach, beforeEach, expect, test } from "vitest";
import { S3Bench } from "./fixture.ts";

let bench: S3Bench;
beforeEach(async () => {
  bench = await S3Bench.start();
});
afterEach(() => bench.end());

test("lists in byte order with prefix, delimiter, pages and start-after", async () => {
  for (const key of ["b/2", "a/1", "b/1", "c", "a/10", "é", "\u{1F600}", "\uFF5E"]) await bench.put("plain", key);
  const all = await bench.client.send(new ListObjectsV2Command({ Bucket: "plain" }));
  expect(all.Contents?.map(({ Key }) => Key)).toEqual(["a/1", "a/10", "b/1", "b/2", "c", "é", "\uFF5E", "\u{1F600}"]);
  const folders = await bench.client.send(new ListObjectsV2Command({ Bucket: "plain", Delimiter: "/", MaxKeys: 2 }));
  expect([folders.CommonPrefixes, folders.Contents, folders.IsTruncated, folders.KeyCount]).toEqual([
    [{ Prefix: "a/" }, { Prefix: "b/" }],
    undefined,
    true,
    2,
  ]);
  const rest = await bench.client.send(
    new ListObjectsV2Command({
      Bucket: "plain",
      Delimiter: "/",
      MaxKeys: 2,
      ContinuationToken: folders.NextContinuationToken,
    }),
  );
  expect(rest.Contents?.map(({ Key }) => Key)).toEqual(["c", "é"]);
  const after = await bench.client.send(new ListObjectsV2Command({ Bucket: "plain", Prefix: "b/", StartAfter: "b/1" }));
  expect(after.Contents?.map(({ Key, Size }) => [Key, Size])).toEqual([["b/2", 3]]);
  expect(bench.store.list("plain", "a/", bench.call).map(({ key }) => key)).toEqual(["a/1", "a/10"]);
});

test("lists by the first version's marker", async () => {
  for (const key of ["b/2", "a/1", "b/1", "c d", "e"]) await bench.put("plain", key);
  const list = (input: object) =>
    bench.client.send(new ListObjectsCommand({ Bucket: "plain", EncodingType: "url", ...input }));
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
