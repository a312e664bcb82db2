import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DataFile } from "../format/model.ts";
import { toBytes } from "../format/value.ts";
import { commit } from "./commit.ts";
import type { Environment } from "./environment.ts";
import { foreignFile } from "./fixture.ts";
import { type MetadataTableName, metadataTable } from "./metadata-tables.ts";
import { emptyOrderLines, insertOrderLines, openReadingFixture, type ReadingFixture } from "./reading-fixture.ts";
import { loadTable } from "./state.ts";

let fixture: ReadingFixture;
beforeAll(async () => {
  fixture = await openReadingFixture();
});
afterAll(() => fixture.close());

const newTable = () => emptyOrderLines(fixture.newTable);
const columns = (env: Environment, name: MetadataTableName): string[] =>
  metadataTable(loadTable(env), name).columns.map(({ name: column, type }) => `${column} ${type}`);
const rows = (env: Environment, name: MetadataTableName) => fixture.metadataRows(env, name);

/** Most rows first. */
async function byRecords(env: Environment, name: "files" | "partitions"): Promise<Record<string, unknown>[]> {
  return (await rows(env, name)).toSorted((a, b) => Number(b["record_count"]) - Number(a["record_count"]));
}

describe("The rows of $partitions", () => {
  test("add up the files of each, deleted rows included.", async () => {
    const env = await fixture.orderLines();
    const found = await byRecords(env, "partitions");
    const counts = { nan_count: null };
    const size = (await rows(env, "files")).reduce((sum, row) => sum + Number(row["file_size_in_bytes"]), 0);
    expect(found.reduce((sum, row) => sum + Number(row["total_size"]), 0)).toBe(size);
    const shown = found.map(({ partition, record_count, file_count, data }) => ({
      partition,
      record_count,
      file_count,
      data,
    }));
    expect(shown).toEqual([
      {
        partition: { day_month: 491, sku: "85123A" },
        record_count: "3",
        file_count: "2",
        data: {
          day: { min: "2010-12-01", max: "2010-12-09", null_count: "0", ...counts },
          price: { min: "2.550", max: "3.390", null_count: "1", ...counts },
        },
      },
      {
        partition: { day_month: null, sku: "71053" },
        record_count: "1",
        file_count: "1",
        data: {
          day: { min: null, max: null, null_count: "1", ...counts },
          price: { min: "-0.500", max: "-0.500", null_count: "0", ...counts },
        },
      },
    ]);
  });

  test("are unknown where one file does not tell.", async () => {
    const env = await newTable();
    const file = (name: string, known: Partial<DataFile>): DataFile =>
      foreignFile(`s3://lake/${name}.parquet`, { records: 5, size: 10, partition: [491, "x"], ...known });
    const bounds = (value: bigint) => new Map([[3, toBytes(value, "decimal(18,3)")]]);
    const added = [
      file("a", {
        nullCounts: new Map([[3, 0]]),
        nanCounts: new Map([[3, 1]]),
        lowerBounds: bounds(-5n),
        upperBounds: bounds(5n),
      }),
      file("b", { nanCounts: new Map([[3, 2]]), lowerBounds: bounds(-7n) }),
    ];
    await commit(loadTable(env), { operation: "append", added, validation: "none" });
    expect((await rows(env, "partitions")).map((row) => row["data"])).toEqual([
      { day: null, price: { min: "-0.007", max: null, null_count: null, nan_count: "3" } },
    ]);
  });

  test("of several specs share their fields, each NULL where a spec has it not.", async () => {
    const env = await newTable();
    await commit(loadTable(env), {
      update: (meta) => ({
        ...meta,
        "partition-specs": [
          ...meta["partition-specs"],
          { "spec-id": 1, fields: meta["partition-specs"][0]?.fields.slice(0, 1) ?? [] },
          { "spec-id": 2, fields: [] },
        ],
        "default-spec-id": 2,
      }),
    });
    await insertOrderLines(env, "(DATE '2010-12-01', 'a', 1, NULL)");
    const added = [foreignFile("s3://lake/old.parquet", { records: 5, size: 10, specId: 0, partition: [491, "x"] })];
    await commit(loadTable(env), { operation: "append", added, validation: "none" });
    expect(columns(env, "partitions")[4]).toContain("sku row(min varchar");
    const found = await rows(env, "partitions");
    expect(found.map(({ partition, record_count, data }) => ({ partition, record_count, data }))).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ partition: { day_month: null, sku: null }, record_count: "1" }),
        {
          partition: { day_month: 491, sku: "x" },
          record_count: "5",
          data: { day: null, sku: { min: "x", max: "x", null_count: "0", nan_count: null }, price: null },
        },
      ]),
    );
  });

  test("are refused by name where two fields share theirs.", async () => {
    const env = await newTable();
    await commit(loadTable(env), {
      update: (meta) => {
        const [field] = meta["partition-specs"][0]?.fields ?? [];
        if (field === undefined) throw new Error("not partitioned");
        const twin = { "spec-id": 1, fields: [{ ...field, "field-id": 1007, transform: "year" as const }] };
        return { ...meta, "partition-specs": [...meta["partition-specs"], twin], "default-spec-id": 1 };
      },
    });
    expect(() => metadataTable(loadTable(env), "partitions")).toThrow(
      "$partitions of a table with two fields named day_month is not supported",
    );
  });
});
