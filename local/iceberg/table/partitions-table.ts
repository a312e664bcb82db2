import { UnsupportedIceberg } from "../format/errors.ts";
import type { DataFile, ManifestEntry, NestedField, PrimitiveType, Value } from "../format/model.ts";
import { partitionKey, type ResolvedField, type ResolvedSpec, resolveSpec } from "../format/partition.ts";
import { currentSchema, fieldById } from "../format/schema.ts";
import { currentSnapshot } from "../format/snapshots.ts";
import { isPrimitive } from "../format/types.ts";
import { compareValues, fromBytes } from "../format/value.ts";
import { liveFiles } from "./manifests.ts";
import { type Cell, type Relation, type RelationColumn, relation, valueCell } from "./relation.ts";
import type { TableState } from "./state.ts";
import { rowOf } from "./trino-type.ts";

/** A top-level column of a primitive type. */
interface Column {
  readonly id: number;
  readonly name: string;
  readonly type: PrimitiveType;
}

/** Statistics of one column over a partition's files; undefined where a file does not tell. */
interface ColumnStatistics {
  min: Value | undefined;
  max: Value | undefined;
  /** Whether a file with values has been seen: from then on a missing bound is final. */
  started: boolean;
  nulls: number | undefined;
  nans: number | undefined;
}

/**
 * `$partitions`: one row for each partition that has data files, with the sums of what their manifests say. Rows that
 * delete files remove still count, as in Trino.
 * @throws UnsupportedIceberg when two partition fields or columns have one name.
 */
export function partitionsTable(state: TableState): Relation {
  const { metadata } = state;
  const specs = new Map(
    metadata["partition-specs"].map((one) => [one["spec-id"], resolveSpec(metadata, one["spec-id"])]),
  );
  const fields = visibleFields(state, [...specs.values()]);
  const columns = statisticsColumns(state, specs.get(metadata["default-spec-id"]));
  const partitionType = rowOf(fields.map(({ field, type }) => [field.name, type]));
  const dataType = rowOf(columns.map(({ name, type }) => [name, metricsOf(type)]));
  refuseTwins(
    "$partitions",
    fields.map(({ field }) => field.name),
  );
  refuseTwins(
    "$partitions",
    columns.map(({ name }) => name),
  );

  const shown: RelationColumn[] = [
    ...(fields.length > 0 ? [{ name: "partition", type: partitionType }] : []),
    { name: "record_count", type: "long" },
    { name: "file_count", type: "long" },
    { name: "total_size", type: "long" },
    ...(columns.length > 0 ? [{ name: "data", type: dataType }] : []),
  ];
  const rows = byPartition(liveFiles(state, currentSnapshot(metadata)).data, specs).map(({ spec, files }) => {
    const partition = fields.map((field): [string, Cell] => [
      field.field.name,
      valueCell(partitionValue(field, spec, files[0]), field.type),
    ]);
    const data = columns.map((column): [string, Cell] => [
      column.name,
      metricsCell(column, statistics(column, spec, files)),
    ]);
    return [
      ...(fields.length > 0 ? [Object.fromEntries(partition)] : []),
      files.reduce((sum, file) => sum + file.records, 0),
      files.length,
      files.reduce((sum, file) => sum + file.size, 0),
      ...(columns.length > 0 ? [Object.fromEntries(data)] : []),
    ];
  });
  return relation(shown, rows);
}

/** Fields of all specs whose columns are still there, each id once. */
function visibleFields(state: TableState, specs: readonly ResolvedSpec[]): ResolvedField[] {
  const schema = currentSchema(state.metadata);
  const byId = new Map<number, ResolvedField>();
  for (const resolved of specs.flatMap((spec) => spec.fields)) {
    const id = resolved.field["field-id"];
    if (fieldById(schema, resolved.source.id) && !byId.has(id)) byId.set(id, resolved);
  }
  return [...byId.values()];
}

