import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { printMetadata } from "../format/json.ts";
import { laterThan, nextMetadataLocation, withMetadataLog } from "../format/metadata.ts";
import type { DataFile, TableMetadata } from "../format/model.ts";
import { CommitConflict, type Environment } from "./environment.ts";
import { CommitFailed } from "./errors.ts";
import { type RowChange, SnapshotWork } from "./snapshot-work.ts";
import { loadTable, type TableState } from "./state.ts";

/** Iceberg spec "Optimistic Concurrency": write the next metadata file, then swap the catalogue's pointer. */

/** A change of schema, properties or history. */
export interface MetadataChange {
  /** Is applied again to what others have committed; the same object back means nothing to do. */
  readonly update: (metadata: TableMetadata) => TableMetadata;
}

export interface Committed {
  /** The table with the change, perhaps with later ones of others. */
  readonly state: TableState;
  readonly snapshotId?: bigint;
}

/** Java Iceberg's `commit.retry.num-retries` is 4. An append never has to be computed again, so it may try longer. */
const RETRIES = { change: 4, append: 25 };

/** Milliseconds before the first retry, doubled before each further one up to the longest. */
const WAIT = { first: 5, longest: 1000 };

/**
 * Makes a change the table's next state. The table is as before or as after, whenever this is interrupted.
 * @throws CommitFailed when the change conflicts with what others did, or others kept being faster. Its files are
 * removed then, also the data files of the change.
 */
export async function commit(start: TableState, change: RowChange | MetadataChange): Promise<Committed> {
  const { env } = start;
  const work = "update" in change ? metadataWork(change) : new SnapshotWork(change);
  const retries = "update" in change || change.validation !== "none" ? RETRIES.change : RETRIES.append;
  try {
    for (let attempt = 0, base = start; ; attempt += 1, base = loadTable(env)) {
      const { metadata, used } = await work.on(base);
      if (metadata === base.metadata) return { state: base };
      const state = await swapTo(base, metadata);
      if (state) {
        await removeFiles(
          env,
          work.written.filter((uri) => !used.includes(uri)),
        );
        await removeFiles(env, outdated(base.metadata, state.metadata));
        return { state, ...(work.snapshotId !== undefined && { snapshotId: work.snapshotId }) };
      }
      if (attempt === retries) throw new CommitFailed(`The table was changed by others ${attempt + 1} times in a row`);
      await sleep(backOff(attempt, Math.random()));
    }
  } catch (error) {
    if (error instanceof UnknownOutcome) throw error.cause;
    await removeFiles(env, [...work.written, ...newFiles(change)]);
    throw error;
  }
}

interface Work {
  readonly snapshotId?: bigint;
  readonly written: readonly string[];
  on(base: TableState): Promise<{ readonly metadata: TableMetadata; readonly used: readonly string[] }>;
}

function metadataWork(change: MetadataChange): Work {
  return {
    written: [],
    async on({ metadata, env }) {
      const next = change.update(metadata);
      if (next === metadata) return { metadata, used: [] };
      return { metadata: { ...next, "last-updated-ms": laterThan(metadata, env.now()) }, used: [] };
    },
  };
}

/** Whether a swap that failed was made after all could not be found out: nothing may be removed. */
class UnknownOutcome extends Error {}

/** @returns undefined when somebody else was faster. */
async function swapTo(base: TableState, next: TableMetadata): Promise<TableState | undefined> {
  const { env, pointer } = base;
  const metadata = withMetadataLog(next, pointer.metadataLocation, base.metadata["last-updated-ms"]);
  const location = nextMetadataLocation(metadata, pointer.metadataLocation, randomUUID());
  const text = printMetadata(metadata);
  try {
    await env.io.write(location, text);
    const swapped = await env.entry.swap(pointer, location, metadata);
    env.cache.metadata.put(location, metadata, text.length);
    return { env, pointer: swapped, metadata };
  } catch (error) {
    const landed = error instanceof CommitConflict ? undefined : stateAfter(env, location, error);
    if (landed) return landed;
    await removeFiles(env, [location]);
    if (error instanceof CommitConflict) return undefined;
    throw error;
  }
}

/** The table, if it came to be at a metadata file though the catalogue answered with an error. */
function stateAfter(env: Environment, location: string, cause: unknown): TableState | undefined {
  try {
    const state = loadTable(env);
    const log = state.metadata["metadata-log"].map((entry) => entry["metadata-file"]);
    return [state.pointer.metadataLocation, ...log].includes(location) ? state : undefined;
  } catch {
    throw new UnknownOutcome("The catalogue does not answer", { cause });
  }
}

/** @param random in [0, 1): two who wait the same time would meet again. */
export function backOff(attempt: number, random: number): number {
  return Math.min(WAIT.first * 2 ** attempt, WAIT.longest) * (0.5 + random / 2);
}

function newFiles(change: RowChange | MetadataChange): readonly string[] {
  if ("update" in change) return [];
  return [...(change.added ?? []), ...(change.addedDeletes ?? [])].map((file: DataFile) => file.path);
}

/** Metadata files that the log has dropped, where the table wants them removed with each commit. */
function outdated(before: TableMetadata, after: TableMetadata): readonly string[] {
  if (after.properties["write.metadata.delete-after-commit.enabled"] !== "true") return [];
  const logged = new Set(after["metadata-log"].map((entry) => entry["metadata-file"]));
  return before["metadata-log"].map((entry) => entry["metadata-file"]).filter((file) => !logged.has(file));
}

/** Best effort: what stays behind is an orphan. */
export async function removeFiles(env: Environment, uris: readonly string[]): Promise<void> {
  await Promise.allSettled(uris.map((uri) => env.io.delete(uri)));
}
