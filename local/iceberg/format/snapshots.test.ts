import fc from "fast-check";
import { expect, test } from "vitest";
import { parseMetadata } from "./json.ts";
import { createMetadata, withSnapshot } from "./metadata.ts";
import { javaMetadata } from "./metadata-fixture.ts";
import type { Snapshot, SnapshotRef, TableMetadata } from "./model.ts";
import {
  ancestors,
  currentSnapshot,
  expirable,
  newSnapshotId,
  snapshotAsOf,
  snapshotById,
  snapshotByRef,
} from "./snapshots.ts";

const empty = createMetadata({
  uuid: "u",
  location: "s3://lake/t",
  columns: [{ name: "id", type: "int" }],
  partitionedBy: [],
  properties: {},
  now: 0,
});

function snapshot(id: number, timeMs: number, parent?: number): Snapshot {
  return {
    "snapshot-id": BigInt(id),
    ...(parent === undefined ? {} : { "parent-snapshot-id": BigInt(parent) }),
    "sequence-number": id,
    "timestamp-ms": timeMs,
    "manifest-list": `s3://lake/t/metadata/snap-${id}.avro`,
    summary: { operation: "append" },
  };
}

/** Snapshots 1 to 5 at times 100 to 500, one after the other. */
const line = [1, 2, 3, 4, 5].reduce(
  (meta, id) => withSnapshot(meta, snapshot(id, id * 100, id > 1 ? id - 1 : undefined)),
  empty,
);

const ref = (id: number, type: "branch" | "tag", limits: Partial<SnapshotRef> = {}): SnapshotRef => ({
  ...limits,
  "snapshot-id": BigInt(id),
  type,
});
const withRefs = (meta: TableMetadata, refs: Record<string, SnapshotRef>): TableMetadata => ({
  ...meta,
  refs: { ...meta.refs, ...refs },
});
const ids = (snapshots: readonly Snapshot[]): number[] => snapshots.map((one) => Number(one["snapshot-id"]));

test("ids are positive, of up to 63 bits, and differ", () => {
  const made = Array.from({ length: 1000 }, newSnapshotId);
  expect(made.every((id) => id > 0n && id < 2n ** 63n)).toBe(true);
  expect(new Set(made).size).toBe(1000);
  expect(made.some((id) => id > 2n ** 62n)).toBe(true);
});

test("a snapshot is found by id, by time, by branch and by tag", () => {
  const meta = parseMetadata(javaMetadata);
  const [first, second] = meta.snapshots;
  expect(currentSnapshot(meta)).toBe(second);
  expect(snapshotById(meta, 3051729675574597004n)).toBe(first);
  expect(snapshotById(meta, 3051729675574597003n)).toBeUndefined();
  expect(snapshotAsOf(meta, 1515100955769)).toBeUndefined();
  expect(snapshotAsOf(meta, 1515100955770)).toBe(first);
  expect(snapshotAsOf(meta, 1555100955769)).toBe(first);
  expect(snapshotAsOf(meta, 1555100955770)).toBe(second);
  expect(snapshotByRef(meta, "main")).toBe(second);
  expect(snapshotByRef(meta, "month-end")).toBe(first);
  expect(snapshotByRef(meta, "toString")).toBeUndefined();
  expect(currentSnapshot(empty)).toBeUndefined();
  expect(snapshotAsOf(empty, 1)).toBeUndefined();
});

test("after a rollback a time shows what the table showed then, not the youngest snapshot", () => {
  const rolledBack: TableMetadata = {
    ...line,
    "current-snapshot-id": 2n,
    "snapshot-log": [...line["snapshot-log"], { "timestamp-ms": 600, "snapshot-id": 2n }],
  };
  expect(snapshotAsOf(rolledBack, 550)?.["snapshot-id"]).toBe(5n);
  expect(snapshotAsOf(rolledBack, 600)?.["snapshot-id"]).toBe(2n);
});

test("ancestors go back to what has expired, and end in a circle", () => {
  const head = snapshot(5, 500, 4);
  expect(ids(ancestors(line, head))).toEqual([5, 4, 3, 2, 1]);
  const cut = { ...line, snapshots: line.snapshots.filter((one) => one["snapshot-id"] !== 3n) };
  expect(ids(ancestors(cut, head))).toEqual([5, 4]);
  const circle = { ...line, snapshots: [snapshot(4, 400, 5), snapshot(5, 500, 4)] };
  expect(ids(ancestors(circle, head))).toEqual([5, 4]);
});

