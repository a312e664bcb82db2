import { afterAll, beforeAll, expect, test } from "vitest";
import type { TableMetadata } from "../format/model.ts";
import { checkTable } from "./check.ts";
import { commit } from "./commit.ts";
import { expire } from "./expire.ts";
import { type Fixture, openFixture } from "./fixture.ts";
import { insertRows } from "./insert.ts";
import { entriesOf, manifestsOf } from "./manifests.ts";
import { optimize } from "./optimize.ts";
import { removeOrphans } from "./orphans.ts";
import { planScan } from "./plan.ts";
import { scanSql } from "./scan.ts";
import { loadTable } from "./state.ts";
import { change, cold, makeTable, people, rowsOf, type TestEnvironment } from "./writing-fixture.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await openFixture();
});
afterAll(() => fixture.close());

const DAY = 86_400_000;
const row = (id: number): string => `SELECT ${id} AS id, 'name of ${id}' AS name, NULL AS ts`;
const uris = (env: TestEnvironment): string[] =>
  fixture.io.list(`${loadTable(env).metadata.location}/`).map(({ uri }) => uri);
const eager = { optimize_rewrite_delete_file_threshold: "1", "write.parquet.compression-codec": "uncompressed" };

/** Files that hold a text: data files are written without compression, and manifests, which are compressed, decoded. */
function holding(env: TestEnvironment, text: string): string[] {
  const state = loadTable(cold(env));
  const manifests = state.metadata.snapshots.flatMap((snapshot) => manifestsOf(state, snapshot));
  const inBounds = manifests.filter((manifest) =>
    entriesOf(state, manifest).entries.some(({ file }) =>
      [...file.lowerBounds.values(), ...file.upperBounds.values()].some((bound) => bound.includes(text)),
    ),
  );
  const inFiles = uris(env).filter((uri) => fixture.io.read(uri).includes(text));
  return [...new Set([...inFiles, ...inBounds.map(({ path }) => path)])];
}

test("after DELETE, compaction and expiry no file holds the row's bytes", async () => {
  const env = await makeTable(fixture, { columns: people, properties: eager });
  await insertRows(env, `${row(1)} UNION ALL ${row(2)} UNION ALL ${row(3)}`);
  await change(env, { op: 0, where: "id = 2" });
  // Bounds in the manifest name the row too when it is the least or greatest.
  await change(env, { op: 0, where: "id = 3" });
  expect(holding(env, "name of 2")).toHaveLength(1);
  expect(holding(env, "name of 3")).toHaveLength(2);
  await optimize(env, []);
  expect(holding(env, "name of 2")).toHaveLength(1);
  await expire(env, { olderThanMs: fixture.clock.ms + DAY, keep: 1 });
  expect(holding(env, "name of 2")).toEqual([]);
  expect(holding(env, "name of 3")).toEqual([]);
  expect(await rowsOf(env, "id, name")).toEqual([["1", "name of 1"]]);
  expect(await checkTable(cold(env))).toEqual([]);
});

test("snapshots younger than the age, the youngest ones and what tags name stay readable", async () => {
  const env = await makeTable(fixture, { columns: people, properties: eager });
  const start = fixture.clock.ms;
  for (const id of [1, 2, 3, 4]) {
    await insertRows(env, row(id));
    fixture.clock.ms += DAY;
  }
  const [first, second] = loadTable(env).metadata.snapshots;
  await commit(loadTable(env), { update: (metadata) => tagged(metadata, second?.["snapshot-id"] ?? 0n) });
  const expired = await expire(env, { olderThanMs: start + 2.5 * DAY, keep: 1 });
  expect(expired).toEqual({
    snapshots: 2,
    deletedFiles: { data: 0, deletes: 0, manifest: 0, "manifest-list": 2, statistics: 0, metadata: 0 },
    failedFiles: 0,
  });
  const state = loadTable(cold(env));
  const idsAt = async (id: bigint | undefined) =>
    fixture.rows(`SELECT id FROM ${scanSql(planScan(state, { at: { snapshotId: id ?? 0n } }))} ORDER BY id`);
  expect(await idsAt(second?.["snapshot-id"])).toEqual([{ id: "1" }, { id: "2" }]);
  await expect(idsAt(first?.["snapshot-id"])).rejects.toThrow("does not exist");
  expect(await rowsOf(env, "count(*)", "")).toEqual([["4"]]);
  fixture.clock.ms = start;
});

