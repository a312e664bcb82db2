import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createMetadata } from "../format/metadata.ts";
import type { ManifestFile, PrimitiveType, TableMetadata, Transform, Value } from "../format/model.ts";
import { resolveSpec } from "../format/partition.ts";
import { currentSchema } from "../format/schema.ts";
import { applyTransform, resultType } from "../format/transform.ts";
import { compareValues, toBytes } from "../format/value.ts";
import { foreignFile } from "./fixture.ts";
import { createPruner, type Filter } from "./prune.ts";

const ID = 1;

function tableOf(type: PrimitiveType, transform?: Transform): TableMetadata {
  return createMetadata({
    uuid: "9c12d441-03fe-4693-9a96-a0705ddf69c1",
    location: "s3://lake/t",
    columns: [{ name: "c", type }],
    partitionedBy: transform === undefined ? [] : [{ column: "c", transform, name: "p" }],
    properties: {},
    now: 0,
  });
}

function pruner(metadata: TableMetadata, ...filters: Filter[]) {
  return createPruner(metadata, currentSchema(metadata), filters);
}

/** A file of one value, as a writer without bounds or with them describes it. */
function fileOf(metadata: TableMetadata, value: Value | null, bounds: boolean) {
  const { type } = currentSchema(metadata).fields[0] ?? {};
  if (typeof type !== "string") throw new Error("no primitive column");
  const [field] = metadata["partition-specs"][0]?.fields ?? [];
  const partition = field === undefined ? [] : [applyTransform(field.transform, type, value)];
  const bytes = value === null || !bounds || Number.isNaN(value) ? [] : [[ID, toBytes(value, type)] as const];
  return foreignFile("s3://lake/t/data/a.parquet", {
    records: 1,
    size: 1,
    partition,
    ...(bounds && {
      valueCounts: new Map([[ID, 1]]),
      nullCounts: new Map([[ID, value === null ? 1 : 0]]),
      lowerBounds: new Map(bytes),
      upperBounds: new Map(bytes),
    }),
  });
}

function manifestOf(metadata: TableMetadata, values: readonly (Value | null)[]): ManifestFile {
  const [field] = resolveSpec(metadata, 0).fields;
  const type = field?.type ?? "int";
  const known = values.filter((value) => value !== null).toSorted((a, b) => compareValues(a, b, type));
  const [low, high] = [known[0], known.at(-1)];
  return {
    path: "s3://lake/t/metadata/m.avro",
    length: 1,
    specId: 0,
    content: "data",
    sequenceNumber: 1,
    minSequenceNumber: 1,
    addedSnapshotId: 1n,
    addedFiles: values.length,
    existingFiles: 0,
    deletedFiles: 0,
    addedRows: values.length,
    existingRows: 0,
    deletedRows: 0,
    partitions: [
      {
        containsNull: values.includes(null),
        ...(low !== undefined && { lowerBound: toBytes(low, type) }),
        ...(high !== undefined && { upperBound: toBytes(high, type) }),
      },
    ],
  };
}

const day = 86_400_000_000n;
const longs = fc.oneof(
  fc.bigInt({ min: -30n, max: 30n }),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.constantFrom(-(2n ** 63n), 2n ** 63n - 1n),
);
const instants = fc.oneof(
  fc.bigInt({ min: -800n * day, max: 800n * day }),
  fc.bigInt({ min: -3n, max: 3n }).chain((days) => fc.bigInt({ min: -2n, max: 2n }).map((us) => days * day + us)),
);
const values: Partial<Record<PrimitiveType, fc.Arbitrary<Value>>> = {
  boolean: fc.boolean(),
  int: fc.oneof(fc.integer({ min: -30, max: 30 }), fc.integer(), fc.constantFrom(-(2 ** 31), 2 ** 31 - 1)),
  long: longs,
  double: fc.oneof(fc.constantFrom(0, -0, 1.5, -1.5, Infinity, -Infinity), fc.double({ noNaN: true })),
  date: fc.oneof(fc.integer({ min: -800, max: 800 }), fc.integer({ min: -3, max: 3 })),
  timestamp: instants,
  timestamptz: instants,
  string: fc.oneof(fc.string({ maxLength: 3 }), fc.string({ unit: "grapheme", maxLength: 6 })),
  "decimal(18,3)": fc.bigInt({ min: -2000n, max: 2000n }),
  binary: fc.uint8Array({ maxLength: 4 }).map((bytes) => Buffer.from(bytes)),
  uuid: fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes)),
};

const transforms: readonly Transform[] = [
  "identity",
  "year",
  "month",
  "day",
  "hour",
  "void",
  "bucket[3]",
  "truncate[1]",
  "truncate[10]",
];

