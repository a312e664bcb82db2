import { afterAll, beforeAll, expect, test } from "vitest";
import { changeRows } from "../table/change.ts";
import { checkTable } from "../table/check.ts";
import { CommitConflict, type Environment } from "../table/environment.ts";
import { CommitFailed } from "../table/errors.ts";
import { expire } from "../table/expire.ts";
import { type Fixture, openFixture } from "../table/fixture.ts";
import { insertRows } from "../table/insert.ts";
import { optimize } from "../table/optimize.ts";
import { findOrphans } from "../table/orphans.ts";
import { planScan } from "../table/plan.ts";
import type { Filter } from "../table/prune.ts";
import { scanSql } from "../table/scan.ts";
import { loadTable } from "../table/state.ts";
import { change, cold, makeTable, rowsOf } from "../table/writing-fixture.ts";

/**
 * Two writers at once, each with a DuckDB and a cache of its own: their statements take effect one after the other, or
 * fail and are made again by whoever wants them. They share one process, so that their calls interleave but never run at
 * the very same time; two clients over HTTP are in tests/e2e/iceberg-writers.test.ts.
 */

const STATEMENTS = 200;
const COUNTER = 0;

let fixture: Fixture;
let rival: Fixture;
beforeAll(async () => {
  [fixture, rival] = await Promise.all([openFixture(), openFixture()]);
});
afterAll(() => Promise.all([fixture.close(), rival.close()]));

interface Tally {
  /** Swaps that came too late. */
  conflicts: number;
  /** Statements that failed because of what the other did. */
  failed: number;
}

/** An environment whose lost swaps are counted. */
function counted(env: Environment, tally: Tally): Environment {
  const { entry } = env;
  return {
    ...env,
    entry: {
      current: () => entry.current(),
      async swap(...of) {
        try {
          return await entry.swap(...of);
        } catch (error) {
          if (error instanceof CommitConflict) tally.conflicts += 1;
          throw error;
        }
      },
    },
  };
}

const is = (id: number): Filter => ({ column: "id", operator: "=", values: [BigInt(id)] });

/** `MERGE INTO t USING (VALUES (id, 1)) ... WHEN MATCHED THEN UPDATE SET n = n + 1 WHEN NOT MATCHED THEN INSERT`. */
function upsert(env: Environment, id: number): Promise<unknown> {
  const filters = [is(id)];
  const plan = planScan(loadTable(env), { filters });
  const scan = `${scanSql(plan, { positions: true })} AS t`;
  const changes = `SELECT __file, __pos, 1 AS __op, id, n + 1 AS n, owner FROM ${scan} WHERE id = ${id}
    UNION ALL SELECT NULL, NULL, 2, ${id}, 1, 'merge' WHERE NOT EXISTS (SELECT 1 FROM ${scan} WHERE id = ${id})`;
  return changeRows(env, { plan, changes, filters });
}

/** Runs statements until each is committed. @returns ids of its own that it has inserted and not deleted. */
async function write(env: Environment, base: number, tally: Tally): Promise<ReadonlySet<number>> {
  const own = new Set<number>();
  const again = async (statement: () => Promise<unknown>): Promise<void> => {
    for (;;) {
      try {
        await statement();
        return;
      } catch (error) {
        if (!(error instanceof CommitFailed)) throw error;
        tally.failed += 1;
      }
    }
  };
  for (let i = 0; i < STATEMENTS; i += 1) {
    switch (i % 5) {
      case 2:
        await again(async () =>
          change(env, { op: 1, where: `id = ${COUNTER}`, filters: [is(COUNTER)], set: { n: "n + 1" } }),
        );
        break;
      case 3:
        await again(async () => upsert(env, 1 + (i % 7)));
        break;
      case 4: {
        const id = base + i - 4;
        await again(async () => change(env, { op: 0, where: `id = ${id}`, filters: [is(id)] }));
        own.delete(id);
        break;
      }
      default:
        await insertRows(env, `SELECT ${base + i} AS id, 0 AS n, 'w${base}' AS owner`);
        own.add(base + i);
    }
    if (i % 50 === 49) await again(() => optimize(env, []));
    if (i === 120) await expire(env, { olderThanMs: fixture.clock.ms + 1e9, keep: 100 });
  }
  return own;
}

test("200 statements each: nothing lost, nothing twice, as if one had come after the other", {
  timeout: 240_000,
}, async () => {
  const env = await makeTable(fixture, {
    columns: [
      { name: "id", type: "long", required: true },
      { name: "n", type: "int" },
      { name: "owner", type: "string" },
    ],
    partitionedBy: [{ column: "id", transform: "bucket[4]" }],
    properties: { optimize_rewrite_delete_file_threshold: "1", optimize_rewrite_data_file_threshold: "2" },
  });
  await insertRows(env, `SELECT ${COUNTER} AS id, 0 AS n, 'both' AS owner`);
  const tally: Tally = { conflicts: 0, failed: 0 };
  const other = { ...cold(env), connection: rival.connection, scratch: rival.scratch };
  const [first, second] = await Promise.all([
    write(counted(env, tally), 1000, tally),
    write(counted(other, tally), 2000, tally),
  ]);

  const own = [...first, ...second].toSorted((a, b) => a - b);
  expect(own).toHaveLength((2 * STATEMENTS) / 5);
  expect(await rowsOf(env, "id", "WHERE id >= 1000 ORDER BY id")).toEqual(own.map((id) => [String(id)]));
  // Every increment was made on what the one before had left.
  expect(await rowsOf(env, "n", `WHERE id = ${COUNTER}`)).toEqual([[(2 * STATEMENTS) / 5]]);
  // Whoever came first inserted a shared row, everybody after that updated it.
  expect(await rowsOf(env, "count(*), count(DISTINCT id), sum(n)", "WHERE id BETWEEN 1 AND 7")).toEqual([
    ["7", "7", String((2 * STATEMENTS) / 5)],
  ]);

  expect(tally.conflicts).toBeGreaterThan(0);
  expect(tally.failed).toBeGreaterThan(0);
  const { snapshots } = loadTable(cold(env)).metadata;
  expect(snapshots.slice(1).map((snapshot) => snapshot["parent-snapshot-id"])).toEqual(
    snapshots.slice(0, -1).map((snapshot) => snapshot["snapshot-id"]),
  );
  const numbers = snapshots.map((snapshot) => snapshot["sequence-number"]);
  expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));
  const times = snapshots.map((snapshot) => snapshot["timestamp-ms"]);
  expect(times).toEqual([...new Set(times)].toSorted((a, b) => a - b));
  expect((await checkTable(cold(env))).filter(({ severity }) => severity === "error")).toEqual([]);
  // What lost attempts wrote is gone; metadata files stay behind when the log, of a hundred, has dropped them.
  expect(findOrphans(cold(env)).filter(({ uri }) => !uri.endsWith(".metadata.json"))).toEqual([]);
});