function tagged(metadata: TableMetadata, id: bigint): TableMetadata {
  return { ...metadata, refs: { ...metadata.refs, kept: { "snapshot-id": id, type: "tag" } } };
}

test("a file that was replaced goes as soon as no kept snapshot reads it", async () => {
  const env = await makeTable(fixture, { columns: people, properties: eager });
  await insertRows(env, `${row(1)} UNION ALL ${row(2)}`);
  await change(env, { op: 0, where: "id = 1" });
  await optimize(env, []);
  const before = loadTable(env).metadata.snapshots.length;
  const all = { olderThanMs: fixture.clock.ms + DAY };
  expect(await expire(env, { ...all, keep: 2 })).toMatchObject({ snapshots: before - 2, deletedFiles: { data: 0 } });
  expect(await expire(env, { ...all, keep: 1 })).toMatchObject({ snapshots: 1, deletedFiles: { data: 1, deletes: 1 } });
  expect(await expire(env, { ...all, keep: 1 })).toMatchObject({ snapshots: 0, deletedFiles: { data: 0 } });
});

test("metadata files beyond the number to keep go; nothing to do is no commit", async () => {
  const env = await makeTable(fixture, { columns: people });
  for (const id of [1, 2, 3, 4, 5]) await insertRows(env, row(id));
  const metadataFiles = () => uris(env).filter((uri) => uri.endsWith(".metadata.json"));
  const options = { olderThanMs: 0, keep: 1, keepMetadataFiles: 2 };
  expect(await expire(env, options)).toMatchObject({ snapshots: 0, deletedFiles: { metadata: 4 } });
  expect(metadataFiles()).toHaveLength(3);
  const { pointer } = loadTable(env);
  expect(await expire(env, { olderThanMs: 0, keep: 1 })).toMatchObject({ snapshots: 0, deletedFiles: { metadata: 0 } });
  expect(loadTable(env).pointer).toEqual(pointer);
});

test("what cannot be deleted is counted, is an orphan, and goes with the orphans once it is old enough", async () => {
  const env = await makeTable(fixture, { columns: people, properties: eager });
  await insertRows(env, `${row(1)} UNION ALL ${row(2)}`);
  await change(env, { op: 0, where: "id = 1" });
  await optimize(env, []);
  const denied = {
    ...env,
    io: Object.create(env.io, { delete: { value: () => Promise.reject(new Error("denied")) } }),
  };
  const expired = await expire(denied, { olderThanMs: fixture.clock.ms + DAY, keep: 1 });
  expect(expired).toMatchObject({ snapshots: 2, failedFiles: 6, deletedFiles: { data: 0 } });
  expect(await checkTable(cold(env))).toMatchObject([
    { severity: "notice", message: expect.stringMatching(/^holds 6 files/) },
  ]);
  expect(await removeOrphans(env, { olderThanMs: Date.now() - DAY })).toMatchObject({ files: 0 });
  expect(await removeOrphans(env, { olderThanMs: Date.now() + DAY })).toMatchObject({ files: 6, failedFiles: 0 });
  expect(holding(env, "name of 1")).toEqual([]);
  expect(await checkTable(cold(env))).toEqual([]);
});

test("orphans: never a file that the table needs, whatever scheme another engine wrote", async () => {
  const env = await makeTable(fixture, { columns: people });
  await insertRows(env, row(1));
  const { location } = loadTable(env).metadata;
  await fixture.io.write(`${location}/data/lost.parquet`, "left by a killed writer");
  await fixture.io.write(`${location}/notes.txt`, "not in a folder of the table's files");
  expect(await removeOrphans(env, { olderThanMs: Date.now() + DAY })).toEqual({ files: 1, bytes: 23, failedFiles: 0 });
  expect(uris(env)).toContain(`${location}/notes.txt`);
  expect(await rowsOf(env, "id")).toEqual([["1"]]);
});

test("snapshots that others add while history expires are kept", async () => {
  const env = await makeTable(fixture, { columns: people });
  for (const id of [1, 2]) await insertRows(env, row(id));
  env.entry.beforeSwap = async () => void (await insertRows(env, row(3)));
  expect(await expire(env, { olderThanMs: fixture.clock.ms + DAY, keep: 1 })).toMatchObject({ snapshots: 2 });
  expect(await rowsOf(env, "id")).toEqual([["1"], ["2"], ["3"]]);
  expect(await checkTable(cold(env))).toEqual([]);
});
