/** How much history an Iceberg table keeps for time travel. */
export interface History {
  /**
   * Days a snapshot is kept; what VACUUM finds after that and no younger snapshot needs is removed. Whole days, at least
   * one: a running statement's files are not listed yet, and to VACUUM they are orphans once they are older.
   */
  readonly days: number;
  /** Snapshots kept however old they are. 1 is the table as it stands. */
  readonly snapshots: number;
}

/**
 * What was deleted can be read for a week, then maintenance removes it. With the days that the lake's bucket keeps
 * deleted objects the bytes of an erased row are gone within the month that the GDPR (article 12) gives.
 */
export const publishedHistory: History = { days: 7, snapshots: 1 };

/** A candidate is written afresh by every refresh: nobody asks what it was. */
export const candidateHistory: History = { days: 1, snapshots: 1 };

const DAY_SECONDS = 24 * 60 * 60;

/**
 * Table properties for {@link History}, in the words of Athena (OPTIMIZE, VACUUM) and of Iceberg itself, which Spark,
 * Trino and Glue's own optimisers read. The thresholds make OPTIMIZE rewrite a file for a single deleted row: by default
 * Athena leaves fewer than two delete files, or five files of a partition, as they are, with the row in them.
 * @throws RangeError for a history that is not of whole days and snapshots
 */
export function maintenanceProperties({ days, snapshots }: History): Readonly<Record<string, string>> {
  if (!Number.isInteger(days) || days < 1) throw new RangeError(`A table's history is whole days, not ${days}.`);
  if (!Number.isInteger(snapshots) || snapshots < 1)
    throw new RangeError(`A table keeps at least its newest snapshot, not ${snapshots}.`);
  return {
    vacuum_max_snapshot_age_seconds: String(days * DAY_SECONDS),
    vacuum_min_snapshots_to_keep: String(snapshots),
    vacuum_max_metadata_files_to_keep: "100",
    optimize_rewrite_data_file_threshold: "1",
    optimize_rewrite_delete_file_threshold: "1",
    "history.expire.max-snapshot-age-ms": String(days * DAY_SECONDS * 1000),
    "history.expire.min-snapshots-to-keep": String(snapshots),
  };
}
