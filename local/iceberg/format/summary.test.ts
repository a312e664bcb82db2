import fc from "fast-check";
import { expect, test } from "vitest";
import type { DataFile, Snapshot } from "./model.ts";
import { type SnapshotChange, summaryOf } from "./summary.ts";

const none = new Map<number, number>();
const noBounds = new Map<number, Buffer>();

function file(content: 0 | 1, records: number, size: number, day = 0): DataFile {
  return {
    content,
    path: `s3://lake/t/data/${content}-${records}-${size}-${day}.parquet`,
    specId: 0,
    partition: [day],
    records,
    size,
    columnSizes: none,
    valueCounts: none,
    nullCounts: none,
    nanCounts: none,
    lowerBounds: noBounds,
    upperBounds: noBounds,
  };
}

const nothing = { added: [], addedDeletes: [], removed: [], removedDeletes: [], parent: undefined } as const;

function snapshot(summary: Snapshot["summary"]): Snapshot {
  return { "snapshot-id": 1n, "sequence-number": 1, "timestamp-ms": 1, "manifest-list": "l", summary };
}

test("a first append counts from nothing", () => {
  const summary = summaryOf({ ...nothing, operation: "append", added: [file(0, 10, 500), file(0, 5, 300, 1)] });
  expect(summary).toEqual({
    operation: "append",
    "added-data-files": "2",
    "added-records": "15",
    "added-files-size": "800",
    "changed-partition-count": "2",
    "total-records": "15",
    "total-files-size": "800",
    "total-data-files": "2",
    "total-delete-files": "0",
    "total-position-deletes": "0",
    "total-equality-deletes": "0",
  });
  expect(Object.keys(summary)[0]).toBe("operation");
});

test("a merge counts rows, delete files and bytes in and out on top of its parent", () => {
  const parent = snapshot(
    summaryOf({ ...nothing, operation: "append", added: [file(0, 10, 500), file(0, 5, 300, 1)] }),
  );
  expect(
    summaryOf({
      operation: "overwrite",
      added: [file(0, 3, 100)],
      addedDeletes: [file(1, 2, 40), file(1, 1, 30, 1)],
      removed: [file(0, 5, 300, 1)],
      removedDeletes: [],
      parent,
    }),
  ).toEqual({
    operation: "overwrite",
    "added-data-files": "1",
    "deleted-data-files": "1",
    "added-position-delete-files": "2",
    "added-delete-files": "2",
    "added-records": "3",
    "deleted-records": "5",
    "added-files-size": "170",
    "removed-files-size": "300",
    "added-position-deletes": "3",
    "changed-partition-count": "2",
    "total-records": "13",
    "total-files-size": "670",
    "total-data-files": "2",
    "total-delete-files": "2",
    "total-position-deletes": "3",
    "total-equality-deletes": "0",
  });
});

test("totals that the parent does not say stay unsaid, and none goes below zero", () => {
  const parent = snapshot({ operation: "append", "total-records": "4", "total-data-files": "many" });
  const summary = summaryOf({ ...nothing, operation: "delete", removed: [file(0, 5, 300)], parent });
  expect(summary).toEqual({
    operation: "delete",
    "deleted-data-files": "1",
    "deleted-records": "5",
    "removed-files-size": "300",
    "changed-partition-count": "1",
  });
});

test("totals equal what is there after any sequence of changes", () => {
  const files = (content: 0 | 1) =>
    fc.array(
      fc
        .record({ records: fc.nat(9), size: fc.nat(99), day: fc.nat(2) })
        .map((f) => file(content, f.records, f.size, f.day)),
      { maxLength: 3 },
    );
  const step = fc.record({ data: files(0), deletes: files(1), keepData: fc.nat(3), keepDeletes: fc.nat(3) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
      let [data, deletes]: [DataFile[], DataFile[]] = [[], []];
      let parent: Snapshot | undefined;
      for (const change of steps) {
        const parts: SnapshotChange = {
          operation: "overwrite",
          added: change.data,
          addedDeletes: change.deletes,
          removed: data.slice(change.keepData),
          removedDeletes: deletes.slice(change.keepDeletes),
          parent,
        };
        data = [...data.slice(0, change.keepData), ...change.data];
        deletes = [...deletes.slice(0, change.keepDeletes), ...change.deletes];
        const summary = summaryOf(parts);
        const sum = (list: DataFile[], of: (f: DataFile) => number): string =>
          String(list.reduce((total, one) => total + of(one), 0));
        expect(summary).toMatchObject({
          "total-data-files": String(data.length),
          "total-delete-files": String(deletes.length),
          "total-records": sum(data, (f) => f.records),
          "total-position-deletes": sum(deletes, (f) => f.records),
          "total-files-size": sum([...data, ...deletes], (f) => f.size),
        });
        parent = snapshot(summary);
      }
    }),
  );
});
