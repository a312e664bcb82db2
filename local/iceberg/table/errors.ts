/** What a statement that writes may fail with, in Trino's words. Conflicts: commit.ts. */

/** More partitions than one statement may write (Trino's and Athena's TOO_MANY_OPEN_PARTITIONS). */
export class TooManyPartitions extends Error {
  /** @param limit partitions that were allowed. */
  constructor(limit: number) {
    super(`Exceeded limit of ${limit} open writers for partitions/buckets`);
  }
}

/** NULL for a required column (Trino's CONSTRAINT_VIOLATION). */
export class NullNotAllowed extends Error {
  constructor(column: string) {
    super(`NULL value not allowed for NOT NULL column: ${column}`);
  }
}

/** A value that DuckDB knows and Iceberg does not, such as `infinity` as a date. */
export class NoSuchValue extends Error {
  constructor(column: string, type: string) {
    super(`A value of column ${column} does not fit its Iceberg type ${type}`);
  }
}

/** A row of the target that a MERGE or UPDATE would change twice (Trino's MERGE_TARGET_ROW_MULTIPLE_MATCHES). */
export class MultipleMatches extends Error {
  constructor() {
    super("One MERGE target table row matched more than one source row");
  }
}

/** The change was not made: others changed the table in a way that conflicts, or kept being faster (Trino's ICEBERG_COMMIT_ERROR). */
export class CommitFailed extends Error {}
