import { afterAll, beforeAll, expect, test } from "vitest";
import { currentSchema } from "../format/schema.ts";
import { createTable } from "./create.ts";
import { alterTable } from "./evolve.ts";
import { type Fixture, openFixture } from "./fixture.ts";
import { insertRows } from "./insert.ts";
import { loadTable } from "./state.ts";
import { change, cold, makeTable, people, rowsOf } from "./writing-fixture.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await openFixture();
});
afterAll(() => fixture.close());

test("columns are added, renamed, widened, dropped and added again; old rows read as they should", async () => {
  const env = await makeTable(fixture, { columns: [...people, { name: "n", type: "int" }] });
  await insertRows(env, "SELECT 1 AS id, 'old' AS name, NULL AS ts, 5 AS n");
  await alterTable(env, [
    { kind: "rename column", column: "name", to: "label" },
    { kind: "widen column", column: "n", type: "long" },
    { kind: "add columns", columns: [{ name: "more", type: "string" }] },
  ]);
  await insertRows(env, "SELECT 2 AS id, 'new' AS label, NULL AS ts, 5000000000 AS n, 'm' AS more");
  await alterTable(env, [{ kind: "drop column", column: "more" }]);
  await alterTable(env, [{ kind: "add columns", columns: [{ name: "more", type: "string" }] }]);
  await change(env, { op: 1, where: "id = 1", set: { more: "'again'" } });
  expect(await rowsOf(env, "id, label, n, more")).toEqual([
    ["1", "old", "5", "again"],
    ["2", "new", "5000000000", null],
  ]);
  const { metadata } = loadTable(cold(env));
  expect(currentSchema(metadata).fields.map(({ id, name, type }) => [id, name, type])).toEqual([
    [1, "id", "long"],
    [2, "label", "string"],
    [3, "ts", "timestamp"],
    [4, "n", "long"],
    [6, "more", "string"],
  ]);
  // Without the dropped column the schema is one that the table had before.
  expect(metadata.snapshots.map((snapshot) => snapshot["schema-id"])).toEqual([0, 3, 4]);
});

test("all alterations or none, one commit, and properties among them", async () => {
  const env = await makeTable(fixture, { columns: people, properties: { a: "1", b: "2" } });
  const { metadata } = await alterTable(env, [{ kind: "properties", set: { c: "3" }, unset: ["a"] }]);
  expect(metadata.properties).toEqual({ b: "2", c: "3" });
  expect(metadata["metadata-log"]).toHaveLength(1);
  const { pointer } = loadTable(env);
  await expect(
    alterTable(env, [
      { kind: "add columns", columns: [{ name: "ok", type: "int" }] },
      { kind: "drop column", column: "nowhere" },
    ]),
  ).rejects.toThrow("nowhere");
  expect(loadTable(env).pointer).toEqual(pointer);
});

test("a new table is its first metadata file, at a location without a last slash", async () => {
  const { metadata, metadataLocation } = await createTable(fixture.io, {
    location: "s3://lake/new//",
    columns: people,
    partitionedBy: [{ column: "ts", transform: "day" }],
    now: 5,
  });
  expect(metadataLocation).toMatch(/^s3:\/\/lake\/new\/metadata\/00000-[0-9a-f-]{36}\.metadata\.json$/);
  expect(fixture.io.list("s3://lake/new/").map(({ uri }) => uri)).toEqual([metadataLocation]);
  expect(loadTable(cold(fixture.environment(metadataLocation))).metadata).toEqual(metadata);
  expect(metadata).toMatchObject({ location: "s3://lake/new", "last-updated-ms": 5, "current-snapshot-id": -1n });
});
