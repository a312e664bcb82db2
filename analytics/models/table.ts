import type { History } from "./retention.ts";

/** A column as Glue, Athena and the documentation see it. */
export interface Column {
  readonly name: string;
  /** Hive type text: `string`, `bigint`, `int`, `boolean`, `double`, `date`, `timestamp`, `decimal(18,3)`, `array<string>`. */
  readonly type: string;
  readonly comment: string;
  /** Iceberg required (NOT NULL). Default false. */
  readonly required?: boolean;
}

/** One Iceberg table of the lake, said once: infra makes it, models fill it, rules audit it. */
export interface LakeTable {
  readonly name: string;
  readonly layer: "silver" | "gold";
  readonly description: string;
  readonly columns: readonly Column[];
  /** Iceberg partition fields; `transform` as in the Iceberg specification: identity, year, month, day, hour, bucket[N], truncate[W]. */
  readonly partitionedBy: readonly { readonly column: string; readonly transform: string }[];
  /** Columns that name a row; the models MERGE on them. */
  readonly key: readonly string[];
  /** Snapshots that maintenance keeps. */
  readonly history: History;
}
