import type {
  DataFile,
  ManifestFile,
  NestedField,
  PrimitiveType,
  StructType,
  TableMetadata,
  Value,
} from "../format/model.ts";
import { type ResolvedField, resolveSpec } from "../format/partition.ts";
import { applyTransform } from "../format/transform.ts";
import { isPrimitive } from "../format/types.ts";
import { fromBytes } from "../format/value.ts";
import { fits, meets, type Range } from "./range.ts";

/** One conjunct of a WHERE over a top-level column. A list of filters holds when all of them do. */
export interface Filter {
  readonly column: string;
  readonly operator: "=" | "<" | "<=" | ">" | ">=" | "in" | "is null" | "is not null";
  /** In the column's type; empty for the null tests. */
  readonly values: readonly Value[];
}

/** Says what cannot hold a row that the filters let through. Whatever is unknown may. */
export interface Pruner {
  /** By the partition summaries of the manifest list. Holds for delete manifests too. */
  mayMatchManifest(manifest: ManifestFile): boolean;
  /** By the partition alone: the test for delete files, whose bounds are about paths. */
  mayMatchPartition(file: DataFile): boolean;
  /** By partition, bounds and null counts of a data file. */
  mayMatchFile(file: DataFile): boolean;
}

interface ColumnTest {
  readonly id: number;
  readonly type: PrimitiveType;
  /** Values that pass; a null never does. */
  readonly test: Range[] | "null" | "not null";
}

interface PartitionTest {
  /** Position in the spec. */
  readonly at: number;
  readonly type: PrimitiveType;
  readonly test: Range[] | "null" | "not null";
}

/**
 * @param schema the one the filters' columns are named in. Filters on other columns, on nested ones or with values of
 * another type prune nothing.
 */
export function createPruner(metadata: TableMetadata, schema: StructType, filters: readonly Filter[]): Pruner {
  const columns = filters.flatMap((filter) => columnTest(schema, filter) ?? []);
  const bySpec = new Map<number, readonly PartitionTest[]>();
  const partitionTests = (specId: number): readonly PartitionTest[] => {
    let tests = bySpec.get(specId);
    if (tests === undefined) {
      tests = columns.length === 0 ? [] : projectAll(resolveSpec(metadata, specId).fields, columns);
      bySpec.set(specId, tests);
    }
    return tests;
  };
  const mayMatchPartition = (file: DataFile): boolean =>
    partitionTests(file.specId).every(({ at, type, test }) => valuePasses(file.partition[at], type, test));
  return {
    mayMatchManifest: (manifest) =>
      partitionTests(manifest.specId).every((test) => summaryPasses(manifest.partitions[test.at], test)),
    mayMatchPartition,
    mayMatchFile: (file) => mayMatchPartition(file) && columns.every((column) => statisticsPass(file, column)),
  };
}

function columnTest(schema: StructType, filter: Filter): ColumnTest | undefined {
  const column = findColumn(schema, filter.column);
  if (column === undefined || !isPrimitive(column.type)) return undefined;
  const { id, type } = column;
  if (filter.operator === "is null") return { id, type, test: "null" };
  if (filter.operator === "is not null") return { id, type, test: "not null" };
  if (filter.values.length === 0 || !filter.values.every((value) => fits(value, type))) return undefined;
  return { id, type, test: filter.values.map((value) => rangeOf(filter.operator, value)) };
}

function findColumn(schema: StructType, name: string): NestedField | undefined {
  const folded = name.toLowerCase();
  return (
    schema.fields.find((field) => field.name === name) ??
    schema.fields.find((field) => field.name.toLowerCase() === folded)
  );
}

function rangeOf(operator: Filter["operator"], value: Value): Range {
  switch (operator) {
    case "<":
      return { high: value, highOpen: true };
    case "<=":
      return { high: value };
    case ">":
      return { low: value, lowOpen: true };
    case ">=":
      return { low: value };
    default:
      return { low: value, high: value };
  }
}

function projectAll(fields: readonly ResolvedField[], columns: readonly ColumnTest[]): PartitionTest[] {
  return columns.flatMap((column) =>
    fields.flatMap((field, at) => {
      if (field.source.id !== column.id) return [];
      const test = project(field, column);
      return test === undefined ? [] : [{ at, type: field.type, test }];
    }),
  );
}