test("expiry goes by age and number, and never takes the current snapshot", () => {
  const gone = (olderThanMs: number, keep: number): number[] => ids(expirable(line, { olderThanMs, keep }));
  expect(gone(300, 1)).toEqual([1, 2]);
  expect(gone(301, 1)).toEqual([1, 2, 3]);
  expect(gone(10_000, 1)).toEqual([1, 2, 3, 4]);
  expect(gone(10_000, 3)).toEqual([1, 2]);
  expect(gone(10_000, 0)).toEqual([1, 2, 3, 4]);
  expect(gone(10_000, 9)).toEqual([]);
  expect(gone(0, 1)).toEqual([]);
  expect(expirable(empty, { olderThanMs: 10_000, keep: 1 })).toEqual([]);
});

test("tags hold one snapshot, branches what their own retention says", () => {
  const all = { olderThanMs: 10_000, keep: 1 };
  expect(ids(expirable(withRefs(line, { tag: ref(2, "tag") }), all))).toEqual([1, 3, 4]);
  expect(ids(expirable(withRefs(line, { old: ref(3, "branch") }), all))).toEqual([1, 2, 4]);
  const least = { "min-snapshots-to-keep": 2 };
  expect(ids(expirable(withRefs(line, { old: ref(3, "branch", least) }), all))).toEqual([1, 4]);
  const young = { "max-snapshot-age-ms": 400 };
  const aged = withRefs(line, { old: ref(3, "branch", young) });
  expect(ids(expirable(aged, { ...all, nowMs: 600 }))).toEqual([1, 4]);
  expect(ids(expirable(aged, { ...all, nowMs: 701 }))).toEqual([1, 2, 4]);
});

test("a tag or branch past its age holds nothing, main always does", () => {
  const all = { olderThanMs: 10_000, keep: 1 };
  const limit = { "max-ref-age-ms": 300 };
  const meta = withRefs(line, { tag: ref(2, "tag", limit), main: ref(5, "branch", limit) });
  expect(ids(expirable(meta, { ...all, nowMs: 500 }))).toEqual([1, 3, 4]);
  expect(ids(expirable(meta, { ...all, nowMs: 501 }))).toEqual([1, 2, 3, 4]);
  expect(ids(expirable(meta, { ...all, nowMs: 9_999 }))).toEqual([1, 2, 3, 4]);
  expect(ids(expirable(meta, all))).toEqual([1, 3, 4]);
});

test("snapshots that nothing leads to go by age alone", () => {
  const staged = { ...line, snapshots: [...line.snapshots, snapshot(9, 450, 2)] };
  expect(ids(expirable(staged, { olderThanMs: 450, keep: 1 }))).toEqual([1, 2, 3, 4]);
  expect(ids(expirable(staged, { olderThanMs: 451, keep: 5 }))).toEqual([9]);
});

test("whatever refs and limits a table has, expiry leaves every head, the number to keep and the young", () => {
  const limits = fc.record({
    id: fc.integer({ min: 1, max: 8 }),
    tag: fc.boolean(),
    least: fc.integer({ min: 1, max: 3 }),
  });
  fc.assert(
    fc.property(
      fc.array(fc.nat(7), { minLength: 8, maxLength: 8 }),
      fc.array(limits, { maxLength: 4 }),
      fc.integer({ min: 0, max: 900 }),
      fc.integer({ min: 1, max: 4 }),
      (parents, refs, olderThanMs, keep) => {
        const snapshots = parents.map((parent, index) => {
          const id = index + 1;
          return snapshot(id, id * 100, parent > 0 && parent < id ? parent : undefined);
        });
        const base: TableMetadata = {
          ...empty,
          snapshots,
          "current-snapshot-id": 8n,
          refs: { main: ref(8, "branch") },
        };
        const meta = withRefs(
          base,
          Object.fromEntries(
            refs.map(({ id, tag, least }, index) => [
              `r${index}`,
              tag ? ref(id, "tag") : ref(id, "branch", { "min-snapshots-to-keep": least }),
            ]),
          ),
        );
        const gone = new Set(ids(expirable(meta, { olderThanMs, keep })));
        for (const one of snapshots) {
          if (one["timestamp-ms"] >= olderThanMs) expect(gone.has(Number(one["snapshot-id"]))).toBe(false);
        }
        for (const one of Object.values(meta.refs)) {
          const head = snapshotById(meta, one["snapshot-id"]);
          expect(head).toBeDefined();
          if (!head) continue;
          expect(gone.has(Number(head["snapshot-id"]))).toBe(false);
          const least = one.type === "tag" ? 1 : (one["min-snapshots-to-keep"] ?? keep);
          for (const held of ids(ancestors(meta, head)).slice(0, least)) expect(gone.has(held)).toBe(false);
        }
      },
    ),
    { numRuns: 500 },
  );
});
