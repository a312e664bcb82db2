import type { DuckDBConnection } from "@duckdb/node-api";
import type { Call, ServiceContext } from "../../service.ts";
import type { StatementBinder } from "../binder.ts";
import type { ResultColumn } from "../executions.ts";
import type { PreparedStatements } from "../prepared-statements.ts";
import type { Workgroup } from "../workgroups.ts";
import type { Relations } from "./relations.ts";

/** What one statement runs in. */
export interface Run {
  readonly context: ServiceContext;
  readonly connection: DuckDBConnection;
  readonly call: Call;
  readonly binder: StatementBinder;
  readonly relations: Relations;
  /** What the translation warned of. */
  readonly warnings: readonly string[];
  readonly workgroup: Workgroup;
  /** Of all workgroups. */
  readonly prepared: PreparedStatements;
  /** `s3://` address of the statement's result; files that it writes without being told where lie below it. */
  readonly outputLocation: string;
  /** Tells that somebody stops the statement. */
  readonly signal: AbortSignal;
}

/** What a statement leaves. */
export interface Result {
  readonly columns: readonly ResultColumn[];
  /** The rows as CSV. */
  readonly file?: string;
  /** How many rows that file has. */
  readonly rows?: number;
  /** What the catalogue says, a line a row; the members of a row are divided by tabs. */
  readonly lines?: readonly string[];
  /** Rows changed, of statements that change rows. */
  readonly changed?: number;
  /** `s3://` addresses of the data files written, of statements that list them. */
  readonly written?: readonly string[];
  /** Where the statement's words do not tell it. */
  readonly substatement?: string;
}

/** Of statements that answer nothing. */
export const NOTHING: Result = { columns: [] };
