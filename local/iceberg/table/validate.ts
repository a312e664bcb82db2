import type { ManifestEntry, Snapshot } from "../format/model.ts";
import { ancestors, currentSnapshot } from "../format/snapshots.ts";
import { deletesByFile } from "./delete-index.ts";
import { CommitFailed } from "./errors.ts";
import { entriesOf, manifestsOf } from "./manifests.ts";
import type { Plan } from "./plan.ts";
import { createPruner, type Filter } from "./prune.ts";
import type { TableState } from "./state.ts";

/**
 * Iceberg spec "Commit Conflict Resolution and Retry", with what Java Iceberg's RowDelta and RewriteFiles check and Trino
 * asks them to. Messages begin as theirs do.
 */
export interface Validation {
  /** What the change was computed from. */
  readonly plan: Plan;
  /**
   * The rows that the change depends on, for a serialisable change: nobody may have added or removed rows that these may
   * let through. `"rewrite"`: the change keeps every row, so only the planned files must be as they were.
   */
  readonly filters: readonly Filter[] | "rewrite";
  /** Data files that get deletes or are removed. */
  readonly touched: ReadonlySet<string>;
}

/**
 * Checks a change against what has been committed since its plan.
 * @throws CommitFailed for a conflict that no retry can solve.
 */
export function validate(base: TableState, { plan, filters, touched }: Validation): void {
  const news = newsSince(base, plan.snapshot);
  refuse(
    "Cannot commit, missing data files",
    news.removed.filter((entry) => touched.has(entry.file.path)),
  );
  const read = new Set(plan.files.map((file) => file.entry.file.path));
  const applying = deletesByFile(news.deletes, read);
  const hits = [...new Set(plan.files.flatMap((file) => applying(file.entry)))];
  if (filters === "rewrite") {
    refuse("Cannot commit, found new position delete for replaced data file", hits);
    return;
  }
  const pruner = createPruner(base.metadata, plan.schema, filters);
  const matching = matchingText(filters);
  refuse(
    `Found conflicting files that can contain records matching ${matching}`,
    news.addedRows.filter((entry) => pruner.mayMatchFile(entry.file)),
  );
  refuse(`Found new conflicting delete files that can apply to records matching ${matching}`, hits);
  refuse(
    `Found conflicting deleted files that can contain records matching ${matching}`,
    news.removedRows.filter((entry) => read.has(entry.file.path)),
  );
}

interface News {
  /** Data files with rows that are new. */
  readonly addedRows: ManifestEntry[];
  /** Delete files that delete more rows. */
  readonly deletes: ManifestEntry[];
  /** Data files that went, rows and all. */
  readonly removedRows: ManifestEntry[];
  /** Data files that went, also those whose rows were moved. */
  readonly removed: ManifestEntry[];
}

function newsSince(base: TableState, start: Snapshot | undefined): News {
  const news: News = { addedRows: [], deletes: [], removedRows: [], removed: [] };
  for (const snapshot of snapshotsSince(base, start)) {
    // Compaction moves rows, but neither adds nor removes any.
    const moves = snapshot.summary.operation === "replace";
    for (const { content, entry } of changesOf(base, snapshot)) {
      if (entry.status === "existing") continue;
      const added = entry.status === "added";
      if (content === "data" && !added) news.removed.push(entry);
      if (moves) continue;
      if (content === "data") (added ? news.addedRows : news.removedRows).push(entry);
      else if (added) news.deletes.push(entry);
    }
  }
  return news;
}

/** What was committed on top of a snapshot, youngest first. */
function snapshotsSince(base: TableState, start: Snapshot | undefined): readonly Snapshot[] {
  const current = currentSnapshot(base.metadata);
  if (current === undefined) {
    if (start === undefined) return [];
    throw unknownHistory(start, undefined);
  }
  const line = ancestors(base.metadata, current);
  const at = line.findIndex((snapshot) => snapshot["snapshot-id"] === start?.["snapshot-id"]);
  if (at >= 0) return line.slice(0, at);
  const last = line.at(-1);
  // Without a start the history must reach back to the table's first snapshot.
  if (start !== undefined || last?.["parent-snapshot-id"] !== undefined) throw unknownHistory(start, last);
  return line;
}

function unknownHistory(start: Snapshot | undefined, last: Snapshot | undefined): CommitFailed {
  const [from, to] = [start, last].map((snapshot) => snapshot?.["snapshot-id"] ?? null);
  return new CommitFailed(
    `Cannot determine history between starting snapshot ${from} and the last known ancestor ${to}`,
  );
}

/** The entries that a snapshot itself added or removed. */
function* changesOf(
  state: TableState,
  snapshot: Snapshot,
): Generator<{ readonly content: "data" | "deletes"; readonly entry: ManifestEntry }> {
  const id = snapshot["snapshot-id"];
  for (const manifest of manifestsOf(state, snapshot)) {
    if (manifest.addedSnapshotId !== id) continue;
    for (const entry of entriesOf(state, manifest).entries) {
      if (entry.snapshotId === id) yield { content: manifest.content, entry };
    }
  }
}

function refuse(what: string, entries: readonly ManifestEntry[]): void {
  if (entries.length === 0) return;
  throw new CommitFailed(`${what}: ${entries.map((entry) => entry.file.path).join(", ")}`);
}

/** Columns only: values may be personal. */
function matchingText(filters: readonly Filter[]): string {
  return filters.length === 0 ? "true" : filters.map((filter) => `${filter.column} ${filter.operator}`).join(" and ");
}