function takes(transform: Transform, type: PrimitiveType): boolean {
  try {
    resultType(transform, type);
    return true;
  } catch {
    return false;
  }
}

/** What SQL says of one row; nulls meet no comparison. */
function meets(value: Value | null, { operator, values: operands }: Filter, type: PrimitiveType): boolean {
  if (operator === "is null") return value === null;
  if (operator === "is not null") return value !== null;
  if (value === null) return false;
  const signs = operands.map((operand) => compareValues(value, operand, type));
  const accepted: Record<string, (sign: number) => boolean> = {
    "=": (sign) => sign === 0,
    in: (sign) => sign === 0,
    "<": (sign) => sign < 0,
    "<=": (sign) => sign <= 0,
    ">": (sign) => sign > 0,
    ">=": (sign) => sign >= 0,
  };
  return signs.some((sign) => accepted[operator]?.(sign));
}

function filterOf(value: fc.Arbitrary<Value>): fc.Arbitrary<Filter> {
  return fc.oneof(
    fc.record({
      column: fc.constant("c"),
      operator: fc.constantFrom("=", "<", "<=", ">", ">="),
      values: fc.tuple(value),
    }),
    fc.record({
      column: fc.constant("c"),
      operator: fc.constant("in" as const),
      values: fc.array(value, { minLength: 1, maxLength: 3 }),
    }),
    fc.record({
      column: fc.constant("c"),
      operator: fc.constantFrom("is null", "is not null"),
      values: fc.constant([]),
    }),
  );
}

describe("No row that a filter lets through is ever in a file or manifest that is left out", () => {
  for (const [type, value] of Object.entries(values) as [PrimitiveType, fc.Arbitrary<Value>][]) {
    for (const transform of transforms.filter((one) => takes(one, type))) {
      test(`${type} by ${transform}`, () => {
        const metadata = tableOf(type, transform);
        const rows = fc.array(fc.option(value, { freq: 8 }), { minLength: 1, maxLength: 4 });
        fc.assert(
          fc.property(rows, filterOf(value), fc.boolean(), (row, filter, bounds) => {
            const matching = row.filter((one) => meets(one, filter, type));
            const { mayMatchFile, mayMatchManifest } = pruner(metadata, filter);
            for (const one of matching) if (!mayMatchFile(fileOf(metadata, one, bounds))) return false;
            const partitions = row.map((one) => applyTransform(transform, type, one));
            return matching.length === 0 || mayMatchManifest(manifestOf(metadata, partitions));
          }),
          { numRuns: 400 },
        );
      });
    }
  }
});

