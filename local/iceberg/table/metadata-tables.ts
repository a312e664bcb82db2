import type { DataFile, IcebergType, ManifestFile, PrimitiveType } from "../format/model.ts";
import { type ResolvedSpec, resolveSpec } from "../format/partition.ts";
import { currentSchema } from "../format/schema.ts";
import { ancestors, currentSnapshot } from "../format/snapshots.ts";
import { humanValue } from "../format/transform.ts";
import { isPrimitive } from "../format/types.ts";
import { fromBytes, valueText } from "../format/value.ts";
import { liveFiles, manifestsOf } from "./manifests.ts";
import { partitionsTable } from "./partitions-table.ts";
import { type Cell, instantCell, mapCell, type Relation, type RelationColumn, relation } from "./relation.ts";
import type { TableState } from "./state.ts";
import { arrayOf, mapOf, rowOf } from "./trino-type.ts";

export const METADATA_TABLES = ["files", "history", "manifests", "partitions", "refs", "snapshots"] as const;

export type MetadataTableName = (typeof METADATA_TABLES)[number];

/** Whether Athena has a metadata table `<table>$<name>`. */
export function isMetadataTable(name: string): name is MetadataTableName {
  return METADATA_TABLES.some((known) => known === name);
}

/**
 * A table's metadata as rows. Names, types and order of the columns are those of Trino 476, and for `$files` those that
 * Athena shows, which lacks Trino's `spec_id`, `partition`, `sort_order_id` and `readable_metrics`. As there, `$files`
 * and `$partitions` tell of data files only.
 * @throws UnsupportedIceberg for a table whose columns DuckDB cannot hold.
 */
export function metadataTable(state: TableState, name: MetadataTableName): Relation {
  switch (name) {
    case "snapshots":
      return snapshots(state);
    case "history":
      return history(state);
    case "refs":
      return refs(state);
    case "manifests":
      return manifests(state);
    case "files":
      return files(state);
    case "partitions":
      return partitionsTable(state);
  }
}

const long = (name: string): RelationColumn => ({ name, type: "long" });
const int = (name: string): RelationColumn => ({ name, type: "int" });
const text = (name: string): RelationColumn => ({ name, type: "string" });
const time = (name: string): RelationColumn => ({ name, type: "timestamptz", trino: "timestamp(3) with time zone" });

const SUMMARY = mapOf("string", "string");

function snapshots({ metadata }: TableState): Relation {
  const columns = [
    time("committed_at"),
    long("snapshot_id"),
    long("parent_id"),
    text("operation"),
    text("manifest_list"),
    { name: "summary", type: SUMMARY },
  ];
  const rows = metadata.snapshots.map((snapshot) => {
    const { operation, ...summary } = snapshot.summary;
    return [
      instantCell(snapshot["timestamp-ms"]),
      snapshot["snapshot-id"],
      snapshot["parent-snapshot-id"] ?? null,
      operation,
      snapshot["manifest-list"],
      mapCell(Object.entries(summary)),
    ];
  });
  return relation(columns, rows);
}

function history({ metadata }: TableState): Relation {
  const current = currentSnapshot(metadata);
  const line = new Set(current === undefined ? [] : ancestors(metadata, current).map((one) => one["snapshot-id"]));
  const columns: RelationColumn[] = [
    time("made_current_at"),
    long("snapshot_id"),
    long("parent_id"),
    { name: "is_current_ancestor", type: "boolean" },
  ];
  const rows = metadata.snapshots.map((snapshot) => [
    instantCell(snapshot["timestamp-ms"]),
    snapshot["snapshot-id"],
    snapshot["parent-snapshot-id"] ?? null,
    line.has(snapshot["snapshot-id"]),
  ]);
  return relation(columns, rows);
}

function refs({ metadata }: TableState): Relation {
  const columns = [
    text("name"),
    text("type"),
    long("snapshot_id"),
    long("max_reference_age_in_ms"),
    int("min_snapshots_to_keep"),
    long("max_snapshot_age_in_ms"),
  ];
  const rows = Object.entries(metadata.refs).map(([name, ref]) => [
    name,
    ref.type.toUpperCase(),
    ref["snapshot-id"],
    ref["max-ref-age-ms"] ?? null,
    ref["min-snapshots-to-keep"] ?? null,
    ref["max-snapshot-age-ms"] ?? null,
  ]);
  return relation(columns, rows);
}

