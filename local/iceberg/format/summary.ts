/** Iceberg spec appendix F "Optional Snapshot Summary Fields", in the members and the order of Java Iceberg. */
import type { DataFile, Operation, Snapshot } from "./model.ts";
import { partitionKey } from "./partition.ts";

/** What a snapshot changes. */
export interface SnapshotChange {
  readonly operation: Operation;
  readonly added: readonly DataFile[];
  readonly addedDeletes: readonly DataFile[];
  readonly removed: readonly DataFile[];
  readonly removedDeletes: readonly DataFile[];
  /** The snapshot that this one follows, undefined for the first. */
  readonly parent: Snapshot | undefined;
}

/** The summary of a snapshot: what it added and removed (left out where nothing), and the totals after it. */
export function summaryOf(change: SnapshotChange): Snapshot["summary"] {
  const { added, addedDeletes, removed, removedDeletes, parent } = change;
  const filesIn = [...added, ...addedDeletes];
  const filesOut = [...removed, ...removedDeletes];
  const partitions = new Set([...filesIn, ...filesOut].map((file) => partitionKey(file.specId, file.partition)));
  const counts = nonZero({
    "added-data-files": added.length,
    "deleted-data-files": removed.length,
    "added-position-delete-files": addedDeletes.length,
    "added-delete-files": addedDeletes.length,
    "removed-position-delete-files": removedDeletes.length,
    "removed-delete-files": removedDeletes.length,
    "added-records": rows(added),
    "deleted-records": rows(removed),
    "added-files-size": bytes(filesIn),
    "removed-files-size": bytes(filesOut),
    "added-position-deletes": rows(addedDeletes),
    "removed-position-deletes": rows(removedDeletes),
  });
  return {
    operation: change.operation,
    ...counts,
    "changed-partition-count": String(partitions.size),
    ...total(parent, "total-records", rows(added), rows(removed)),
    ...total(parent, "total-files-size", bytes(filesIn), bytes(filesOut)),
    ...total(parent, "total-data-files", added.length, removed.length),
    ...total(parent, "total-delete-files", addedDeletes.length, removedDeletes.length),
    ...total(parent, "total-position-deletes", rows(addedDeletes), rows(removedDeletes)),
    ...total(parent, "total-equality-deletes", 0, 0),
  };
}

/** Left out, as Java does, when the parent says nothing to count on from. */
function total(parent: Snapshot | undefined, name: string, plus: number, minus: number): Record<string, string> {
  const before = parent ? Number(parent.summary[name] ?? Number.NaN) : 0;
  const after = before + plus - minus;
  return Number.isSafeInteger(after) && after >= 0 ? { [name]: String(after) } : {};
}

function nonZero(counts: Readonly<Record<string, number>>): Readonly<Record<string, string>> {
  const entries = Object.entries(counts).filter(([, count]) => count > 0);
  return Object.fromEntries(entries.map(([name, count]) => [name, String(count)]));
}

function rows(files: readonly DataFile[]): number {
  return files.reduce((sum, file) => sum + file.records, 0);
}

function bytes(files: readonly DataFile[]): number {
  return files.reduce((sum, file) => sum + file.size, 0);
}
