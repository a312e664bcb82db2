import type { BoundTable, OutputColumn, Scan } from "./scope.ts";
import type { TrinoType } from "./types.ts";

/** A table as a statement names it, in lower case. */
export interface TableName {
  /** Undefined: the session's. */
  readonly database: string | undefined;
  readonly name: string;
}

/** A column as DDL declares it. */
export interface ColumnDefinition {
  /** Lower case. */
  readonly name: string;
  readonly type: TrinoType;
  /** As Glue writes it, lower case: `struct<a:int>`. */
  readonly hive: string;
  readonly comment?: string;
}

/** One field of an Iceberg partition spec: `bucket(16, id)`. */
export interface PartitionColumn {
  readonly column: string;
  /** As the Iceberg specification writes it: `bucket[16]`. */
  readonly transform: "identity" | "year" | "month" | "day" | "hour" | `bucket[${number}]` | `truncate[${number}]`;
}

/** Rows to the result file. */
export interface Select {
  readonly kind: "SELECT";
  readonly sql: string;
  readonly columns: readonly OutputColumn[];
}

/** Adds rows. */
export interface Insert {
  readonly kind: "INSERT";
  readonly target: BoundTable;
  /** SELECT of every column of the table, in its order and by its name; NULL where the statement gives none. */
  readonly sql: string;
}

/** Changes rows that are there. */
export interface Change {
  readonly kind: "DELETE" | "UPDATE" | "MERGE";
  /** With positions. Its predicates hold for every row that is changed or deleted. */
  readonly target: Scan;
  /**
   * SELECT of `__file`, `__pos` (NULL for inserts), `__op` (0 delete, 1 update, 2 insert) and every column of the table by
   * its name, after the change (NULL for deletes). A target row that is there twice is to be refused:
   * MERGE_TARGET_ROW_MULTIPLE_MATCHES.
   */
  readonly sql: string;
  /** MERGE: to be kept in a temporary table of that name while the statement runs; the text above reads it. */
  readonly source?: { readonly name: string; readonly sql: string };
  /**
   * MERGE: equalities that ON demands between a column of the target and one of `source`, for leaving out files of the
   * target by the smallest and largest value of the source.
   */
  readonly keys?: readonly { readonly column: string; readonly sourceColumn: string }[];
}

/** Writes a table from a query. */
export interface CreateTableAsSelect {
  readonly kind: "CREATE_TABLE_AS_SELECT";
  readonly table: TableName;
  readonly ifNotExists: boolean;
  /** SELECT that names its columns as `columns` does in `emitted`; undefined with WITH NO DATA. */
  readonly sql: string | undefined;
  readonly columns: readonly OutputColumn[];
  readonly format: TableFormat;
}

/** What the properties of CTAS or CREATE TABLE come to. */
export type TableFormat =
  | {
      readonly kind: "iceberg";
      /** Ends in `/`. */
      readonly location: string;
      readonly partitionedBy: readonly PartitionColumn[];
      /** What is left for the table's own properties, e.g. `vacuum_max_snapshot_age_seconds`, `write.target-file-size-bytes`. */
      readonly properties: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: "hive";
      /** Ends in `/`; undefined (CTAS only): below the query's result location. */
      readonly location: string | undefined;
      readonly partitionedBy: readonly ColumnDefinition[];
      readonly format: "parquet" | "json" | "csv";
      readonly serde: string | undefined;
      readonly serdeProperties: Readonly<Record<string, string>>;
      readonly properties: Readonly<Record<string, string>>;
    };

export interface CreateTable {
  readonly kind: "CREATE_TABLE";
  readonly table: TableName;
  readonly ifNotExists: boolean;
  /** Without the partition columns of a Hive table. */
  readonly columns: readonly ColumnDefinition[];
  readonly comment?: string;
  readonly format: TableFormat;
}

export interface DropTable {
  readonly kind: "DROP_TABLE";
  readonly table: TableName;
  readonly ifExists: boolean;
}

export type Alteration =
  | { readonly kind: "add columns"; readonly columns: readonly ColumnDefinition[] }
  | { readonly kind: "drop column"; readonly name: string }
  /** CHANGE COLUMN: another name, a wider type, or both. */
  | { readonly kind: "change column"; readonly name: string; readonly to: ColumnDefinition }
  | { readonly kind: "replace columns"; readonly columns: readonly ColumnDefinition[] }
  /** Of the table, or of one partition. `location` ends in `/`. */
  | { readonly kind: "set location"; readonly location: string; readonly partition?: PartitionValues }
  | { readonly kind: "rename partition"; readonly partition: PartitionValues; readonly to: PartitionValues }
  /** Without a database, in the same one. */
  | { readonly kind: "rename"; readonly to: TableName }
  | { readonly kind: "set properties"; readonly properties: Readonly<Record<string, string>> }
  | { readonly kind: "unset properties"; readonly names: readonly string[] }
  | {
      readonly kind: "add partitions";
      readonly ifNotExists: boolean;
      readonly partitions: readonly { readonly values: Readonly<Record<string, string>>; readonly location?: string }[];
    }
  | {
      readonly kind: "drop partitions";
      readonly ifExists: boolean;
      readonly partitions: readonly { readonly values: Readonly<Record<string, string>> }[];
    };

