import {
  DescribeDeliveryStreamCommand,
  FirehoseClient,
  ListDeliveryStreamsCommand,
  PutRecordCommand,
} from "@aws-sdk/client-firehose";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DeliveryBench, identity, json, start } from "./delivery-bench.ts";
import { bufferSeconds, deliveryArn, deliveryGraph, functionArn, streamArn } from "./fixture.ts";

let bench: DeliveryBench;
beforeEach(async () => {
  bench = await DeliveryBench.start();
});
afterEach(() => bench.end());

test("records become Parquet by the table's schema, under the partitions that the transform names", async () => {
  await bench.put(
    { id: "a", n: 1, at: "2011-01-31 10:00:00.123", price: "2.550", big: true, data: { nested: [1] }, extra: 1 },
    { id: "b", day: "2011-02-01", kind: "return", at: "2011-02-01T00:00:00Z", price: 1 },
    { n: 7 },
    ' \n{\n"id": "c" }\n',
    "{ }",
  );
  expect(bench.keys()).toEqual([]);
  await bench.clock.advanceTo(start + 60_000);
  expect(bench.events).toHaveLength(1);
  expect(bench.keys()).toEqual([]);
  await bench.clock.advanceTo(start + 60_000 + bufferSeconds * 1000);
  expect(bench.keys().map((key) => key.replace(/[0-9a-f-]{36}\.parquet$/, "*"))).toEqual([
    "raw/day=2011-01-31/kind=sale/to-lake-1-2011-02-01-00-05-00-*",
    "raw/day=2011-02-01/kind=return/to-lake-1-2011-02-01-00-05-00-*",
  ]);
  expect(await bench.rows()).toEqual([
    ["a", 1, "2011-01-31 10:00:00.123", "2.550", true, '{"nested":[1]}'],
    ["b", null, "2011-02-01 00:00:00", "1.000", null, null],
    ["c", null, null, null, null, null],
  ]);
  const [event] = bench.events;
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
  expect(new Set(bench.started.asked.filter((ask) => !ask.startsWith("s3:List")))).toEqual(
    new Set([
      `kinesis:PutRecords ${streamArn}`,
      `kinesis:DescribeStream ${streamArn}`,
      `kinesis:ListShards ${streamArn}`,
      `kinesis:GetShardIterator ${streamArn}`,
      `kinesis:GetRecords ${streamArn}`,
      `lambda:InvokeFunction ${functionArn}`,
      "glue:GetTableVersions arn:aws:glue:eu-west-1:123456789012:table/db/raw",
      ...bench.keys().map((key) => `s3:PutObject arn:aws:s3:::lake/${key}`),
    ]),
  );
  expect(bench.started.metrics).toContainEqual({ name: "DeliveryToS3.DataFreshness", value: 360 });
});

