/** What Athena calls the failure; the prefix of its message. */
export type SqlErrorCode =
  | "SYNTAX_ERROR"
  | "TYPE_MISMATCH"
  | "COLUMN_NOT_FOUND"
  | "TABLE_NOT_FOUND"
  | "FUNCTION_NOT_FOUND"
  | "INVALID_FUNCTION_ARGUMENT"
  | "INVALID_TABLE_PROPERTY"
  | "INVALID_VIEW"
  | "INVALID_ARGUMENTS"
  | "INVALID_PARAMETER_USAGE"
  | "DUPLICATE_COLUMN_NAME"
  | "EXPRESSION_NOT_IN_DISTINCT"
  | "MISSING_COLUMN_NAME"
  | "COLUMN_TYPE_UNKNOWN"
  | "NOT_SUPPORTED"
  | "NOT_IMPLEMENTED_LOCALLY";

/** Where in the query's text, both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A query that Athena would refuse too, or that the local engine cannot answer exactly (`NOT_IMPLEMENTED_LOCALLY`). */
export class SqlError extends Error {
  readonly code: SqlErrorCode;
  readonly position: Position | undefined;
  constructor(code: SqlErrorCode, message: string, position?: Position) {
    super(`${code}: ${position === undefined ? "" : `line ${position.line}:${position.column}: `}${message}`);
    this.name = "SqlError";
    this.code = code;
    this.position = position;
  }
}

/** The refusal of what Athena answers and the local engine does not. @param instead what to write. */
export function notHere(what: string, instead?: string, position?: Position): SqlError {
  const hint = instead === undefined ? "" : `; ${instead}`;
  return new SqlError("NOT_IMPLEMENTED_LOCALLY", `${what} is not implemented locally${hint}`, position);
}