describe("What cannot match is left out", () => {
  const at = (text: string): bigint => BigInt(Date.parse(text)) * 1000n;
  const cases: readonly [PrimitiveType, Transform, Value | null, Filter["operator"], Value[], boolean][] = [
    ["date", "identity", 10, "<", [10], false],
    ["string", "identity", "b", ">", ["b"], false],
    ["string", "identity", "b", "in", ["a", "c"], false],
    ["long", "bucket[3]", 7n, "=", [7n], true],
    ["long", "bucket[3]", 7n, "=", [8n], false],
    ["long", "bucket[3]", 7n, "<", [-100n], true],
    ["timestamp", "month", at("2010-12-31T23:59:59Z"), "<", [at("2010-12-01T00:00:00Z")], false],
    ["timestamp", "month", at("2010-12-31T23:59:59Z"), ">=", [at("2011-01-01T00:00:00Z")], false],
    ["timestamp", "month", at("2010-12-31T23:59:59Z"), "<=", [at("2010-12-01T00:00:00Z")], true],
    ["timestamptz", "day", at("2010-12-02T12:00:00Z"), "=", [at("2010-12-03T00:00:00Z")], false],
    ["date", "year", 0, ">", [366], false],
    ["string", "truncate[1]", "beta", "=", ["alpha"], false],
    ["int", "truncate[10]", 17, "=", [20], false],
    ["decimal(18,3)", "truncate[10]", 1999n, "<", [1990n], false],
    ["long", "void", 7n, "=", [9n], true],
    ["int", "identity", null, "=", [1], false],
    ["int", "identity", null, "is not null", [], false],
    ["int", "bucket[3]", 3, "is null", [], false],
  ];
  test.each(cases)(
    "%s by %s: a partition of %s, filter %s %s: %s",
    (type, transform, value, operator, operands, kept) => {
      const metadata = tableOf(type, transform);
      const { mayMatchFile } = pruner(metadata, { column: "c", operator, values: operands });
      expect(mayMatchFile(fileOf(metadata, value, false))).toBe(kept);
    },
  );

  test("Bounds and null counts leave files out that the partition keeps.", () => {
    const metadata = tableOf("long");
    const file = {
      ...foreignFile("s3://lake/t/data/a.parquet", { records: 10, size: 1 }),
      valueCounts: new Map([[ID, 10]]),
      nullCounts: new Map([[ID, 0]]),
      lowerBounds: new Map([[ID, toBytes(5, "int")]]),
      upperBounds: new Map([[ID, toBytes(9n, "long")]]),
    };
    const kept = (operator: Filter["operator"], ...operands: Value[]): boolean =>
      pruner(metadata, { column: "C", operator, values: operands }).mayMatchFile(file);
    expect([kept("=", 4n), kept("=", 5n), kept("=", 9n), kept("=", 10n)]).toEqual([false, true, true, false]);
    expect([kept("<", 5n), kept("<=", 5n), kept(">", 9n), kept(">=", 9n)]).toEqual([false, true, false, true]);
    expect([kept("in", 1n, 7n), kept("in", 1n, 2n), kept("is null"), kept("is not null")]).toEqual([
      true,
      false,
      false,
      true,
    ]);
    const nulls = { ...file, nullCounts: new Map([[ID, 10]]), lowerBounds: new Map(), upperBounds: new Map() };
    const matching = pruner(metadata, { column: "c", operator: ">", values: [0n] });
    expect(matching.mayMatchFile(nulls)).toBe(false);
  });

  test("All filters must hold.", () => {
    const metadata = tableOf("int", "identity");
    const two = pruner(
      metadata,
      { column: "c", operator: ">", values: [1] },
      { column: "c", operator: "<", values: [5] },
    );
    expect([1, 2, 4, 5].map((value) => two.mayMatchFile(fileOf(metadata, value, false)))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  test("A manifest is left out by its partition summaries.", () => {
    const metadata = tableOf("date", "month");
    const days = (text: string): number => Date.parse(text) / 86_400_000;
    const manifest = manifestOf(metadata, [480, 482]);
    const kept = (operator: Filter["operator"], ...operands: Value[]): boolean =>
      pruner(metadata, { column: "c", operator, values: operands }).mayMatchManifest(manifest);
    expect([kept("=", days("2010-01-31")), kept("=", days("2009-12-31"))]).toEqual([true, false]);
    expect([kept("<", days("2010-01-01")), kept("<", days("2010-01-02"))]).toEqual([false, true]);
    expect([kept(">=", days("2010-04-01")), kept("is null"), kept("is not null")]).toEqual([false, false, true]);
  });
});

describe("Whatever is unknown is kept", () => {
  const metadata = tableOf("double");
  const file = {
    ...foreignFile("s3://lake/t/data/a.parquet", { records: 1, size: 1 }),
    lowerBounds: new Map([[ID, toBytes(1, "double")]]),
    upperBounds: new Map([[ID, toBytes(2, "double")]]),
  };
  test.each<[string, Filter]>([
    ["a column that is not there", { column: "other", operator: "=", values: [9] }],
    ["a value of another type", { column: "c", operator: "=", values: [9n] }],
    ["a value of another type beside a right one", { column: "c", operator: "in", values: [9, "9"] }],
    ["NaN", { column: "c", operator: "=", values: [Number.NaN] }],
    ["no value", { column: "c", operator: "in", values: [] }],
  ])("%s", (_, filter) => {
    expect(pruner(metadata, filter).mayMatchFile(file)).toBe(true);
  });

  test("NaN among the rows", () => {
    const above: Filter = { column: "c", operator: ">", values: [3] };
    expect(pruner(metadata, above).mayMatchFile(file)).toBe(false);
    expect(pruner(metadata, above).mayMatchFile({ ...file, nanCounts: new Map([[ID, 1]]) })).toBe(true);
  });

  test("Times before 1970 that an early writer rounded up are found", () => {
    const timed = tableOf("timestamp", "day");
    const shortly = -1n;
    const wrong = { ...fileOf(timed, shortly, false), partition: [0] };
    expect(pruner(timed, { column: "c", operator: "=", values: [shortly] }).mayMatchFile(wrong)).toBe(true);
    expect(pruner(timed, { column: "c", operator: "<", values: [0n] }).mayMatchFile(wrong)).toBe(true);
  });

  test("A partition written while a long was an int", () => {
    const widened = tableOf("long", "identity");
    const old = { ...fileOf(widened, 7n, false), partition: [7] };
    expect(pruner(widened, { column: "c", operator: "=", values: [7n] }).mayMatchFile(old)).toBe(true);
    expect(pruner(widened, { column: "c", operator: "=", values: [8n] }).mayMatchFile(old)).toBe(false);
  });
});
