import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { currentSnapshot } from "../format/snapshots.ts";
import { checkTable } from "./check.ts";
import { commit } from "./commit.ts";
import { type Fixture, openFixture } from "./fixture.ts";
import { insertRows } from "./insert.ts";
import { liveFiles } from "./manifests.ts";
import { planScan } from "./plan.ts";
import { loadTable } from "./state.ts";
import { change, cold, makeTable, people, type TestEnvironment } from "./writing-fixture.ts";

let fixture: Fixture;
let env: TestEnvironment;
beforeAll(async () => {
  fixture = await openFixture();
});
afterAll(() => fixture.close());
beforeEach(async () => {
  env = await makeTable(fixture, { columns: people });
  await insertRows(env, "SELECT i AS id, 'x' AS name, NULL AS ts FROM range(5) r(i)");
  await change(env, { op: 0, where: "id = 3" });
});

const found = () => checkTable(cold(env));
function files() {
  const state = loadTable(cold(env));
  const { data, deletes } = liveFiles(state, currentSnapshot(state.metadata));
  return { data: data[0]?.file.path ?? "", deletes: deletes[0]?.file.path ?? "", state };
}

test("a table as it should be, also an empty one", async () => {
  expect(await found()).toEqual([]);
  expect(await checkTable(await makeTable(fixture, { columns: people }))).toEqual([]);
});

test("a missing data file and one of another size", async () => {
  const { data, deletes } = files();
  await fixture.io.delete(data);
  writeFileSync(fixture.io.local(deletes), "PAR1PAR1");
  expect(await found()).toEqual([
    { severity: "error", uri: data, message: "is missing" },
    { severity: "error", uri: deletes, message: expect.stringMatching(/^has 8 bytes, not \d+$/) },
  ]);
});

test("a data file with other rows, and one that is no Parquet", async () => {
  const { data, state } = files();
  const { entry } = planScan(state).files[0] ?? {};
  await commit(state, {
    operation: "overwrite",
    removed: entry ? [entry.file] : [],
    added: entry ? [{ ...entry.file, records: 6 }] : [],
    validation: "none",
  });
  const errors = async () => (await found()).filter(({ severity }) => severity === "error");
  expect(await errors()).toEqual([{ severity: "error", uri: data, message: "has 5 rows, not 6" }]);
  writeFileSync(fixture.io.local(data), Buffer.alloc(fixture.io.read(data).length, "x"));
  expect(await errors()).toEqual([
    { severity: "error", uri: data, message: expect.stringContaining("is not a Parquet file") },
  ]);
});

test("lost manifests, lists and metadata", async () => {
  const { state } = files();
  const list = currentSnapshot(state.metadata)?.["manifest-list"] ?? "";
  await fixture.io.delete(list);
  expect(await found()).toEqual([{ severity: "error", uri: list, message: expect.stringContaining("cannot be read") }]);
  await fixture.io.delete(state.pointer.metadataLocation);
  expect(await found()).toMatchObject([{ severity: "error", uri: state.pointer.metadataLocation }]);
});

test("totals that do not add up", async () => {
  await commit(loadTable(env), {
    update: (metadata) => ({
      ...metadata,
      snapshots: metadata.snapshots.map((snapshot) => ({
        ...snapshot,
        summary: { ...snapshot.summary, "total-records": "4" },
      })),
    }),
  });
  expect(await found()).toMatchObject([{ severity: "error", message: "has 5 total-records, not 4" }]);
});

test("leftovers are notices: the rows are right", async () => {
  const { location } = loadTable(env).metadata;
  await fixture.io.write(`${location}/metadata/lost-m0.avro`, "12345");
  const { data } = files();
  const state = loadTable(env);
  const removed = liveFiles(state, currentSnapshot(state.metadata)).data.map(({ file }) => file);
  await commit(state, { operation: "delete", removed, validation: "none" });
  expect(data).toBe(removed[0]?.path);
  expect(await found()).toEqual([
    { severity: "notice", uri: files().deletes, message: "deletes rows of no live data file; OPTIMIZE removes it" },
    {
      severity: "notice",
      uri: `${location}/`,
      message: "holds 1 files (5 bytes) that the table does not need; VACUUM removes them",
    },
  ]);
});
