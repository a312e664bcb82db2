import fc from "fast-check";
import { expect, test } from "vitest";
import { InvalidChange } from "./errors.ts";
import { parseMetadata, printMetadata } from "./json.ts";
import {
  createMetadata,
  laterThan,
  nextMetadataLocation,
  withMetadataLog,
  withoutSnapshots,
  withProperties,
  withSnapshot,
} from "./metadata.ts";
import { javaMetadata } from "./metadata-fixture.ts";
import type { Snapshot, TableMetadata } from "./model.ts";
import type { NewColumn } from "./schema.ts";
import { currentSnapshot, expirable, snapshotAsOf } from "./snapshots.ts";

const create = (columns: readonly NewColumn[]): TableMetadata =>
  createMetadata({ uuid: "u", location: "s3://lake/t", columns, partitionedBy: [], properties: {}, now: 1000 });
const empty = create([{ name: "id", type: "int" }]);

function next(meta: TableMetadata, id: bigint, now: number): TableMetadata {
  const parent = currentSnapshot(meta);
  const snapshot: Snapshot = {
    "sequence-number": meta["last-sequence-number"] + 1,
    "snapshot-id": id,
    ...(parent ? { "parent-snapshot-id": parent["snapshot-id"] } : {}),
    "timestamp-ms": laterThan(meta, now),
    summary: { operation: "append" },
    "manifest-list": `s3://lake/t/metadata/snap-${id}.avro`,
    "schema-id": 0,
  };
  return withSnapshot(meta, snapshot);
}

test("columns that a table cannot have are refused", () => {
  expect(() => create([])).toThrow(new InvalidChange("A table needs at least one column"));
  expect(() =>
    create([
      { name: "a", type: "int" },
      { name: "A", type: "int" },
    ]),
  ).toThrow(new InvalidChange("Column 'A' already exists"));
  expect(() => create([{ name: "filename", type: "int" }])).toThrow(
    new InvalidChange("Column name filename is reserved by the local engine"),
  );
});

test("a snapshot moves main, the log, the sequence number and the time", () => {
  const two = next(next(empty, 7n, 2000), 2n ** 63n - 1n, 2000);
  expect(two).toMatchObject({
    "last-sequence-number": 2,
    "last-updated-ms": 2001,
    "current-snapshot-id": 2n ** 63n - 1n,
    refs: { main: { "snapshot-id": 2n ** 63n - 1n, type: "branch" } },
    "snapshot-log": [
      { "timestamp-ms": 2000, "snapshot-id": 7n },
      { "timestamp-ms": 2001, "snapshot-id": 2n ** 63n - 1n },
    ],
  });
  expect(two.snapshots.map((one) => one["parent-snapshot-id"])).toEqual([undefined, 7n]);
  expect(parseMetadata(printMetadata(two))).toEqual(two);
  expect(() => withSnapshot(two, must(two.snapshots[0]))).toThrow(
    new InvalidChange("Snapshot 7 has an old sequence number"),
  );
});

test("a snapshot keeps main's own retention, other refs and unknown members", () => {
  const java = parseMetadata(javaMetadata);
  const limited = { ...java, refs: { ...java.refs, main: { ...must(java.refs["main"]), "min-snapshots-to-keep": 5 } } };
  const after = next(limited, 5n, 0);
  expect(after.refs).toEqual({
    ...java.refs,
    main: { "snapshot-id": 5n, type: "branch", "min-snapshots-to-keep": 5 },
  });
  expect(after).toMatchObject({ "a-member-of-the-future": { number: 9007199254740993n } });
  expect(after["last-updated-ms"]).toBe(1602638573591);
});

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("not there");
  return value;
}

test("times strictly increase under a clock that stands still or goes back", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 1, maxLength: 40 }), (clock) => {
      let meta = empty;
      clock.forEach((now, index) => {
        meta = next(meta, BigInt(index + 1), now);
        expect(meta["last-updated-ms"]).toBeGreaterThanOrEqual(now);
      });
      const times = meta["snapshot-log"].map((entry) => entry["timestamp-ms"]);
      expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
      // So every time means one snapshot.
      times.forEach((time, index) => {
        expect(snapshotAsOf(meta, time)?.["snapshot-id"]).toBe(BigInt(index + 1));
      });
    }),
  );
  const branch = { ...empty, snapshots: [{ ...must(next(empty, 1n, 0).snapshots[0]), "timestamp-ms": 9000 }] };
  expect(laterThan(branch, 500)).toBe(9001);
  expect(laterThan(empty, 1000)).toBe(1001);
  expect(laterThan(empty, 5000)).toBe(5000);
});

