import type { DataFile, ManifestEntry } from "../format/model.ts";
import { resolveSpec } from "../format/partition.ts";
import { commit, removeFiles } from "./commit.ts";
import { type CompactionGroup, compactionGroups } from "./compaction.ts";
import { deletesByFile } from "./delete-index.ts";
import type { Environment } from "./environment.ts";
import { liveFiles } from "./manifests.ts";
import { type Plan, type PlannedFile, planScan } from "./plan.ts";
import type { Filter } from "./prune.ts";
import { scanBytes, scanSql } from "./scan.ts";
import { compactionSettings } from "./settings.ts";
import { loadTable } from "./state.ts";
import { ROW_GROUP_ROWS, writeData } from "./write-data.ts";

export interface OptimizeOptions {
  /** Partitions rewritten in one run, 100 as in Athena unless said otherwise. */
  readonly maxPartitions?: number;
  /** Told how many bytes are to be read, before they are; throws to prevent it. */
  readonly reading?: (bytes: number) => void;
}

export interface Optimized {
  readonly rewrittenFiles: number;
  readonly addedFiles: number;
  readonly removedDeleteFiles: number;
  /** More partitions than one run takes want rewriting (Athena's ICEBERG_OPTIMIZE_MORE_RUNS_NEEDED). */
  readonly moreRunsNeeded: boolean;
}

const MAX_PARTITIONS = 100;

/**
 * Rewrites files that are too small, too large or have deletes, and drops delete files that then delete nothing. The
 * rows stay what they are; older snapshots keep the old files until they expire.
 * @param filters choose files, by partition or bounds: whole files are rewritten.
 * @throws CommitFailed when somebody deleted rows of the same files meanwhile.
 */
export async function optimize(
  env: Environment,
  filters: readonly Filter[],
  { maxPartitions = MAX_PARTITIONS, reading }: OptimizeOptions = {},
): Promise<Optimized> {
  const state = loadTable(env);
  const plan = planScan(state, { filters });
  const all = compactionGroups(plan.files, compactionSettings(state.metadata.properties));
  const groups = all.slice(0, maxPartitions);
  const victims = groups.flatMap((group) => group.files);
  const idle = idleDeletes(plan, victims);
  const moreRunsNeeded = all.length > groups.length;
  if (victims.length + idle.length === 0) {
    return { rewrittenFiles: 0, addedFiles: 0, removedDeleteFiles: 0, moreRunsNeeded };
  }
  reading?.(scanBytes({ ...plan, files: victims }, undefined));
  const added = await rewrite(plan, groups);
  const files = victims.map((file) => file.entry.file);
  await commit(state, {
    operation: "replace",
    added,
    removed: [...files, ...idle],
    // Rows keep their age, so that deletes which another engine commits meanwhile still find them.
    ...(plan.snapshot && { dataSequenceNumber: plan.snapshot["sequence-number"] }),
    validation: {
      plan: { ...plan, files: victims },
      filters: "rewrite",
      touched: new Set(files.map((file) => file.path)),
    },
  });
  return {
    rewrittenFiles: victims.length,
    addedFiles: added.length,
    removedDeleteFiles: idle.length,
    moreRunsNeeded,
  };
}

/** Delete files that apply to no data file but those rewritten. */
function idleDeletes(plan: Plan, victims: readonly PlannedFile[]): readonly DataFile[] {
  const live = liveFiles(plan.state, plan.snapshot);
  if (live.deletes.length === 0) return [];
  const gone = new Set(victims.map((file) => file.entry.file.path));
  const staying = live.data.filter((entry) => !gone.has(entry.file.path));
  const applying = deletesByFile(live.deletes, new Set(staying.map((entry) => entry.file.path)));
  const needed = new Set<ManifestEntry>(staying.flatMap((entry) => applying(entry)));
  return live.deletes.filter((entry) => !needed.has(entry)).map((entry) => entry.file);
}

async function rewrite(plan: Plan, groups: readonly CompactionGroup[]): Promise<readonly DataFile[]> {
  const { metadata, env } = plan.state;
  const { targetFileSize } = compactionSettings(metadata.properties);
  const spec = resolveSpec(metadata, metadata["default-spec-id"]);
  const current = groups.filter((group) => group.specId === spec.id);
  const older = groups.filter((group) => group.specId !== spec.id);
  const added: DataFile[] = [];
  try {
    for (const { files, partition } of current) {
      const limits = { spec, partition, rowGroupRows: rowGroupRows(files, targetFileSize) };
      added.push(...(await writeData(plan.state, scanSql({ ...plan, files }), limits)));
    }
    if (older.length > 0) {
      const files = older.flatMap((group) => group.files);
      const limits = { spec, openPartitions: Number.POSITIVE_INFINITY };
      added.push(...(await writeData(plan.state, scanSql({ ...plan, files }), limits)));
    }
    return added;
  } catch (error) {
    await removeFiles(
      env,
      added.map((file) => file.path),
    );
    throw error;
  }
}

/** So few that a row group is not larger than a file should be: a table of large rows or small files. */
function rowGroupRows(files: readonly PlannedFile[], targetFileSize: number): number {
  const bytes = files.reduce((sum, { entry }) => sum + entry.file.size, 0);
  const rows = files.reduce((sum, { entry }) => sum + entry.file.records, 0);
  const fitting = Math.floor((rows * targetFileSize) / Math.max(1, bytes));
  return Math.min(ROW_GROUP_ROWS, Math.max(2048, fitting));
}
