import { InvalidChange, InvalidIceberg, UnsupportedIceberg } from "../../iceberg/format/errors.ts";
import { MultipleMatches, NoSuchValue, NullNotAllowed, TooManyPartitions } from "../../iceberg/table/errors.ts";
import { NoSuchSnapshot } from "../../iceberg/table/plan.ts";
import { AwsError } from "../service.ts";
import { StatementError } from "./run/errors.ts";
import { SqlError } from "./sql/errors.ts";
import { NoMetadataLocation } from "./tables/iceberg-entry.ts";

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

/** What the room of the format throws, and Athena's name for it. */
const icebergErrors: readonly (readonly [new (...given: never[]) => Error, string])[] = [
  [MultipleMatches, "MERGE_TARGET_ROW_MULTIPLE_MATCHES"],
  [TooManyPartitions, "ICEBERG_TOO_MANY_OPEN_PARTITIONS"],
  [NullNotAllowed, "CONSTRAINT_VIOLATION"],
  [NoSuchValue, "ICEBERG_WRITER_DATA_ERROR"],
  [NoSuchSnapshot, "INVALID_ARGUMENTS"],
  [InvalidChange, "NOT_SUPPORTED"],
  [InvalidIceberg, "ICEBERG_INVALID_METADATA"],
  [NoMetadataLocation, "ICEBERG_INVALID_METADATA"],
  [UnsupportedIceberg, "NOT_IMPLEMENTED_LOCALLY"],
];

/** Reads a failure off whatever a query threw. */
export function failureOf(error: unknown): Failure {
  if (error instanceof SqlError || error instanceof StatementError) return { reason: error.message, category: 2 };
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
  const iceberg = icebergErrors.find(([type]) => error instanceof type);
  if (iceberg !== undefined) return { reason: `${iceberg[1]}: ${message}`, category: 2 };
  if (message.startsWith("Invalid Input Error: ")) {
    const own = raised.exec(message.slice("Invalid Input Error: ".length));
    if (own?.[1] !== undefined) return { reason: own[1], category: 2 };
  }
  for (const [pattern, code] of userErrors) {
    const match = pattern.exec(message);
    if (match) return { reason: `${code}: ${(match[1] ?? message).split("\n")[0]}`, category: 2 };
  }
  return { reason: `GENERIC_INTERNAL_ERROR: ${message.split("\n")[0]}`, category: 1 };
}
