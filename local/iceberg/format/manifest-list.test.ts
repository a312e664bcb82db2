import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeContainer, encodeContainer } from "./avro.ts";
import { codecOf, membersOf } from "./avro-schema.ts";
import { UnsupportedIceberg } from "./errors.ts";
import type { NewEntry } from "./manifest.ts";
import { decodeManifestList, encodeManifestList, summarise } from "./manifest-list.ts";
import type { DataFile, ManifestFile, PrimitiveType, Value } from "./model.ts";
import type { ResolvedSpec } from "./partition.ts";
import { fromBytes } from "./value.ts";

const noMembers = (schema: string) => codecOf(schema, membersOf([]));

const bytes = fc.uint8Array({ maxLength: 20 }).map((array) => Buffer.from(array));
const summaries = fc.record(
  { containsNull: fc.boolean(), containsNan: fc.boolean(), lowerBound: bytes, upperBound: bytes },
  { requiredKeys: ["containsNull"] },
);
const counted = fc.maxSafeInteger().map(Math.abs);
const manifestFiles: fc.Arbitrary<ManifestFile> = fc.record({
  path: fc.string({ unit: "binary" }),
  length: counted,
  specId: fc.nat(),
  content: fc.constantFrom("data" as const, "deletes" as const),
  sequenceNumber: counted,
  minSequenceNumber: counted,
  addedSnapshotId: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
  addedFiles: fc.nat(),
  existingFiles: fc.nat(),
  deletedFiles: fc.nat(),
  addedRows: counted,
  existingRows: counted,
  deletedRows: counted,
  partitions: fc.array(summaries, { maxLength: 3 }),
});

describe("a manifest list", () => {
  test("gives back every manifest", () => {
    fc.assert(
      fc.property(fc.array(manifestFiles, { maxLength: 5 }), (files) => {
        expect(decodeManifestList(encodeManifestList(files, { snapshotId: 1n, sequenceNumber: 1 }))).toEqual(files);
      }),
    );
  });

  test("names its snapshot in the header", () => {
    const snapshot = { snapshotId: 8765432109876543211n, parentSnapshotId: 5n, sequenceNumber: 12 };
    const { metadata } = decodeContainer(encodeManifestList([], snapshot), noMembers);
    expect(Object.fromEntries(metadata)).toMatchObject({
      "snapshot-id": "8765432109876543211",
      "parent-snapshot-id": "5",
      "sequence-number": "12",
      "format-version": "2",
    });
    const first = decodeContainer(encodeManifestList([], { snapshotId: 1n, sequenceNumber: 1 }), noMembers);
    expect(first.metadata.get("parent-snapshot-id")).toBe("null");
  });

  test("of other names and of format v1 is read by field ids, but not without its counts", () => {
    const fields = [
      ["manifest_path", "string", 500],
      ["manifest_length", "long", 501],
      ["partition_spec_id", "int", 502],
      ["added_snapshot_id", ["null", "long"], 503],
      ["added_data_files_count", ["null", "int"], 504],
      ["existing_data_files_count", ["null", "int"], 505],
      ["deleted_data_files_count", ["null", "int"], 506],
      ["added_rows_count", ["null", "long"], 512],
      ["existing_rows_count", ["null", "long"], 513],
      ["deleted_rows_count", ["null", "long"], 514],
    ].map(([name, type, id]) => ({ name, type, "field-id": id }));
    const schema = JSON.stringify({ type: "record", name: "manifest_file", fields });
    const row = { f500: "s3://m", f501: 1, f502: 0, f503: 9, f504: 1, f505: 2, f506: 3, f512: 4, f513: 5, f514: 6 };
    expect(decodeManifestList(encodeContainer(schema, noMembers, [row], {}))).toEqual([
      {
        path: "s3://m",
        length: 1,
        specId: 0,
        content: "data",
        sequenceNumber: 0,
        minSequenceNumber: 0,
        addedSnapshotId: 9n,
        addedFiles: 1,
        existingFiles: 2,
        deletedFiles: 3,
        addedRows: 4,
        existingRows: 5,
        deletedRows: 6,
        partitions: [],
      },
    ]);
    expect(() => decodeManifestList(encodeContainer(schema, noMembers, [{ ...row, f504: null }], {}))).toThrow(
      new UnsupportedIceberg("Manifest list: it does not count the files and rows of s3://m (format v1)"),
    );
  });
});

function specOf(...types: readonly PrimitiveType[]): ResolvedSpec {
  return {
    id: 2,
    fields: types.map((type, index) => ({
      field: { name: `p${index}`, transform: "identity", "source-id": index, "field-id": 1000 + index },
      source: { id: index, name: `c${index}`, required: false, type },
      type,
    })),
  };
}

function entry(status: NewEntry["status"], partition: readonly (Value | null)[], sequenceNumber?: number): NewEntry {
  const file: DataFile = {
    content: 0,
    path: "s3://a",
    specId: 2,
    partition,
    records: 10,
    size: 1,
    columnSizes: new Map(),
    valueCounts: new Map(),
    nullCounts: new Map(),
    nanCounts: new Map(),
    lowerBounds: new Map(),
    upperBounds: new Map(),
  };
  return { status, snapshotId: 1n, file, ...(sequenceNumber === undefined ? {} : { sequenceNumber }) };
}

function summarised(spec: ResolvedSpec, entries: readonly NewEntry[]): ManifestFile {
  return summarise(entries, "s3://m", 99, spec, "data", 7n, 12);
}

describe("summaries", () => {
  test("count files and rows and know the oldest live entry", () => {
    const entries = [entry("deleted", [], 1), entry("existing", [], 5), entry("existing", [], 4), entry("added", [])];
    expect(summarised(specOf(), entries)).toEqual({
      path: "s3://m",
      length: 99,
      specId: 2,
      content: "data",
      sequenceNumber: 12,
      minSequenceNumber: 4,
      addedSnapshotId: 7n,
      addedFiles: 1,
      existingFiles: 2,
      deletedFiles: 1,
      addedRows: 10,
      existingRows: 20,
      deletedRows: 10,
      partitions: [],
    });
    expect(summarised(specOf(), [entry("added", [])]).minSequenceNumber).toBe(12);
    expect(summarised(specOf(), [entry("deleted", [], 1)]).minSequenceNumber).toBe(12);
  });

  test.each([
    ["int", [256, 1, -1], -1, 256],
    ["long", [256n, 1n, -1n], -1n, 256n],
    ["decimal(9,2)", [128n, -129n, 5n], -129n, 128n],
    ["string", ["\u{10000}", "\uffff", "a"], "a", "\u{10000}"],
    ["double", [-1.5, 300, 2], -1.5, 300],
    ["double", [0, -0], -0, 0],
    ["boolean", [true, false], false, true],
  ] satisfies [PrimitiveType, Value[], Value, Value][])(
    "bound values of %s as values: %s",
    (type, values, lower, upper) => {
      const [summary] = summarised(
        specOf(type),
        values.map((value) => entry("added", [value])),
      ).partitions;
      expect(summary?.containsNull).toBe(false);
      expect(fromBytes(summary?.lowerBound ?? Buffer.alloc(0), type)).toEqual(lower);
      expect(fromBytes(summary?.upperBound ?? Buffer.alloc(0), type)).toEqual(upper);
    },
  );

  test("know NULL and NaN, of removed files too, and then may have no bounds", () => {
    const entries = [entry("added", [null, Number.NaN]), entry("deleted", [null, null], 1)];
    expect(summarised(specOf("int", "float"), entries).partitions).toEqual([
      { containsNull: true },
      { containsNull: true, containsNan: true },
    ]);
  });
});
