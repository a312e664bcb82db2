import { randomUUID } from "node:crypto";
import type { DataFile, Operation } from "../format/model.ts";
import { identifier } from "../format/types.ts";
import { commit, removeFiles } from "./commit.ts";
import type { Environment } from "./environment.ts";
import { MultipleMatches } from "./errors.ts";
import type { Written } from "./insert.ts";
import type { Plan } from "./plan.ts";
import type { Filter } from "./prune.ts";
import { type WriteOptions, writeData } from "./write-data.ts";
import { writeDeletes } from "./write-deletes.ts";

/** A DELETE, UPDATE or MERGE. */
export interface RowChanges {
  /** What the changes were computed from. */
  readonly plan: Plan;
  /**
   * SQL that gives `__file`, `__pos`, `__op` (0 delete, 1 update, 2 insert) and every column of the table; the columns
   * of a deleted row and the position of an inserted one may be anything.
   */
  readonly changes: string;
  /** What every row of the table meets that the statement depends on. */
  readonly filters: readonly Filter[];
}

/**
 * Changes rows in one snapshot: merge on read, so old rows are marked in position delete files, or by taking a file
 * away all of whose rows go.
 * @throws MultipleMatches; what writeData and commit throw. Nothing is written then.
 */
export async function changeRows(
  env: Environment,
  statement: RowChanges,
  options: Pick<WriteOptions, "openPartitions"> = {},
): Promise<Written> {
  const table = identifier(`iceberg_changes_${randomUUID()}`);
  await env.connection.run(`CREATE TEMP TABLE ${table} AS ${statement.changes}`);
  try {
    return await applyChanges(env, { ...statement, table, options });
  } finally {
    await env.connection.run(`DROP TABLE IF EXISTS ${table}`);
  }
}

interface Materialised extends RowChanges {
  readonly table: string;
  readonly options: Pick<WriteOptions, "openPartitions">;
}

async function applyChanges(env: Environment, statement: Materialised): Promise<Written> {
  const { plan, table, filters } = statement;
  const counts = await countChanges(env, table);
  if (counts.rows === 0) return { rows: 0, addedFiles: 0, deleteFiles: 0 };
  await refuseTwice(env, table);
  const { removed, marked } = split(plan, counts.deletedOf);
  const { added, addedDeletes } = await writeFiles(env, statement, { rows: counts.written, marked });
  const touched = [...counts.deletedOf.keys()].flatMap((index) => plan.files[index]?.entry.file.path ?? []);
  const { snapshotId } = await commit(plan.state, {
    operation: operationOf(added.length > 0, touched.length > 0),
    added,
    addedDeletes,
    removed,
    validation: { plan, filters, touched: new Set(touched) },
  });
  return {
    rows: counts.rows,
    addedFiles: added.length,
    deleteFiles: addedDeletes.length,
    ...(snapshotId !== undefined && { snapshotId }),
  };
}

async function writeFiles(
  env: Environment,
  { plan, table, options }: Materialised,
  what: { readonly rows: number; readonly marked: readonly number[] },
): Promise<{ readonly added: readonly DataFile[]; readonly addedDeletes: readonly DataFile[] }> {
  const columns = plan.schema.fields.map((field) => identifier(field.name)).join(", ");
  const select = `SELECT ${columns} FROM ${table} WHERE __op <> 0`;
  const added = what.rows === 0 ? [] : await writeData(plan.state, select, { ...options, schema: plan.schema });
  try {
    const from = `(SELECT __file, __pos FROM ${table} WHERE __op <> 2)`;
    const addedDeletes = what.marked.length === 0 ? [] : await writeDeletes(plan, { from, files: what.marked });
    return { added, addedDeletes };
  } catch (error) {
    await removeFiles(
      env,
      added.map((file) => file.path),
    );
    throw error;
  }
}

interface Counts {
  readonly rows: number;
  /** Rows to be written. */
  readonly written: number;
  /** Rows to be deleted, by `__file`. */
  readonly deletedOf: ReadonlyMap<number, number>;
}

async function countChanges(env: Environment, table: string): Promise<Counts> {
  const reader = await env.connection.runAndReadAll(
    `SELECT CASE WHEN __op = 2 THEN NULL ELSE __file END::INTEGER AS file, count(*)::INTEGER AS n,
      count(*) FILTER (WHERE __op <> 0)::INTEGER AS written FROM ${table} GROUP BY ALL`,
  );
  const deletedOf = new Map<number, number>();
  let [rows, written] = [0, 0];
  for (const { file, n, written: part } of reader.getRowObjectsJson()) {
    rows += Number(n);
    written += Number(part);
    if (file !== null) deletedOf.set(Number(file), Number(n));
  }
  return { rows, written, deletedOf };
}

async function refuseTwice(env: Environment, table: string): Promise<void> {
  const twice = await env.connection.runAndReadAll(
    `SELECT 1 FROM ${table} WHERE __op <> 2 GROUP BY __file, __pos HAVING count(*) > 1 LIMIT 1`,
  );
  if (twice.currentRowCount > 0) throw new MultipleMatches();
}

/** A file that loses all its rows is removed; the rows of the others are marked as deleted. */
function split(
  plan: Plan,
  deletedOf: ReadonlyMap<number, number>,
): { readonly removed: readonly DataFile[]; readonly marked: readonly number[] } {
  const removed: DataFile[] = [];
  const marked: number[] = [];
  for (const [index, count] of deletedOf) {
    const planned = plan.files[index];
    if (planned === undefined) throw new Error(`The changes name file ${index}, which the plan has not`);
    if (planned.deletes.length === 0 && planned.entry.file.records === count) removed.push(planned.entry.file);
    else marked.push(index);
  }
  return { removed, marked };
}

/** As Java Iceberg's RowDelta. */
function operationOf(writes: boolean, deletes: boolean): Operation {
  if (!deletes) return "append";
  return writes ? "overwrite" : "delete";
}
