import { InvalidChange, InvalidIceberg, UnsupportedIceberg } from "../../iceberg/format/errors.ts";
import { MultipleMatches, NoSuchValue, NullNotAllowed, TooManyPartitions } from "../../iceberg/table/errors.ts";
import { NoSuchSnapshot } from "../../iceberg/table/plan.ts";
import { AwsError, NotImplementedLocally } from "../service.ts";
import { StatementError } from "./run/errors.ts";
import { SqlError } from "./sql/errors.ts";
import { NoMetadataLocation } from "./tables/iceberg-entry.ts";

/** How Athena classes a failure: its categories and its error catalogue. */
export interface FailureNumbers {
  /** 1 system, 2 user, 3 other. */
  readonly category: 1 | 2 | 3;
  /** https://docs.aws.amazon.com/athena/latest/ug/error-reference.html */
  readonly type: number;
  /** The query may succeed when it is sent again. */
  readonly retryable: boolean;
}

/** Why a query failed, as Athena says it. */
export interface Failure extends FailureNumbers {
  readonly reason: string;
}

const user = (type: number): FailureNumbers => ({ category: 2, type, retryable: false });
const system = (type: number, retryable = false): FailureNumbers => ({ category: 1, type, retryable });

/** By the name in front of the reason. Those of the user's errors as AWS answered them, else by the catalogue's words. */
const byName: Readonly<Record<string, FailureNumbers>> = {
  DIVISION_BY_ZERO: user(1001),
  HIVE_BAD_DATA: user(1001),
  HIVE_CURSOR_ERROR: user(1001),
  TYPE_MISMATCH: user(1002),
  FAILED: user(1003),
  SYNTAX_ERROR: user(1006),
  COLUMN_NOT_FOUND: user(1006),
  INVALID_CAST_ARGUMENT: user(1100),
  NUMERIC_VALUE_OUT_OF_RANGE: user(1100),
  INVALID_ARGUMENTS: user(1100),
  INVALID_PARAMETER_USAGE: user(1100),
  INVALID_TABLE_PROPERTY: user(1103),
  INVALID_FUNCTION_ARGUMENT: user(1106),
  INVALID_VIEW: user(1107),
  TABLE_ALREADY_EXISTS: user(1110),
  NOT_SUPPORTED: user(1200),
  NOT_IMPLEMENTED_LOCALLY: user(1200),
  TABLE_NOT_FOUND: user(1301),
  SCHEMA_NOT_FOUND: user(1301),
  FUNCTION_NOT_FOUND: user(1303),
  EXCEEDED_MEMORY_LIMIT: system(0),
  ICEBERG_COMMIT_ERROR: system(233, true),
  ICEBERG_INVALID_METADATA: system(233),
  ICEBERG_FILESYSTEM_ERROR: system(233),
  GENERIC_INTERNAL_ERROR: system(200),
};
const USER_ERROR = user(1000);
const PERMISSION_ERROR = user(1500);
const S3_PERMISSION_ERROR = user(1501);

/** Our own `error('CODE: ...')` inside a query, and the DuckDB error classes that are the user's doing. */
const raised = /([A-Z_]{6,}: .*)/s;
const duckErrors: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:Conversion|Out of Range) Error: .*(?:not in timestamp range|Date out of range).*/s,
    "NOT_IMPLEMENTED_LOCALLY: a date or time so far away",
  ],
  // A refusal inside TRY, which DuckDB takes for the name of a time zone that it does not know.
  [/^Not implemented Error: Unknown TimeZone 'NOT_IMPLEMENTED_LOCALLY: (.*)'!.*/s, "NOT_IMPLEMENTED_LOCALLY"],
  [
    /^Invalid Input Error: .*CSV Parser state machine.*/s,
    "NOT_IMPLEMENTED_LOCALLY: lines that end in different ways in one file",
  ],
  // Trino reads broken JSON as far as it needs to.
  [/^Invalid Input Error: Malformed JSON.*/s, "NOT_IMPLEMENTED_LOCALLY: a value out of broken JSON"],
  [/^Not implemented Error: (.*)/s, "NOT_IMPLEMENTED_LOCALLY"],
  // What a macro puts into a lambda of its own.
  [
    /^Binder Error: (?:subqueries in lambda expressions are not supported|Referenced table "r\d+" not found|Need named argument for struct pack).*/s,
    "NOT_IMPLEMENTED_LOCALLY: a sub-query, or a column of the query around, inside this expression; join instead",
  ],
  [
    /^Binder Error: Separator argument to StringAgg must be a constant.*/s,
    "NOT_IMPLEMENTED_LOCALLY: joining texts with a separator that is no literal",
  ],
  [/^Out of Range Error: Overflow in HUGEINT .*/s, "NOT_IMPLEMENTED_LOCALLY: more than 38 digits on the way"],
  [/^Conversion Error: (.*)/s, "INVALID_CAST_ARGUMENT"],
  [/^Out of Range Error: (.*)/s, "NUMERIC_VALUE_OUT_OF_RANGE"],
  [/^Constraint Error: (.*)/s, "CONSTRAINT_VIOLATION"],
  [/^Invalid Input Error: More than one row returned by a subquery.*/s, "SUBQUERY_MULTIPLE_ROWS"],
  [/^Binder Error: (.*must appear in the GROUP BY clause or .*)/s, "SYNTAX_ERROR"],
  [
    /^Binder Error: ((?:GROUP BY|WHERE|HAVING|JOIN) .*cannot contain (?:aggregates|window functions).*)/s,
    "SYNTAX_ERROR",
  ],
  [/^Out of Memory Error: (.*)/s, "EXCEEDED_MEMORY_LIMIT: Query exceeded local memory limit"],
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
  if (error instanceof AwsError && !(error instanceof NotImplementedLocally)) return refused(error);
  const reason = reasonOf(error);
  const name = /^[A-Z_]+(?=:)/.exec(reason)?.[0] ?? "";
  return { reason, ...(byName[name] ?? USER_ERROR) };
}

/** What another service answered. */
function refused({ code, message }: AwsError): Failure {
  if (code === "AccessDeniedException" || code === "AccessDenied")
    return {
      reason: `Insufficient permissions to execute the query. ${message}`,
      ...(/ s3:/.test(message) ? S3_PERMISSION_ERROR : PERMISSION_ERROR),
    };
  return { reason: `${code}: ${message}`, ...USER_ERROR };
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof SqlError || error instanceof StatementError) return message;
  if (error instanceof NotImplementedLocally) return `NOT_IMPLEMENTED_LOCALLY: ${message}`;
  const iceberg = icebergErrors.find(([type]) => error instanceof type);
  if (iceberg !== undefined) return `${iceberg[1]}: ${message}`;
  const own = message.startsWith("Invalid Input Error: ")
    ? raised.exec(message.slice("Invalid Input Error: ".length))?.[1]
    : undefined;
  if (own !== undefined) return own;
  for (const [pattern, code] of duckErrors) {
    const match = pattern.exec(message);
    if (match) return `${code}: ${(match[1] ?? message).split("\n")[0]}`;
  }
  return `GENERIC_INTERNAL_ERROR: ${message.split("\n")[0]}`;
}
