import { appendFile, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DescribeStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  ListStreamsCommand,
  MergeShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
  type ShardIteratorType,
} from "@aws-sdk/client-kinesis";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { VirtualClock } from "../../clock/clock.ts";
import { createVirtualClock } from "../../clock/virtual-clock.ts";
import { resource, type Started, startServices } from "./fixture.ts";
import { kinesis } from "./index.ts";
import { ShardLog } from "./shard-log.ts";

const start = Date.UTC(2011, 0, 1);
const arn = "arn:aws:kinesis:eu-west-1:123456789012:stream/events";
const keyArn = "arn:aws:kms:eu-west-1:123456789012:key/k1";
const stream = resource("aws:kinesis/stream:Stream", "events", arn, {
  name: "events",
  shardCount: 2,
  retentionPeriod: 24,
  encryptionType: "KMS",
  kmsKeyId: keyArn,
});
const onDemand = resource("aws:kinesis/stream:Stream", "burst", arn.replace("events", "burst"), {
  name: "burst",
  streamModeDetails: { streamMode: "ON_DEMAND" },
});

let home: string;
let clock: VirtualClock;
let started: Started;
let client: KinesisClient;

const run = async () => {
  started = await startServices({ home, clock, resources: [stream, onDemand], services: { kinesis } });
  client = new KinesisClient(started.config);
};
const halt = async () => {
  client.destroy();
  await started.stop();
};
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "kinesis-"));
  clock = createVirtualClock(start);
  await run();
});
afterEach(async () => {
  await halt();
  await rm(home, { recursive: true, force: true });
});

const bytes = (text: string) => Buffer.from(text);
const iterator = async (
  ShardId: string,
  ShardIteratorType: ShardIteratorType,
  more: { StartingSequenceNumber?: string; Timestamp?: Date } = {},
) =>
  (await client.send(new GetShardIteratorCommand({ StreamName: "events", ShardId, ShardIteratorType, ...more })))
    .ShardIterator;
const texts = async (ShardIterator: string | undefined, Limit?: number) =>
  (await client.send(new GetRecordsCommand({ ShardIterator, ...(Limit && { Limit }) }))).Records?.map(({ Data }) =>
    Buffer.from(Data ?? []).toString(),
  );

test("the MD5 of the partition key picks the shard, an explicit hash key overrides it", async () => {
  // MD5("a") = 0cc175b9..., MD5("b") = 92eb5ffe...
  const put = await client.send(
    new PutRecordsCommand({
      StreamName: "events",
      Records: [
        { Data: bytes("1"), PartitionKey: "a" },
        { Data: bytes("2"), PartitionKey: "b" },
        { Data: bytes("3"), PartitionKey: "a", ExplicitHashKey: String(2n ** 127n) },
      ],
    }),
  );
  expect(put.Records?.map(({ ShardId }) => ShardId)).toEqual([
    "shardId-000000000000",
    "shardId-000000000001",
    "shardId-000000000001",
  ]);
  expect([put.FailedRecordCount, put.EncryptionType]).toEqual([0, "KMS"]);
  const sequences = put.Records?.map(({ SequenceNumber }) => SequenceNumber ?? "") ?? [];
  expect(sequences.every((sequence) => /^\d{56}$/.test(sequence))).toBe(true);
  expect(new Set(sequences).size).toBe(3);
  expect(await texts(await iterator("shardId-000000000001", "TRIM_HORIZON"))).toEqual(["2", "3"]);
  expect(started.asked.slice(0, 2)).toEqual([`kinesis:PutRecords ${arn}`, `kms:GenerateDataKey ${keyArn}`]);
  expect(started.asked.slice(-2)).toEqual([`kinesis:GetRecords ${arn}`, `kms:Decrypt ${keyArn}`]);
  expect(started.metrics.filter(({ name }) => name === "IncomingRecords")).toEqual([
    { name: "IncomingRecords", value: 3 },
  ]);
});

