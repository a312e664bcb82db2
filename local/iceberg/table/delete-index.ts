/** Iceberg spec "Scan Planning": which position delete files apply to a data file. */
import type { ManifestEntry } from "../format/model.ts";
import { partitionKey } from "../format/partition.ts";

/** Reserved field ids of the columns of position delete files (spec "Position Delete Files"). */
export const DELETE_FILE_PATH = 2147483546;
export const DELETE_POSITION = 2147483545;

interface Range {
  readonly entry: ManifestEntry;
  /** Bounds of the data files' paths; foreign writers may cut them. */
  readonly lower: Buffer | undefined;
  readonly upper: Buffer | undefined;
}

/**
 * An index over delete files: those that apply to a data file are of its spec and partition, not older than it, and have
 * its path between their bounds.
 * @param paths of the data files that will be asked for.
 */
export function deletesByFile(
  deletes: readonly ManifestEntry[],
  paths: ReadonlySet<string>,
): (data: ManifestEntry) => readonly ManifestEntry[] {
  const byPath = new Map<string, ManifestEntry[]>();
  const byPartition = new Map<string, Range[]>();
  for (const entry of deletes) {
    const { file } = entry;
    const lower = file.lowerBounds.get(DELETE_FILE_PATH);
    const upper = file.upperBounds.get(DELETE_FILE_PATH);
    const bounded = lower !== undefined && upper?.equals(lower) ? lower.toString() : undefined;
    if (file.referencedDataFile !== undefined) append(byPath, file.referencedDataFile, entry);
    else if (bounded !== undefined && paths.has(bounded)) append(byPath, bounded, entry);
    else append(byPartition, partitionKey(file.specId, file.partition), { entry, lower, upper });
  }
  return ({ file, sequenceNumber }) => {
    const named = byPath.get(file.path) ?? [];
    const ranged = byPartition.size === 0 ? [] : (byPartition.get(partitionKey(file.specId, file.partition)) ?? []);
    const path = ranged.length === 0 ? undefined : Buffer.from(file.path);
    const covering = ranged.filter(({ lower, upper }) => path !== undefined && between(path, lower, upper));
    return [...named, ...covering.map(({ entry }) => entry)].filter((entry) => entry.sequenceNumber >= sequenceNumber);
  };
}

function append<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

/** Some writers cut the upper bound without rounding it up, so only as much of the path is compared as the bound has. */
function between(path: Buffer, lower: Buffer | undefined, upper: Buffer | undefined): boolean {
  return (
    (lower === undefined || Buffer.compare(lower, path) <= 0) &&
    (upper === undefined || Buffer.compare(path.subarray(0, upper.length), upper) <= 0)
  );
}
