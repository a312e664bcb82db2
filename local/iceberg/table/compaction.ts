import type { DataFile } from "../format/model.ts";
import { partitionKey } from "../format/partition.ts";
import type { PlannedFile } from "./plan.ts";
import type { CompactionSettings } from "./settings.ts";

/**
 * Which files a compaction rewrites: bin-packing as Athena's OPTIMIZE and Spark's `rewrite_data_files` choose
 * (https://docs.aws.amazon.com/athena/latest/ug/optimize-statement.html).
 */
export interface CompactionGroup {
  readonly specId: number;
  readonly partition: DataFile["partition"];
  readonly files: readonly PlannedFile[];
}

/** The files to rewrite, by partition. A table that is in order has none. */
export function compactionGroups(
  files: readonly PlannedFile[],
  settings: CompactionSettings,
): readonly CompactionGroup[] {
  const partitions = Map.groupBy(files, ({ entry }) => partitionKey(entry.file.specId, entry.file.partition));
  return [...partitions.values()].flatMap((partition) => {
    const candidates = partition.filter((file) => isCandidate(file, settings));
    const [first] = candidates;
    if (first === undefined || !isWorthwhile(candidates, settings)) return [];
    const { specId, partition: values } = first.entry.file;
    return [{ specId, partition: values, files: candidates }];
  });
}

function isCandidate(file: PlannedFile, settings: CompactionSettings): boolean {
  const { size } = file.entry.file;
  return size < settings.minFileSize || size > settings.maxFileSize || hasManyDeletes(file, settings);
}

function hasManyDeletes(file: PlannedFile, { deleteFileThreshold }: CompactionSettings): boolean {
  return file.deletes.length > 0 && file.deletes.length >= deleteFileThreshold;
}

/** One file alone is rewritten only to be split or to lose its deletes: else it would be rewritten for ever. */
function isWorthwhile(files: readonly PlannedFile[], settings: CompactionSettings): boolean {
  const bytes = files.reduce((sum, { entry }) => sum + entry.file.size, 0);
  const several = files.length > 1 && (files.length >= settings.dataFileThreshold || bytes > settings.targetFileSize);
  return several || bytes > settings.maxFileSize || files.some((file) => hasManyDeletes(file, settings));
}
