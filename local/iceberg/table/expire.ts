import { withoutSnapshots } from "../format/metadata.ts";
import type { Snapshot, TableMetadata } from "../format/model.ts";
import { expirable, type Retention } from "../format/snapshots.ts";
import { commit } from "./commit.ts";
import type { Environment } from "./environment.ts";
import { type FileKind, type FileSet, filesOfMetadata, filesOfSnapshots, filesOfTable } from "./reachable.ts";
import { loadTable, type TableState } from "./state.ts";
import { dataFolder } from "./write-data.ts";

export interface ExpireOptions extends Omit<Retention, "nowMs"> {
  /** Metadata files before the current one that stay; default: as many as the table's log has. */
  readonly keepMetadataFiles?: number;
}

export interface Expired {
  readonly snapshots: number;
  readonly deletedFiles: Readonly<Record<FileKind, number>>;
  /** Files that could not be deleted, which are orphans now. */
  readonly failedFiles: number;
}

/**
 * Forgets old snapshots and deletes what only they needed. A data file that a kept snapshot records as removed goes at
 * once, not one expiry later as in Java Iceberg: after a DELETE, a compaction and an expiry nothing that the table lists
 * holds the row.
 */
export async function expire(env: Environment, options: ExpireOptions): Promise<Expired> {
  const start = loadTable(env);
  let base = start.metadata;
  let snapshots = 0;
  // The snapshots go first: a file that is still listed must never be gone.
  const { state } = await commit(start, {
    update: (metadata) => {
      base = metadata;
      const old = expirable(metadata, { ...options, nowMs: env.now() });
      snapshots = old.length;
      return withoutHistory(metadata, old, options.keepMetadataFiles);
    },
  });
  const victims = [...unneeded({ ...start, metadata: base }, filesOfTable(state))];
  const outcomes = await Promise.allSettled(victims.map(([uri]) => env.io.delete(uri)));
  const deletedFiles = { data: 0, deletes: 0, manifest: 0, "manifest-list": 0, statistics: 0, metadata: 0 };
  for (const [index, [, kind]] of victims.entries()) {
    if (outcomes[index]?.status === "fulfilled") deletedFiles[kind] += 1;
  }
  return { snapshots, deletedFiles, failedFiles: outcomes.filter(({ status }) => status === "rejected").length };
}

/** Files that only expired snapshots needed. */
function unneeded(before: TableState, needed: FileSet): FileSet {
  const { metadata, env } = before;
  const live: FileSet = new Map([
    ...filesOfMetadata(metadata),
    ...filesOfSnapshots(before, metadata.snapshots, "live"),
  ]);
  const found: FileSet = new Map([...live].filter(([uri]) => !needed.has(uri)));
  // Files removed before what is left of the history are gone, unless another engine expired the snapshot.
  const dead = [...filesOfSnapshots(before, metadata.snapshots, "all")].filter(([uri]) => !live.has(uri));
  if (dead.length === 0) return found;
  const there = new Set(env.io.list(`${dataFolder(before)}/`).map(({ uri }) => uri));
  for (const [uri, kind] of dead) if (there.has(uri)) found.set(uri, kind);
  return found;
}

function withoutHistory(
  metadata: TableMetadata,
  old: readonly Snapshot[],
  keepMetadataFiles: number | undefined,
): TableMetadata {
  const log = metadata["metadata-log"];
  // The commit adds the current metadata file to the log.
  const excess = keepMetadataFiles === undefined ? 0 : Math.max(0, log.length + 1 - keepMetadataFiles);
  if (old.length + excess === 0) return metadata;
  const ids = old.map((snapshot) => snapshot["snapshot-id"]);
  const left = ids.length === 0 ? metadata : withoutSnapshots(metadata, ids);
  return { ...left, "metadata-log": log.slice(excess) };
}
