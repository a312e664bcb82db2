import { decodeManifest, type Manifest } from "../format/manifest.ts";
import { decodeManifestList } from "../format/manifest-list.ts";
import type { ManifestEntry, ManifestFile, Snapshot } from "../format/model.ts";
import { resolveSpec } from "../format/partition.ts";
import type { TableState } from "./state.ts";

/** The files that make up one snapshot. */
export interface LiveFiles {
  readonly data: readonly ManifestEntry[];
  readonly deletes: readonly ManifestEntry[];
}

/** The manifests of a snapshot; none for a table without one. */
export function manifestsOf(state: TableState, snapshot: Snapshot | undefined): readonly ManifestFile[] {
  if (snapshot === undefined) return [];
  const uri = snapshot["manifest-list"];
  return state.env.cache.manifestLists.get(uri, () => {
    const bytes = state.env.io.read(uri);
    return { value: decodeManifestList(bytes), bytes: bytes.length };
  });
}

/** All entries of a manifest, with those it only records as deleted. */
export function entriesOf(state: TableState, manifest: ManifestFile): Manifest {
  return state.env.cache.manifests.get(manifestKey(state, manifest), () => {
    const bytes = state.env.io.read(manifest.path);
    return {
      value: decodeManifest(bytes, manifest, resolveSpec(state.metadata, manifest.specId)),
      bytes: bytes.length,
    };
  });
}

/**
 * Under what a manifest is remembered. What entries inherit stands in the list: the same file under another sequence number
 * reads differently. So do partition values once their column has been widened.
 */
export function manifestKey(
  { metadata }: Pick<TableState, "metadata">,
  { path, sequenceNumber }: Pick<ManifestFile, "path" | "sequenceNumber">,
): string {
  return `${path}#${sequenceNumber}#${metadata["current-schema-id"]}`;
}

/** Whether a manifest lists a file that still is part of the table. */
export function hasLiveFiles(manifest: ManifestFile): boolean {
  return manifest.addedFiles + manifest.existingFiles > 0;
}

/** Every data and delete file of a snapshot. */
export function liveFiles(state: TableState, snapshot: Snapshot | undefined): LiveFiles {
  const found = { data: [] as ManifestEntry[], deletes: [] as ManifestEntry[] };
  for (const manifest of manifestsOf(state, snapshot)) {
    if (!hasLiveFiles(manifest)) continue;
    for (const entry of entriesOf(state, manifest).entries) {
      if (entry.status !== "deleted") found[manifest.content].push(entry);
    }
  }
  return found;
}
