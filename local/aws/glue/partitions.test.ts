import {
  BatchCreatePartitionCommand,
  BatchDeletePartitionCommand,
  BatchGetPartitionCommand,
  BatchUpdatePartitionCommand,
  CreatePartitionCommand,
  CreateTableCommand,
  GetPartitionCommand,
  GetPartitionsCommand,
  type GetPartitionsCommandInput,
  paginateGetPartitions,
  UpdatePartitionCommand,
} from "@aws-sdk/client-glue";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { account, type Bench, errorOf, startBench } from "../athena/fixture.ts";

let bench: Bench;
const table = { DatabaseName: "db", TableName: "logs" };
const JSON_SERDE = "org.openx.data.jsonserde.JsonSerDe";

beforeEach(async () => {
  bench = await startBench();
  await bench.glue.send(
    new CreateTableCommand({
      DatabaseName: "db",
      TableInput: {
        Name: "logs",
        PartitionKeys: [
          { Name: "day", Type: "date" },
          { Name: "n", Type: "int" },
        ],
        StorageDescriptor: {
          Location: "s3://lake/logs/",
          Columns: [{ Name: "id", Type: "string" }],
          SerdeInfo: { SerializationLibrary: JSON_SERDE },
        },
      },
    }),
  );
  await create(["2020-01-02", "10"], ["2020-01-01", "9"], ["2020-01-03", "-1"]);
});
afterEach(() => bench.stop());

const create = (...values: string[][]) =>
  bench.glue.send(
    new BatchCreatePartitionCommand({ ...table, PartitionInputList: values.map((Values) => ({ Values })) }),
  );
const partitions = async (input: Partial<GetPartitionsCommandInput> = {}) =>
  (await bench.glue.send(new GetPartitionsCommand({ ...table, ...input }))).Partitions ?? [];
const listed = async (input: Partial<GetPartitionsCommandInput> = {}) =>
  (await partitions(input)).map(({ Values }) => Values?.join());
describe("GetPartitions", () => {
  test("gives those that an Expression asks for, by the types of the keys", async () => {
    expect(await listed()).toEqual(["2020-01-01,9", "2020-01-02,10", "2020-01-03,-1"]);
    expect(await listed({ Expression: "n > 8" })).toEqual(["2020-01-01,9", "2020-01-02,10"]);
    expect(await listed({ Expression: "(day='2020-01-01' and n=9) or (day='2020-01-03' and n=-1)" })).toEqual([
      "2020-01-01,9",
      "2020-01-03,-1",
    ]);
    expect(await listed({ Expression: "" })).toHaveLength(3);
    expect(await errorOf(listed({ Expression: "id = 'a'" }))).toMatch(
      /^InvalidInputException: Invalid partition expression! id is none of the partition keys day, n/,
    );
    expect(await errorOf(listed({ Expression: "not n = 1" }))).toMatch(/^NotImplementedLocally: /);
    expect(await errorOf(listed({ QueryAsOfTime: new Date(0) }))).toContain("glue:GetPartitions with QueryAsOfTime");
  });

  test("leaves out the columns when asked to", async () => {
    const [full, bare] = [await partitions(), await partitions({ ExcludeColumnSchema: true })];
    expect(full[0]?.StorageDescriptor?.Columns).toEqual([{ Name: "id", Type: "string" }]);
    expect(bare[0]?.StorageDescriptor?.Columns).toBeUndefined();
    expect(bare[0]?.StorageDescriptor?.Location).toBe("s3://lake/logs/day=2020-01-01/n=9/");
  });

  test("gives each partition in one segment and on one page, while a client deletes what it was given", async () => {
    await create(...Array.from({ length: 40 }, (_, i) => ["2021-01-01", String(i)]));
    const all = await listed();
    expect(all).toHaveLength(43);
    const parts = [0, 1, 2].map((SegmentNumber) => listed({ Segment: { SegmentNumber, TotalSegments: 3 } }));
    const segments = await Promise.all(parts);
    expect(segments.every(({ length }) => length > 0)).toBe(true);
    expect(segments.flat().sort()).toEqual([...all].sort());
    const seen: (string | undefined)[] = [];
    for await (const { Partitions = [] } of paginateGetPartitions(
      { client: bench.glue, pageSize: 7 },
      { ...table, Expression: "n >= 0" },
    )) {
      expect(Partitions.length).toBeLessThanOrEqual(7);
      seen.push(...Partitions.map(({ Values }) => Values?.join()));
      const PartitionsToDelete = Partitions.map(({ Values }) => ({ Values }));
      await bench.glue.send(new BatchDeletePartitionCommand({ ...table, PartitionsToDelete }));
    }
    expect(seen).toEqual(all.filter((name) => name !== "2020-01-03,-1"));
    expect(await listed()).toEqual(["2020-01-03,-1"]);
  });

  test("refuses what AWS has no room for", async () => {
    expect(await errorOf(listed({ MaxResults: 1001 }))).toMatch(/^ValidationException: MaxResults .* 1 and 1000$/);
    expect(await errorOf(listed({ NextToken: "x" }))).toMatch(/^InvalidToken: /);
    expect(await errorOf(listed({ Segment: { SegmentNumber: 2, TotalSegments: 2 } }))).toMatch(
      /^ValidationException: SegmentNumber .* 0 and 1$/,
    );
  });
});

