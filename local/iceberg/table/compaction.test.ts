import { expect, test } from "vitest";
import type { DataFile } from "../format/model.ts";
import { compactionGroups } from "./compaction.ts";
import type { PlannedFile } from "./plan.ts";
import { compactionSettings } from "./settings.ts";

const settings = compactionSettings({});

let names = 0;
function file(size: number, deletes = 0, partition: DataFile["partition"] = []): PlannedFile {
  names += 1;
  const none = new Map<number, never>();
  return {
    deletes: Array.from({ length: deletes }, (_, index) => index),
    entry: {
      status: "added",
      snapshotId: 1n,
      sequenceNumber: 1,
      fileSequenceNumber: 1,
      file: {
        content: 0,
        path: `f${names}`,
        specId: 0,
        partition,
        records: 1,
        size,
        columnSizes: none,
        valueCounts: none,
        nullCounts: none,
        nanCounts: none,
        lowerBounds: none,
        upperBounds: none,
      },
    },
  };
}

const MB = 1024 * 1024;
const sizes = (files: readonly PlannedFile[], of = settings): number[][] =>
  compactionGroups(files, of).map((group) => group.files.map(({ entry }) => entry.file.size / MB));

test("Athena's defaults: 512 MB, 75 to 180 per cent, five files, two delete files", () => {
  expect(settings).toEqual({
    targetFileSize: 512 * MB,
    minFileSize: 384 * MB,
    maxFileSize: 921.6 * MB,
    dataFileThreshold: 5,
    deleteFileThreshold: 2,
  });
});

test("small files are joined when there are five of one partition, or as much as a full file", () => {
  expect(sizes([1, 2, 3, 4].map((size) => file(size * MB)))).toEqual([]);
  expect(sizes([1, 2, 3, 4, 5].map((size) => file(size * MB)))).toEqual([[1, 2, 3, 4, 5]]);
  expect(sizes([file(300 * MB), file(213 * MB)])).toEqual([[300, 213]]);
  expect(sizes([file(300 * MB), file(212 * MB)])).toEqual([]);
  const mixed = [1, 2, 3, 4, 5, 6].map((size) => file(size * MB, 0, [size % 2]));
  expect(sizes(mixed)).toEqual([]);
});

test("files of the right size stay; one too large is split", () => {
  expect(sizes([384, 512, 921].map((size) => file(size * MB)))).toEqual([]);
  expect(sizes([file(922 * MB)])).toEqual([[922]]);
});

test("deletes make a file of any size worth a rewrite", () => {
  expect(sizes([file(512 * MB, 1), file(512 * MB, 2)])).toEqual([[512]]);
  const eager = compactionSettings({ optimize_rewrite_delete_file_threshold: "1" });
  expect(sizes([file(512 * MB, 1), file(500 * MB, 0)], eager)).toEqual([[512]]);
});

test("with a least size of 0 no file is too small", () => {
  const patient = compactionSettings({ optimize_rewrite_min_data_file_size_bytes: "0" });
  expect(
    sizes(
      [1, 2, 3, 4, 5].map((size) => file(size * MB)),
      patient,
    ),
  ).toEqual([]);
});

test("a single small file is never rewritten alone, or it would be for ever", () => {
  const eager = compactionSettings({ optimize_rewrite_data_file_threshold: "1" });
  expect(sizes([file(1 * MB)], eager)).toEqual([]);
  expect(sizes([file(1 * MB), file(2 * MB)], eager)).toEqual([[1, 2]]);
});

test.each(["0", "-1", "1.5", "many"])("a threshold of %s is refused by name", (value) => {
  expect(() => compactionSettings({ optimize_rewrite_data_file_threshold: value })).toThrow(
    `Table property optimize_rewrite_data_file_threshold must be a positive whole number, not ${value}`,
  );
});