test("every iterator type starts where it says", async () => {
  const ExplicitHashKey = "0";
  const shard = "shardId-000000000000";
  const first = await client.send(
    new PutRecordCommand({ StreamARN: arn, Data: bytes("1"), PartitionKey: "k", ExplicitHashKey }),
  );
  await clock.advanceTo(start + 1000);
  const latest = await iterator(shard, "LATEST");
  const second = await client.send(
    new PutRecordCommand({ StreamName: "events", Data: bytes("2"), PartitionKey: "k\n\t\u{1F600}", ExplicitHashKey }),
  );
  expect(await texts(await iterator(shard, "TRIM_HORIZON"))).toEqual(["1", "2"]);
  expect(await texts(latest)).toEqual(["2"]);
  expect(
    await texts(await iterator(shard, "AT_SEQUENCE_NUMBER", { StartingSequenceNumber: second.SequenceNumber ?? "" })),
  ).toEqual(["2"]);
  expect(
    await texts(await iterator(shard, "AFTER_SEQUENCE_NUMBER", { StartingSequenceNumber: first.SequenceNumber ?? "" })),
  ).toEqual(["2"]);
  expect(await texts(await iterator(shard, "AT_TIMESTAMP", { Timestamp: new Date(start + 1) }))).toEqual(["2"]);
  expect(await texts(await iterator(shard, "AT_TIMESTAMP", { Timestamp: new Date(start) }))).toEqual(["1", "2"]);

  const page = await client.send(
    new GetRecordsCommand({ ShardIterator: await iterator(shard, "TRIM_HORIZON"), Limit: 1 }),
  );
  expect(page.MillisBehindLatest).toBe(0);
  expect(page.Records?.[0]?.ApproximateArrivalTimestamp?.getTime()).toBe(start);
  const rest = await client.send(new GetRecordsCommand({ ShardIterator: page.NextShardIterator }));
  expect(rest.Records?.map(({ PartitionKey }) => PartitionKey)).toEqual(["k\n\t\u{1F600}"]);
  await clock.advanceTo(start + 1000 + 5 * 60_000 + 1);
  await expect(texts(latest)).rejects.toMatchObject({ name: "ExpiredIteratorException" });
});

test("limits are refused as AWS does, and what is unknown by name", async () => {
  const record = { Data: bytes("x"), PartitionKey: "k" };
  const put = (Records: (typeof record)[], StreamName = "events") =>
    client.send(new PutRecordsCommand({ StreamName, Records }));
  await expect(put([])).rejects.toMatchObject({ name: "ValidationException" });
  await expect(put(Array.from({ length: 501 }, () => record))).rejects.toThrow(
    "Value at 'records' failed to satisfy constraint: Member must have length less than or equal to 500",
  );
  await expect(put([{ ...record, Data: Buffer.alloc(1024 * 1024) }])).rejects.toThrow(
    "Value at 'records.1.member.data' failed to satisfy constraint: Member must have length less than or equal to 1048576",
  );
  await expect(
    put(Array.from({ length: 11 }, () => ({ ...record, Data: Buffer.alloc(1_000_000) }))),
  ).rejects.toMatchObject({ name: "InvalidArgumentException" });
  await expect(put([{ ...record, PartitionKey: "k".repeat(257) }])).rejects.toMatchObject({
    name: "ValidationException",
  });
  await expect(put([record], "nowhere")).rejects.toMatchObject({
    name: "ResourceNotFoundException",
    message: "Stream nowhere under account 123456789012 not found.",
  });
  await expect(
    client.send(new MergeShardsCommand({ StreamName: "events", ShardToMerge: "a", AdjacentShardToMerge: "b" })),
  ).rejects.toMatchObject({
    name: "UnknownOperationException",
  });
  started.denied.add("kms:GenerateDataKey");
  await expect(put([record])).rejects.toMatchObject({
    name: "AccessDeniedException",
    message: expect.stringContaining(keyArn),
  });
  expect(await texts(await iterator("shardId-000000000000", "TRIM_HORIZON"))).toEqual([]);
});

