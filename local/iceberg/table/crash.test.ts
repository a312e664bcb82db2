import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkTable } from "./check.ts";
import type { Environment } from "./environment.ts";
import { alterTable } from "./evolve.ts";
import { expire } from "./expire.ts";
import { type Fixture, openFixture } from "./fixture.ts";
import { insertRows } from "./insert.ts";
import { optimize } from "./optimize.ts";
import { removeOrphans } from "./orphans.ts";
import { loadTable } from "./state.ts";
import { change, cold, makeTable, people, rowsOf, type TestEnvironment } from "./writing-fixture.ts";

/**
 * A process is killed before and after every file operation and every call of the catalogue that changes something: the
 * table reads as before or as after, the next statement works, and what lies around is cleaned up. Operations themselves
 * are atomic here; that those of a real store are is its own tests' matter.
 */

let fixture: Fixture;
beforeAll(async () => {
  fixture = await openFixture();
});
afterAll(() => fixture.close());

const rows = (from: number, to: number): string =>
  `SELECT i AS id, 'n' || i AS name, TIMESTAMP '2011-01-15' + INTERVAL (i) DAY AS ts FROM range(${from}, ${to}) r(i)`;

async function prepared(): Promise<TestEnvironment> {
  const env = await makeTable(fixture, {
    columns: people,
    partitionedBy: [{ column: "ts", transform: "month" }],
    properties: { optimize_rewrite_delete_file_threshold: "1", optimize_rewrite_data_file_threshold: "2" },
  });
  await insertRows(env, rows(0, 25));
  await insertRows(env, rows(25, 30));
  await change(env, { op: 0, where: "id = 3" });
  return env;
}

const later = (): number => Math.max(Date.now(), fixture.clock.ms) + 1e9;

const statements: Readonly<Record<string, (env: Environment) => Promise<unknown>>> = {
  insert: (env) => insertRows(env, rows(100, 130)),
  delete: (env) => change(env, { op: 0, where: "id % 5 = 0" }),
  update: (env) => change(env, { op: 1, where: "id IN (1, 20)", set: { ts: "TIMESTAMP '2012-01-01'" } }),
  "add column": (env) => alterTable(env, [{ kind: "add columns", columns: [{ name: "extra", type: "int" }] }]),
  optimize: (env) => optimize(env, []),
  expire: (env) => expire(env, { olderThanMs: later(), keep: 1, keepMetadataFiles: 1 }),
};

class Killed extends Error {}

/** An environment whose process dies at the n-th change that it makes. */
function mortal(env: TestEnvironment, dieAt: number, when: "before" | "after"): { env: Environment; steps(): number } {
  let steps = 0;
  let dead = false;
  const step = async <T>(act: () => Promise<T>): Promise<T> => {
    if (dead) throw new Killed();
    steps += 1;
    dead = steps === dieAt;
    if (dead && when === "before") throw new Killed();
    const result = await act();
    if (dead) throw new Killed();
    return result;
  };
  const alive = <T>(act: () => T): T => {
    if (dead) throw new Killed();
    return act();
  };
  const { io, entry } = env;
  return {
    steps: () => steps,
    env: {
      ...cold(env),
      io: {
        read: (uri) => alive(() => io.read(uri)),
        local: (uri) => io.local(uri),
        list: (prefix) => alive(() => io.list(prefix)),
        write: (uri, bytes) => step(() => io.write(uri, bytes)),
        adopt: (uri, file) => step(() => io.adopt(uri, file)),
        delete: (uri) => step(() => io.delete(uri)),
      },
      entry: {
        current: () => alive(() => entry.current()),
        swap: (...of) => step(() => entry.swap(...of)),
      },
    },
  };
}

describe.each(Object.keys(statements))("killed during %s", (name) => {
  const run = statements[name] ?? (() => Promise.reject(new Error(name)));

  test.each(["before", "after"] as const)("%s any of its operations", async (when) => {
    const whole = await prepared();
    const before = await rowsOf(whole);
    const counting = mortal(whole, Number.POSITIVE_INFINITY, when);
    await run(counting.env);
    const after = await rowsOf(whole);
    expect(counting.steps()).toBeGreaterThan(1);
    let done = 0;
    for (let dieAt = 1; dieAt <= counting.steps(); dieAt += 1) {
      const env = await prepared();
      await run(mortal(env, dieAt, when).env).catch((error: unknown) => expect(error).toBeInstanceOf(Killed));
      const found = await rowsOf(env);
      if (JSON.stringify(found) === JSON.stringify(after)) done += 1;
      else expect(found, `step ${dieAt}`).toEqual(before);
      await insertRows(cold(env), nextRow(env));
      expect(await rowsOf(env, "count(*)", "")).toEqual([[String(found.length + 1)]]);
      await removeOrphans(cold(env), { olderThanMs: later() });
      expect(await checkTable(cold(env))).toEqual([]);
      expect(await rowsOf(env, "count(*)", "")).toEqual([[String(found.length + 1)]]);
    }
    expect(done).toBeGreaterThanOrEqual(when === "after" ? 1 : 0);
  });
});

function nextRow(env: Environment): string {
  const extra = loadTable(env).metadata.schemas.length > 1 ? ", 7 AS extra" : "";
  return `SELECT 999 AS id, 'next' AS name, TIMESTAMP '2011-01-20' AS ts${extra}`;
}
