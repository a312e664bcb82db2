import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DescribeDeliveryStreamCommand,
  FirehoseClient,
  ListDeliveryStreamsCommand,
  PutRecordCommand,
} from "@aws-sdk/client-firehose";
import { KinesisClient, PutRecordsCommand } from "@aws-sdk/client-kinesis";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { VirtualClock } from "../../clock/clock.ts";
import { createVirtualClock } from "../../clock/virtual-clock.ts";
import { createSqlEngine } from "../../sql-engine/sql-engine.ts";
import { type Started, startServices } from "../kinesis/fixture.ts";
import { kinesis } from "../kinesis/index.ts";
import type { SqlEngine } from "../ports.ts";
import { s3 } from "../s3/index.ts";
import {
  bufferSeconds,
  deliveryArn,
  deliveryGraph,
  functionArn,
  glueWith,
  lambdaWith,
  streamArn,
  type TransformEvent,
} from "./fixture.ts";
import { firehose } from "./index.ts";

const start = Date.UTC(2011, 0, 31, 23, 59);
const columns = { id: "string", n: "int", at: "timestamp", price: "decimal(18,3)", big: "boolean", data: "string" };

let home: string;
let clock: VirtualClock;
let engine: SqlEngine & { close(): Promise<void> };
let started: Started;
let events: TransformEvent[];
let transform: (event: TransformEvent) => unknown;

const json = (data: string) => JSON.parse(Buffer.from(data, "base64").toString());
/** Takes each record as it is, partitioned by its own `day` and `kind`; one without an id is dropped. */
const identity = (event: TransformEvent) => ({
  records: event.records.map(({ recordId, data }) => {
    const { id, day = "2011-01-31", kind = "sale" } = json(data);
    return id === undefined
      ? { recordId, result: "Dropped" }
      : { recordId, result: "Ok", data, metadata: { partitionKeys: { day, kind } } };
  }),
});

const run = async (resources = deliveryGraph()) => {
  started = await startServices({
    home,
    clock,
    resources,
    ports: { sql: engine },
    services: {
      s3,
      kinesis,
      glue: glueWith(columns),
      lambda: lambdaWith((event) => {
        events.push(event);
        return transform(event);
      }),
      firehose,
    },
  });
};

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "firehose-"));
  clock = createVirtualClock(start);
  engine = await createSqlEngine({ scratch: join(home, "scratch"), memoryLimit: "512MB" });
  events = [];
  transform = identity;
  await run();
});
afterEach(async () => {
  await started.stop();
  await engine.close();
  await rm(home, { recursive: true, force: true });
});

const put = async (...records: (string | object)[]) => {
  const client = new KinesisClient(started.config);
  const Records = records.map((record, index) => ({
    Data: Buffer.from(typeof record === "string" ? record : JSON.stringify(record)),
    PartitionKey: `key-${index}`,
  }));
  await client.send(new PutRecordsCommand({ StreamName: "events", Records }));
  client.destroy();
};
const flush = () => clock.advanceTo(clock.now() + (bufferSeconds + 61) * 1000);
const keys = (prefix = "") => started.ports.objects.list("lake", prefix, started.call).map(({ key }) => key);
const rows = async (sql = 'id, n, "at"::VARCHAR, price::VARCHAR, big, data') => {
  const reader = await engine.use((connection) =>
    connection.runAndReadAll(
      `SELECT ${sql} FROM read_parquet('${home}/s3/lake/raw/**/*.parquet', hive_partitioning = false) ORDER BY id`,
    ),
  );
  return reader.getRowsJson();
};
const failures = async (type: string) => {
  const bodies = await Promise.all(
    keys(`errors/${type}/`).map((key) => started.ports.objects.get({ bucket: "lake", key }, started.call)),
  );
  return bodies.flatMap(({ body }) =>
    body
      .toString()
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line)),
  );
};