/**
 * What a partition value must be where a row passes, or undefined when the transform tells nothing (the specification's
 * inclusive projection). Every transform but void gives null for null and for nothing else.
 */
function project(field: ResolvedField, column: ColumnTest): PartitionTest["test"] | undefined {
  const { transform } = field.field;
  if (transform === "void") return undefined;
  if (typeof column.test === "string" || transform === "identity") return column.test;
  const ranges = column.test;
  const result = (value: Value | undefined): Value | undefined =>
    value === undefined ? undefined : (applyTransform(transform, column.type, value) ?? undefined);
  if (transform.startsWith("bucket")) {
    if (!ranges.every(({ low, high }) => low !== undefined && low === high)) return undefined;
    return ranges.map(({ low }) => pair(result(low), result(low)));
  }
  const ends = ranges.map((range) => ({
    low: result(range.lowOpen === true ? next(range.low, column.type, 1) : range.low),
    high: result(range.highOpen === true ? next(range.high, column.type, -1) : range.high),
  }));
  if (!transform.startsWith("truncate")) return ends.map(({ low, high }) => pair(low, forgive(high)));
  const wrapped = wrappedFrom(column.type, transform);
  if (wrapped === undefined) return ends.map(({ low, high }) => pair(low, high));
  // A whole number just above the type's least wraps around to its greatest when it is truncated.
  return [
    ...ends.map(({ low, high }) => pair(low !== undefined && low > wrapped ? undefined : low, high)),
    { low: wrapped },
  ];
}

function pair(low: Value | undefined, high: Value | undefined): Range {
  return { ...(low !== undefined && { low }), ...(high !== undefined && { high }) };
}

/** The neighbour of a value where the type has one. */
function next(value: Value | undefined, type: PrimitiveType, step: 1 | -1): Value | undefined {
  if (typeof value === "bigint") return value + BigInt(step);
  return typeof value === "number" && (type === "int" || type === "date") ? value + step : value;
}

/** Early writers rounded times before 1970 up instead of down, so their partitions are one too high. */
function forgive(high: Value | undefined): Value | undefined {
  return typeof high === "number" && high < 0 ? high + 1 : high;
}

function wrappedFrom(type: PrimitiveType, transform: string): Value | undefined {
  const width = Number(/\d+/.exec(transform)?.[0]);
  if (type === "int") return 2 ** 31 - 1 - width;
  return type === "long" ? 2n ** 63n - 1n - BigInt(width) : undefined;
}

function valuePasses(value: Value | null | undefined, type: PrimitiveType, test: PartitionTest["test"]): boolean {
  if (value === undefined) return true;
  if (test === "null") return value === null;
  if (value === null) return false;
  return test === "not null" || test.some((range) => meets(range, value, value, type));
}

function summaryPasses(
  summary: ManifestFile["partitions"][number] | undefined,
  { type, test }: PartitionTest,
): boolean {
  if (summary === undefined || test === "not null") return true;
  if (test === "null") return summary.containsNull;
  const { lowerBound, upperBound } = summary;
  if (lowerBound === undefined || upperBound === undefined || summary.containsNan === true) return true;
  const [low, high] = [fromBytes(lowerBound, type), fromBytes(upperBound, type)];
  return test.some((range) => meets(range, low, high, type));
}

function statisticsPass(file: DataFile, { id, type, test }: ColumnTest): boolean {
  const nulls = file.nullCounts.get(id);
  if (test === "null") return nulls !== 0;
  if (nulls !== undefined && nulls === (file.valueCounts.get(id) ?? file.records) && nulls > 0) return false;
  // Engines differ in the order of UUIDs; NaN is outside of the bounds, and greater than all for DuckDB.
  if (test === "not null" || type === "uuid" || (file.nanCounts.get(id) ?? 0) > 0) return true;
  const [lower, upper] = [file.lowerBounds.get(id), file.upperBounds.get(id)];
  const low = lower === undefined ? undefined : fromBytes(lower, type);
  const high = upper === undefined ? undefined : fromBytes(upper, type);
  return test.some((range) => meets(range, low, high, type));
}
