import { ListTagsForResourceCommand, TagResourceCommand, UntagResourceCommand } from "@aws-sdk/client-athena";
import { afterAll, beforeAll, expect, test } from "vitest";
import { account, type Bench, startBench } from "./fixture.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

const arn = (resource: string) => `arn:aws:athena:eu-west-1:${account}:${resource}`;
const ResourceARN = arn("workgroup/wg");
const tag = (tags: Readonly<Record<string, string>>, resource = ResourceARN) =>
  bench.athena.send(
    new TagResourceCommand({
      ResourceARN: resource,
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    }),
  );
const tags = async (page: { readonly MaxResults?: number; readonly NextToken?: string } = {}) =>
  bench.athena.send(new ListTagsForResourceCommand({ ResourceARN, ...page }));

test("tags of a workgroup are given, written over and taken away", async () => {
  await tag({ team: "growth", stage: "test" });
  await tag({ stage: "dev" });
  expect((await tags()).Tags).toEqual([
    { Key: "team", Value: "growth" },
    { Key: "stage", Value: "dev" },
  ]);
  await bench.athena.send(new UntagResourceCommand({ ResourceARN, TagKeys: ["team", "nothing"] }));
  expect((await tags()).Tags).toEqual([{ Key: "stage", Value: "dev" }]);
  expect(bench.asked).toContain(`athena:TagResource ${ResourceARN}`);
  expect(bench.asked).toContain(`athena:UntagResource ${ResourceARN}`);
});

test("come in pages of 75 at most, and there are 50 at most", async () => {
  const many = Object.fromEntries(Array.from({ length: 49 }, (_, i) => [`k${i}`, ""]));
  await tag(many);
  await expect(tag({ "one-more": "" })).rejects.toThrow("at most 50 tags");
  const first = await tags({ MaxResults: 30 });
  const second = await tags({ MaxResults: 30, ...(first.NextToken !== undefined && { NextToken: first.NextToken }) });
  expect([first.Tags?.length, second.Tags?.length, second.NextToken]).toEqual([30, 20, undefined]);
});

test("what is no tag, or of nothing that has tags, is refused", async () => {
  await expect(tag({ "aws:team": "x" })).rejects.toThrow("AWS's own");
  await expect(tag({ "": "x" })).rejects.toThrow("1 to 128 characters");
  await expect(tag({ a: "x".repeat(257) })).rejects.toThrow("at most 256 characters");
  await expect(tag({ a: "x" }, arn("datacatalog/AwsDataCatalog"))).rejects.toThrow("TagResource of a datacatalog");
  await expect(tag({ a: "x" }, arn("workgroup/nobody"))).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});
