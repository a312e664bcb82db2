import { metadataFolder } from "../format/metadata.ts";
import type { Environment } from "./environment.ts";
import { filesOfTable } from "./reachable.ts";
import { loadTable, type TableState } from "./state.ts";
import { dataFolder } from "./write-data.ts";

export interface Orphan {
  readonly uri: string;
  readonly size: number;
  readonly modifiedMs: number;
}

export interface RemovedOrphans {
  readonly files: number;
  readonly bytes: number;
  /** Could not be deleted. */
  readonly failedFiles: number;
}

/**
 * Deletes files in a table's folders that the table does not need: leftovers of writers that were killed, and of
 * deletions that failed.
 * @param options.olderThanMs what was written from this time on stays: a writer that runs may be about to commit it.
 */
export async function removeOrphans(
  env: Environment,
  options: { readonly olderThanMs: number },
): Promise<RemovedOrphans> {
  const orphans = findOrphans(env).filter((file) => file.modifiedMs < options.olderThanMs);
  const outcomes = await Promise.allSettled(orphans.map((file) => env.io.delete(file.uri)));
  const deleted = orphans.filter((_, index) => outcomes[index]?.status === "fulfilled");
  return {
    files: deleted.length,
    bytes: deleted.reduce((sum, file) => sum + file.size, 0),
    failedFiles: orphans.length - deleted.length,
  };
}

/** Files of any age that the table does not need now. */
export function findOrphans(env: Environment): readonly Orphan[] {
  // Listed before the table is read: what is committed in between is then known to be needed.
  const files = filesIn(loadTable(env));
  return withoutNeeded(files, loadTable(env));
}

function filesIn(state: TableState): readonly Orphan[] {
  const folders = new Set([dataFolder(state), metadataFolder(state.metadata)]);
  return [...folders].flatMap((folder) => state.env.io.list(`${folder}/`));
}

/** By name only, since engines write one path in several ways (`s3a://`, encoded); names hold a UUID. */
function withoutNeeded(files: readonly Orphan[], state: TableState): readonly Orphan[] {
  const names = new Set([...filesOfTable(state).keys()].map(nameOf));
  return files.filter((file) => !names.has(nameOf(file.uri)));
}

function nameOf(uri: string): string {
  return uri.slice(uri.lastIndexOf("/") + 1);
}
