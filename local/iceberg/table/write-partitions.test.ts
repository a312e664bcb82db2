import { afterAll, beforeAll, expect, test } from "vitest";
import type { PartitionedBy } from "../format/partition.ts";
import { TooManyPartitions } from "./errors.ts";
import { type Fixture, openFixture } from "./fixture.ts";
import { insertRows } from "./insert.ts";
import { liveFiles } from "./manifests.ts";
import { loadTable } from "./state.ts";
import { cold, makeTable, people, rowsOf, type TestEnvironment } from "./writing-fixture.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await openFixture();
});
afterAll(() => fixture.close());

const location = (env: TestEnvironment): string => loadTable(env).metadata.location;

const partitions: readonly { by: readonly PartitionedBy[]; folders: readonly string[]; values: readonly unknown[] }[] =
  [
    {
      by: [{ column: "ts", transform: "day" }],
      folders: ["ts_day=1969-12-31", "ts_day=2011-01-01", "ts_day=null"],
      values: [[-1], [14975], [null]],
    },
    {
      by: [{ column: "ts", transform: "hour" }],
      folders: ["ts_hour=1969-12-31-23", "ts_hour=2011-01-01-00", "ts_hour=null"],
      values: [[-1], [359400], [null]],
    },
    {
      by: [
        { column: "ts", transform: "year" },
        { column: "id", transform: "truncate[10]" },
      ],
      folders: ["ts_year=1969/id_trunc=-10", "ts_year=2011/id_trunc=0", "ts_year=null/id_trunc=0"],
      values: [
        [-1, -10n],
        [41, 0n],
        [null, 0n],
      ],
    },
    {
      by: [{ column: "name", transform: "identity" }],
      folders: ["name=", "name=__HIVE_DEFAULT_PARTITION__", "name=null"],
      values: [[""], ["__HIVE_DEFAULT_PARTITION__"], [null]],
    },
    {
      by: [
        { column: "name", transform: "truncate[2]" },
        { column: "id", transform: "bucket[4]" },
      ],
      folders: ["name_trunc=/id_bucket=1", "name_trunc=__/id_bucket=0", "name_trunc=null/id_bucket=3"],
      values: [
        ["", 1],
        ["__", 0],
        [null, 3],
      ],
    },
  ];

test.each(partitions)("rows go to their partitions: $folders.0", async ({ by, folders, values }) => {
  const env = await makeTable(fixture, { columns: people, partitionedBy: by });
  await insertRows(
    env,
    `SELECT 7 AS id, NULL AS name, NULL AS ts UNION ALL SELECT -7, '', TIMESTAMP '1969-12-31 23:59:59.999999'
     UNION ALL SELECT 0, '__HIVE_DEFAULT_PARTITION__', TIMESTAMP '2011-01-01'`,
  );
  const state = loadTable(cold(env));
  const { data } = liveFiles(state, state.metadata.snapshots[0]);
  const found = data.map(({ file }) => ({
    folder: file.path.slice(location(env).length + "/data/".length, file.path.lastIndexOf("/")),
    values: file.partition,
  }));
  expect(found.toSorted((a, b) => (a.folder < b.folder ? -1 : 1))).toEqual(
    folders.map((folder, index) => ({ folder, values: values[index] })),
  );
  expect(await rowsOf(env, "count(*)", "")).toEqual([["3"]]);
});

test("a hundred partitions a statement, unless the caller allows more", async () => {
  const env = await makeTable(fixture, { columns: people, partitionedBy: [{ column: "id", transform: "identity" }] });
  const rows = (count: number) => `SELECT i AS id, 'x' AS name, NULL AS ts FROM range(${count}) r(i)`;
  await expect(insertRows(env, rows(101))).rejects.toThrow(new TooManyPartitions(100));
  expect(new TooManyPartitions(100).message).toBe("Exceeded limit of 100 open writers for partitions/buckets");
  expect(fixture.io.list(`${location(env)}/data/`)).toEqual([]);
  expect(await insertRows(env, rows(100))).toMatchObject({ rows: 100, addedFiles: 100 });
  expect(await insertRows(env, rows(101), { openPartitions: 101 })).toMatchObject({ rows: 101, addedFiles: 101 });
});

test("columns named like the engine's own helpers do no harm", async () => {
  const env = await makeTable(fixture, {
    columns: [
      { name: "__p0", type: "string" },
      { name: 'a b"c', type: "int" },
      { name: "v", type: "string" },
    ],
    partitionedBy: [
      { column: "__p0", transform: "bucket[2]" },
      { column: 'a b"c', transform: "identity" },
    ],
  });
  await insertRows(env, `SELECT 'x' AS __p0, 5 AS "a b""c", 'y' AS v`);
  expect(await rowsOf(env)).toEqual([["x", 5, "y"]]);
});