test("descriptions say what the graph says; on-demand starts with four shards", async () => {
  const { StreamDescriptionSummary: summary } = await client.send(
    new DescribeStreamSummaryCommand({ StreamName: "events" }),
  );
  expect([summary?.OpenShardCount, summary?.RetentionPeriodHours, summary?.KeyId, summary?.StreamStatus]).toEqual([
    2,
    24,
    keyArn,
    "ACTIVE",
  ]);
  const { StreamDescription: description } = await client.send(new DescribeStreamCommand({ StreamName: "burst" }));
  expect([
    description?.Shards?.length,
    description?.StreamModeDetails?.StreamMode,
    description?.EncryptionType,
  ]).toEqual([4, "ON_DEMAND", "NONE"]);
  const { Shards } = await client.send(new ListShardsCommand({ StreamName: "events" }));
  expect(Shards?.map(({ HashKeyRange }) => HashKeyRange)).toEqual([
    { StartingHashKey: "0", EndingHashKey: "170141183460469231731687303715884105727" },
    {
      StartingHashKey: "170141183460469231731687303715884105728",
      EndingHashKey: "340282366920938463463374607431768211455",
    },
  ]);
  expect((await client.send(new ListStreamsCommand({}))).StreamNames).toEqual(["burst", "events"]);
});

test("records outlive a restart; a torn line is not a record; old ones expire", async () => {
  const shard = "shardId-000000000000";
  const put = (text: string) =>
    client.send(
      new PutRecordCommand({ StreamName: "events", Data: bytes(text), PartitionKey: "k", ExplicitHashKey: "0" }),
    );
  await put("1");
  const before = await put("2");
  await halt();
  const folder = join(home, "kinesis/events", shard);
  const [file = ""] = await readdir(folder);
  expect((await readFile(join(folder, file), "latin1")).split("\n")[0]).toBe(`0\t${start}\tMQ==\t"k"`);
  await appendFile(join(folder, file), "2\t1293840000000\tdG9yb");
  await run();
  const after = await put("3");
  expect((before.SequenceNumber ?? "") < (after.SequenceNumber ?? "")).toBe(true);
  expect(await texts(await iterator(shard, "TRIM_HORIZON"))).toEqual(["1", "2", "3"]);
  await clock.advanceTo(start + 24 * 3_600_000 + 1);
  await put("4");
  expect(await texts(await iterator(shard, "TRIM_HORIZON"))).toEqual(["4"]);
});

test("a shard's log gives back what was put, in order, from memory or from disk, whatever the sizes", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.string({ maxLength: 40, unit: "binary" }), { minLength: 1, maxLength: 8 }), {
        maxLength: 30,
      }),
      fc.integer({ min: 1, max: 400 }),
      fc.integer({ min: 0, max: 400 }),
      fc.integer({ min: 1, max: 7 }),
      fc.nat(200),
      async (batches, segmentBytes, tailBytes, page, from) => {
        const folder = await mkdtemp(join(home, "log-"));
        let log = new ShardLog(folder, 3, { segmentBytes, tailBytes });
        for (const [index, batch] of batches.entries()) {
          if (index === 10) {
            log.close();
            log = new ShardLog(folder, 3, { segmentBytes, tailBytes });
          }
          log.append(
            batch.map((text) => ({ partitionKey: text, data: Buffer.from(text).toString("base64") })),
            index,
          );
        }
        const all = batches.flatMap((batch, arrivedAt) => batch.map((partitionKey) => ({ partitionKey, arrivedAt })));
        const found = [];
        for (let position = from; ; ) {
          const records = log.read(position, 0, { records: page, bytes: 50 });
          if (records.length === 0) break;
          position += records.length;
          found.push(...records.map(({ partitionKey, arrivedAt }) => ({ partitionKey, arrivedAt })));
        }
        expect(found).toEqual(all.slice(from));
        expect(log.positionAt(5)).toBe(batches.slice(0, 5).flat().length);
        log.close();
      },
    ),
    { numRuns: 60 },
  );
});
