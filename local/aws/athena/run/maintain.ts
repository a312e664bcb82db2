import { currentSchema } from "../../../iceberg/format/schema.ts";
import { expire } from "../../../iceberg/table/expire.ts";
import { optimize as compact } from "../../../iceberg/table/optimize.ts";
import { removeOrphans } from "../../../iceberg/table/orphans.ts";
import { vacuumSettings } from "../../../iceberg/table/settings.ts";
import type { BoundTable } from "../sql/scope.ts";
import type { Optimize, Vacuum } from "../sql/statement-types.ts";
import { filtersOf } from "../tables/iceberg-filters.ts";
import type { IcebergTable } from "../tables/iceberg-table.ts";
import { committing, StatementError } from "./errors.ts";
import { NOTHING, type Result, type Run } from "./run.ts";

/** Partitions that one OPTIMIZE rewrites (https://docs.aws.amazon.com/athena/latest/ug/optimize-statement.html). */
const PARTITIONS_A_RUN = 100;

function icebergOf({ binder }: Run, bound: BoundTable, statement: string): IcebergTable {
  const { iceberg } = binder.opened(bound);
  if (iceberg === undefined)
    throw new StatementError("NOT_SUPPORTED", `${statement} is supported for Iceberg tables only: ${bound.name}`);
  return iceberg;
}

/** `OPTIMIZE t REWRITE DATA USING BIN_PACK`: costs what the rewritten files' bytes cost. */
export async function optimize({ target }: Optimize, run: Run): Promise<Result> {
  const { table, state } = icebergOf(run, target.table, "OPTIMIZE");
  const filters = filtersOf(target.predicates, currentSchema(state.metadata));
  const reading = (bytes: number): void => run.relations.charge(bytes);
  const { moreRunsNeeded } = await committing(
    table,
    compact(state.env, filters, { maxPartitions: PARTITIONS_A_RUN, reading }),
  );
  if (moreRunsNeeded)
    throw new StatementError(
      "ICEBERG_OPTIMIZE_MORE_RUNS_NEEDED",
      `${PARTITIONS_A_RUN} partitions of ${table.database}.${table.name} were rewritten and more need it: run the statement again`,
    );
  return NOTHING;
}

/** `VACUUM t`: forgets snapshots beyond the table's retention, and deletes files of that age that it does not need. */
export async function vacuum({ target }: Vacuum, run: Run): Promise<Result> {
  const { table, state } = icebergOf(run, target, "VACUUM");
  const { env, metadata } = state;
  const { maxSnapshotAgeMs, minSnapshotsToKeep, maxMetadataFilesToKeep } = vacuumSettings(metadata.properties);
  const olderThanMs = env.now() - maxSnapshotAgeMs;
  const expired = await committing(
    table,
    expire(env, { olderThanMs, keep: minSnapshotsToKeep, keepMetadataFiles: maxMetadataFilesToKeep }),
  );
  const orphans = await removeOrphans(env, { olderThanMs });
  const left = expired.failedFiles + orphans.failedFiles;
  // Athena says nothing of it; whoever relies on the files being gone must know.
  if (left > 0)
    throw new StatementError(
      "ICEBERG_FILESYSTEM_ERROR",
      `${left} files of ${table.database}.${table.name} could not be deleted: VACUUM needs s3:DeleteObject and s3:ListBucket`,
    );
  return NOTHING;
}
