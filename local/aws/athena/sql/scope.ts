import type { Source } from "./ast.ts";
import type { TrinoType } from "./types.ts";

/** An expression in DuckDB's words, with the type Trino gives it. */
export interface Expr {
  readonly sql: string;
  readonly type: TrinoType;
}

/** The name of columns that have none. */
export const ANONYMOUS = "";

export interface ScopeColumn {
  /** Lower case: Trino's names know no case. */
  readonly name: string;
  readonly type: TrinoType;
  readonly sql: string;
  /** Called when the query really names the column: that is what it reads. */
  readonly use?: () => void;
  /** The table column it is, for predicates that prune files. */
  readonly origin?: { readonly scan: Scan; readonly column: string };
}

export interface Relation {
  readonly alias: string | undefined;
  readonly columns: readonly ScopeColumn[];
}

/** A comparison of a column with literals, joined by AND with the rest of the WHERE. */
export interface Predicate {
  readonly column: string;
  readonly operator: "=" | "<" | "<=" | ">" | ">=" | "in";
  readonly values: readonly string[];
}

/** One place where the query reads a catalogue table. */
export interface Scan {
  readonly table: BoundTable;
  readonly columns: Set<string>;
  /** On any column; the storage uses those on partition keys. */
  readonly predicates: Predicate[];
  /** Stands for the relation in the translated text. */
  readonly placeholder: string;
}

export interface BoundTable {
  readonly database: string;
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: TrinoType }[];
}

/** Gives a table by name under the caller's permissions. `database` is undefined when the query does not say it. */
export interface Binder {
  table(database: string | undefined, name: string): BoundTable;
}

/** What a whole translation shares. */
export interface Session {
  readonly source: Source;
  readonly binder: Binder;
  readonly parameters: readonly string[];
  readonly scans: Scan[];
  readonly warnings: string[];
  /** A name nothing else has. */
  fresh(prefix: string): string;
  nextParameter(): string | undefined;
}

export interface OutputColumn {
  /** As the result shows it. */
  readonly name: string;
  readonly type: TrinoType;
  /** As DuckDB's relation calls it. */
  readonly emitted: string;
  /** The query gives it no name; its place is its name in the result, which no query around can say. */
  readonly anonymous?: boolean;
}

export interface Query {
  readonly sql: string;
  readonly columns: readonly OutputColumn[];
}

/** Names an expression may use. */
export interface Env {
  readonly session: Session;
  readonly relations: readonly Relation[];
  readonly parent?: Env;
  readonly ctes: ReadonlyMap<string, Query & { readonly emittedName: string }>;
  /** ORDER BY only: output columns come before source columns. */
  readonly outputs?: ReadonlyMap<string, Expr & { readonly position: number }>;
}
