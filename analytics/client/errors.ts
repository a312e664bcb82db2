import type { QueryExecutionStatus } from "@aws-sdk/client-athena";

/**
 * By what the caller does next: mend the SQL, ask for less or raise the limit, wait and ask again, ask again if wanted,
 * get a permission, or look at the service.
 */
export type QueryErrorKind = "bad-query" | "scan-limit" | "throttled" | "cancelled" | "denied" | "failed";

/** A query that gave no result. */
export class QueryError extends Error {
  readonly kind: QueryErrorKind;
  readonly queryExecutionId: string | undefined;
  constructor(kind: QueryErrorKind, message: string, queryExecutionId?: string, cause?: unknown) {
    super(message, { cause });
    this.name = "QueryError";
    this.kind = kind;
    this.queryExecutionId = queryExecutionId;
  }
}

/** Athena's number for an error of the query's author. */
const USER_ERROR = 2;

/** What a query that ended without success means. */
export function errorOfStatus(status: QueryExecutionStatus, queryExecutionId: string): QueryError {
  const reason = status.StateChangeReason ?? status.AthenaError?.ErrorMessage ?? "Athena gave no reason.";
  if (/bytes scanned limit/i.test(reason)) return new QueryError("scan-limit", reason, queryExecutionId);
  if (status.State === "CANCELLED") return new QueryError("cancelled", reason, queryExecutionId);
  if (/access denied|not authorized|AccessDenied/i.test(reason))
    return new QueryError("denied", reason, queryExecutionId);
  const kind = status.AthenaError?.ErrorCategory === USER_ERROR ? "bad-query" : "failed";
  return new QueryError(kind, reason, queryExecutionId);
}

const kinds: Readonly<Record<string, QueryErrorKind>> = {
  InvalidRequestException: "bad-query",
  TooManyRequestsException: "throttled",
  ThrottlingException: "throttled",
  AccessDeniedException: "denied",
};

/** An exception of the SDK as a query's error; others pass unchanged. */
export function errorOfCall(error: unknown, queryExecutionId?: string): unknown {
  const kind = error instanceof Error ? kinds[error.name] : undefined;
  if (kind === undefined || !(error instanceof Error)) return error;
  return new QueryError(kind, error.message, queryExecutionId, error);
}
