import { UnsupportedIceberg } from "../format/errors.ts";

/** Table properties that say how to write, with Athena's and Iceberg's names and defaults. */

type Properties = Readonly<Record<string, string>>;

/** https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-creating-tables.html */
const TARGET_FILE_SIZE = 536_870_912;

const COMPRESSIONS = new Set(["uncompressed", "snappy", "gzip", "zstd", "lz4", "brotli"]);

export interface WriteSettings {
  /** DuckDB's name of the Parquet codec. */
  readonly compression: string;
  /** Bytes. */
  readonly targetFileSize: number;
}

/** @throws UnsupportedIceberg for a file format or codec that is not written here. */
export function writeSettings(properties: Properties): WriteSettings {
  const format = properties["write.format.default"] ?? "parquet";
  if (format.toLowerCase() !== "parquet") throw new UnsupportedIceberg(`Writing ${format} files is not supported`);
  const codec = (properties["write.parquet.compression-codec"] ?? "zstd").toLowerCase();
  if (!COMPRESSIONS.has(codec)) throw new UnsupportedIceberg(`Parquet compression ${codec} is not supported`);
  return { compression: codec, targetFileSize: targetFileSize(properties) };
}

export interface CompactionSettings {
  /** Bytes. Files below `min` or above `max` want rewriting. */
  readonly targetFileSize: number;
  readonly minFileSize: number;
  readonly maxFileSize: number;
  /** Small files of one partition that are worth a rewrite. */
  readonly dataFileThreshold: number;
  /** Delete files that make a data file worth a rewrite. */
  readonly deleteFileThreshold: number;
}

/** Athena's `optimize_rewrite_...` properties. */
export function compactionSettings(properties: Properties): CompactionSettings {
  const target = targetFileSize(properties);
  return {
    targetFileSize: target,
    minFileSize: whole(properties, "optimize_rewrite_min_data_file_size_bytes", 0) ?? 0.75 * target,
    maxFileSize: positive(properties, "optimize_rewrite_max_data_file_size_bytes") ?? 1.8 * target,
    dataFileThreshold: positive(properties, "optimize_rewrite_data_file_threshold") ?? 5,
    deleteFileThreshold: positive(properties, "optimize_rewrite_delete_file_threshold") ?? 2,
  };
}

export interface VacuumSettings {
  readonly maxSnapshotAgeMs: number;
  readonly minSnapshotsToKeep: number;
  readonly maxMetadataFilesToKeep: number;
}

/** Athena's `vacuum_...` properties; orphan files go at the age of snapshots. */
export function vacuumSettings(properties: Properties): VacuumSettings {
  return {
    maxSnapshotAgeMs: 1000 * (positive(properties, "vacuum_max_snapshot_age_seconds") ?? 432_000),
    minSnapshotsToKeep: positive(properties, "vacuum_min_snapshots_to_keep") ?? 1,
    maxMetadataFilesToKeep: positive(properties, "vacuum_max_metadata_files_to_keep") ?? 100,
  };
}

export interface ManifestSettings {
  readonly merge: boolean;
  /** Small manifests that are worth being written together. */
  readonly minCount: number;
  /** Bytes that a manifest grows to. */
  readonly targetSize: number;
}

/** https://iceberg.apache.org/docs/latest/configuration/#table-behavior-properties */
export function manifestSettings(properties: Properties): ManifestSettings {
  return {
    merge: properties["commit.manifest-merge.enabled"] !== "false",
    minCount: positive(properties, "commit.manifest.min-count-to-merge") ?? 100,
    targetSize: positive(properties, "commit.manifest.target-size-bytes") ?? 8_388_608,
  };
}

function targetFileSize(properties: Properties): number {
  return (
    positive(properties, "write.target-file-size-bytes") ??
    positive(properties, "write_target_data_file_size_bytes") ??
    TARGET_FILE_SIZE
  );
}

/** undefined when the property is not set. */
function whole(properties: Properties, name: string, least: 0 | 1): number | undefined {
  const text = properties[name];
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < least) {
    const kind = least === 0 ? "a whole number" : "a positive whole number";
    throw new UnsupportedIceberg(`Table property ${name} must be ${kind}, not ${text}`);
  }
  return number;
}

function positive(properties: Properties, name: string): number | undefined {
  return whole(properties, name, 1);
}
