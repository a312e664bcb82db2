import { commit } from "./commit.ts";
import type { Environment } from "./environment.ts";
import { loadTable } from "./state.ts";
import { type WriteOptions, writeData } from "./write-data.ts";

/** What a statement did. */
export interface Written {
  /** Rows inserted, updated and deleted. */
  readonly rows: number;
  readonly addedFiles: number;
  readonly deleteFiles: number;
  /** Absent when there was nothing to do: the table is as it was. */
  readonly snapshotId?: bigint;
}

/**
 * Appends rows.
 * @param select SQL that gives every column of the table under its name.
 * @throws what writeData and commit throw; nothing is written then.
 */
export async function insertRows(
  env: Environment,
  select: string,
  options: Pick<WriteOptions, "openPartitions"> = {},
): Promise<Written> {
  const state = loadTable(env);
  const added = await writeData(state, select, options);
  const rows = added.reduce((sum, file) => sum + file.records, 0);
  if (rows === 0) return { rows: 0, addedFiles: 0, deleteFiles: 0 };
  const { snapshotId } = await commit(state, { operation: "append", added, validation: "none" });
  return { rows, addedFiles: added.length, deleteFiles: 0, ...(snapshotId !== undefined && { snapshotId }) };
}
