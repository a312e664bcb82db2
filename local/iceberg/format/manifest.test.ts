import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeContainer, encodeContainer } from "./avro.ts";
import { InvalidIceberg, UnsupportedIceberg } from "./errors.ts";
import { decodeManifest, encodeManifest, type NewEntry } from "./manifest.ts";
import { entryCodec, entrySchema } from "./manifest-schema.ts";
import type { DataFile, ManifestFile, PrimitiveType, Schema, Transform, Value } from "./model.ts";
import type { ResolvedSpec } from "./partition.ts";
import { primitiveTypes, valuesOf } from "./value-fixture.ts";

const SNAPSHOT = 8765432109876543211n;

const schema: Schema = {
  type: "struct",
  "schema-id": 3,
  fields: primitiveTypes.map((type, index) => ({ id: index + 1, name: `c${index}`, required: false, type })),
};

/** An identity partition by every type, under names that Avro does not allow. */
const spec = specOf(primitiveTypes.map((type, index) => [`${index}-é`, type]));

function specOf(fields: readonly (readonly [name: string, type: PrimitiveType])[]): ResolvedSpec {
  return {
    id: 4,
    fields: fields.map(([name, type], index) => ({
      field: { name, transform: "identity" satisfies Transform, "source-id": index + 1, "field-id": 1000 + index },
      source: { id: index + 1, name: `c${index}`, required: false, type },
      type,
    })),
  };
}

const inList: ManifestFile = {
  path: "s3://lake/t/metadata/m0.avro",
  length: 100,
  specId: 4,
  content: "data",
  sequenceNumber: 12,
  minSequenceNumber: 12,
  addedSnapshotId: SNAPSHOT,
  addedFiles: 1,
  existingFiles: 0,
  deletedFiles: 0,
  addedRows: 1,
  existingRows: 0,
  deletedRows: 0,
  partitions: [],
};

const plain: DataFile = {
  content: 0,
  path: "s3://lake/t/data/a.parquet",
  specId: 4,
  partition: [],
  records: 5,
  size: 1234,
  columnSizes: new Map(),
  valueCounts: new Map(),
  nullCounts: new Map(),
  nanCounts: new Map(),
  lowerBounds: new Map(),
  upperBounds: new Map(),
};

const counts = fc.dictionary(fc.nat(500).map(String), fc.maxSafeInteger().map(Math.abs)).map(byId);
const bounds = fc
  .dictionary(
    fc.nat(500).map(String),
    fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
  )
  .map(byId);

function byId<T>(members: Record<string, T>): ReadonlyMap<number, T> {
  return new Map(Object.entries(members).map(([id, value]) => [Number(id), value]));
}

const files: fc.Arbitrary<DataFile> = fc
  .record({
    partition: fc.tuple(...spec.fields.map(({ type }) => fc.option(valuesOf(type)))),
    path: fc.string({ unit: "binary", minLength: 1 }),
    records: fc.nat(),
    size: fc.maxSafeInteger().map(Math.abs),
    columnSizes: counts,
    valueCounts: counts,
    nullCounts: counts,
    nanCounts: counts,
    lowerBounds: bounds,
    upperBounds: bounds,
    splitOffsets: fc.option(fc.array(fc.nat(), { minLength: 1 }), { nil: undefined }),
    sortOrderId: fc.option(fc.nat(), { nil: undefined }),
  })
  .map(({ splitOffsets, sortOrderId, ...rest }) => ({
    ...plain,
    ...rest,
    ...(splitOffsets ? { splitOffsets } : {}),
    ...(sortOrderId === undefined ? {} : { sortOrderId }),
  }));

function written(entries: readonly NewEntry[], of: ManifestFile = inList, by: ResolvedSpec = specOf([])) {
  return decodeManifest(encodeManifest(entries, { schema, spec: by, content: of.content }), of, by);
}

