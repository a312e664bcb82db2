import type { Node, Source } from "./ast.ts";
import type { TrinoType } from "./types.ts";
import type { Written } from "./written.ts";

/** An expression in DuckDB's words, with the type Trino gives it. */
export interface Expr {
  readonly sql: string;
  readonly type: TrinoType;
}

/** How one kind of node becomes an expression. */
export type ExpressionRule = ((node: Node, env: Env) => Expr) & Written;

/** The name of columns that have none. */
export const ANONYMOUS = "";

export interface ScopeColumn {
  /** Lower case: Trino's names know no case. */
  readonly name: string;
  readonly type: TrinoType;
  readonly sql: string;
  /** Called when the query really names the column: that is what it reads. */
  readonly use?: () => void;
  /** The table column it is, for predicates that prune files; `nullable` where an outer join may give NULL for it. */
  readonly origin?: { readonly scan: Scan; readonly column: string; readonly nullable?: true };
  /** `SELECT *` leaves it out: `"$path"`. */
  readonly hidden?: true;
}

export interface Relation {
  readonly alias: string | undefined;
  readonly columns: readonly ScopeColumn[];
}

/** A FROM clause, or a part of it: its text and the names it gives. */
export interface From {
  readonly sql: string;
  /** The text is one relation, and no join. */
  readonly single?: true;
  readonly relations: readonly Relation[];
}

/** A comparison of a column with literals, joined by AND with the rest of the WHERE. */
export interface Predicate {
  readonly column: string;
  readonly type: TrinoType;
  readonly operator: "=" | "<" | "<=" | ">" | ">=" | "in" | "is null" | "is not null";
  /** Texts of values of the column's type: `2020-01-31`, `2020-01-31 10:00:00`, `1.50`; none for the last two. */
  readonly values: readonly string[];
}

/** Which state of a table is read; undefined for the current one. */
export type TimeTravel = { readonly timestampMs: number } | { readonly snapshotId: bigint } | { readonly ref: string };

/** One place where the query reads a catalogue table. Its relation offers every column that is not hidden. */
export interface Scan {
  readonly table: BoundTable;
  /** Those that are really read; a hidden column is offered when it is one of them. */
  readonly columns: Set<string>;
  /** On any column; the storage uses those on partition keys. */
  readonly predicates: Predicate[];
  readonly at: TimeTravel | undefined;
  /** The relation also needs `__file` and `__pos`, which say where a row lies. */
  readonly positions: boolean;
  /** Stands for the relation in the translated text. */
  readonly placeholder: string;
}

export interface BoundTable {
  readonly database: string;
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: TrinoType }[];
  /** Columns that only a query that names them reads: `$path`. */
  readonly hidden?: readonly { readonly name: string; readonly type: TrinoType }[];
  /** `hive`: rows cannot be changed. A metadata table is none of both. */
  readonly kind?: "iceberg" | "hive" | "metadata";
  /** Iceberg: columns of the current partition spec, which OPTIMIZE may choose by. */
  readonly partitionColumns?: readonly string[];
}

/** A view: its query takes its place. */
export interface BoundView {
  readonly database: string;
  readonly name: string;
  /** Athena SQL; tables without a database are in the view's. */
  readonly query: string;
}

/** Gives a table by name under the caller's permissions. */
export interface Binder {
  /**
   * @param database undefined when the query does not say it.
   * @param name lower case; an Iceberg table's metadata tables as `t$snapshots`.
   */
  table(database: string | undefined, name: string, at?: TimeTravel): BoundTable | BoundView;
  /** The session's database. */
  readonly schema?: string | undefined;
}

/** What rules recurse into. It comes with the session, as its own modules are made of the rules. */
export interface Grammar {
  expression(node: Node, env: Env): Expr;
  query(node: Node, env: Env): Query;
  /** A relation of FROM. @param left what LATERAL sees. */
  relation(node: Node, env: Env, left: readonly Relation[]): From;
}

/** What a whole translation shares. */
export interface Session {
  readonly grammar: Grammar;
  readonly source: Source;
  readonly binder: Binder;
  readonly parameters: readonly string[];
  /** Views whose queries are being read, from outside to inside. */
  readonly views: readonly string[];
  /** Milliseconds since the epoch at the statement's start. */
  now(): number;
  readonly scans: Scan[];
  readonly warnings: string[];
  /** A name nothing else has. */
  fresh(prefix: string): string;
  /** The literal given for the n-th `?` of the text, from 0. */
  parameter(index: number): string | undefined;
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

/** A query of a WITH clause. */
export interface Cte extends Query {
  /** As DuckDB's text calls it. */
  readonly emittedName: string;
}

/** What a sub-query takes from the query around it. */
export interface Correlation {
  /** How often it has named a column of that query. */
  uses: number;
  /** Parts of it with which Trino cannot take such a sub-query apart. */
  readonly hindrances: Set<string>;
}

/** Names an expression may use. */
export interface Env {
  readonly session: Session;
  readonly relations: readonly Relation[];
  readonly parent?: Env;
  /** Of the sub-query that this is in. */
  readonly correlation?: Correlation;
  readonly ctes: ReadonlyMap<string, Cte>;
  /** `WINDOW w AS (...)` of the query. */
  readonly windows?: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  /** The members of the condition that is one of those which every row must meet. */
  readonly filter?: Readonly<Record<string, unknown>>;
  /** Inside a lambda's body, where no sub-query may stand. */
  readonly inLambda?: true;
  /** Inside an aggregate. */
  readonly aggregated?: true;
  /** ORDER BY only: output columns come before source columns. */
  readonly outputs?: ReadonlyMap<string, Expr & { readonly position: number }>;
}
