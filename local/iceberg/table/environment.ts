import type { DuckDBConnection } from "@duckdb/node-api";
import type { TableMetadata } from "../format/model.ts";
import type { DecodedCache } from "./cache.ts";

/** Where a table's files are. Every path is a URI as the metadata says it, e.g. `s3://bucket/prefix/data/a.parquet`. */
export interface FileIo {
  /** A whole small file (metadata, manifest list, manifest). Files never change under one name. */
  read(uri: string): Buffer;
  /** Makes a file that is not there yet. */
  write(uri: string, bytes: Uint8Array | string): Promise<void>;
  /** Moves a file of this machine to its place; nobody sees it half. */
  adopt(uri: string, localFile: string): Promise<void>;
  /** Path at which DuckDB reads the file; valid while its reader runs even when the file is deleted. */
  local(uri: string): string;
  /** Every file under a prefix that ends in `/`. */
  list(prefix: string): readonly { readonly uri: string; readonly size: number; readonly modifiedMs: number }[];
  /** No error when it is not there. */
  delete(uri: string): Promise<void>;
}

/** Which metadata file is the table: the one thing that is compared and swapped. */
export interface Pointer {
  readonly metadataLocation: string;
  /** Changes with every swap. */
  readonly version: string;
}

/** The catalogue's entry of one table. */
export interface TableEntry {
  current(): Pointer;
  /**
   * Points the table at other metadata if it still is at `expected`.
   * @param metadata what that file says, for the parts that the catalogue repeats (columns, parameters).
   * @throws CommitConflict when somebody else was faster; nothing has changed then.
   */
  swap(expected: Pointer, metadataLocation: string, metadata: TableMetadata): Promise<Pointer>;
}

/** Somebody else committed first. The caller reads again, validates and tries again. */
export class CommitConflict extends Error {}

/** What the room needs around it for one statement. */
export interface Environment {
  readonly io: FileIo;
  readonly entry: TableEntry;
  /** Milliseconds since the epoch; may stand still (virtual clock). */
  now(): number;
  /** Folder for files that are being written, on the same disk as the tables. */
  readonly scratch: string;
  readonly connection: DuckDBConnection;
  /** One a process; every table may share it, since files are known by their URI. */
  readonly cache: DecodedCache;
}
