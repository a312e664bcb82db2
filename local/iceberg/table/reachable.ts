import type { Snapshot, TableMetadata } from "../format/model.ts";
import { entriesOf, manifestsOf } from "./manifests.ts";
import type { TableState } from "./state.ts";

/** What a file is to a table. */
export type FileKind = "data" | "deletes" | "manifest" | "manifest-list" | "statistics" | "metadata";

/** Files that snapshots list, by URI. */
export type FileSet = Map<string, FileKind>;

/**
 * @param entries `"live"`: without data and delete files that a snapshot only records as removed.
 */
export function filesOfSnapshots(state: TableState, snapshots: readonly Snapshot[], entries: "live" | "all"): FileSet {
  const files: FileSet = new Map();
  const seen = new Set<string>();
  for (const snapshot of snapshots) {
    files.set(snapshot["manifest-list"], "manifest-list");
    for (const manifest of manifestsOf(state, snapshot)) {
      if (seen.has(manifest.path)) continue;
      seen.add(manifest.path);
      files.set(manifest.path, "manifest");
      for (const entry of entriesOf(state, manifest).entries) {
        if (entries === "all" || entry.status !== "deleted") files.set(entry.file.path, manifest.content);
      }
    }
  }
  return files;
}

/** Files that the metadata itself names: statistics and the metadata files before it. */
export function filesOfMetadata(metadata: TableMetadata): FileSet {
  const files: FileSet = new Map();
  for (const file of [...metadata.statistics, ...metadata["partition-statistics"]]) {
    files.set(file["statistics-path"], "statistics");
  }
  for (const entry of metadata["metadata-log"]) files.set(entry["metadata-file"], "metadata");
  return files;
}

/** Everything that a table needs, the history in its log included. */
export function filesOfTable(state: TableState): FileSet {
  const { metadata, pointer } = state;
  return new Map([
    ...filesOfMetadata(metadata),
    ...filesOfSnapshots(state, metadata.snapshots, "live"),
    [pointer.metadataLocation, "metadata"] as const,
  ]);
}