/** Texts by the names of partition columns. */
export type PartitionValues = Readonly<Record<string, string>>;

export interface AlterTable {
  readonly kind: "ALTER_TABLE";
  readonly table: TableName;
  readonly action: Alteration;
}

/** `OPTIMIZE t REWRITE DATA USING BIN_PACK [WHERE ...]`. */
export interface Optimize {
  readonly kind: "OPTIMIZE";
  /** Its predicates choose the files; whoever binds an Iceberg table says its partition columns. */
  readonly target: Scan;
}

export interface Vacuum {
  readonly kind: "VACUUM";
  readonly target: BoundTable;
}

export interface CreateView {
  readonly kind: "CREATE_VIEW";
  readonly view: TableName;
  readonly orReplace: boolean;
  /** The query as written; it has been translated once, so it is known to run. */
  readonly query: string;
  readonly columns: readonly Pick<ColumnDefinition, "name" | "type" | "hive">[];
}

export interface DropView {
  readonly kind: "DROP_VIEW";
  readonly view: TableName;
  readonly ifExists: boolean;
}

/** Answers about the catalogue: rows of text, no DuckDB. */
export type Show =
  /** `pattern` is the regular expression between the quotes, `*` and `|` as Hive reads them. */
  | { readonly kind: "SHOW_DATABASES"; readonly pattern?: string }
  | { readonly kind: "SHOW_TABLES" | "SHOW_VIEWS"; readonly database: string | undefined; readonly pattern?: string }
  | {
      readonly kind: "SHOW_COLUMNS" | "SHOW_CREATE_TABLE" | "SHOW_CREATE_VIEW" | "SHOW_PARTITIONS";
      readonly table: TableName;
    }
  | { readonly kind: "SHOW_TBLPROPERTIES"; readonly table: TableName; readonly property?: string }
  | { readonly kind: "DESCRIBE"; readonly table: TableName; readonly extended: boolean };

export interface CreateDatabase {
  readonly kind: "CREATE_DATABASE";
  readonly name: string;
  readonly ifNotExists: boolean;
  readonly comment?: string;
  readonly location?: string;
  readonly properties: Readonly<Record<string, string>>;
}

/** Adds properties to a database's, or gives them other values. */
export interface AlterDatabase {
  readonly kind: "ALTER_DATABASE";
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
}

/** Registers the partitions whose folders lie below a table's. */
export interface MsckRepair {
  readonly kind: "MSCK_REPAIR";
  readonly table: TableName;
}

export interface DropDatabase {
  readonly kind: "DROP_DATABASE";
  readonly name: string;
  readonly ifExists: boolean;
  readonly cascade: boolean;
}

/** The statement inside is translated, its scans are among this translation's. */
export interface Explain {
  readonly kind: "EXPLAIN";
  readonly format: "text" | "json";
  /** The statement runs, and what running it took is shown as well. */
  readonly analyze: boolean;
  readonly statement: Statement;
}

/** Query results as files. */
export interface Unload {
  readonly kind: "UNLOAD";
  readonly sql: string;
  readonly columns: readonly OutputColumn[];
  /** Ends in `/`. */
  readonly location: string;
  readonly format: "parquet" | "json" | "textfile";
  readonly compression: "gzip" | "snappy" | "zstd" | "none";
  readonly partitionedBy: readonly string[];
  readonly fieldDelimiter: string;
}

/** Kept in the workgroup, as CreatePreparedStatement does. */
export interface Prepare {
  readonly kind: "PREPARE";
  readonly name: string;
  readonly query: string;
}

/** Runs a kept statement: translate its text with these parameters. */
export interface Execute {
  readonly kind: "EXECUTE";
  readonly name: string;
  readonly parameters: readonly string[];
}

export interface Deallocate {
  readonly kind: "DEALLOCATE";
  readonly name: string;
}

/** A statement in DuckDB's words; `\0n\0` stands for the n-th scan's relation. */
export type Statement =
  | Select
  | Insert
  | Change
  | CreateTableAsSelect
  | CreateTable
  | DropTable
  | AlterTable
  | Optimize
  | Vacuum
  | CreateView
  | DropView
  | Show
  | CreateDatabase
  | AlterDatabase
  | DropDatabase
  | MsckRepair
  | Explain
  | Unload
  | Prepare
  | Execute
  | Deallocate;