/** Columns with statistics of their own: not those the table is partitioned by as they are. */
function statisticsColumns(state: TableState, current: ResolvedSpec | undefined): Column[] {
  const identity = new Set(
    current?.fields.filter(({ field }) => field.transform === "identity").map(({ source }) => source.id),
  );
  return currentSchema(state.metadata).fields.flatMap(({ id, name, type }: NestedField) =>
    isPrimitive(type) && !identity.has(id) ? [{ id, name, type }] : [],
  );
}

function refuseTwins(table: string, names: readonly string[]): void {
  const twin = names.find((name, i) => names.slice(0, i).some((other) => other.toLowerCase() === name.toLowerCase()));
  if (twin !== undefined)
    throw new UnsupportedIceberg(`${table} of a table with two fields named ${twin} is not supported`);
}

interface Partition {
  readonly spec: ResolvedSpec;
  readonly files: DataFile[];
}

/** Specs with the same fields share their partitions. */
function byPartition(entries: readonly ManifestEntry[], specs: ReadonlyMap<number, ResolvedSpec>): Partition[] {
  const found = new Map<string, Partition>();
  for (const { file } of entries) {
    const spec = specs.get(file.specId);
    if (spec === undefined) continue;
    const key = `${spec.fields.map(({ field }) => field["field-id"]).join()} ${partitionKey(0, file.partition)}`;
    const partition = found.get(key) ?? { spec, files: [] };
    partition.files.push(file);
    found.set(key, partition);
  }
  return [...found.values()];
}

function partitionValue(field: ResolvedField, spec: ResolvedSpec, file: DataFile | undefined): Value | null {
  const at = spec.fields.findIndex((one) => one.field["field-id"] === field.field["field-id"]);
  return file?.partition[at] ?? null;
}

function metricsOf(type: PrimitiveType): ReturnType<typeof rowOf> {
  return rowOf([
    ["min", type],
    ["max", type],
    ["null_count", "long"],
    ["nan_count", "long"],
  ]);
}

function metricsCell({ type }: Column, { min, max, nulls, nans }: ColumnStatistics): Cell {
  if (min === undefined && max === undefined && nulls === undefined) return null;
  return { min: valueCell(min, type), max: valueCell(max, type), null_count: nulls ?? null, nan_count: nans ?? null };
}

/** As Trino adds them up: one file that does not tell makes the whole unknown; files of nulls only have no bounds to add. */
function statistics(column: Column, spec: ResolvedSpec, files: readonly DataFile[]): ColumnStatistics {
  const sum: ColumnStatistics = { min: undefined, max: undefined, started: false, nulls: 0, nans: 0 };
  const identity = spec.fields.findIndex(
    ({ field, source }) => field.transform === "identity" && source.id === column.id,
  );
  for (const file of files) {
    const value = identity < 0 ? undefined : file.partition[identity];
    const nulls = value === undefined ? file.nullCounts.get(column.id) : value === null ? file.records : 0;
    sum.nulls = plus(sum.nulls, nulls);
    sum.nans = plus(sum.nans, file.nanCounts.get(column.id));
    if (nulls === file.records) continue;
    const low = value ?? bound(file.lowerBounds.get(column.id), column.type);
    const high = value ?? bound(file.upperBounds.get(column.id), column.type);
    sum.min = sum.started ? extreme(sum.min, low, column.type, -1) : low;
    sum.max = sum.started ? extreme(sum.max, high, column.type, 1) : high;
    sum.started = true;
  }
  return sum;
}

function plus(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b;
}

function bound(bytes: Buffer | undefined, type: PrimitiveType): Value | undefined {
  const value = bytes === undefined ? undefined : fromBytes(bytes, type);
  return Number.isNaN(value) ? undefined : value;
}

function extreme(a: Value | undefined, b: Value | undefined, type: PrimitiveType, sign: 1 | -1): Value | undefined {
  if (a === undefined || b === undefined) return undefined;
  return compareValues(b, a, type) * sign > 0 ? b : a;
}
