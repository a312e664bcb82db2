import { afterAll, beforeAll, expect, test } from "vitest";
import type { TableMetadata } from "../format/model.ts";
import { currentSnapshot } from "../format/snapshots.ts";
import { commit } from "./commit.ts";
import { type Fixture, openFixture } from "./fixture.ts";
import { insertRows } from "./insert.ts";
import { liveFiles } from "./manifests.ts";
import { optimize } from "./optimize.ts";
import { planScan } from "./plan.ts";
import { scanSql } from "./scan.ts";
import { loadTable } from "./state.ts";
import { change, cold, makeTable, people, rowsOf, type TestEnvironment } from "./writing-fixture.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await openFixture();
});
afterAll(() => fixture.close());

const eager = { optimize_rewrite_delete_file_threshold: "1", optimize_rewrite_data_file_threshold: "2" };
const rows = (from: number, to: number): string =>
  `SELECT i AS id, 'n' || i AS name, TIMESTAMP '2011-01-01' + INTERVAL (i % 60) DAY AS ts FROM range(${from}, ${to}) r(i)`;

function live(env: TestEnvironment) {
  const state = loadTable(cold(env));
  return liveFiles(state, currentSnapshot(state.metadata));
}

test("small files become one, deletes are applied, the rows stay and so does their age", async () => {
  const env = await makeTable(fixture, { columns: people, properties: eager });
  for (let part = 0; part < 3; part += 1) await insertRows(env, rows(part * 10, part * 10 + 10));
  await change(env, { op: 0, where: "id % 10 = 3" });
  const before = await rowsOf(env);
  expect(await optimize(env, [])).toEqual({
    rewrittenFiles: 3,
    addedFiles: 1,
    removedDeleteFiles: 1,
    moreRunsNeeded: false,
  });
  expect(await rowsOf(env)).toEqual(before);
  expect(live(env)).toMatchObject({ data: [{ sequenceNumber: 4, fileSequenceNumber: 5 }], deletes: [] });
  expect(loadTable(env).metadata.snapshots.at(-1)?.summary).toMatchObject({
    operation: "replace",
    "total-records": "27",
    "total-data-files": "1",
    "total-delete-files": "0",
  });
  // In order now: nothing more to do, and no snapshot for it.
  expect(await optimize(env, [])).toMatchObject({ rewrittenFiles: 0, addedFiles: 0 });
  expect(loadTable(env).metadata.snapshots).toHaveLength(5);
});

test("older snapshots read as before", async () => {
  const env = await makeTable(fixture, { columns: people, properties: eager });
  await insertRows(env, rows(0, 5));
  await insertRows(env, rows(5, 9));
  const old = loadTable(env).metadata["current-snapshot-id"];
  await optimize(env, []);
  const plan = planScan(loadTable(cold(env)), { at: { snapshotId: old } });
  expect(plan.files).toHaveLength(2);
  expect(await fixture.rows(`SELECT count(*)::INTEGER AS n FROM ${scanSql(plan)}`)).toEqual([{ n: 9 }]);
});

test("filters choose partitions; a run takes so many and says when there are more", async () => {
  const env = await makeTable(fixture, {
    columns: people,
    properties: eager,
    partitionedBy: [{ column: "ts", transform: "month" }],
  });
  for (let part = 0; part < 2; part += 1) await insertRows(env, rows(part * 60, part * 60 + 60));
  const february = BigInt(Date.UTC(2011, 1, 1)) * 1000n;
  expect(await optimize(env, [{ column: "ts", operator: "<", values: [february] }])).toMatchObject({
    rewrittenFiles: 2,
    addedFiles: 1,
    moreRunsNeeded: false,
  });
  for (let part = 2; part < 4; part += 1) await insertRows(env, rows(part * 60, part * 60 + 60));
  expect(await optimize(env, [], { maxPartitions: 2 })).toMatchObject({ rewrittenFiles: 7, moreRunsNeeded: true });
  expect(await optimize(env, [], { maxPartitions: 2 })).toMatchObject({ rewrittenFiles: 4, moreRunsNeeded: false });
  expect(live(env).data.map(({ file }) => [file.partition, file.records])).toEqual(
    expect.arrayContaining([
      [[492], 124],
      [[493], 112],
      [[494], 4],
    ]),
  );
});