test("properties are set and removed", () => {
  const set = withProperties(empty, { a: "1", b: "2" });
  expect(set.properties).toEqual({ a: "1", b: "2" });
  expect(withProperties(set, { c: "3" }, ["a", "nothing"]).properties).toEqual({ b: "2", c: "3" });
  expect(set["last-updated-ms"]).toBe(1000);
  expect(withProperties(set, { a: "1" }, ["nothing"])).toBe(set);
});

test("with its snapshot goes whatever points at it, and the log before it", () => {
  const java = parseMetadata(javaMetadata);
  const left = withoutSnapshots(java, [3051729675574597004n]);
  expect(left.snapshots.map((one) => one["snapshot-id"])).toEqual([3055729675574597004n]);
  expect(Object.keys(left.refs)).toEqual(["main"]);
  expect(left.statistics).toHaveLength(1);
  expect(left["partition-statistics"]).toEqual([]);
  expect(left["snapshot-log"]).toEqual([{ "timestamp-ms": 1555100955770, "snapshot-id": 3055729675574597004n }]);
  expect(parseMetadata(printMetadata(left))).toEqual(left);
  expect(() => withoutSnapshots(java, [3055729675574597004n])).toThrow(
    new InvalidChange("The current snapshot cannot expire"),
  );
  expect(withoutSnapshots(java, [])).toBe(java);
});

test("after expiry no time is answered with a snapshot that was not current then", () => {
  const many = [1n, 2n, 3n, 4n].reduce((meta, id) => next(meta, id, Number(id) * 2000), empty);
  const tagged = { ...many, refs: { ...many.refs, start: { "snapshot-id": 1n, type: "tag" as const } } };
  const gone = expirable(tagged, { olderThanMs: 7000, keep: 1 });
  const left = withoutSnapshots(
    tagged,
    gone.map((one) => one["snapshot-id"]),
  );
  expect(left.snapshots.map((one) => one["snapshot-id"])).toEqual([1n, 4n]);
  expect([3000, 5000, 7000, 8000].map((time) => snapshotAsOf(left, time)?.["snapshot-id"])).toEqual([
    undefined,
    undefined,
    undefined,
    4n,
  ]);
});

test("the metadata log is bounded by the table's property", () => {
  const logged = (meta: TableMetadata, count: number): TableMetadata["metadata-log"] =>
    Array.from({ length: count }, (_, index) => index).reduce(
      (before, index) => withMetadataLog(before, `s3://lake/t/metadata/${index}.json`, index),
      meta,
    )["metadata-log"];
  expect(logged(empty, 2)).toEqual([
    { "timestamp-ms": 0, "metadata-file": "s3://lake/t/metadata/0.json" },
    { "timestamp-ms": 1, "metadata-file": "s3://lake/t/metadata/1.json" },
  ]);
  expect(logged(empty, 103)).toHaveLength(100);
  expect(logged(empty, 103)[0]?.["timestamp-ms"]).toBe(3);
  const limit = (text: string) => withProperties(empty, { "write.metadata.previous-versions-max": text });
  expect(logged(limit("2"), 5).map((entry) => entry["timestamp-ms"])).toEqual([3, 4]);
  expect(logged(limit("0"), 5)).toHaveLength(1);
  expect(logged(limit("few"), 103)).toHaveLength(100);
});

test("metadata files are counted on, wherever the table keeps them", () => {
  const at = (previous: string | undefined, meta = empty): string => nextMetadataLocation(meta, previous, "u-u");
  expect(at(undefined)).toBe("s3://lake/t/metadata/00000-u-u.metadata.json");
  expect(at("s3://lake/t/metadata/00009-0a1b-2.metadata.json")).toBe("s3://lake/t/metadata/00010-u-u.metadata.json");
  expect(at("s3://lake/t/metadata/99999-0a1b.gz.metadata.json")).toBe("s3://lake/t/metadata/100000-u-u.metadata.json");
  expect(at("s3://lake/9-t/metadata/v3.metadata.json")).toBe("s3://lake/t/metadata/00000-u-u.metadata.json");
  const elsewhere = withProperties(empty, { "write.metadata.path": "s3://other/m/" });
  expect(at(undefined, elsewhere)).toBe("s3://other/m/00000-u-u.metadata.json");
});
