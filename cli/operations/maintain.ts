import { AthenaClient } from "@aws-sdk/client-athena";
import { QueryError, runRows } from "../../analytics/client/index.ts";
import { tables } from "../../analytics/models/index.ts";
import { againPattern, maintenanceStatements, mostRuns } from "../../pipelines/refresh/maintenance-states.ts";
import { CliError, exitCodes } from "../errors.ts";
import type { Session } from "../session.ts";

export type MaintenanceStatement = ReturnType<typeof maintenanceStatements>[number]["statement"];

/** How a table lies in its bucket, as its newest snapshot and its history say. */
export interface TableFigures {
  readonly dataFiles: number;
  readonly deleteFiles: number;
  /** Of the data files of the newest snapshot. */
  readonly bytes: number;
  readonly manifests: number;
  readonly snapshots: number;
}

/** What maintenance did to one table. */
export interface Maintained {
  readonly table: string;
  readonly before: TableFigures;
  readonly after: TableFigures;
  /** Each statement with the number of times that Athena had to run it. */
  readonly runs: Readonly<Partial<Record<MaintenanceStatement, number>>>;
  readonly bytesScanned: number;
  readonly milliseconds: number;
  /** The first statement that failed, and why; the other ones were run all the same. */
  readonly failed?: string;
}

/** @throws CliError listing the tables there are. */
export function tablesNamed(names: readonly string[]): readonly string[] {
  const known = tables.map(({ name }) => name);
  const wrong = names.filter((name) => !known.includes(name));
  if (wrong.length > 0) {
    throw new CliError(
      `There is no Iceberg table ${wrong.map((name) => `"${name}"`).join(", ")}. There are: ${known.join(", ")}.`,
      exitCodes.usage,
    );
  }
  return names.length === 0 ? known : [...new Set(names)];
}

/** Runs these statements on a table, each until nothing is left to do, and says what has changed. */
export async function maintainTable(
  session: Session,
  table: string,
  chosen: readonly MaintenanceStatement[],
): Promise<Maintained> {
  const started = performance.now();
  const client = new AthenaClient(session.as("operator"));
  const before = await figures(client, session, table);
  const runs: Partial<Record<MaintenanceStatement, number>> = {};
  const failed: string[] = [];
  let bytesScanned = 0;
  for (const { statement, sql } of maintenanceStatements(table)) {
    if (!chosen.includes(statement)) continue;
    try {
      const done = await untilNothingIsLeft(() => ask(client, session, sql));
      runs[statement] = done.runs;
      bytesScanned += done.result.bytesScanned;
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      failed.push(`${statement}: ${error.message}`);
    }
  }
  return {
    table,
    before,
    after: await figures(client, session, table),
    runs,
    bytesScanned,
    milliseconds: Math.round(performance.now() - started),
    ...(failed[0] === undefined ? {} : { failed: failed[0] }),
  };
}

/** Runs a statement again as long as Athena says that more runs are needed. */
export async function untilNothingIsLeft<T>(
  run: () => Promise<T>,
): Promise<{ readonly result: T; readonly runs: number }> {
  const again = new RegExp(againPattern);
  for (let runs = 1; ; runs += 1) {
    try {
      return { result: await run(), runs };
    } catch (error) {
      if (runs >= mostRuns || !(error instanceof QueryError) || !again.test(error.message)) throw error;
    }
  }
}

const ask = (client: AthenaClient, { outputs: { database, workgroup }, waitFor }: Session, sql: string) =>
  waitFor(runRows(client, { sql, database, workgroup }));

async function figures(client: AthenaClient, session: Session, table: string): Promise<TableFigures> {
  const { rows } = await ask(client, session, figuresSql(table));
  const [dataFiles, deleteFiles, bytes, manifests, snapshots] = (rows[0] ?? []).map(Number);
  if (dataFiles === undefined || deleteFiles === undefined || bytes === undefined)
    throw new CliError(`Athena tells nothing of the files of ${table}.`);
  return { dataFiles, deleteFiles, bytes, manifests: manifests ?? 0, snapshots: snapshots ?? 0 };
}

/**
 * Of the metadata tables. Engines differ in whether `$files` lists delete files (`content` 1) besides data files; the
 * newest snapshot's summary counts them for all.
 */
const figuresSql = (table: string): string => `SELECT f.data_files, s.delete_files, f.bytes, m.manifests, s.snapshots
FROM (
  SELECT count(*) AS data_files, coalesce(sum(file_size_in_bytes), 0) AS bytes
  FROM "${table}$files"
  WHERE content = 0
) f
CROSS JOIN (SELECT count(*) AS manifests FROM "${table}$manifests") m
CROSS JOIN (
  SELECT count(*) AS snapshots,
    coalesce(CAST(max_by(element_at(summary, 'total-delete-files'), committed_at) AS bigint), 0) AS delete_files
  FROM "${table}$snapshots"
) s`;
