import type { ManifestEntry, Schema, Snapshot } from "../format/model.ts";
import { currentSchema, schemaOf } from "../format/schema.ts";
import { currentSnapshot, snapshotAsOf, snapshotById, snapshotByRef } from "../format/snapshots.ts";
import { deletesByFile } from "./delete-index.ts";
import { entriesOf, hasLiveFiles, manifestsOf } from "./manifests.ts";
import { createPruner, type Filter, type Pruner } from "./prune.ts";
import type { TableState } from "./state.ts";

/** Which snapshot of a table a query names. */
export type SnapshotChoice =
  | { readonly timestampMs: number }
  | { readonly snapshotId: bigint }
  /** A branch or a tag. */
  | { readonly ref: string };

/** The snapshot that a query names is not there, or no longer. */
export class NoSuchSnapshot extends Error {}

/** A data file that a scan reads. */
export interface PlannedFile {
  readonly entry: ManifestEntry;
  /** Positions in the plan's `deletes` of the files that may hold deletes of its rows. */
  readonly deletes: readonly number[];
}

/** What a scan reads. A file's position in `files` is `__file` in a scan with positions. */
export interface Plan {
  readonly state: TableState;
  /** Undefined for a table that was never written. */
  readonly snapshot: Snapshot | undefined;
  /** The snapshot's own when the query named one, else the table's. */
  readonly schema: Schema;
  /** Those with deletes first. */
  readonly files: readonly PlannedFile[];
  /** Delete files that apply to at least one of the files. */
  readonly deletes: readonly ManifestEntry[];
}

/**
 * Finds the files that a scan must read: manifests are passed over by their partition summaries, files by partition and
 * bounds, and each file gets the delete files that apply to it.
 * @param options.filters conjuncts that every wanted row meets; the scan itself does not apply them.
 * @throws NoSuchSnapshot
 */
export function planScan(
  state: TableState,
  options: { readonly at?: SnapshotChoice; readonly filters?: readonly Filter[] } = {},
): Plan {
  const { at, filters = [] } = options;
  const snapshot = at === undefined ? currentSnapshot(state.metadata) : choose(state, at);
  const schema = schemaAt(state, at);
  const pruner = createPruner(state.metadata, schema, filters);
  const data = collect(state, snapshot, "data", pruner, (entry) => pruner.mayMatchFile(entry.file));
  // A delete file only tells of data files of its own partition.
  const candidates = collect(state, snapshot, "deletes", pruner, (entry) => pruner.mayMatchPartition(entry.file));
  if (candidates.length === 0) {
    return { state, snapshot, schema, files: data.map((entry) => ({ entry, deletes: [] })), deletes: [] };
  }
  return { state, snapshot, schema, ...withDeletes(data, candidates) };
}

function choose(state: TableState, at: SnapshotChoice): Snapshot {
  const { metadata } = state;
  if ("timestampMs" in at) {
    const found = snapshotAsOf(metadata, at.timestampMs);
    if (found) return found;
    throw new NoSuchSnapshot(`No version history at or before ${new Date(at.timestampMs).toISOString()}`);
  }
  if ("ref" in at) {
    const found = snapshotByRef(metadata, at.ref);
    if (found) return found;
    throw new NoSuchSnapshot(`Cannot find snapshot with reference name: ${at.ref}`);
  }
  const found = snapshotById(metadata, at.snapshotId);
  if (found) return found;
  throw new NoSuchSnapshot(`Iceberg snapshot ID does not exists: ${at.snapshotId}`);
}

/**
 * The schema that a query sees: the table's, or the one its snapshot was made with.
 * @throws NoSuchSnapshot
 */
export function schemaAt(state: TableState, at: SnapshotChoice | undefined): Schema {
  const schemaId = at === undefined ? undefined : choose(state, at)["schema-id"];
  return schemaId === undefined ? currentSchema(state.metadata) : schemaOf(state.metadata, schemaId);
}

function collect(
  state: TableState,
  snapshot: Snapshot | undefined,
  content: "data" | "deletes",
  pruner: Pruner,
  wanted: (entry: ManifestEntry) => boolean,
): ManifestEntry[] {
  const found: ManifestEntry[] = [];
  for (const manifest of manifestsOf(state, snapshot)) {
    if (manifest.content !== content || !hasLiveFiles(manifest) || !pruner.mayMatchManifest(manifest)) continue;
    for (const entry of entriesOf(state, manifest).entries) {
      if (entry.status !== "deleted" && wanted(entry)) found.push(entry);
    }
  }
  return found;
}

function withDeletes(
  data: readonly ManifestEntry[],
  candidates: readonly ManifestEntry[],
): { readonly files: readonly PlannedFile[]; readonly deletes: readonly ManifestEntry[] } {
  const deletesOf = deletesByFile(candidates, new Set(data.map((entry) => entry.file.path)));
  const numbers = new Map<ManifestEntry, number>();
  const numberOf = (file: ManifestEntry): number => {
    const known = numbers.get(file) ?? numbers.size;
    numbers.set(file, known);
    return known;
  };
  const dirty: PlannedFile[] = [];
  const clean: PlannedFile[] = [];
  for (const entry of data) {
    const deletes = deletesOf(entry).map(numberOf);
    (deletes.length > 0 ? dirty : clean).push({ entry, deletes });
  }
  return { files: [...dirty, ...clean], deletes: [...numbers.keys()] };
}
