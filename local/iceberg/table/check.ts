import type { DataFile, ManifestEntry, ManifestFile, Snapshot } from "../format/model.ts";
import { currentSnapshot } from "../format/snapshots.ts";
import { deletesByFile } from "./delete-index.ts";
import type { Environment } from "./environment.ts";
import { readFooter } from "./file-shape.ts";
import { entriesOf, type LiveFiles, liveFiles, manifestsOf } from "./manifests.ts";
import { findOrphans } from "./orphans.ts";
import { rowCount } from "./parquet-footer.ts";
import { loadTable, type TableState } from "./state.ts";

/** Something about a table's files that is not as its metadata says. */
export interface Problem {
  /** `"error"`: rows are missing, wrong or unreadable. `"notice"`: the rows are right, but there is something to clean up. */
  readonly severity: "error" | "notice";
  /** The file it is about. */
  readonly uri: string;
  readonly message: string;
}

/**
 * Compares a table's metadata with its files: everything of every snapshot is there with the size that is said, the
 * current snapshot's files have the rows that are said, counts and totals add up. Never throws for what it finds.
 */
export async function checkTable(env: Environment): Promise<readonly Problem[]> {
  const metadataLocation = env.entry.current().metadataLocation;
  let state: TableState;
  try {
    state = loadTable(env);
  } catch (error) {
    return [unreadable(metadataLocation, error)];
  }
  const problems = checkSnapshots(state);
  const current = currentSnapshot(state.metadata);
  if (state.metadata["current-snapshot-id"] !== -1n && !current) {
    problems.push(error(metadataLocation, "the current snapshot is not among the snapshots"));
  }
  // What follows reads the same files again.
  if (problems.some((problem) => problem.severity === "error")) return problems;
  const live = liveFiles(state, current);
  const files = [...live.data, ...live.deletes].map((entry) => entry.file);
  return [
    ...problems,
    ...checkTotals(current, live),
    ...files.flatMap((file) => checkRows(state, file)),
    ...checkLeftovers(state, live),
  ];
}

function error(uri: string, message: string): Problem {
  return { severity: "error", uri, message };
}

function notice(uri: string, message: string): Problem {
  return { severity: "notice", uri, message };
}

function unreadable(uri: string, cause: unknown): Problem {
  return error(uri, `cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`);
}

/** Snapshots share manifests, and manifests folders: each is looked at once. */
function checkSnapshots(state: TableState): Problem[] {
  const manifests = new Set<string>();
  const folders = new Map<string, ReadonlyMap<string, number>>();
  const sizesIn = (folder: string): ReadonlyMap<string, number> => {
    const known = folders.get(folder) ?? new Map(state.env.io.list(folder).map(({ uri, size }) => [uri, size]));
    folders.set(folder, known);
    return known;
  };
  return state.metadata.snapshots.flatMap((snapshot) => {
    try {
      const fresh = manifestsOf(state, snapshot).filter(({ path }) => !manifests.has(path));
      for (const { path } of fresh) manifests.add(path);
      return fresh.flatMap((manifest) => checkManifest(state, manifest, sizesIn));
    } catch (cause) {
      return [unreadable(snapshot["manifest-list"], cause)];
    }
  });
}

type SizesIn = (folder: string) => ReadonlyMap<string, number>;

function checkManifest(state: TableState, manifest: ManifestFile, sizesIn: SizesIn): Problem[] {
  const { path } = manifest;
  try {
    const { entries } = entriesOf(state, manifest);
    return [
      ...differs(path, "bytes", manifest.length, sizesIn(folderOf(path)).get(path) ?? 0),
      ...differs(path, "added files", manifest.addedFiles, count(entries, "added")),
      ...differs(path, "existing files", manifest.existingFiles, count(entries, "existing")),
      ...differs(path, "deleted files", manifest.deletedFiles, count(entries, "deleted")),
      ...differs(path, "added rows", manifest.addedRows, rows(entries, "added")),
      ...differs(path, "existing rows", manifest.existingRows, rows(entries, "existing")),
      ...differs(path, "deleted rows", manifest.deletedRows, rows(entries, "deleted")),
      ...entries.filter(({ status }) => status !== "deleted").flatMap(({ file }) => checkFile(file, sizesIn)),
    ];
  } catch (cause) {
    return [unreadable(path, cause)];
  }
}

function checkFile(file: DataFile, sizesIn: SizesIn): Problem[] {
  const size = sizesIn(folderOf(file.path)).get(file.path);
  return size === undefined ? [error(file.path, "is missing")] : differs(file.path, "bytes", file.size, size);
}

function folderOf(uri: string): string {
  return uri.slice(0, uri.lastIndexOf("/") + 1);
}

function differs(uri: string, what: string, said: number, found: number): Problem[] {
  return said === found ? [] : [error(uri, `has ${found} ${what}, not ${said}`)];
}

function count(entries: readonly ManifestEntry[], status: ManifestEntry["status"]): number {
  return entries.filter((entry) => entry.status === status).length;
}

function rows(entries: readonly ManifestEntry[], status: ManifestEntry["status"]): number {
  return entries.reduce((sum, entry) => sum + (entry.status === status ? entry.file.records : 0), 0);
}

function checkTotals(current: Snapshot | undefined, { data, deletes }: LiveFiles): Problem[] {
  if (!current) return [];
  const sum = (entries: readonly ManifestEntry[], of: (file: DataFile) => number): number =>
    entries.reduce((total, entry) => total + of(entry.file), 0);
  const found = {
    "total-data-files": data.length,
    "total-delete-files": deletes.length,
    "total-records": sum(data, (file) => file.records),
    "total-position-deletes": sum(deletes, (file) => file.records),
    "total-files-size": sum([...data, ...deletes], (file) => file.size),
  };
  return Object.entries(found).flatMap(([name, value]) => {
    const said = current.summary[name];
    return said === undefined ? [] : differs(current["manifest-list"], name, Number(said), value);
  });
}

function checkRows(state: TableState, file: DataFile): Problem[] {
  try {
    return differs(file.path, "rows", file.records, rowCount(readFooter(state.env.io.local(file.path), file)));
  } catch (cause) {
    return [unreadable(file.path, cause)];
  }
}

function checkLeftovers(state: TableState, { data, deletes }: LiveFiles): Problem[] {
  const applying = deletesByFile(deletes, new Set(data.map((entry) => entry.file.path)));
  const used = new Set(data.flatMap((entry) => applying(entry)));
  const idle = deletes.filter((entry) => !used.has(entry));
  const orphans = findOrphans(state.env);
  const bytes = orphans.reduce((sum, file) => sum + file.size, 0);
  return [
    ...idle.map((entry) => notice(entry.file.path, "deletes rows of no live data file; OPTIMIZE removes it")),
    ...(orphans.length === 0
      ? []
      : [
          notice(
            `${state.metadata.location}/`,
            `holds ${orphans.length} files (${bytes} bytes) that the table does not need; VACUUM removes them`,
          ),
        ]),
  ];
}