const FIELD_SUMMARY = rowOf([
  ["contains_null", "boolean"],
  ["contains_nan", "boolean"],
  ["lower_bound", "string"],
  ["upper_bound", "string"],
]);

function manifests(state: TableState): Relation {
  const columns = [
    text("path"),
    long("length"),
    int("partition_spec_id"),
    long("added_snapshot_id"),
    int("added_data_files_count"),
    long("added_rows_count"),
    int("existing_data_files_count"),
    long("existing_rows_count"),
    int("deleted_data_files_count"),
    long("deleted_rows_count"),
    { name: "partition_summaries", type: arrayOf(FIELD_SUMMARY) },
  ];
  const rows = manifestsOf(state, currentSnapshot(state.metadata)).map((manifest) => [
    manifest.path,
    manifest.length,
    manifest.specId,
    manifest.addedSnapshotId,
    manifest.addedFiles,
    manifest.addedRows,
    manifest.existingFiles,
    manifest.existingRows,
    manifest.deletedFiles,
    manifest.deletedRows,
    summaries(manifest, resolveSpec(state.metadata, manifest.specId)),
  ]);
  return relation(columns, rows);
}

function summaries(manifest: ManifestFile, spec: ResolvedSpec): Cell[] {
  return manifest.partitions.flatMap((summary, i) => {
    const field = spec.fields[i];
    if (field === undefined || !isPrimitive(field.source.type)) return [];
    const { type, source } = { type: field.type, source: field.source.type };
    const human = (bound: Buffer | undefined): string =>
      humanValue(field.field.transform, source, bound === undefined ? null : fromBytes(bound, type));
    return [
      {
        contains_null: summary.containsNull,
        contains_nan: summary.containsNan ?? null,
        lower_bound: human(summary.lowerBound),
        upper_bound: human(summary.upperBound),
      },
    ];
  });
}

const COUNTS = mapOf("int", "long");
const BOUNDS = mapOf("int", "string");

function files(state: TableState): Relation {
  const columns: RelationColumn[] = [
    int("content"),
    text("file_path"),
    text("file_format"),
    long("record_count"),
    long("file_size_in_bytes"),
    { name: "column_sizes", type: COUNTS },
    { name: "value_counts", type: COUNTS },
    { name: "null_value_counts", type: COUNTS },
    { name: "nan_value_counts", type: COUNTS },
    { name: "lower_bounds", type: BOUNDS },
    { name: "upper_bounds", type: BOUNDS },
    { name: "key_metadata", type: "binary" },
    { name: "split_offsets", type: arrayOf("long") },
    { name: "equality_ids", type: arrayOf("int") },
  ];
  const types = primitivesById({ type: "struct", fields: currentSchema(state.metadata).fields }, new Map());
  const rows = liveFiles(state, currentSnapshot(state.metadata)).data.map(({ file }) => fileRow(file, types));
  return relation(columns, rows);
}

function fileRow(file: DataFile, types: ReadonlyMap<number, PrimitiveType>): Cell[] {
  return [
    file.content,
    file.path,
    "PARQUET",
    file.records,
    file.size,
    counts(file.columnSizes),
    counts(file.valueCounts),
    counts(file.nullCounts),
    counts(file.nanCounts),
    bounds(file.lowerBounds, types),
    bounds(file.upperBounds, types),
    null,
    file.splitOffsets ?? null,
    null,
  ];
}

function counts(byId: ReadonlyMap<number, number>): Cell {
  return byId.size === 0 ? null : mapCell(byId);
}

function bounds(byId: ReadonlyMap<number, Buffer>, types: ReadonlyMap<number, PrimitiveType>): Cell {
  if (byId.size === 0) return null;
  const known = [...byId].flatMap(([id, bytes]): [number, string][] => {
    const type = types.get(id);
    return type === undefined ? [] : [[id, valueText(fromBytes(bytes, type), type)]];
  });
  return mapCell(known);
}

/** Also of what is nested in structs, lists and maps, which has statistics of its own. */
function primitivesById(type: IcebergType, found: Map<number, PrimitiveType>): Map<number, PrimitiveType> {
  const visit = (id: number, inner: IcebergType): void => {
    if (isPrimitive(inner)) found.set(id, inner);
    else primitivesById(inner, found);
  };
  if (isPrimitive(type)) return found;
  if (type.type === "struct") for (const field of type.fields) visit(field.id, field.type);
  if (type.type === "list") visit(type["element-id"], type.element);
  if (type.type === "map") {
    visit(type["key-id"], type.key);
    visit(type["value-id"], type.value);
  }
  return found;
}
