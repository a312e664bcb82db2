import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { IcebergType, Transform } from "../format/model.ts";
import { currentSnapshot } from "../format/snapshots.ts";
import { checkTable } from "../table/check.ts";
import { type Fixture, openFixture } from "../table/fixture.ts";
import { liveFiles } from "../table/manifests.ts";
import { NoSuchSnapshot, planScan, type SnapshotChoice } from "../table/plan.ts";
import { scanSql } from "../table/scan.ts";
import { loadTable } from "../table/state.ts";
import { cold, makeTable } from "../table/writing-fixture.ts";
import { pick } from "./choices.ts";
import { allTypes, openPools, type Pools } from "./pools.ts";
import { partitionings, type Step, type Story, stories, transformsOf } from "./steps.ts";
import { Subject, truncatesNumber } from "./subject.ts";
import { missedRows } from "./sweep.ts";
import { type Column, filterOf, holds, sorted, TableModel, texts, type Where, whereSql } from "./table-model.ts";

/**
 * Any sequence of statements leaves a table that reads as a plain array of rows does which went through the same: whole,
 * by every column's values and ranges with files left out by partition and bounds, and at every snapshot it still has.
 * Not shown: that other engines read the same rows (`npm run verify:iceberg`), two writers at once (writers.test.ts).
 *
 * `C360_STORIES=<n>` runs so many stories for each partitioning, of longer sequences, with a seed of their own or
 * `C360_SEED`; `C360_SHRINK=1` then makes a failing one small, which takes its time.
 */

const wanted = Number(process.env["C360_STORIES"] ?? 0);
const [STORIES, STEPS] = wanted > 0 ? [wanted, 14] : [1, 9];
const SEED = Number(process.env["C360_SEED"] ?? (wanted > 0 ? Date.now() % 2 ** 31 : 20101201));

let fixture: Fixture;
let pools: Pools;
beforeAll(async () => {
  fixture = await openFixture();
  pools = await openPools(fixture.connection);
});
afterAll(() => fixture.close());

/** What all stories together did, so that none of it is shown by nothing. */
const seen = { steps: new Map<string, number>(), planned: 0, live: 0, lookups: 0, types: new Set<IcebergType>() };

interface Partitioned {
  readonly type: IcebergType;
  readonly transform: Transform | undefined;
}

async function subjectOf({ type, transform }: Partitioned, story: Story): Promise<Subject> {
  const parts = transform === undefined ? [] : [{ column: "c0", transform }];
  const types = [type, ...story.columns];
  const tame = types.map((_, at) => at === 0 && transform !== undefined && truncatesNumber({ type }, transform));
  if (story.second !== undefined && transform !== undefined) {
    const at = 1 + (story.second.column % story.columns.length);
    const known = transformsOf(pick(types, at));
    if (known.length > 0) {
      const second = pick(known, story.second.transform);
      parts.push({ column: `c${at}`, transform: second });
      tame[at] = truncatesNumber({ type: pick(types, at) }, second);
    }
  }
  const env = await makeTable(fixture, {
    columns: types.map((of, at) => ({ name: `c${at}`, type: of })),
    partitionedBy: parts,
    properties: {
      optimize_rewrite_delete_file_threshold: "1",
      optimize_rewrite_data_file_threshold: "2",
      "commit.manifest.min-count-to-merge": "4",
    },
  });
  const { fields } = pick(loadTable(env).metadata.schemas, 0);
  const columns = fields.map(({ id, name, type: of }, at) => ({ id, name, type: of, tame: tame[at] === true }));
  for (const of of types) seen.types.add(of);
  return new Subject(env, new TableModel(columns), pools);
}

/** Rows of the real table, in the model's form. */
async function read(
  subject: Subject,
  columns: readonly Column[],
  of: { where?: Where; at?: SnapshotChoice; cold?: boolean },
) {
  const { where, at } = of;
  const state = loadTable(of.cold === true ? cold(subject.env) : subject.env);
  const filters = where ? [filterOf(where)] : [];
  const plan = planScan(state, { filters, ...(at !== undefined && { at }) });
  if (where !== undefined) {
    seen.lookups += 1;
    seen.planned += plan.files.length;
    seen.live += liveFiles(state, plan.snapshot).data.length;
  }
  expect(plan.schema.fields.map(({ name, id }) => [name, id])).toEqual(columns.map(({ name, id }) => [name, id]));
  const list = plan.schema.fields.map(({ name }) => `"${name.replaceAll('"', '""')}"::VARCHAR`).join(", ");
  const condition = where ? ` WHERE ${whereSql(where)}` : "";
  const rows = await fixture.connection.runAndReadAll(`SELECT ${list} FROM ${scanSql(plan)} AS t${condition}`);
  return sorted(rows.getRowsJson());
}

