import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { changeRows } from "../table/change.ts";
import { checkTable } from "../table/check.ts";
import { createTable } from "../table/create.ts";
import type { Environment, Pointer, TableEntry } from "../table/environment.ts";
import { alterTable } from "../table/evolve.ts";
import { expire } from "../table/expire.ts";
import { type Fixture, FolderIo, MemoryEntry, openFixture } from "../table/fixture.ts";
import { insertRows } from "../table/insert.ts";
import { optimize } from "../table/optimize.ts";
import { findOrphans, removeOrphans } from "../table/orphans.ts";
import { planScan } from "../table/plan.ts";
import { scanSql } from "../table/scan.ts";
import { loadTable } from "../table/state.ts";
import { change, cold, makeTable, people, rowsOf } from "../table/writing-fixture.ts";
import { Failure, type Fault, faulty } from "./faulty.ts";

/**
 * Every call of every statement to the store and to the catalogue goes wrong once, in every way: the table reads as
 * before or as after, a statement that reported success is there and one that reported an error is not, the next
 * statement works, and maintenance removes the leftovers and nothing else. Single calls are atomic here, as S3's are;
 * that those of the local S3 are, and a process that is really killed, is in tests/e2e/iceberg-kill.test.ts.
 */

let fixture: Fixture;
beforeAll(async () => {
  fixture = await openFixture();
});
afterAll(() => fixture.close());

const rows = (from: number, to: number): string =>
  `SELECT i AS id, 'n' || i AS name, TIMESTAMP '2011-01-15' + INTERVAL (i) DAY AS ts FROM range(${from}, ${to}) r(i)`;
const later = (): number => Math.max(Date.now(), fixture.clock.ms) + 1e9;

/** Two months of rows in three data files, one of them with deletes; two files have been compacted away. */
async function makePeople(): Promise<Environment> {
  const env = await makeTable(fixture, {
    columns: people,
    partitionedBy: [{ column: "ts", transform: "month" }],
    properties: { optimize_rewrite_delete_file_threshold: "1", optimize_rewrite_data_file_threshold: "2" },
  });
  await insertRows(env, rows(0, 10));
  await insertRows(env, rows(10, 14));
  await optimize(env, []);
  await insertRows(env, rows(14, 30));
  await change(env, { op: 0, where: "id = 3" });
  return env;
}

async function merge(env: Environment): Promise<unknown> {
  const plan = planScan(loadTable(env));
  const scan = scanSql(plan, { positions: true });
  const source = `(VALUES (2, 'two'), (5, 'five'), (29, 'gone'), (77, 'new')) AS s(id, name)`;
  return changeRows(env, {
    plan,
    filters: [],
    changes: `SELECT __file, __pos, CASE WHEN s.name = 'gone' THEN 0 ELSE 1 END AS __op, t.id, s.name, t.ts
        FROM ${scan} AS t JOIN ${source} ON t.id = s.id
      UNION ALL SELECT NULL, NULL, 2, s.id, s.name, NULL FROM ${source} WHERE s.id NOT IN (SELECT id FROM ${scan} AS t)`,
  });
}

const statements: Readonly<Record<string, (env: Environment) => Promise<unknown>>> = {
  insert: (env) => insertRows(env, rows(100, 130)),
  delete: (env) => change(env, { op: 0, where: "id % 5 = 0" }),
  "delete of whole files": (env) => change(env, { op: 0, where: "id > 3" }),
  update: (env) => change(env, { op: 1, where: "id IN (1, 20)", set: { ts: "TIMESTAMP '2012-01-01'" } }),
  merge,
  "add column": (env) => alterTable(env, [{ kind: "add columns", columns: [{ name: "extra", type: "int" }] }]),
  "rename and drop": (env) =>
    alterTable(env, [
      { kind: "rename column", column: "id", to: "key" },
      { kind: "drop column", column: "name" },
    ]),
  optimize: (env) => optimize(env, []),
  vacuum: async (env) => {
    await expire(env, { olderThanMs: later(), keep: 1, keepMetadataFiles: 1 });
    await removeOrphans(env, { olderThanMs: later() });
  },
};

