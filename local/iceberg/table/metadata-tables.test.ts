import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commit } from "./commit.ts";
import type { Environment } from "./environment.ts";
import { alterTable } from "./evolve.ts";
import { METADATA_TABLES, type MetadataTableName, metadataTable } from "./metadata-tables.ts";
import { emptyOrderLines, openReadingFixture, type ReadingFixture } from "./reading-fixture.ts";
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

describe("A table that was never written", () => {
  test("has metadata tables with their columns and no rows.", async () => {
    const env = await newTable();
    for (const name of METADATA_TABLES) expect(await rows(env, name), name).toEqual([]);
  });
});

describe("The columns are those of Trino and Athena", () => {
  test("$snapshots, $history, $refs, $manifests", async () => {
    const env = await newTable();
    expect(columns(env, "snapshots")).toEqual([
      "committed_at timestamp(3) with time zone",
      "snapshot_id bigint",
      "parent_id bigint",
      "operation varchar",
      "manifest_list varchar",
      "summary map(varchar, varchar)",
    ]);
    expect(columns(env, "history")).toEqual([
      "made_current_at timestamp(3) with time zone",
      "snapshot_id bigint",
      "parent_id bigint",
      "is_current_ancestor boolean",
    ]);
    expect(columns(env, "refs")).toEqual([
      "name varchar",
      "type varchar",
      "snapshot_id bigint",
      "max_reference_age_in_ms bigint",
      "min_snapshots_to_keep integer",
      "max_snapshot_age_in_ms bigint",
    ]);
    expect(columns(env, "manifests")).toEqual([
      "path varchar",
      "length bigint",
      "partition_spec_id integer",
      "added_snapshot_id bigint",
      "added_data_files_count integer",
      "added_rows_count bigint",
      "existing_data_files_count integer",
      "existing_rows_count bigint",
      "deleted_data_files_count integer",
      "deleted_rows_count bigint",
      "partition_summaries array(row(contains_null boolean, contains_nan boolean, lower_bound varchar, upper_bound varchar))",
    ]);
  });

  test("$files, $partitions", async () => {
    const env = await newTable();
    expect(columns(env, "files")).toEqual([
      "content integer",
      "file_path varchar",
      "file_format varchar",
      "record_count bigint",
      "file_size_in_bytes bigint",
      "column_sizes map(integer, bigint)",
      "value_counts map(integer, bigint)",
      "null_value_counts map(integer, bigint)",
      "nan_value_counts map(integer, bigint)",
      "lower_bounds map(integer, varchar)",
      "upper_bounds map(integer, varchar)",
      "key_metadata varbinary",
      "split_offsets array(bigint)",
      "equality_ids array(integer)",
    ]);
    expect(columns(env, "partitions")).toEqual([
      "partition row(day_month integer, sku varchar)",
      "record_count bigint",
      "file_count bigint",
      "total_size bigint",
      "data row(day row(min date, max date, null_count bigint, nan_count bigint), price row(min decimal(18,3), max decimal(18,3), null_count bigint, nan_count bigint))",
    ]);
  });
});

describe("The rows", () => {
  test("of $snapshots, $history and $refs tell the commits.", async () => {
    const env = await fixture.orderLines();
    const { metadata } = loadTable(env);
    const ids = metadata.snapshots.map((snapshot) => String(snapshot["snapshot-id"]));
    const [first, second, third] = ids;
    const found = await rows(env, "snapshots");
    expect(found.map((row) => [row["snapshot_id"], row["parent_id"], row["operation"]])).toEqual([
      [first, null, "append"],
      [second, first, "append"],
      [third, second, "delete"],
    ]);
    expect(found[0]?.["manifest_list"]).toBe(metadata.snapshots[0]?.["manifest-list"]);
    const at = metadata.snapshots[0]?.["timestamp-ms"] ?? 0;
    expect(found[0]?.["committed_at"]).toBe(`${new Date(at).toISOString().replace("T", " ").replace("Z", "")}+00`);
    expect(found[0]?.["summary"]).toContainEqual({ key: "added-records", value: "2" });
    expect(found[0]?.["summary"]).not.toContainEqual({ key: "operation", value: "append" });
    expect((await rows(env, "history")).map((row) => [row["snapshot_id"], row["is_current_ancestor"]])).toEqual(
      ids.map((id) => [id, true]),
    );
    await commit(loadTable(env), {
      update: (meta) => ({
        ...meta,
        "current-snapshot-id": BigInt(first ?? 0),
        refs: {
          main: { "snapshot-id": BigInt(first ?? 0), type: "branch", "min-snapshots-to-keep": 2 },
          "year's end": { "snapshot-id": BigInt(second ?? 0), type: "tag", "max-ref-age-ms": 1000 },
        },
      }),
    });
    expect((await rows(env, "history")).map((row) => row["is_current_ancestor"])).toEqual([true, false, false]);
    expect((await rows(env, "refs")).map((row) => Object.values(row))).toEqual([
      ["main", "BRANCH", first, null, 2, null],
      ["year's end", "TAG", second, "1000", null, null],
    ]);
  });

  test("of $manifests and $files tell the manifests and data files.", async () => {
    const env = await fixture.orderLines();
    const manifests = await rows(env, "manifests");
    const summaries = (...bounds: [boolean, string, string][]) =>
      bounds.map(([contains_null, lower_bound, upper_bound]) => ({
        contains_null,
        contains_nan: null,
        lower_bound,
        upper_bound,
      }));
    expect(manifests.map((row) => [row["added_data_files_count"], row["added_rows_count"]])).toEqual(
      expect.arrayContaining([
        [1, "2"],
        [2, "2"],
        [1, "1"],
      ]),
    );
    expect(manifests.map((row) => row["partition_summaries"])).toContainEqual(
      summaries([true, "2010-12", "2010-12"], [false, "71053", "85123A"]),
    );
    const files = await byRecords(env, "files");
    expect(files.map((row) => [row["content"], row["file_format"], row["record_count"]])).toEqual([
      [0, "PARQUET", "2"],
      [0, "PARQUET", "1"],
      [0, "PARQUET", "1"],
    ]);
    const [two] = files;
    expect(two?.["lower_bounds"]).toEqual([
      { key: 1, value: "2010-12-01" },
      { key: 2, value: "85123A" },
      { key: 3, value: "2.550" },
    ]);
    expect(two?.["null_value_counts"]).toContainEqual({ key: 3, value: "1" });
    expect([two?.["nan_value_counts"], two?.["key_metadata"], two?.["equality_ids"]]).toEqual([null, null, null]);
  });

  test("follow the columns: dropped ones are gone, new ones unknown.", async () => {
    const env = await fixture.orderLines();
    await alterTable(env, [{ kind: "drop column", column: "price" }]);
    await alterTable(env, [{ kind: "add columns", columns: [{ name: "a b", type: "double" }] }]);
    expect(columns(env, "partitions")[4]).toBe(
      'data row(day row(min date, max date, null_count bigint, nan_count bigint), "a b" row(min double, max double, null_count bigint, nan_count bigint))',
    );
    expect((await byRecords(env, "partitions"))[0]?.["data"]).toEqual({
      day: { min: "2010-12-01", max: "2010-12-09", null_count: "0", nan_count: null },
      "a b": null,
    });
    expect((await byRecords(env, "files"))[0]?.["upper_bounds"]).toEqual([
      { key: 1, value: "2010-12-09" },
      { key: 2, value: "85123A" },
    ]);
  });
});