async function expectTheSame(subject: Subject, { action, probe }: Pick<Step, "action" | "probe">): Promise<void> {
  const { columns, rows, history } = subject.model;
  const after = `after ${JSON.stringify(action)}`;
  expect(await read(subject, columns, { cold: true }), after).toEqual(texts(columns, rows));
  for (const [at] of columns.entries()) {
    const conditions = [
      // A value that is there, and anything.
      { column: at, operator: 8 * probe, value: 3 * (probe + at) + 1 },
      { column: at, operator: probe + at, value: probe + 5 * at },
    ];
    for (const where of conditions.map((condition) => subject.choices.where(condition))) {
      const expected = texts(
        columns,
        rows.filter((row) => holds(where, row)),
      );
      expect(await read(subject, columns, { where }), `${whereSql(where)} ${after}`).toEqual(expected);
    }
  }
  if (history.length === 0) return;
  const position = probe % history.length;
  const then = pick(history, position);
  const before = history[position - 1];
  const inThePast = async (at: SnapshotChoice, moment: typeof then): Promise<void> => {
    const where = subject.choices.where({ column: probe, operator: probe, value: probe }, moment.columns, moment.rows);
    expect(await read(subject, moment.columns, { at }), `the past ${after}`).toEqual(
      texts(moment.columns, moment.rows),
    );
    expect(await read(subject, moment.columns, { at, where }), `${whereSql(where)} in the past ${after}`).toEqual(
      texts(
        moment.columns,
        moment.rows.filter((row) => holds(where, row)),
      ),
    );
  };
  await inThePast({ snapshotId: then.snapshotId }, then);
  await inThePast({ timestampMs: then.timestampMs }, then);
  if (before) await inThePast({ timestampMs: then.timestampMs - 1 }, before);
  else await expect(read(subject, [], { at: { timestampMs: then.timestampMs - 1 } })).rejects.toThrow(NoSuchSnapshot);
}

async function tell(partitioned: Partitioned, story: Story): Promise<void> {
  const subject = await subjectOf(partitioned, story);
  for (const step of story.steps) {
    await subject.take(step.action);
    await expectTheSame(subject, step);
  }
  expect(await missedRows(subject, pools)).toEqual([]);
  expect((await checkTable(cold(subject.env))).filter(({ severity }) => severity === "error")).toEqual([]);
  expect(currentSnapshot(loadTable(subject.env).metadata)?.["snapshot-id"]).toBe(
    subject.model.history.at(-1)?.snapshotId,
  );
  for (const [kind, count] of subject.done) seen.steps.set(kind, (seen.steps.get(kind) ?? 0) + count);
}

describe.each(partitionings)("a table partitioned by $transform of $type", (partitioned) => {
  test("reads as its model after any statements", { timeout: wanted > 0 ? 3_600_000 : 60_000 }, async () => {
    const seed = SEED + partitionings.indexOf(partitioned);
    const property = fc.asyncProperty(stories(STEPS), (story) => tell(partitioned, story));
    await fc.assert(property, { seed, numRuns: STORIES, endOnFailure: process.env["C360_SHRINK"] === undefined });
  });
});

test("the stories had every statement, every type, and files that were left out", () => {
  expect([...seen.steps.keys()].toSorted()).toEqual([
    "add",
    "delete",
    "drop",
    "insert",
    "merge",
    "optimize",
    "rename",
    "repartition",
    "sort",
    "update",
    "vacuum",
    "widen",
  ]);
  expect([...seen.types].length).toBe(allTypes.length);
  expect(seen.lookups).toBeGreaterThan(1000);
  expect(seen.planned / seen.live).toBeLessThan(0.8);
});
