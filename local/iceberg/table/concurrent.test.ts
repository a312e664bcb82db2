import { afterAll, beforeAll, expect, test } from "vitest";
import { checkTable } from "./check.ts";
import type { Environment } from "./environment.ts";
import { CommitFailed } from "./errors.ts";
import { type Fixture, openFixture } from "./fixture.ts";
import { insertRows } from "./insert.ts";
import { optimize } from "./optimize.ts";
import { findOrphans } from "./orphans.ts";
import { loadTable } from "./state.ts";
import { change, cold, makeTable, people, rowsOf } from "./writing-fixture.ts";

let fixture: Fixture;
/** A second process, as far as DuckDB is concerned. */
let other: Fixture;
beforeAll(async () => {
  fixture = await openFixture();
  other = await openFixture();
});
afterAll(async () => {
  await fixture.close();
  await other.close();
});

const ROUNDS = 40;

/** Inserts ids in a hundred of its own, moves some and deletes some, trying again what lost against the other. */
async function writer(env: Environment, base: number, conflicts: { count: number }): Promise<number[]> {
  const again = async (statement: () => Promise<unknown>): Promise<void> => {
    for (;;) {
      try {
        await statement();
        return;
      } catch (error) {
        if (!(error instanceof CommitFailed)) throw error;
        conflicts.count += 1;
      }
    }
  };
  const left: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const id = base + round;
    await insertRows(env, `SELECT ${id} AS id, 'a' AS name, TIMESTAMP '2011-01-01' AS ts`);
    const filters = [{ column: "id", operator: "=", values: [BigInt(id)] }] as const;
    if (round % 4 === 1) await again(() => change(env, { op: 0, where: `id = ${id}`, filters }));
    else left.push(id);
    if (round % 4 === 2) await again(() => change(env, { op: 1, where: `id = ${id}`, set: { name: "'b'" } }));
    if (round % 10 === 9) await again(() => optimize(env, []));
  }
  return left;
}

test("two writers at once: nothing lost, nothing twice, every snapshot on top of the one before", async () => {
  const env = await makeTable(fixture, {
    columns: people,
    properties: { optimize_rewrite_delete_file_threshold: "1", optimize_rewrite_data_file_threshold: "2" },
  });
  const conflicts = { count: 0 };
  const rival = { ...cold(env), connection: other.connection, scratch: other.scratch };
  const left = await Promise.all([writer(env, 1000, conflicts), writer(rival, 2000, conflicts)]);
  const expected = left.flat().toSorted((a, b) => a - b);
  expect((await rowsOf(env, "id")).map(([id]) => Number(id))).toEqual(expected);
  const updated = await rowsOf(env, "count(*)", "WHERE name = 'b'");
  expect(updated).toEqual([[String(expected.filter((id) => id % 4 === 2).length)]]);
  const { snapshots } = loadTable(cold(env)).metadata;
  const times = snapshots.map((snapshot) => snapshot["timestamp-ms"]);
  expect(times).toEqual([...new Set(times)].toSorted((a, b) => a - b));
  expect(snapshots.map((snapshot) => snapshot["sequence-number"])).toEqual(snapshots.map((_, index) => index + 1));
  expect(snapshots.slice(1).map((snapshot) => snapshot["parent-snapshot-id"])).toEqual(
    snapshots.slice(0, -1).map((snapshot) => snapshot["snapshot-id"]),
  );
  // What attempts wrote that lost is gone; only the log has dropped old metadata files.
  expect(findOrphans(env).filter(({ uri }) => !uri.endsWith(".metadata.json"))).toEqual([]);
  expect((await checkTable(cold(env))).filter(({ severity }) => severity === "error")).toEqual([]);
  expect(conflicts.count).toBeGreaterThan(0);
});