describe("A partition", () => {
  const Values = ["2020-01-01", "9"];
  const get = async () =>
    (await bench.glue.send(new GetPartitionCommand({ ...table, PartitionValues: Values }))).Partition;

  test("is kept as it was given, and the table says the rest", async () => {
    const made = { Values: ["2022-01-01", "1"], Parameters: { a: "b" } };
    const StorageDescriptor = { Location: "s3://lake/else", SerdeInfo: { SerializationLibrary: "other" } };
    await bench.glue.send(new CreatePartitionCommand({ ...table, PartitionInput: { ...made, StorageDescriptor } }));
    await bench.stop(true);
    bench = await startBench(bench.home);
    expect((await partitions({ Expression: "day = '2022-01-01'" }))[0]).toMatchObject({
      ...made,
      ...{ DatabaseName: "db", TableName: "logs", CatalogId: account },
      StorageDescriptor: {
        ...StorageDescriptor,
        Location: "s3://lake/else/",
        Columns: [{ Name: "id", Type: "string" }],
      },
    });
    await create(["a/b", "1"]);
    const { Partition } = await bench.glue.send(new GetPartitionCommand({ ...table, PartitionValues: ["a/b", "1"] }));
    expect(Partition?.StorageDescriptor?.Location).toBe("s3://lake/logs/day=a%2Fb/n=1/");
    const PartitionInput = { Values, StorageDescriptor: { AdditionalLocations: [] } };
    expect(await errorOf(bench.glue.send(new CreatePartitionCommand({ ...table, PartitionInput })))).toContain(
      "glue:CreatePartition StorageDescriptor with AdditionalLocations",
    );
  });

  test("is updated, its values and its time stay", async () => {
    const before = await get();
    const update = (PartitionValueList: string[], PartitionInput: object) =>
      errorOf(bench.glue.send(new UpdatePartitionCommand({ ...table, PartitionValueList, PartitionInput })));
    expect(await update(Values, { Values, StorageDescriptor: { Location: "s3://lake/new/" } })).toBe("none");
    expect(await get()).toEqual({
      ...before,
      StorageDescriptor: { ...before?.StorageDescriptor, Location: "s3://lake/new/" },
    });
    expect(await update(Values, { Values: ["2020-01-01", "8"] })).toMatch(
      /^InvalidInputException: The Values .* delete/,
    );
    expect(await update(Values, {})).toMatch(/^InvalidInputException: The number of partition keys/);
    expect(await update(["2020-01-01", "8"], { Values })).toBe(
      "EntityNotFoundException: Cannot find partition [2020-01-01, 8].",
    );
  });

  test("is updated with others; what goes wrong is told of each", async () => {
    const missing = ["2020-01-01", "8"];
    const entry = (PartitionValueList: string[]) => ({
      PartitionValueList,
      PartitionInput: { Values: PartitionValueList, Parameters: { seen: "1" } },
    });
    const { Errors } = await bench.glue.send(
      new BatchUpdatePartitionCommand({ ...table, Entries: [entry(missing), entry(Values)] }),
    );
    expect(Errors).toEqual([
      {
        PartitionValueList: missing,
        ErrorDetail: {
          ErrorCode: "EntityNotFoundException",
          ErrorMessage: "Cannot find partition [2020-01-01, 8].",
        },
      },
    ]);
    expect((await get())?.Parameters).toEqual({ seen: "1" });
  });

  test("is read and deleted with others", async () => {
    const missing = { Values: ["2020-01-01", "8"] };
    const read = await bench.glue.send(
      new BatchGetPartitionCommand({ ...table, PartitionsToGet: [missing, { Values }] }),
    );
    expect(read.UnprocessedKeys).toEqual([missing]);
    expect(read.Partitions?.map((partition) => partition.Values)).toEqual([Values]);
    const { Errors } = await bench.glue.send(
      new BatchDeletePartitionCommand({ ...table, PartitionsToDelete: [missing, { Values }] }),
    );
    expect(Errors?.map(({ PartitionValues, ErrorDetail }) => [PartitionValues, ErrorDetail?.ErrorCode])).toEqual([
      [missing.Values, "EntityNotFoundException"],
    ]);
    expect(await listed()).toEqual(["2020-01-02,10", "2020-01-03,-1"]);
  });
});