test("records become Parquet by the table's schema, under the partitions that the transform names", async () => {
  await put(
    { id: "a", n: 1, at: "2011-01-31 10:00:00.123", price: "2.550", big: true, data: { nested: [1] }, extra: 1 },
    { id: "b", day: "2011-02-01", kind: "return", at: "2011-02-01T00:00:00Z", price: 1 },
    { n: 7 },
    ' \n{\n"id": "c" }\n',
    "{ }",
  );
  expect(keys()).toEqual([]);
  await clock.advanceTo(start + 60_000);
  expect(events).toHaveLength(1);
  expect(keys()).toEqual([]);
  await clock.advanceTo(start + 60_000 + bufferSeconds * 1000);
  expect(keys().map((key) => key.replace(/[0-9a-f-]{36}\.parquet$/, "*"))).toEqual([
    "raw/day=2011-01-31/kind=sale/to-lake-1-2011-02-01-00-05-00-*",
    "raw/day=2011-02-01/kind=return/to-lake-1-2011-02-01-00-05-00-*",
  ]);
  expect(await rows()).toEqual([
    ["a", 1, "2011-01-31 10:00:00.123", "2.550", true, '{"nested":[1]}'],
    ["b", null, "2011-02-01 00:00:00", "1.000", null, null],
    ["c", null, null, null, null, null],
  ]);
  const [event] = events;
  const record = event?.records.find(({ data }) => json(data).id === "a");
  expect([event?.deliveryStreamArn, event?.sourceKinesisStreamArn, event?.region]).toEqual([
    deliveryArn,
    streamArn,
    "eu-west-1",
  ]);
  expect(record?.kinesisRecordMetadata).toEqual({
    sequenceNumber: record?.recordId,
    subsequenceNumber: 0,
    partitionKey: "key-0",
    shardId: expect.stringMatching(/^shardId-0{11}[01]$/),
    approximateArrivalTimestamp: start,
  });
  expect(new Set(started.asked.filter((ask) => !ask.startsWith("s3:List")))).toEqual(
    new Set([
      `kinesis:PutRecords ${streamArn}`,
      `kinesis:DescribeStream ${streamArn}`,
      `kinesis:ListShards ${streamArn}`,
      `kinesis:GetShardIterator ${streamArn}`,
      `kinesis:GetRecords ${streamArn}`,
      `lambda:InvokeFunction ${functionArn}`,
      "glue:GetTableVersions arn:aws:glue:eu-west-1:123456789012:table/db/raw",
      ...keys().map((key) => `s3:PutObject arn:aws:s3:::lake/${key}`),
    ]),
  );
  expect(started.metrics).toContainEqual({ name: "DeliveryToS3.DataFreshness", value: 360 });
});

test("what the transform fails, forgets, repeats or leaves without a partition key is kept with its reason", async () => {
  transform = ({ records }) => ({
    records: records.flatMap(({ recordId, data }) => {
      const ok = { recordId, result: "Ok", data, metadata: { partitionKeys: { day: "d", kind: "k" } } };
      switch (json(data).id) {
        case "failed":
          return [{ recordId, result: "ProcessingFailed" }];
        case "forgotten":
          return [];
        case "twice":
          return [ok, ok];
        case "keyless":
          return [{ ...ok, metadata: { partitionKeys: { day: "d", kind: "" } } }];
        default:
          return [ok];
      }
    }),
  });
  await put({ id: "good" }, { id: "failed" }, { id: "forgotten" }, { id: "twice" }, { id: "keyless" });
  await flush();
  expect(await rows("id")).toEqual([["good"]]);
  const kept = await failures("processing-failed");
  expect(kept.map(({ rawData, errorCode }) => [json(rawData).id, errorCode]).sort()).toEqual([
    ["failed", "Lambda.ProcessingFailedStatus"],
    ["forgotten", "Lambda.MissingRecordId"],
    ["keyless", "DynamicPartitioning.MetadataExtractionFailed"],
    ["twice", "Lambda.DuplicatedRecordId"],
  ]);
  expect(keys("errors/")[0]).toMatch(/^errors\/processing-failed\/2011\/01\/31\/to-lake-1-2011-02-01-00-05-00-/);
});

test("an invocation that fails is tried again; after the last try its batch is kept whole", async () => {
  let tries = 0;
  transform = (event) => {
    if (++tries < 3) throw new Error("died");
    return identity(event);
  };
  await put({ id: "a" });
  await flush();
  expect([tries, await rows("id")]).toEqual([3, [["a"]]]);
  transform = () => {
    throw new Error("always");
  };
  await put({ id: "b" }, { id: "c" });
  await flush();
  const kept = await failures("processing-failed");
  expect(kept.map(({ rawData }) => json(rawData).id).sort()).toEqual(["b", "c"]);
  expect(kept[0]).toMatchObject({ attemptsMade: 3, errorCode: "Lambda.FunctionError", lambdaArn: functionArn });
  expect(JSON.stringify(kept)).not.toContain("secret");
});

test("a record that does not convert never blocks its batch", async () => {
  const bad = [
    '{"id":"x1","n":1.5}',
    '{"id":"x2","n":"many"}',
    '{"id":"x3","at":"yesterday"}',
    '{"id":"x4","price":"free"}',
    '{"id":"x5","big":"maybe"}',
    '{"id":"x6","n":99999999999}',
    '{"id":"x7","data":"\\ud800"}',
  ];
  await put(...bad, { id: "good", n: "12", big: "TRUE", at: 1_296_468_000_123 }, { id: "good2", at: 1_296_468_000 });
  await flush();
  expect(await rows('id, n, big, "at"::VARCHAR')).toEqual([
    ["good", 12, true, "2011-01-31 10:00:00.123"],
    ["good2", null, null, "2011-01-31 10:00:00"],
  ]);
  const kept = await failures("format-conversion-failed");
  expect(kept.map(({ rawData }) => Buffer.from(rawData, "base64").toString()).sort()).toEqual(bad);
  expect(kept[0]).toMatchObject({
    lastErrorCode: "DataFormatConversion.ParseError",
    dataCatalogTable: { databaseName: "db", tableName: "raw" },
  });
});

