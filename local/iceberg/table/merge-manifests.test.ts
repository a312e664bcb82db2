import { expect, test } from "vitest";
import type { ManifestFile } from "../format/model.ts";
import { mergeable } from "./merge-manifests.ts";
import { manifestSettings } from "./settings.ts";

let paths = 0;
function manifest(length: number, of: Partial<ManifestFile> = {}): ManifestFile {
  paths += 1;
  return {
    path: `m${paths}`,
    length,
    specId: 0,
    content: "data",
    sequenceNumber: 1,
    minSequenceNumber: 1,
    addedSnapshotId: 1n,
    addedFiles: 1,
    existingFiles: 0,
    deletedFiles: 0,
    addedRows: 1,
    existingRows: 0,
    deletedRows: 0,
    partitions: [],
    ...of,
  };
}

const settings = { merge: true, minCount: 3, targetSize: 100 };
const lengths = (manifests: readonly ManifestFile[]): number[][] =>
  mergeable(manifests, settings).map((group) => group.manifests.map(({ length }) => length));

test("Iceberg's defaults: a hundred manifests of up to 8 MB", () => {
  expect(manifestSettings({})).toEqual({ merge: true, minCount: 100, targetSize: 8 * 1024 * 1024 });
  expect(mergeable([manifest(1), manifest(1), manifest(1)], { ...settings, merge: false })).toEqual([]);
});

test("small manifests are joined up to the size, once there are enough of them; a rest of one stays", () => {
  expect(lengths([30, 30].map((length) => manifest(length)))).toEqual([]);
  expect(lengths([30, 30, 30].map((length) => manifest(length)))).toEqual([[30, 30, 30]]);
  expect(lengths([60, 30, 50, 50, 10].map((length) => manifest(length)))).toEqual([
    [60, 30],
    [50, 50],
  ]);
  expect(lengths([100, 200, 30, 30].map((length) => manifest(length)))).toEqual([]);
});

test("data and deletes, and partition specs, stay apart", () => {
  const of = [{}, { content: "deletes" }, { specId: 1 }] as const;
  const all = of.flatMap((part) => [manifest(10, part), manifest(11, part), manifest(12, part)]);
  expect(mergeable(all, settings).map(({ content, specId }) => [content, specId])).toEqual([
    ["data", 0],
    ["deletes", 0],
    ["data", 1],
  ]);
});
