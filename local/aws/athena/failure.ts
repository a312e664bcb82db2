import { AwsError } from "../service.ts";
import { SqlError } from "./sql/errors.ts";

/** Why a query failed, as Athena says it. */
export interface Failure {
  readonly reason: string;
  /** 1 system, 2 user. */
  readonly category: 1 | 2;
}

/** Our own `error('CODE: ...')` inside a query, and the DuckDB error classes that are the user's doing. */
const raised = /([A-Z_]{6,}: .*)/s;
const userErrors: readonly (readonly [RegExp, string])[] = [
  [/^Conversion Error: (.*)/s, "INVALID_CAST_ARGUMENT"],
  [/^Out of Range Error: (.*)/s, "NUMERIC_VALUE_OUT_OF_RANGE"],
  [/^Constraint Error: (.*)/s, "CONSTRAINT_VIOLATION"],
  [/^Invalid Input Error: More than one row returned by a subquery.*/s, "SUBQUERY_MULTIPLE_ROWS"],
];

/** Reads a failure off whatever a query threw. */
export function failureOf(error: unknown): Failure {
  if (error instanceof SqlError) return { reason: error.message, category: 2 };
  if (error instanceof AwsError) {
    const denied = error.code === "AccessDeniedException" || error.code === "AccessDenied";
    return {
      reason: denied
        ? `Insufficient permissions to execute the query. ${error.message}`
        : `${error.code}: ${error.message}`,
      category: 2,
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  if (message.startsWith("Invalid Input Error: ")) {
    const own = raised.exec(message.slice("Invalid Input Error: ".length));
    if (own?.[1] !== undefined) return { reason: own[1], category: 2 };
  }
  for (const [pattern, code] of userErrors) {
    const match = pattern.exec(message);
    if (match) return { reason: `${code}: ${(match[1] ?? message).split("\n")[0]}`, category: 2 };
  }
  if (/conflict/i.test(message)) return { reason: `ICEBERG_COMMIT_ERROR: ${message}`, category: 2 };
  return { reason: `GENERIC_INTERNAL_ERROR: ${message.split("\n")[0]}`, category: 1 };
}
