import { decodeContainer, encodeContainer } from "./avro.ts";
import { codecOf, membersOf } from "./avro-schema.ts";
import { InvalidIceberg, UnsupportedIceberg } from "./errors.ts";
import type { NewEntry } from "./manifest.ts";
import { field, optional, record } from "./manifest-schema.ts";
import type { FieldSummary, ManifestFile, PrimitiveType, Value } from "./model.ts";
import type { ResolvedSpec } from "./partition.ts";
import { remembered } from "./remember.ts";
import { compareValues, toBytes } from "./value.ts";

/** Iceberg spec, "Manifest Lists": one file a snapshot that names its manifests and sums them up. */

const listCodec = remembered((schema) =>
  codecOf(
    schema,
    membersOf([
      [500, "path", "string"],
      [501, "length", "count"],
      [502, "specId", "int"],
      [517, "content", "int?"],
      [515, "sequenceNumber", "count?"],
      [516, "minSequenceNumber", "count?"],
      [503, "addedSnapshotId", "long?"],
      [504, "addedFiles", "int?"],
      [505, "existingFiles", "int?"],
      [506, "deletedFiles", "int?"],
      [512, "addedRows", "count?"],
      [513, "existingRows", "count?"],
      [514, "deletedRows", "count?"],
      [507, "partitions", "array?"],
      [509, "containsNull", "boolean?"],
      [518, "containsNan", "boolean?"],
      [510, "lowerBound", "bytes?"],
      [511, "upperBound", "bytes?"],
      [519, "keyMetadata", "bytes?"],
    ]),
  ),
);

const schema = JSON.stringify(
  record("manifest_file", [
    field(500, "manifest_path", "string"),
    field(501, "manifest_length", "long"),
    field(502, "partition_spec_id", "int"),
    field(517, "content", "int"),
    field(515, "sequence_number", "long"),
    field(516, "min_sequence_number", "long"),
    field(503, "added_snapshot_id", "long"),
    field(504, "added_files_count", "int"),
    field(505, "existing_files_count", "int"),
    field(506, "deleted_files_count", "int"),
    field(512, "added_rows_count", "long"),
    field(513, "existing_rows_count", "long"),
    field(514, "deleted_rows_count", "long"),
    optional(507, "partitions", {
      type: "array",
      "element-id": 508,
      items: record("r508", [
        field(509, "contains_null", "boolean"),
        optional(518, "contains_nan", "boolean"),
        optional(510, "lower_bound", "bytes"),
        optional(511, "upper_bound", "bytes"),
      ]),
    }),
    optional(519, "key_metadata", "bytes"),
  ]),
);

const CONTENTS = ["data", "deletes"] as const;

export function encodeManifestList(
  files: readonly ManifestFile[],
  snapshot: { readonly snapshotId: bigint; readonly parentSnapshotId?: bigint; readonly sequenceNumber: number },
): Buffer {
  const records = files.map((file) => ({
    ...file,
    content: CONTENTS.indexOf(file.content),
    keyMetadata: null,
    partitions: file.partitions.map((summary) => ({
      containsNull: summary.containsNull,
      containsNan: summary.containsNan ?? null,
      lowerBound: summary.lowerBound ?? null,
      upperBound: summary.upperBound ?? null,
    })),
  }));
  return encodeContainer(schema, listCodec, records, {
    "snapshot-id": String(snapshot.snapshotId),
    "parent-snapshot-id": String(snapshot.parentSnapshotId ?? null),
    "sequence-number": String(snapshot.sequenceNumber),
    "format-version": "2",
  });
}

interface FileRecord {
  readonly path: string;
  readonly length: number;
  readonly specId: number;
  readonly content?: number | null;
  readonly sequenceNumber?: number | null;
  readonly minSequenceNumber?: number | null;
  readonly addedSnapshotId: number | bigint | null;
  readonly addedFiles?: number | null;
  readonly existingFiles?: number | null;
  readonly deletedFiles?: number | null;
  readonly addedRows?: number | null;
  readonly existingRows?: number | null;
  readonly deletedRows?: number | null;
  readonly partitions?: readonly SummaryRecord[] | null;
  readonly keyMetadata?: Buffer | null;
}

interface SummaryRecord {
  readonly containsNull?: boolean | null;
  readonly containsNan?: boolean | null;
  readonly lowerBound?: Buffer | null;
  readonly upperBound?: Buffer | null;
}