test("what the transform fails, forgets, repeats or leaves without a partition key is kept with its reason", async () => {
  bench.transform = ({ records }) => ({
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
  await bench.put({ id: "good" }, { id: "failed" }, { id: "forgotten" }, { id: "twice" }, { id: "keyless" });
  await bench.flush();
  expect(await bench.rows("id")).toEqual([["good"]]);
  const kept = await bench.failures("processing-failed");
  expect(kept.map(({ rawData, errorCode }) => [json(rawData).id, errorCode]).sort()).toEqual([
    ["failed", "Lambda.ProcessingFailedStatus"],
    ["forgotten", "Lambda.MissingRecordId"],
    ["keyless", "DynamicPartitioning.MetadataExtractionFailed"],
    ["twice", "Lambda.DuplicatedRecordId"],
  ]);
  expect(bench.keys("errors/")[0]).toMatch(/^errors\/processing-failed\/2011\/01\/31\/to-lake-1-2011-02-01-00-05-00-/);
});

test("an invocation that fails is tried again; after the last try its batch is kept whole", async () => {
  let tries = 0;
  bench.transform = (event) => {
    if (++tries < 3) throw new Error("died");
    return identity(event);
  };
  await bench.put({ id: "a" });
  await bench.flush();
  expect([tries, await bench.rows("id")]).toEqual([3, [["a"]]]);
  bench.transform = () => {
    throw new Error("always");
  };
  await bench.put({ id: "b" }, { id: "c" });
  await bench.flush();
  const kept = await bench.failures("processing-failed");
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
  await bench.put(
    ...bad,
    { id: "good", n: "12", big: "TRUE", at: 1_296_468_000_123 },
    { id: "good2", at: 1_296_468_000 },
  );
  await bench.flush();
  expect(await bench.rows('id, n, big, "at"::VARCHAR')).toEqual([
    ["good", 12, true, "2011-01-31 10:00:00.123"],
    ["good2", null, null, "2011-01-31 10:00:00"],
  ]);
  const kept = await bench.failures("format-conversion-failed");
  expect(kept.map(({ rawData }) => Buffer.from(rawData, "base64").toString()).sort()).toEqual(bad);
  expect(kept[0]).toMatchObject({
    lastErrorCode: "DataFormatConversion.ParseError",
    dataCatalogTable: { databaseName: "db", tableName: "raw" },
  });
});

test("what the transform makes of a record may be anything", async () => {
  const made = ["not json", "[1]", ',"id":"sly"}', '{"id":"sly2"', "\xff\xfe", '{"id":"ok"} trailing', ""];
  bench.transform = ({ records }) => ({
    records: records.map(({ recordId, data }) => ({
      recordId,
      result: "Ok",
      data: json(data).id === "fine" ? data : Buffer.from(made[json(data).id] ?? "", "latin1").toString("base64"),
      metadata: { partitionKeys: { day: "d", kind: "k" } },
    })),
  });
  await bench.put({ id: "fine" }, ...made.map((_, id) => ({ id })));
  await bench.flush();
  expect(await bench.rows("id")).toEqual([["fine"]]);
  expect(await bench.failures("format-conversion-failed")).toHaveLength(made.length);
});

test("a refused delivery loses nothing, is seen, and succeeds when the permission is there", async () => {
  bench.started.denied.add("s3:PutObject");
  await bench.put({ id: "a" });
  await expect(bench.flush()).rejects.toMatchObject({
    code: "AccessDenied",
    message: expect.stringMatching(
      /assumed-role\/delivery\/local is not authorized to perform: s3:PutObject on resource: arn:aws:s3:::lake\/raw/,
    ),
  });
  const client = new FirehoseClient(bench.started.config);
  const { DeliveryStreamDescription } = await client.send(
    new DescribeDeliveryStreamCommand({ DeliveryStreamName: "to-lake" }),
  );
  expect(DeliveryStreamDescription?.FailureDescription?.Details).toContain("s3:PutObject");
  client.destroy();
  bench.started.denied.delete("s3:PutObject");
  await bench.clock.advanceTo(bench.clock.now() + 3_600_000);
  expect(await bench.rows("id")).toEqual([["a"]]);
});

test.each(["kinesis:GetRecords", "lambda:InvokeFunction", "glue:GetTableVersions"])(
  "without %s nothing is lost or set aside",
  async (action) => {
    bench.started.denied.add(action);
    await bench.put({ id: "a" }, { id: "b" });
    await expect(bench.flush()).rejects.toThrow(action);
    bench.started.denied.clear();
    await bench.clock.advanceTo(bench.clock.now() + 3_600_000);
    expect([await bench.rows("id"), bench.keys("errors/")]).toEqual([[["a"], ["b"]], []]);
  },
);

test("stop delivers what there is; a new process goes on after it", async () => {
  await bench.put({ id: "a" });
  await bench.started.stop();
  await bench.run();
  expect(await bench.rows("id")).toEqual([["a"]]);
  await bench.put({ id: "b" });
  await bench.flush();
  expect(await bench.rows("id")).toEqual([["a"], ["b"]]);
});

test("a large staging is flushed before its interval", async () => {
  await bench.started.stop();
  await bench.run(deliveryGraph({ bufferMb: 1 }));
  const data = "x".repeat(300_000);
  await bench.put(...Array.from({ length: 12 }, (_, index) => ({ id: String(index).padStart(2, "0"), data })));
  await bench.clock.settled();
  expect(bench.keys("raw/").length).toBeGreaterThan(0);
  await bench.flush();
  expect((await bench.rows("id")).length).toBe(12);
});

test("describes itself; what it does not do is refused by name", async () => {
  const client = new FirehoseClient(bench.started.config);
  expect((await client.send(new ListDeliveryStreamsCommand({}))).DeliveryStreamNames).toEqual(["to-lake"]);
  await expect(
    client.send(new PutRecordCommand({ DeliveryStreamName: "to-lake", Record: { Data: Buffer.from("x") } })),
  ).rejects.toMatchObject({
    name: "NotImplementedLocally",
  });
  client.destroy();
  const refused = (extra: object) => bench.run(deliveryGraph({ extra: { ...extra } }));
  await expect(refused({ prefix: "!{partitionKeyFromQuery:x}/" })).rejects.toThrow("!{partitionKeyFromQuery:x}");
  await expect(refused({ prefix: "!{timestamp:EEE}/" })).rejects.toThrow("timestamp pattern EEE");
  await expect(refused({ s3BackupMode: "Enabled" })).rejects.toThrow("s3BackupMode");
  await expect(refused({ compressionFormat: "ZIP" })).rejects.toThrow("compressionFormat ZIP");
  await expect(refused({ dataFormatConversionConfiguration: { enabled: false } })).rejects.toThrow(
    "without conversion to Parquet",
  );
  await expect(refused({ somethingNew: 1 })).rejects.toThrow("somethingNew");
});
