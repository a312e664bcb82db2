import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { DataFile } from "../format/model.ts";
import { currentSnapshot } from "../format/snapshots.ts";
import { changeRows } from "./change.ts";
import { DELETE_FILE_PATH } from "./delete-index.ts";
import { MultipleMatches, NullNotAllowed, TooManyPartitions } from "./errors.ts";
import { alterTable } from "./evolve.ts";
import { type Fixture, openFixture } from "./fixture.ts";
import { insertRows } from "./insert.ts";
import { liveFiles } from "./manifests.ts";
import { planScan } from "./plan.ts";
import { scanSql } from "./scan.ts";
import { loadTable } from "./state.ts";
import { change, cold, makeTable, people, rowsOf, type TestEnvironment } from "./writing-fixture.ts";

let fixture: Fixture;
let env: TestEnvironment;
beforeAll(async () => {
  fixture = await openFixture();
});
afterAll(() => fixture.close());
beforeEach(async () => {
  env = await makeTable(fixture, { columns: people, partitionedBy: [{ column: "ts", transform: "month" }] });
  await insertRows(
    env,
    "SELECT i AS id, 'n' || i AS name, TIMESTAMP '2011-01-30' + INTERVAL (i) DAY AS ts FROM range(10) r(i)",
  );
});

function live(): { readonly data: readonly DataFile[]; readonly deletes: readonly DataFile[] } {
  const state = loadTable(cold(env));
  const { data, deletes } = liveFiles(state, currentSnapshot(state.metadata));
  return { data: data.map(({ file }) => file), deletes: deletes.map(({ file }) => file) };
}

const summary = (): Readonly<Record<string, string>> => loadTable(env).metadata.snapshots.at(-1)?.summary ?? {};

test("a delete marks rows, one file for each partition it touches", async () => {
  const written = await change(env, { op: 0, where: "id IN (0, 3, 4)" });
  expect(written).toMatchObject({ rows: 3, addedFiles: 0, deleteFiles: 2 });
  expect(summary()).toMatchObject({
    operation: "delete",
    "added-position-deletes": "3",
    "total-records": "10",
    "total-position-deletes": "3",
  });
  expect(await rowsOf(env, "id")).toEqual([["1"], ["2"], ["5"], ["6"], ["7"], ["8"], ["9"]]);
  const { data, deletes } = live();
  const pathOf = new Map(data.map((file) => [String(file.partition[0]), file.path]));
  for (const file of deletes) {
    const path = Buffer.from(pathOf.get(String(file.partition[0])) ?? "");
    expect(file.lowerBounds.get(DELETE_FILE_PATH)).toEqual(path);
    expect(file.upperBounds.get(DELETE_FILE_PATH)).toEqual(path);
    expect(file.referencedDataFile).toBe(path.toString());
  }
  expect(deletes.map((file) => [file.specId, file.records, file.content])).toEqual([
    [0, 1, 1],
    [0, 2, 1],
  ]);
});

test("delete files are sorted, and their bounds hold paths longer than DuckDB's statistics", async () => {
  const folder = "f".repeat(200);
  env = await makeTable(fixture, {
    columns: people,
    properties: { "write.data.path": `s3://lake/${folder}/${folder}` },
  });
  for (const id of [1, 2, 3]) {
    await insertRows(env, `SELECT ${id} * 10 + i AS id, 'x' AS name, NULL AS ts FROM range(5) r(i)`);
  }
  expect(await change(env, { op: 0, where: "id % 10 IN (1, 3)" })).toMatchObject({ rows: 6, deleteFiles: 1 });
  const { data, deletes } = live();
  const paths = data.map((file) => file.path).toSorted();
  expect(deletes[0]?.lowerBounds.get(DELETE_FILE_PATH)?.toString()).toBe(paths[0]);
  expect(deletes[0]?.upperBounds.get(DELETE_FILE_PATH)?.toString()).toBe(paths[2]);
  expect(deletes[0]?.referencedDataFile).toBeUndefined();
  const rows = await fixture.rows(
    `SELECT file_path, pos::INTEGER AS pos FROM read_parquet('${fixture.io.local(deletes[0]?.path ?? "")}')`,
  );
  expect(rows).toEqual(paths.flatMap((file_path) => [1, 3].map((pos) => ({ file_path, pos }))));
  expect(await rowsOf(env, "count(*), sum(id)", "")).toEqual([["9", "198"]]);
});

test("an update moves rows to the partition they now belong to", async () => {
  const written = await change(env, {
    op: 1,
    where: "id < 2",
    set: { ts: "TIMESTAMP '2012-05-05'", name: "upper(name)" },
  });
  expect(written).toMatchObject({ rows: 2, addedFiles: 1, deleteFiles: 0 });
  expect(summary()).toMatchObject({ operation: "overwrite", "deleted-data-files": "1", "total-records": "10" });
  expect(await rowsOf(env, "id, name, ts::VARCHAR", "WHERE id < 3 ORDER BY id")).toEqual([
    ["0", "N0", "2012-05-05 00:00:00"],
    ["1", "N1", "2012-05-05 00:00:00"],
    ["2", "n2", "2011-02-01 00:00:00"],
  ]);
  expect(
    live()
      .data.map((file) => file.partition[0])
      .toSorted(),
  ).toEqual([493, 508]);
});