/**
 * Lists that format v1 wrote are read too (a table upgraded to v2 keeps them) if they have the counts, which v1 leaves
 * open.
 */
export function decodeManifestList(bytes: Uint8Array): ManifestFile[] {
  // The codec has checked names and types.
  return decodeContainer(bytes, listCodec).records.map((record) => manifestFile(record as FileRecord));
}

function manifestFile(file: FileRecord): ManifestFile {
  if (file.keyMetadata) throw new UnsupportedIceberg(`Encrypted manifests are not supported: ${file.path}`);
  const content = CONTENTS[file.content ?? 0];
  if (content === undefined) throw new InvalidIceberg(`Manifest list: there is no content ${file.content}`);
  return {
    path: file.path,
    length: file.length,
    specId: file.specId,
    content,
    sequenceNumber: file.sequenceNumber ?? 0,
    minSequenceNumber: file.minSequenceNumber ?? 0,
    addedSnapshotId: BigInt(given(file.addedSnapshotId, file)),
    addedFiles: given(file.addedFiles, file),
    existingFiles: given(file.existingFiles, file),
    deletedFiles: given(file.deletedFiles, file),
    addedRows: given(file.addedRows, file),
    existingRows: given(file.existingRows, file),
    deletedRows: given(file.deletedRows, file),
    partitions: (file.partitions ?? []).map(fieldSummary),
  };
}

function given<T>(value: T | null | undefined, file: FileRecord): T {
  if (value !== null && value !== undefined) return value;
  throw new UnsupportedIceberg(`Manifest list: it does not count the files and rows of ${file.path} (format v1)`);
}

function fieldSummary(summary: SummaryRecord): FieldSummary {
  return {
    containsNull: summary.containsNull ?? true,
    ...(typeof summary.containsNan === "boolean" ? { containsNan: summary.containsNan } : {}),
    ...(summary.lowerBound ? { lowerBound: summary.lowerBound } : {}),
    ...(summary.upperBound ? { upperBound: summary.upperBound } : {}),
  };
}

/**
 * A manifest's entry in the manifest list.
 * @param length bytes of the manifest.
 * @param snapshotId snapshot that adds the manifest.
 * @param sequenceNumber its sequence number, which entries without one inherit.
 */
export function summarise(
  entries: readonly NewEntry[],
  path: string,
  length: number,
  spec: ResolvedSpec,
  content: "data" | "deletes",
  snapshotId: bigint,
  sequenceNumber: number,
): ManifestFile {
  const files = { existing: 0, added: 0, deleted: 0 };
  const rows = { existing: 0, added: 0, deleted: 0 };
  let oldest: number | undefined;
  for (const entry of entries) {
    files[entry.status] += 1;
    rows[entry.status] += entry.file.records;
    if (entry.status === "deleted") continue;
    oldest = Math.min(oldest ?? sequenceNumber, entry.sequenceNumber ?? sequenceNumber);
  }
  return {
    path,
    length,
    specId: spec.id,
    content,
    sequenceNumber,
    minSequenceNumber: oldest ?? sequenceNumber,
    addedSnapshotId: snapshotId,
    addedFiles: files.added,
    existingFiles: files.existing,
    deletedFiles: files.deleted,
    addedRows: rows.added,
    existingRows: rows.existing,
    deletedRows: rows.deleted,
    partitions: spec.fields.map(({ type }, index) =>
      summaryOf(
        entries.map(({ file }) => file.partition[index] ?? null),
        type,
      ),
    ),
  };
}

function summaryOf(values: readonly (Value | null)[], type: PrimitiveType): FieldSummary {
  const known = values.filter((value) => value !== null);
  const ordered = known.filter((value) => !Number.isNaN(value));
  const floating = type === "float" || type === "double";
  let lower = ordered[0];
  let upper = ordered[0];
  for (const value of ordered) {
    if (lower === undefined || compareValues(value, lower, type) < 0) lower = value;
    if (upper === undefined || compareValues(value, upper, type) > 0) upper = value;
  }
  return {
    containsNull: known.length < values.length,
    ...(floating ? { containsNan: ordered.length < known.length } : {}),
    ...(lower === undefined ? {} : { lowerBound: toBytes(floating && lower === 0 ? -0 : lower, type) }),
    ...(upper === undefined ? {} : { upperBound: toBytes(floating && upper === 0 ? 0 : upper, type) }),
  };
}
