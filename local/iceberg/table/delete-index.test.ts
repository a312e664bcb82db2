import { describe, expect, test } from "vitest";
import type { DataFile, ManifestEntry, Value } from "../format/model.ts";
import { DELETE_FILE_PATH, deletesByFile } from "./delete-index.ts";
import { foreignFile } from "./fixture.ts";

function entry(path: string, sequenceNumber: number, file: Partial<DataFile> = {}): ManifestEntry {
  const described = foreignFile(path, { records: 1, size: 1, ...file });
  return { status: "added", snapshotId: 1n, sequenceNumber, fileSequenceNumber: sequenceNumber, file: described };
}

function deletes(
  path: string,
  sequenceNumber: number,
  from?: string,
  to = from,
  file: Partial<DataFile> = {},
): ManifestEntry {
  const bounds = (text: string | undefined) =>
    new Map(text === undefined ? [] : [[DELETE_FILE_PATH, Buffer.from(text)]]);
  return entry(path, sequenceNumber, { content: 1, lowerBounds: bounds(from), upperBounds: bounds(to), ...file });
}

function applying(data: ManifestEntry, ...files: ManifestEntry[]): string[] {
  return deletesByFile(files, new Set([data.file.path]))(data).map(({ file }) => file.path);
}

const in1: { partition: Value[] } = { partition: [1] };

describe("Position deletes apply to a data file", () => {
  const data = entry("s3://t/b.parquet", 5, in1);
  test("that is not younger", () => {
    const files = [4, 5, 6].map((sequence) => deletes(`d${sequence}`, sequence, undefined, undefined, in1));
    expect(applying(data, ...files)).toEqual(["d5", "d6"]);
  });

  test("of the same partition of the same spec", () => {
    const elsewhere = [
      deletes("other value", 6, undefined, undefined, { partition: [2] }),
      deletes("null", 6, undefined, undefined, { partition: [null] }),
      deletes("other spec", 6, undefined, undefined, { ...in1, specId: 1 }),
    ];
    expect(applying(data, ...elsewhere, deletes("same", 6, undefined, undefined, in1))).toEqual(["same"]);
  });

  test("whose path lies within their bounds", () => {
    const files = [
      deletes("before", 6, "s3://t/a", "s3://t/a.parquet", in1),
      deletes("around", 6, "s3://t/a.parquet", "s3://t/c.parquet", in1),
      deletes("after", 6, "s3://t/c.parquet", "s3://t/d.parquet", in1),
      deletes("only it", 6, "s3://t/b.parquet", "s3://t/b.parquet", in1),
      deletes("only another", 6, "s3://t/c.parquet", "s3://t/c.parquet", in1),
      deletes("no upper bound", 6, "s3://t/b", undefined, { ...in1, upperBounds: new Map() }),
    ];
    expect(applying(data, ...files)).toEqual(["only it", "around", "no upper bound"]);
  });

  test("that they name", () => {
    const named = (path: string, referencedDataFile: string) =>
      deletes(path, 6, undefined, undefined, { ...in1, referencedDataFile });
    expect(applying(data, named("it", "s3://t/b.parquet"), named("another", "s3://t/c.parquet"))).toEqual(["it"]);
  });

  test("whose path begins as an upper bound that was cut without rounding up", () => {
    expect(applying(data, deletes("cut", 6, "s3://t/", "s3://t/", in1))).toEqual(["cut"]);
  });
});
