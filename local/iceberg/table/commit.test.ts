import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { currentSnapshot } from "../format/snapshots.ts";
import { backOff, commit } from "./commit.ts";
import { CommitConflict } from "./environment.ts";
import { CommitFailed } from "./errors.ts";
import { expire } from "./expire.ts";
import { type Fixture, openFixture } from "./fixture.ts";
import { insertRows } from "./insert.ts";
import { manifestsOf } from "./manifests.ts";
import { optimize } from "./optimize.ts";
import { planScan } from "./plan.ts";
import type { Filter } from "./prune.ts";
import { loadTable } from "./state.ts";
import { change, cold, makeTable, people, rowsOf, type TestEnvironment } from "./writing-fixture.ts";

let fixture: Fixture;
let env: TestEnvironment;
beforeAll(async () => {
  fixture = await openFixture();
});
afterAll(() => fixture.close());
beforeEach(async () => {
  env = await makeTable(fixture, {
    columns: people,
    partitionedBy: [{ column: "ts", transform: "month" }],
    properties: { optimize_rewrite_delete_file_threshold: "1", optimize_rewrite_data_file_threshold: "1" },
  });
});

const day = (id: number, date: string): string => `SELECT ${id} AS id, 'n${id}' AS name, TIMESTAMP '${date}' AS ts`;
const january: readonly Filter[] = [{ column: "ts", operator: "<", values: [BigInt(Date.UTC(2011, 1, 1)) * 1000n] }];
const files = (): string[] => fixture.io.list(`${loadTable(env).metadata.location}/`).map(({ uri }) => uri);

test("an append that was overtaken lands on top: nothing lost, nothing twice", async () => {
  await insertRows(env, day(1, "2011-01-01"));
  env.entry.beforeSwap = async () => void (await insertRows(env, day(2, "2011-01-02")));
  const written = await insertRows(env, day(3, "2011-01-03"));
  expect(await rowsOf(env, "id")).toEqual([["1"], ["2"], ["3"]]);
  const { metadata } = loadTable(cold(env));
  expect(metadata.snapshots.map((snapshot) => snapshot["sequence-number"])).toEqual([1, 2, 3]);
  expect(metadata.snapshots.map((snapshot) => snapshot.summary["total-records"])).toEqual(["1", "2", "3"]);
  expect(metadata["current-snapshot-id"]).toBe(written.snapshotId);
  expect(metadata.snapshots[2]?.["parent-snapshot-id"]).toBe(metadata.snapshots[1]?.["snapshot-id"]);
  // What the lost attempt wrote is gone: three lists, three manifests, three data files, four metadata files.
  expect(files()).toHaveLength(13);
});

test("snapshot times increase strictly while the clock stands still", async () => {
  for (const id of [1, 2, 3]) await insertRows(env, day(id, "2011-01-01"));
  const times = loadTable(env).metadata.snapshots.map((snapshot) => snapshot["timestamp-ms"] - fixture.clock.ms);
  expect(times).toEqual([1, 2, 3]);
});

test("two deletes of the same file: the second conflicts and leaves nothing behind", async () => {
  await insertRows(env, `${day(1, "2011-01-01")} UNION ALL ${day(2, "2011-01-02")} UNION ALL ${day(3, "2011-01-02")}`);
  const plan = planScan(loadTable(env));
  await change(env, { op: 0, where: "id = 1" });
  const before = files();
  await expect(change(env, { op: 0, where: "id = 2", plan })).rejects.toThrow(
    /^Found new conflicting delete files that can apply to records matching true: s3:.*-deletes.parquet$/,
  );
  await expect(change(env, { op: 1, where: "id = 2", plan })).rejects.toThrow(CommitFailed);
  expect(files()).toEqual(before);
  expect(await rowsOf(env, "id")).toEqual([["2"], ["3"]]);
});

test("rows added meanwhile conflict only where the statement's filters may match them", async () => {
  await insertRows(env, `${day(1, "2011-01-01")} UNION ALL ${day(2, "2011-01-02")}`);
  const of = (filters: readonly Filter[]) => ({ plan: planScan(loadTable(env), { filters }), filters });
  const everything = of([]);
  const onlyJanuary = of(january);
  await insertRows(env, day(5, "2011-02-05"));
  await expect(change(env, { op: 0, where: "id = 1", ...everything })).rejects.toThrow(
    "Found conflicting files that can contain records matching true: s3://",
  );
  await change(env, { op: 0, where: "id = 1", ...onlyJanuary });
  expect(await rowsOf(env, "id")).toEqual([["2"], ["5"]]);
  const again = of(january);
  await insertRows(env, day(6, "2011-01-06"));
  await expect(change(env, { op: 0, where: "id = 2", ...again })).rejects.toThrow(
    "Found conflicting files that can contain records matching ts <: s3://",
  );
});

