import type { DuckDBConnection } from "@duckdb/node-api";
import type { Call, ServiceContext } from "../../service.ts";
import type { StatementBinder } from "../binder.ts";
import type { ResultColumn } from "../executions.ts";
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
}

/** What a statement leaves. */
export interface Result {
  readonly columns: readonly ResultColumn[];
  /** The rows as CSV. */
  readonly file?: string;
  /** What the catalogue says, a line a row; the members of a row are divided by tabs. */
  readonly lines?: readonly string[];
  /** Rows changed, of statements that change rows. */
  readonly changed?: number;
}

/** Of statements that answer nothing. */
export const NOTHING: Result = { columns: [] };