test("what the transform makes of a record may be anything", async () => {
  const made = ["not json", "[1]", ',"id":"sly"}', '{"id":"sly2"', "\xff\xfe", '{"id":"ok"} trailing', ""];
  transform = ({ records }) => ({
    records: records.map(({ recordId, data }) => ({
      recordId,
      result: "Ok",
      data: json(data).id === "fine" ? data : Buffer.from(made[json(data).id] ?? "", "latin1").toString("base64"),
      metadata: { partitionKeys: { day: "d", kind: "k" } },
    })),
  });
  await put({ id: "fine" }, ...made.map((_, id) => ({ id })));
  await flush();
  expect(await rows("id")).toEqual([["fine"]]);
  expect(await failures("format-conversion-failed")).toHaveLength(made.length);
});

test("a refused delivery loses nothing, is seen, and succeeds when the permission is there", async () => {
  started.denied.add("s3:PutObject");
  await put({ id: "a" });
  await expect(flush()).rejects.toMatchObject({
    code: "AccessDenied",
    message: expect.stringMatching(
      /assumed-role\/delivery\/local is not authorized to perform: s3:PutObject on resource: arn:aws:s3:::lake\/raw/,
    ),
  });
  const client = new FirehoseClient(started.config);
  const { DeliveryStreamDescription } = await client.send(
    new DescribeDeliveryStreamCommand({ DeliveryStreamName: "to-lake" }),
  );
  expect(DeliveryStreamDescription?.FailureDescription?.Details).toContain("s3:PutObject");
  client.destroy();
  started.denied.delete("s3:PutObject");
  await clock.advanceTo(clock.now() + 3_600_000);
  expect(await rows("id")).toEqual([["a"]]);
});

test.each(["kinesis:GetRecords", "lambda:InvokeFunction", "glue:GetTableVersions"])(
  "without %s nothing is lost or set aside",
  async (action) => {
    started.denied.add(action);
    await put({ id: "a" }, { id: "b" });
    await expect(flush()).rejects.toThrow(action);
    started.denied.clear();
    await clock.advanceTo(clock.now() + 3_600_000);
    expect([await rows("id"), keys("errors/")]).toEqual([[["a"], ["b"]], []]);
  },
);

test("stop delivers what there is; a new process goes on after it", async () => {
  await put({ id: "a" });
  await started.stop();
  await run();
  expect(await rows("id")).toEqual([["a"]]);
  await put({ id: "b" });
  await flush();
  expect(await rows("id")).toEqual([["a"], ["b"]]);
});

test("a large staging is flushed before its interval", async () => {
  await started.stop();
  await run(deliveryGraph({ bufferMb: 1 }));
  const data = "x".repeat(300_000);
  await put(...Array.from({ length: 12 }, (_, index) => ({ id: String(index).padStart(2, "0"), data })));
  await clock.settled();
  expect(keys("raw/").length).toBeGreaterThan(0);
  await flush();
  expect((await rows("id")).length).toBe(12);
});

test("describes itself; what it does not do is refused by name", async () => {
  const client = new FirehoseClient(started.config);
  expect((await client.send(new ListDeliveryStreamsCommand({}))).DeliveryStreamNames).toEqual(["to-lake"]);
  await expect(
    client.send(new PutRecordCommand({ DeliveryStreamName: "to-lake", Record: { Data: Buffer.from("x") } })),
  ).rejects.toMatchObject({
    name: "NotImplementedLocally",
  });
  client.destroy();
  const refused = (extra: object) => run(deliveryGraph({ extra: { ...extra } }));
  await expect(refused({ prefix: "!{partitionKeyFromQuery:x}/" })).rejects.toThrow("!{partitionKeyFromQuery:x}");
  await expect(refused({ prefix: "!{timestamp:EEE}/" })).rejects.toThrow("timestamp pattern EEE");
  await expect(refused({ s3BackupMode: "Enabled" })).rejects.toThrow("s3BackupMode");
  await expect(refused({ compressionFormat: "ZIP" })).rejects.toThrow("compressionFormat ZIP");
  await expect(refused({ dataFormatConversionConfiguration: { enabled: false } })).rejects.toThrow(
    "without conversion to Parquet",
  );
  await expect(refused({ somethingNew: 1 })).rejects.toThrow("somethingNew");
});