describe("a manifest", () => {
  test("gives back every entry: values of each type, metrics, ids of 63 bits", () => {
    fc.assert(
      fc.property(
        fc.array(files, { maxLength: 4 }),
        fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
        (list, snapshotId) => {
          const entries = list.map(
            (file): NewEntry => ({
              status: "existing",
              snapshotId,
              sequenceNumber: 7,
              fileSequenceNumber: 6,
              file,
            }),
          );
          const read = written(entries, inList, spec);
          expect(read.entries).toEqual(entries);
          expect(read.schema).toEqual(schema);
        },
      ),
    );
  });

  test("says in its header what its entries are (spec, Manifests)", () => {
    const day = specOf([["ts-day", "date"]]);
    const { metadata } = decodeContainer(encodeManifest([], { schema, spec: day, content: "deletes" }), entryCodec);
    const { "avro.schema": avro, ...rest } = Object.fromEntries(metadata);
    expect(rest).toEqual({
      "avro.codec": "deflate",
      schema: JSON.stringify(schema),
      "schema-id": "3",
      "partition-spec": '[{"name":"ts-day","transform":"identity","source-id":1,"field-id":1000}]',
      "partition-spec-id": "4",
      "format-version": "2",
      content: "deletes",
    });
    expect(JSON.parse(avro ?? "").fields.map((field: { "field-id": number }) => field["field-id"])).toEqual([
      0, 1, 3, 4, 2,
    ]);
    expect(avro).toContain(
      '{"name":"ts_x2Dday","type":["null",{"type":"int","logicalType":"date"}],"default":null,"field-id":1000,"iceberg-field-name":"ts-day"}',
    );
  });

  test("lets added files inherit snapshot and sequence numbers, old ones keep theirs", () => {
    const read = written([
      { status: "added", snapshotId: SNAPSHOT, file: plain },
      { status: "added", snapshotId: 1n, sequenceNumber: 3, file: { ...plain, sortOrderId: 0 } },
      { status: "existing", snapshotId: 2n, sequenceNumber: 4, fileSequenceNumber: 5, file: plain },
      { status: "deleted", snapshotId: SNAPSHOT, sequenceNumber: 6, fileSequenceNumber: 6, file: plain },
    ]);
    expect(read.entries.map(({ file: _, ...entry }) => entry)).toEqual([
      { status: "added", snapshotId: SNAPSHOT, sequenceNumber: 12, fileSequenceNumber: 12 },
      { status: "added", snapshotId: 1n, sequenceNumber: 3, fileSequenceNumber: 12 },
      { status: "existing", snapshotId: 2n, sequenceNumber: 4, fileSequenceNumber: 5 },
      { status: "deleted", snapshotId: SNAPSHOT, sequenceNumber: 6, fileSequenceNumber: 6 },
    ]);
    expect(read.entries[1]?.file.sortOrderId).toBe(0);
  });

  test("is not written when an old entry has no sequence number", () => {
    expect(() => written([{ status: "existing", snapshotId: 1n, sequenceNumber: 1, file: plain }])).toThrow(
      new InvalidIceberg("Manifest: the existing file s3://lake/t/data/a.parquet has no sequence number"),
    );
  });

  test("of position deletes names the data file they are for", () => {
    const file: DataFile = { ...plain, content: 1, referencedDataFile: "s3://lake/t/data/b.parquet" };
    const read = written([{ status: "added", snapshotId: SNAPSHOT, file }], { ...inList, content: "deletes" });
    expect(read.entries[0]?.file).toEqual(file);
  });

  test("reads a partition column that was widened since", () => {
    const narrow = specOf([
      ["i", "int"],
      ["f", "float"],
      ["d", "decimal(9,2)"],
    ]);
    const wide = specOf([
      ["i", "long"],
      ["f", "double"],
      ["d", "decimal(38,2)"],
    ]);
    const partition: Value[] = [-5, 1.5, -129n];
    const bytes = encodeManifest([{ status: "added", snapshotId: 1n, file: { ...plain, partition } }], {
      schema,
      spec: narrow,
      content: "data",
    });
    expect(decodeManifest(bytes, inList, wide).entries[0]?.file.partition).toEqual([-5n, 1.5, -129n]);
  });
});

describe("names of partition fields in Avro", () => {
  test.each([
    ["plain_1", "plain_1"],
    ["2024_sales", "_2024_sales"],
    ["a-b", "a_x2Db"],
    ["é", "_xE9"],
    ["a.b c", "a_x2Eb_x20c"],
    ["☃", "_x2603"],
  ])("%s becomes %s", (name, avro) => {
    expect(partitionNames([name])).toEqual([avro]);
  });

  test("stay different", () => {
    expect(partitionNames(["a-b", "a_x2Db"])).toEqual(["a_x2Db", "a_x2Db_1001"]);
  });
});

