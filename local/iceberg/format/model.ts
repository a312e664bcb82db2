/**
 * The data of an Iceberg v2 table (https://iceberg.apache.org/spec/), as the other modules pass it around. Table
 * metadata keeps the names and the shape of its JSON (appendix C), so that members this code does not know survive a
 * rewrite; what is Avro on disk (manifest lists, manifests) has names of its own.
 */

/** Spec "Schemas and Data Types", primitive types of v2. `decimal(P,S)` and `fixed[L]` carry their parameters. */
export type PrimitiveType =
  | "boolean"
  | "int"
  | "long"
  | "float"
  | "double"
  | "date"
  | "time"
  | "timestamp"
  | "timestamptz"
  | "string"
  | "uuid"
  | "binary"
  | `decimal(${number},${number})`
  | `fixed[${number}]`;

export type IcebergType = PrimitiveType | StructType | ListType | MapType;

export interface StructType {
  readonly type: "struct";
  readonly fields: readonly NestedField[];
}

export interface ListType {
  readonly type: "list";
  readonly "element-id": number;
  readonly element: IcebergType;
  readonly "element-required": boolean;
}

export interface MapType {
  readonly type: "map";
  readonly "key-id": number;
  readonly key: IcebergType;
  readonly "value-id": number;
  readonly value: IcebergType;
  readonly "value-required": boolean;
}

export interface NestedField {
  readonly id: number;
  readonly name: string;
  readonly required: boolean;
  readonly type: IcebergType;
  readonly doc?: string;
}

export interface Schema extends StructType {
  readonly "schema-id": number;
  readonly "identifier-field-ids"?: readonly number[];
}

/** Spec "Partition Transforms". */
export type Transform =
  | "identity"
  | "year"
  | "month"
  | "day"
  | "hour"
  | "void"
  | `bucket[${number}]`
  | `truncate[${number}]`;

export interface PartitionField {
  readonly name: string;
  readonly transform: Transform;
  readonly "source-id": number;
  readonly "field-id": number;
}

export interface PartitionSpec {
  readonly "spec-id": number;
  readonly fields: readonly PartitionField[];
}

export interface SortField {
  readonly transform: Transform;
  readonly "source-id": number;
  readonly direction: "asc" | "desc";
  readonly "null-order": "nulls-first" | "nulls-last";
}

export interface SortOrder {
  readonly "order-id": number;
  readonly fields: readonly SortField[];
}

export type Operation = "append" | "replace" | "overwrite" | "delete";

/** Spec "Snapshots". Ids are 63-bit and therefore bigint everywhere. */
export interface Snapshot {
  readonly "snapshot-id": bigint;
  readonly "parent-snapshot-id"?: bigint;
  readonly "sequence-number": number;
  /** Milliseconds since the epoch, strictly increasing within a table. */
  readonly "timestamp-ms": number;
  readonly "manifest-list": string;
  readonly summary: Readonly<Record<string, string>> & { readonly operation: Operation };
  readonly "schema-id"?: number;
}

/** Spec "Snapshot References". */
export interface SnapshotRef {
  readonly "snapshot-id": bigint;
  readonly type: "branch" | "tag";
  readonly "min-snapshots-to-keep"?: number;
  readonly "max-snapshot-age-ms"?: number;
  readonly "max-ref-age-ms"?: number;
}

/** Spec "Table Statistics" and "Partition Statistics": kept, never read; they go with their snapshot. */
export interface StatisticsFile {
  readonly "snapshot-id": bigint;
  readonly "statistics-path": string;
}

/** Spec "Table Metadata Fields", v2. */
export interface TableMetadata {
  readonly "format-version": 2;
  readonly "table-uuid": string;
  /** Without a last `/`. */
  readonly location: string;
  readonly "last-sequence-number": number;
  readonly "last-updated-ms": number;
  readonly "last-column-id": number;
  readonly schemas: readonly Schema[];
  readonly "current-schema-id": number;
  readonly "partition-specs": readonly PartitionSpec[];
  readonly "default-spec-id": number;
  readonly "last-partition-id": number;
  readonly properties: Readonly<Record<string, string>>;
  /** -1n: there is none. */
  readonly "current-snapshot-id": bigint;
  readonly snapshots: readonly Snapshot[];
  readonly "snapshot-log": readonly { readonly "timestamp-ms": number; readonly "snapshot-id": bigint }[];
  readonly "metadata-log": readonly { readonly "timestamp-ms": number; readonly "metadata-file": string }[];
  readonly "sort-orders": readonly SortOrder[];
  readonly "default-sort-order-id": number;
  readonly refs: Readonly<Record<string, SnapshotRef>>;
  readonly statistics: readonly StatisticsFile[];
  readonly "partition-statistics": readonly StatisticsFile[];
}

/**
 * A value of a primitive type as this code compares it: boolean; int and date (days) as number; float and double as
 * number; long, time, timestamp and timestamptz (microseconds) and decimals (unscaled) as bigint; string; uuid, fixed and
 * binary as bytes.
 */
export type Value = boolean | number | bigint | string | Buffer;

/** Spec "Manifests", `data_file`. Maps are by field id. */
export interface DataFile {
  /** 0 rows, 1 position deletes. Equality deletes (2) are refused when read. */
  readonly content: 0 | 1;
  readonly path: string;
  readonly specId: number;
  /** One value a field of the spec, in its order. */
  readonly partition: readonly (Value | null)[];
  readonly records: number;
  /** Bytes of the file. */
  readonly size: number;
  readonly columnSizes: ReadonlyMap<number, number>;
  readonly valueCounts: ReadonlyMap<number, number>;
  readonly nullCounts: ReadonlyMap<number, number>;
  readonly nanCounts: ReadonlyMap<number, number>;
  /** Single-value bytes (appendix D). A missing bound says nothing. */
  readonly lowerBounds: ReadonlyMap<number, Buffer>;
  readonly upperBounds: ReadonlyMap<number, Buffer>;
  readonly splitOffsets?: readonly number[];
  readonly sortOrderId?: number;
  /** Of position deletes that all fall into one data file. */
  readonly referencedDataFile?: string;
}

/** Spec "Manifests", `manifest_entry`, with what it inherits from the manifest list filled in. */
export interface ManifestEntry {
  readonly status: "existing" | "added" | "deleted";
  readonly snapshotId: bigint;
  readonly sequenceNumber: number;
  readonly fileSequenceNumber: number;
  readonly file: DataFile;
}

/** Bounds of one partition field over a manifest's files. */
export interface FieldSummary {
  readonly containsNull: boolean;
  readonly containsNan?: boolean;
  readonly lowerBound?: Buffer;
  readonly upperBound?: Buffer;
}

/** Spec "Manifest Lists", `manifest_file`. */
export interface ManifestFile {
  readonly path: string;
  /** Bytes of the manifest. */
  readonly length: number;
  readonly specId: number;
  readonly content: "data" | "deletes";
  readonly sequenceNumber: number;
  readonly minSequenceNumber: number;
  readonly addedSnapshotId: bigint;
  readonly addedFiles: number;
  readonly existingFiles: number;
  readonly deletedFiles: number;
  readonly addedRows: number;
  readonly existingRows: number;
  readonly deletedRows: number;
  readonly partitions: readonly FieldSummary[];
}
