/** Iceberg spec "Snapshots", "Snapshot References" and "Snapshot Retention Policy". */
import { randomBytes } from "node:crypto";
import type { Snapshot, SnapshotRef, TableMetadata } from "./model.ts";

export { type SnapshotChange, summaryOf } from "./summary.ts";

/** A random positive 63-bit id. */
export function newSnapshotId(): bigint {
  const id = randomBytes(8).readBigUInt64BE() >> 1n;
  return id === 0n ? newSnapshotId() : id;
}

/** The head of the main branch; undefined while the table has no snapshot. */
export function currentSnapshot(meta: TableMetadata): Snapshot | undefined {
  return snapshotById(meta, meta["current-snapshot-id"]);
}

export function snapshotById(meta: TableMetadata, id: bigint): Snapshot | undefined {
  return meta.snapshots.find((snapshot) => snapshot["snapshot-id"] === id);
}

/**
 * What the table showed at a time, by the snapshot log (a rollback counts from when it was made).
 * @returns undefined when the table had no snapshot then, or it has expired.
 */
export function snapshotAsOf(meta: TableMetadata, timestampMs: number): Snapshot | undefined {
  const entry = meta["snapshot-log"].findLast((candidate) => candidate["timestamp-ms"] <= timestampMs);
  return entry && snapshotById(meta, entry["snapshot-id"]);
}

/** The head of a branch, or the snapshot of a tag. */
export function snapshotByRef(meta: TableMetadata, name: string): Snapshot | undefined {
  const ref = Object.hasOwn(meta.refs, name) ? meta.refs[name] : undefined;
  return ref && snapshotById(meta, ref["snapshot-id"]);
}

/** A snapshot and what it was built on, youngest first, as far back as has not expired. */
export function ancestors(meta: TableMetadata, snapshot: Snapshot): readonly Snapshot[] {
  const byId = new Map(meta.snapshots.map((candidate) => [candidate["snapshot-id"], candidate]));
  const line: Snapshot[] = [];
  let next: Snapshot | undefined = snapshot;
  while (next) {
    line.push(next);
    byId.delete(next["snapshot-id"]);
    const parent: bigint | undefined = next["parent-snapshot-id"];
    next = parent === undefined ? undefined : byId.get(parent);
  }
  return line;
}

/** What expiry keeps where a branch says nothing itself. */
export interface Retention {
  /** Snapshots from this time on stay. */
  readonly olderThanMs: number;
  /** Number of youngest snapshots of every branch that stay at any age, at least 1. */
  readonly keep: number;
  /** Now, for the maximal ages that branches and tags may set; default: these ages are not applied. */
  readonly nowMs?: number;
}

/**
 * The snapshots that expiry removes, oldest first: those that no branch's retention keeps, no tag names, and that are
 * old enough when nothing leads to them at all.
 */
export function expirable(meta: TableMetadata, retention: Retention): readonly Snapshot[] {
  const kept = new Set<bigint>();
  const reached = new Set<bigint>();
  for (const [name, ref] of Object.entries(meta.refs)) {
    const head = snapshotByRef(meta, name);
    if (!head || (name !== "main" && isPastAge(ref, head, retention))) continue;
    kept.add(head["snapshot-id"]);
    reached.add(head["snapshot-id"]);
    if (ref.type === "tag") continue;
    const line = ancestors(meta, head);
    for (const snapshot of line) reached.add(snapshot["snapshot-id"]);
    for (const snapshot of keptOf(line, ref, retention)) kept.add(snapshot["snapshot-id"]);
  }
  return meta.snapshots.filter((snapshot) => {
    const id = snapshot["snapshot-id"];
    return !kept.has(id) && (reached.has(id) || snapshot["timestamp-ms"] < retention.olderThanMs);
  });
}

/** Whether a tag or branch has come to the end of the age that it was given. */
function isPastAge(ref: SnapshotRef, head: Snapshot, { nowMs }: Retention): boolean {
  const maxAgeMs = ref["max-ref-age-ms"];
  return maxAgeMs !== undefined && nowMs !== undefined && nowMs - head["timestamp-ms"] > maxAgeMs;
}

/** The youngest snapshots of a branch that its retention keeps, given all of them, youngest first. */
function keptOf(
  line: readonly Snapshot[],
  ref: SnapshotRef,
  { olderThanMs, keep, nowMs }: Retention,
): readonly Snapshot[] {
  const maxAgeMs = ref["max-snapshot-age-ms"];
  const from = maxAgeMs === undefined || nowMs === undefined ? olderThanMs : nowMs - maxAgeMs;
  const least = ref["min-snapshots-to-keep"] ?? keep;
  const end = line.findIndex((snapshot, index) => index >= least && snapshot["timestamp-ms"] < from);
  return end === -1 ? line : line.slice(0, end);
}