test("a delete file stays while it deletes rows of a file that is not rewritten", async () => {
  const env = await makeTable(fixture, {
    columns: people,
    properties: { optimize_rewrite_data_file_threshold: "2", optimize_rewrite_min_data_file_size_bytes: "1500" },
  });
  await insertRows(env, `SELECT i AS id, md5(i::VARCHAR) AS name, NULL AS ts FROM range(1000) r(i)`);
  for (const id of [2000, 2001]) await insertRows(env, rows(id, id + 2));
  await change(env, { op: 0, where: "id IN (5, 2000)" });
  expect(await optimize(env, [])).toMatchObject({ rewrittenFiles: 2, addedFiles: 1, removedDeleteFiles: 0 });
  expect(await rowsOf(env, "count(*), count(*) FILTER (id IN (5, 2000))", "")).toEqual([["1002", "0"]]);
});

test("a delete file that deletes nothing any more goes, even when no file wants rewriting", async () => {
  const env = await makeTable(fixture, { columns: people });
  await insertRows(env, rows(0, 5));
  await change(env, { op: 0, where: "id = 1" });
  const { data } = live(env);
  const removed = data.map(({ file }) => file);
  await commit(loadTable(env), { operation: "delete", removed, validation: "none" });
  expect(await optimize(env, [])).toEqual({
    rewrittenFiles: 0,
    addedFiles: 0,
    removedDeleteFiles: 1,
    moreRunsNeeded: false,
  });
  expect(live(env)).toEqual({ data: [], deletes: [] });
});

test("all rows deleted: the files go and none comes", async () => {
  const env = await makeTable(fixture, { columns: people, properties: eager });
  await insertRows(env, rows(0, 5));
  await change(env, { op: 0, where: "id < 3" });
  await change(env, { op: 0, where: "id >= 3" });
  expect(await optimize(env, [])).toMatchObject({ rewrittenFiles: 1, addedFiles: 0, removedDeleteFiles: 2 });
  expect(live(env)).toEqual({ data: [], deletes: [] });
});

test("files of an old partitioning move into the current one, and a large file is split", async () => {
  const env = await makeTable(fixture, {
    columns: people,
    properties: { ...eager, "write.target-file-size-bytes": "300000" },
  });
  await insertRows(env, rows(0, 6));
  await insertRows(env, rows(6, 60));
  await commit(loadTable(env), { update: byMonth });
  expect(await optimize(env, [])).toMatchObject({ rewrittenFiles: 2, addedFiles: 3 });
  expect(
    live(env)
      .data.map(({ file }) => [file.specId, file.partition[0], file.records])
      .toSorted(),
  ).toEqual([
    [1, 492, 31],
    [1, 493, 28],
    [1, 494, 1],
  ]);
  await insertRows(
    env,
    "SELECT i AS id, md5(i::VARCHAR) AS name, TIMESTAMP '2012-01-01' AS ts FROM range(300000) r(i)",
  );
  expect(live(env).data).toHaveLength(4);
  await optimize(env, [{ column: "ts", operator: ">", values: [BigInt(Date.UTC(2011, 11, 1)) * 1000n] }]);
  expect(live(env).data.length).toBeGreaterThan(5);
  expect(await rowsOf(env, "count(*), sum(id)", "")).toEqual([["300060", "44999851770"]]);
});

function byMonth(metadata: TableMetadata): TableMetadata {
  const field = { name: "ts_month", transform: "month", "source-id": 3, "field-id": 1000 } as const;
  return {
    ...metadata,
    "partition-specs": [...metadata["partition-specs"], { "spec-id": 1, fields: [field] }],
    "default-spec-id": 1,
    "last-partition-id": 1000,
  };
}