test("a delete loses against a compaction of its file, and a compaction against a delete", async () => {
  await insertRows(env, day(1, "2011-01-01"));
  await insertRows(env, `${day(2, "2011-01-02")} UNION ALL ${day(3, "2011-01-03")}`);
  const plan = planScan(loadTable(env));
  expect(await optimize(env, [])).toMatchObject({ rewrittenFiles: 2, addedFiles: 1 });
  await expect(change(env, { op: 0, where: "id = 2", plan })).rejects.toThrow(
    "Cannot commit, missing data files: s3://",
  );
  await insertRows(env, day(4, "2011-01-04"));
  env.entry.beforeSwap = async () => void (await change(env, { op: 0, where: "id = 2" }));
  await expect(optimize(env, [])).rejects.toThrow(
    "Cannot commit, found new position delete for replaced data file: s3://",
  );
  expect(await rowsOf(env, "id")).toEqual([["1"], ["3"], ["4"]]);
});

test("a compaction does not mind rows that come meanwhile, nor a delete a compaction elsewhere", async () => {
  for (const id of [1, 2]) await insertRows(env, day(id, "2011-01-01"));
  env.entry.beforeSwap = async () => void (await insertRows(env, day(3, "2011-01-03")));
  expect(await optimize(env, [])).toMatchObject({ rewrittenFiles: 2, addedFiles: 1 });
  for (const id of [7, 8]) await insertRows(env, day(id, "2011-03-01"));
  const plan = planScan(loadTable(env), { filters: january });
  expect(await optimize(env, [{ column: "id", operator: ">", values: [6n] }])).toMatchObject({ rewrittenFiles: 2 });
  await change(env, { op: 0, where: "id = 1", plan, filters: january });
  expect(await rowsOf(env, "id")).toEqual([["2"], ["3"], ["7"], ["8"]]);
});

test("a file that others removed with its rows conflicts though the statement does not touch it", async () => {
  await insertRows(env, day(1, "2011-01-01"));
  await insertRows(env, `${day(2, "2011-01-02")} UNION ALL ${day(3, "2011-01-03")}`);
  const plan = planScan(loadTable(env));
  expect(await change(env, { op: 0, where: "id = 1" })).toMatchObject({ rows: 1, deleteFiles: 0 });
  await expect(change(env, { op: 0, where: "id = 2", plan })).rejects.toThrow(
    "Found conflicting deleted files that can contain records matching true: s3://",
  );
});

test("a change gives up when others are faster five times in a row; an append goes on", async () => {
  await insertRows(env, day(1, "2011-01-01"));
  const swap = env.entry.swap.bind(env.entry);
  let refusals = 0;
  env.entry.swap = async (...of) => {
    refusals += 1;
    if (refusals <= 6) throw new CommitConflict("busy");
    return swap(...of);
  };
  const before = files();
  await expect(change(env, { op: 0, where: "id = 1" })).rejects.toThrow("changed by others 5 times in a row");
  expect(files()).toEqual(before);
  refusals = 0;
  await insertRows(env, day(2, "2011-01-02"));
  expect(refusals).toBe(7);
  expect(await rowsOf(env, "id")).toEqual([["1"], ["2"]]);
});

test("the wait doubles and is never the same for two", () => {
  expect([0, 1, 5, 20].map((attempt) => backOff(attempt, 0))).toEqual([2.5, 5, 80, 500]);
  expect([0, 1, 5, 20].map((attempt) => backOff(attempt, 0.5))).toEqual([3.75, 7.5, 120, 750]);
});

test("an error after the catalogue has swapped is no failure; an error before it leaves nothing", async () => {
  const swap = env.entry.swap.bind(env.entry);
  env.entry.swap = async (...of) => {
    await swap(...of);
    throw new Error("connection reset");
  };
  await insertRows(env, day(1, "2011-01-01"));
  expect(await rowsOf(env, "id")).toEqual([["1"]]);
  env.entry.swap = async () => {
    throw new Error("access denied");
  };
  const before = files();
  await expect(insertRows(env, day(2, "2011-01-02"))).rejects.toThrow("access denied");
  expect(files()).toEqual(before);
});

