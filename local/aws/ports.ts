import type { DuckDBConnection } from "@duckdb/node-api";
import type { TableReader } from "./athena/tables/reader.ts";
import type { Call, Shape } from "./service.ts";

/** In-process doors between services, for what would be wasteful over HTTP (bytes, files, SQL). */
export interface Ports {
  objects: ObjectStore;
  sql: SqlEngine;
  catalogue: Catalogue;
  /** Rows of catalogue tables, whatever keeps them. */
  tables: TableReader;
  streams: Streams;
}

/** A record as a stream keeps it. */
export interface StreamRecord {
  readonly sequenceNumber: string;
  readonly partitionKey: string;
  /** Base64, as it came and as consumers pass it on: it is never decoded on the way. */
  readonly data: string;
  /** Milliseconds since the epoch. */
  readonly arrivedAt: number;
}

/** Kinesis, for consumers in process. Reads authorise as GetShardIterator and GetRecords do. */
export interface Streams {
  /** Ids of the shards (authorises kinesis:DescribeStream and kinesis:ListShards). */
  shards(streamArn: string, call: Call): readonly string[];
  /**
   * The records after a sequence number (or from the oldest kept), until one of the limits is reached; at least one if
   * there is any. A consumer that lags reads from disk: memory is bounded by the limits.
   */
  read(
    from: { readonly streamArn: string; readonly shardId: string; readonly after: string | undefined },
    limit: { readonly records: number; readonly bytes: number },
    call: Call,
  ): { readonly records: readonly StreamRecord[]; readonly millisBehindLatest: number };
  /** Calls `listener` after records were put, in the same turn; returns what ends it. */
  subscribe(streamArn: string, listener: () => void): () => void;
}

export interface ObjectInfo {
  readonly bucket: string;
  readonly key: string;
  readonly size: number;
  readonly etag: string;
  /** Milliseconds since the epoch, by the runtime's clock. */
  readonly lastModified: number;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly versionId?: string;
}

/** S3. Every method authorises `call` as S3 would (s3:* on bucket or object, kms:* through the bucket's key). */
export interface ObjectStore {
  /** Asks what S3 asks for an action on an object, the key's use included; for bytes of an object that are kept elsewhere. */
  authorize(call: Call, action: string, target: { readonly bucket: string; readonly key: string }): void;
  put(
    target: { readonly bucket: string; readonly key: string },
    /** `{ file }` is moved into the store, not copied. */
    body: Uint8Array | string | { readonly file: string },
    options: {
      readonly contentType?: string;
      readonly metadata?: Readonly<Record<string, string>>;
      readonly ifNoneMatch?: "*";
    },
    call: Call,
  ): Promise<ObjectInfo>;
  get(
    target: { readonly bucket: string; readonly key: string },
    call: Call,
  ): Promise<{ info: ObjectInfo; body: Buffer }>;
  delete(target: { readonly bucket: string; readonly key: string }, call: Call): Promise<void>;
  /** All objects under a prefix, in byte order of their keys (authorises s3:ListBucket). */
  list(bucket: string, prefix: string, call: Call): readonly ObjectInfo[];
  /**
   * File that holds the current version's bytes, for DuckDB to read. Read-only. Authorises s3:GetObject.
   * Stays valid while its reader runs even if the object is overwritten.
   */
  file(target: { readonly bucket: string; readonly key: string }, call: Call): string;
}

/** The one DuckDB of the runtime: memory-bounded, `TimeZone='UTC'`, two threads by default. */
export interface SqlEngine {
  /** Runs `task` on a connection of its own; connections are pooled. */
  use<T>(task: (connection: DuckDBConnection) => Promise<T>): Promise<T>;
  /** Folder for spill and scratch files; emptied at start. */
  readonly scratch: string;
}

export interface TableColumn {
  readonly name: string;
  /** Hive/Glue type text: `string`, `bigint`, `decimal(18,3)`, `array<struct<a:int>>`, ... */
  readonly type: string;
  readonly comment?: string;
}

/** A Glue table as the catalogue holds it. */
export interface CatalogueTable {
  readonly database: string;
  readonly name: string;
  readonly kind: "hive" | "iceberg" | "view";
  /** Of an Iceberg table only what its last writer told the catalogue: its metadata is what counts. */
  readonly columns: readonly TableColumn[];
  readonly partitionKeys: readonly TableColumn[];
  /** `s3://bucket/prefix/` */
  readonly location: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Glue's `VersionId`; changes with every update. */
  readonly version: string;
  /** Glue's `TableInput`, from which an update goes out. */
  readonly input: Shape;
  /** Hive: SerDe class and input format. */
  readonly serde?: string;
  readonly inputFormat?: string;
}

/** Glue's catalogue. Authorises glue:GetTable etc. on catalogue, database and table. */
export interface Catalogue {
  /** Names of the databases (authorises glue:GetDatabases). */
  databaseNames(call: Call): readonly string[];
  /** @throws AwsError `EntityNotFoundException` */
  table(database: string, name: string, call: Call): CatalogueTable;
  tables(database: string, call: Call): readonly CatalogueTable[];
  /**
   * Asks whether the caller may create the table.
   * @param next what the caller will do with it then, e.g. `glue:BatchCreatePartition`, is asked for as well.
   * @throws AwsError `AlreadyExistsException`
   */
  authorizeCreation(database: string, name: string, call: Call, next?: readonly string[]): void;
  /** @param input Glue's `TableInput`. @throws AwsError `AlreadyExistsException` */
  create(database: string, input: Shape, call: Call): void;
  /**
   * Replaces the entry of the table that `input` names.
   * @param options.version what the entry's version must still be.
   * @throws AwsError `ConcurrentModificationException` when it is another.
   */
  update(
    database: string,
    input: Shape,
    options: { readonly version: string | undefined; readonly skipArchive: boolean },
    call: Call,
  ): CatalogueTable;
  /** Forgets the table; its files stay. */
  drop(database: string, name: string, call: Call): void;
  /** @param input Glue's `DatabaseInput`. @throws AwsError `AlreadyExistsException` */
  createDatabase(input: Shape, call: Call): void;
  /** Forgets the database and its tables; their files stay. @throws AwsError `EntityNotFoundException` */
  dropDatabase(name: string, call: Call): void;
}
