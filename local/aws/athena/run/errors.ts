import { CommitFailed } from "../../../iceberg/table/errors.ts";
import type { CatalogueTable } from "../../ports.ts";

/** A statement that failed, with Athena's name of the failure in front. */
export class StatementError extends Error {
  constructor(code: string, message: string) {
    super(`${code}: ${message}`);
  }
}

/** Says of a commit that failed which table it was for, in Athena's words. */
export async function committing<T>({ database, name }: CatalogueTable, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof CommitFailed)) throw error;
    throw new StatementError(
      "ICEBERG_COMMIT_ERROR",
      `Failed to commit Iceberg update to table: ${database}.${name}. ${error.message}`,
    );
  }
}