test("a merge deletes, updates and inserts in one snapshot", async () => {
  const plan = planScan(loadTable(env));
  const written = await changeRows(env, {
    plan,
    filters: [],
    changes: `SELECT __file, __pos, CASE id WHEN 5 THEN 0 ELSE 1 END AS __op, id, 'merged' AS name, ts
        FROM ${scanSql(plan, { positions: true })} WHERE id IN (5, 6)
      UNION ALL SELECT NULL, NULL, 2, 100, 'new', NULL`,
  });
  expect(written).toMatchObject({ rows: 3, addedFiles: 2, deleteFiles: 1 });
  expect(loadTable(env).metadata.snapshots).toHaveLength(2);
  expect(await rowsOf(env, "id, name", "WHERE name NOT LIKE 'n_' ORDER BY id")).toEqual([
    ["6", "merged"],
    ["100", "new"],
  ]);
  expect(await rowsOf(env, "count(*)", "")).toEqual([["10"]]);
});

test("a merge that only inserts is an append, but still conflicts with rows it did not see", async () => {
  const plan = planScan(loadTable(env));
  const changes = "SELECT NULL AS __file, NULL AS __pos, 2 AS __op, 100 AS id, 'new' AS name, NULL AS ts";
  await changeRows(env, { plan, filters: [], changes });
  expect(summary()).toMatchObject({ operation: "append", "added-records": "1" });
  await expect(changeRows(env, { plan, filters: [], changes })).rejects.toThrow("Found conflicting files");
});

test("a row hit twice is refused; what is refused leaves nothing behind", async () => {
  const plan = planScan(loadTable(env));
  const scan = scanSql(plan, { positions: true });
  const { location } = plan.state.metadata;
  const before = fixture.io.list(`${location}/`);
  const attempt = (changes: string) => changeRows(env, { plan, filters: [], changes });
  await expect(
    attempt(
      `SELECT __file, __pos, 1 AS __op, id, s.name, ts FROM ${scan} t JOIN (VALUES (1, 'a'), (1, 'b')) s(k, name) ON id = k`,
    ),
  ).rejects.toThrow(new MultipleMatches());
  await expect(attempt(`SELECT __file, __pos, 1 AS __op, NULL AS id, name, ts FROM ${scan} t`)).rejects.toThrow(
    new NullNotAllowed("id"),
  );
  await expect(
    changeRows(
      env,
      {
        plan,
        filters: [],
        changes: `SELECT __file, __pos, 1 AS __op, id, name, ts + INTERVAL (id) YEAR AS ts FROM ${scan} t`,
      },
      { openPartitions: 9 },
    ),
  ).rejects.toThrow(new TooManyPartitions(9));
  expect(fixture.io.list(`${location}/`)).toEqual(before);
  const tables = await fixture.rows(
    "SELECT count(*)::INTEGER AS n FROM duckdb_tables() WHERE table_name LIKE 'iceberg%'",
  );
  expect(tables).toEqual([{ n: 0 }]);
});

test("nothing to change is no snapshot; a whole partition goes without delete files", async () => {
  expect(await change(env, { op: 0, where: "id > 100" })).toEqual({ rows: 0, addedFiles: 0, deleteFiles: 0 });
  expect(loadTable(env).metadata.snapshots).toHaveLength(1);
  expect(await change(env, { op: 0, where: "ts < TIMESTAMP '2011-02-01'" })).toMatchObject({ rows: 2, deleteFiles: 0 });
  expect(summary()).toMatchObject({ operation: "delete", "deleted-data-files": "1", "deleted-records": "2" });
  expect(live()).toMatchObject({ data: [{ records: 8 }], deletes: [] });
});

test("rows deleted one by one until none is left", async () => {
  for (let id = 0; id < 10; id += 1) await change(env, { op: 0, where: `id = ${id}` });
  expect(await rowsOf(env)).toEqual([]);
  await insertRows(env, "SELECT 1 AS id, 'back' AS name, TIMESTAMP '2011-01-30' AS ts");
  expect(await rowsOf(env, "id, name")).toEqual([["1", "back"]]);
});

test("rows of files that were written in two ways by turns are found where they are", async () => {
  const extra = { name: "extra", type: "int" } as const;
  await alterTable(env, [{ kind: "add columns", columns: [extra] }]);
  await insertRows(env, "SELECT 20 AS id, 'wide' AS name, TIMESTAMP '2011-01-30' AS ts, 7 AS extra");
  await alterTable(env, [{ kind: "drop column", column: "extra" }]);
  await insertRows(env, "SELECT 30 AS id, 'last' AS name, TIMESTAMP '2011-01-30' AS ts");
  expect(await change(env, { op: 0, where: "id IN (1, 20, 30)" })).toMatchObject({ rows: 3 });
  expect(await rowsOf(env, "id")).toEqual(["0", "2", "3", "4", "5", "6", "7", "8", "9"].map((id) => [id]));
});