function partitionNames(names: readonly string[]): unknown[] {
  const avro = JSON.parse(entrySchema(specOf(names.map((name) => [name, "int"]))));
  return avro.fields[4].type.fields[3].type.fields.map((field: { name: unknown }) => field.name);
}

describe("manifests of other writers", () => {
  /** As format v1 and PyIceberg have them: other names, no sequence numbers, no content. */
  const v1 = JSON.stringify({
    type: "record",
    name: "manifest_entry",
    fields: [
      { name: "status", type: "int", "field-id": 0 },
      { name: "snapshot_id", type: "long", "field-id": 1 },
      {
        name: "data_file",
        "field-id": 2,
        type: {
          type: "record",
          name: "r2",
          fields: [
            { name: "path_of_file", type: "string", "field-id": 100 },
            { name: "file_format", type: "string", "field-id": 101 },
            { name: "partition", type: { type: "record", name: "r102", fields: [] }, "field-id": 102 },
            { name: "record_count", type: "long", "field-id": 103 },
            { name: "file_size_in_bytes", type: "long", "field-id": 104 },
            { name: "block_size_in_bytes", type: "long", "field-id": 105 },
          ],
        },
      },
    ],
  });
  const file = { path: "s3://a", format: "parquet", partition: {}, records: 1, size: 2, f105: 3 };

  test("of format v1 have the sequence number 0", () => {
    const bytes = encodeContainer(v1, entryCodec, [{ status: 0, snapshotId: 9, file }], {});
    expect(decodeManifest(bytes, { ...inList, sequenceNumber: 0 }, specOf([]))).toEqual({
      entries: [
        {
          status: "existing",
          snapshotId: 9n,
          sequenceNumber: 0,
          fileSequenceNumber: 0,
          file: { ...plain, path: "s3://a", records: 1, size: 2 },
        },
      ],
      schema: undefined,
    });
    expect(() => decodeManifest(bytes, inList, specOf([]))).toThrow(
      "Manifest: the existing file s3://a has no sequence number",
    );
  });

  const changed = (entry: object, of = inList) => {
    const bytes = encodeContainer(entrySchema(specOf([])), entryCodec, [{ status: 1, ...entry }], {});
    return () => decodeManifest(bytes, of, specOf([]));
  };

  test("with what is not implemented are refused by name", () => {
    const deletes: ManifestFile = { ...inList, content: "deletes" };
    const full = { ...file, content: 0 };
    expect(changed({ file: { ...full, content: 2 } }, deletes)).toThrow(
      new UnsupportedIceberg("Equality deletes are not supported: s3://a"),
    );
    expect(changed({ file: { ...full, format: "ORC" } })).toThrow(
      new UnsupportedIceberg("Files of format ORC are not supported: s3://a"),
    );
    expect(changed({ file: { ...full, content: 1, format: "PUFFIN" } }, deletes)).toThrow(
      new UnsupportedIceberg("Files of format PUFFIN are not supported: s3://a"),
    );
    expect(changed({ file: { ...full, keyMetadata: Buffer.of(1) } })).toThrow(
      new UnsupportedIceberg("Encrypted files are not supported: s3://a"),
    );
  });

  test("that contradict themselves are refused", () => {
    const full = { ...file, content: 0 };
    expect(changed({ status: 3, file: full })).toThrow(new InvalidIceberg("Manifest: there is no status 3"));
    expect(changed({ file: { ...full, content: 1 } })).toThrow(
      new InvalidIceberg("Manifest: s3://a is no file of a manifest of data"),
    );
    const text = specOf([["p", "string"]]);
    const bytes = encodeManifest([{ status: "added", snapshotId: 1n, file: { ...plain, partition: ["x"] } }], {
      schema,
      spec: text,
      content: "data",
    });
    expect(() => decodeManifest(bytes, inList, specOf([["p", "int"]]))).toThrow(
      new InvalidIceberg("Manifest: a partition value of type int is written as a string"),
    );
  });
});