/** A copy of a table's folder, for a process that has read nothing. */
function copyOf(env: Environment, name: string): { readonly env: Environment; remove(): void } {
  const folder = join(fixture.scratch, name);
  const table = loadTable(env).metadata.location.slice("s3://".length);
  cpSync(join(fixture.io.folder, table), join(folder, table), { recursive: true });
  const entry = new MemoryEntry(env.entry.current().metadataLocation);
  return {
    env: cold({ ...env, io: new FolderIo(folder), entry }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const read = async (env: Environment): Promise<string> => JSON.stringify(await rowsOf(env));

async function fails(statement: () => Promise<unknown>): Promise<boolean> {
  try {
    await statement();
    return false;
  } catch (error) {
    expect(error).toBeInstanceOf(Failure);
    return true;
  }
}

async function expectHealthy(env: Environment): Promise<void> {
  const found = await read(env);
  const orphans = findOrphans(cold(env)).length;
  const removed = await removeOrphans(cold(env), { olderThanMs: later() });
  expect(removed.files).toBe(orphans);
  expect((await checkTable(cold(env))).filter(({ message }) => !message.includes("of no live data file"))).toEqual([]);
  expect(await read(env)).toBe(found);
  const fresh = cold(env);
  await change(fresh, { op: 1, where: "true", set: { ts: "ts + INTERVAL 1 MONTH" } });
  expect((await rowsOf(env, "count(*)", ""))[0]?.[0]).toBe(String(JSON.parse(found).length));
}

/** Ways in which a call may go wrong; only one that changes something can be half answered, or the last of a process. */
const faultsOf = (changes: boolean): readonly Fault[] =>
  changes ? ["killed before", "killed after", "refused", "done, but refused"] : ["refused"];

describe.each(Object.keys(statements))("%s", (name) => {
  const run = statements[name] ?? (() => Promise.reject(new Error(name)));

  test("is whole or not at all, whichever of its calls goes wrong", { timeout: 240_000 }, async () => {
    const table = await makePeople();
    const before = await read(table);
    const whole = copyOf(table, "whole");
    const { env, calls } = faulty(whole.env, 0, "refused");
    await run(env);
    const after = await read(whole.env);
    whole.remove();
    expect(calls.filter((changes) => changes).length).toBeGreaterThan(1);
    const outcomes = new Set<string>();
    for (const [index, changes] of calls.entries()) {
      for (const fault of faultsOf(changes)) {
        const copy = copyOf(table, `${index}`);
        const broken = faulty(copy.env, index + 1, fault);
        const failed = await fails(() => run(broken.env));
        const found = await read(copy.env);
        const where = `${fault}, call ${index + 1}`;
        if (fault.startsWith("killed")) expect([before, after], where).toContain(found);
        else expect(found, where).toBe(failed ? before : after);
        outcomes.add(found);
        if (changes) await expectHealthy(copy.env);
        copy.remove();
      }
    }
    expect([...outcomes].toSorted()).toEqual([...new Set([before, after])].toSorted());
  });
});

/** A catalogue that gets to know a table with its first commit. */
class Newcomer implements TableEntry {
  #pointer: Pointer;
  registered = false;

  constructor(metadataLocation: string) {
    this.#pointer = { metadataLocation, version: "none" };
  }

  current(): Pointer {
    return this.#pointer;
  }

  async swap(_expected: Pointer, metadataLocation: string): Promise<Pointer> {
    this.#pointer = { metadataLocation, version: "1" };
    this.registered = true;
    return this.#pointer;
  }
}

test("a table made with its rows is there with them or not at all", { timeout: 60_000 }, async () => {
  const template = await makePeople();
  const attempt = async (at: number, fault: Fault): Promise<{ readonly calls: number; readonly made: boolean }> => {
    const copy = copyOf(template, `made ${at}`);
    let newcomer = new Newcomer("");
    const broken = faulty(
      {
        ...copy.env,
        entry: { current: () => newcomer.current(), swap: (expected, location) => newcomer.swap(expected, location) },
      },
      at,
      fault,
    );
    const failed = await fails(async () => {
      const table = { location: "s3://lake/made", columns: people, now: fixture.clock.ms };
      newcomer = new Newcomer((await createTable(broken.env.io, table)).metadataLocation);
      await insertRows(broken.env, rows(0, 5));
    });
    const made = newcomer.registered;
    if (!fault.startsWith("killed")) expect(made).toBe(!failed);
    if (made) {
      const found = { ...copy.env, entry: newcomer };
      expect(JSON.parse(await read(found)), `${fault}, call ${at}`).toHaveLength(5);
      await expectHealthy({ ...copy.env, entry: new MemoryEntry(newcomer.current().metadataLocation) });
    }
    copy.remove();
    return { calls: broken.calls.length, made };
  };
  const { calls } = await attempt(0, "refused");
  const found: boolean[] = [];
  for (let at = 1; at <= calls; at += 1) {
    for (const fault of faultsOf(true)) found.push((await attempt(at, fault)).made);
  }
  expect(new Set(found)).toEqual(new Set([true, false]));
});