test("A request holds as many partitions as on AWS", async () => {
  const many = (length: number) => Array.from({ length }, () => ({ Values: ["2020-01-01", "1"] }));
  const sent = (work: Promise<unknown>) => errorOf(work).then((error) => error.replace(/.*Value at /, ""));
  expect(
    await sent(bench.glue.send(new BatchCreatePartitionCommand({ ...table, PartitionInputList: many(101) }))),
  ).toBe("'partitionInputList' failed to satisfy constraint: Member must have length less than or equal to 100");
  expect(await sent(bench.glue.send(new BatchDeletePartitionCommand({ ...table, PartitionsToDelete: many(26) })))).toBe(
    "'partitionsToDelete' failed to satisfy constraint: Member must have length less than or equal to 25",
  );
  expect(await sent(bench.glue.send(new BatchGetPartitionCommand({ ...table, PartitionsToGet: many(1001) })))).toBe(
    "'partitionsToGet' failed to satisfy constraint: Member must have length less than or equal to 1000",
  );
  expect(await sent(bench.glue.send(new BatchUpdatePartitionCommand({ ...table, Entries: [] })))).toBe(
    "'entries' failed to satisfy constraint: Member must have length greater than or equal to 1",
  );
});

test.each([
  ["glue:GetPartitions", () => listed({ Expression: "n = 1" })],
  [
    "glue:UpdatePartition",
    () => bench.glue.send(new UpdatePartitionCommand({ ...table, PartitionValueList: [], PartitionInput: {} })),
  ],
  ["glue:BatchUpdatePartition", () => bench.glue.send(new BatchUpdatePartitionCommand({ ...table, Entries: [] }))],
  ["glue:BatchGetPartition", () => bench.glue.send(new BatchGetPartitionCommand({ ...table, PartitionsToGet: [] }))],
  [
    "glue:BatchDeletePartition",
    () => bench.glue.send(new BatchDeletePartitionCommand({ ...table, PartitionsToDelete: [] })),
  ],
])("%s needs IAM's leave on the catalogue, the database and the table", async (action, ask) => {
  bench.asked.clear();
  await errorOf(ask());
  const arn = `arn:aws:glue:eu-west-1:${account}`;
  expect([...bench.asked]).toEqual(["catalog", "database/db", "table/db/logs"].map((on) => `${action} ${arn}:${on}`));
  bench.denied.add(action);
  expect(await errorOf(ask())).toMatch(/^AccessDenied/);
});