test("when the catalogue does not tell whether it swapped, nothing is deleted", async () => {
  const { current } = env.entry;
  env.entry.swap = async () => {
    env.entry.current = () => {
      throw new Error("unreachable");
    };
    throw new Error("timeout");
  };
  const { location } = loadTable(env).metadata;
  await expect(insertRows(env, day(1, "2011-01-01"))).rejects.toThrow("timeout");
  env.entry.current = current;
  expect(fixture.io.list(`${location}/data/`)).toHaveLength(1);
  expect(fixture.io.list(`${location}/metadata/`)).toHaveLength(4);
});

test("a commit that landed, but cannot be read back, keeps its files", async () => {
  const swap = env.entry.swap.bind(env.entry);
  let unreadable = false;
  const io = Object.create(env.io, {
    read: {
      value: (uri: string) => {
        if (unreadable) throw new Error("unreachable");
        return env.io.read(uri);
      },
    },
  });
  env.entry.swap = async (...of) => {
    await swap(...of);
    unreadable = true;
    throw new Error("timeout");
  };
  await expect(insertRows({ ...env, io }, day(1, "2011-01-01"))).rejects.toThrow("timeout");
  expect(await rowsOf(env, "id")).toEqual([["1"]]);
});

test("metadata changes are applied to what others have committed", async () => {
  const state = loadTable(env);
  await insertRows(env, day(1, "2011-01-01"));
  const { state: after } = await commit(state, {
    update: (metadata) => ({ ...metadata, properties: { ...metadata.properties, a: "b" } }),
  });
  expect(after.metadata.snapshots).toHaveLength(1);
  expect(loadTable(cold(env)).metadata).toEqual(after.metadata);
  expect(after.metadata["metadata-log"]).toHaveLength(2);
  const { state: same } = await commit(after, { update: (metadata) => metadata });
  expect(same.pointer).toEqual(after.pointer);
});

test("old metadata files go with the log where the table says so", async () => {
  await commit(loadTable(env), {
    update: (metadata) => ({
      ...metadata,
      properties: { "write.metadata.delete-after-commit.enabled": "true", "write.metadata.previous-versions-max": "2" },
    }),
  });
  for (const id of [1, 2, 3]) await insertRows(env, day(id, "2011-01-01"));
  expect(files().filter((uri) => uri.endsWith(".json"))).toHaveLength(3);
  expect(await rowsOf(env, "id")).toEqual([["1"], ["2"], ["3"]]);
});

test("many manifests become one, and removing files still finds them", async () => {
  await commit(loadTable(env), {
    update: (metadata) => ({
      ...metadata,
      properties: { ...metadata.properties, "commit.manifest.min-count-to-merge": "4" },
    }),
  });
  for (let id = 1; id <= 12; id += 1) await insertRows(env, day(id, "2011-01-01"));
  const state = loadTable(cold(env));
  // Merged by the 5th, 8th and 11th append: one of ten files, and one of the append's own each.
  expect(manifestsOf(state, currentSnapshot(state.metadata)).map((manifest) => manifest.existingFiles)).toEqual([
    0, 0, 10,
  ]);
  expect(await rowsOf(env, "count(*), sum(id)", "")).toEqual([["12", "78"]]);
  env.entry.beforeSwap = async () => void (await insertRows(env, day(13, "2011-01-01")));
  await insertRows(env, day(14, "2011-01-01"));
  expect(await optimize(env, [])).toMatchObject({ rewrittenFiles: 14, addedFiles: 1 });
  expect(await rowsOf(env, "count(*), sum(id)", "")).toEqual([["14", "105"]]);
});

test("a change whose history has expired is refused: what happened meanwhile cannot be told", async () => {
  await insertRows(env, `${day(1, "2011-01-01")} UNION ALL ${day(2, "2011-01-02")}`);
  const plan = planScan(loadTable(env));
  await insertRows(env, day(3, "2011-03-01"));
  await insertRows(env, day(4, "2011-03-01"));
  await expire(env, { olderThanMs: fixture.clock.ms + 1000, keep: 1 });
  await expect(change(env, { op: 0, where: "id = 1", plan })).rejects.toThrow(
    /^Cannot determine history between starting snapshot \d+ and the last known ancestor \d+$/,
  );
});
