import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import type { DataFile, TableMetadata } from "../format/model.ts";
import { DecodedCache } from "./cache.ts";
import { CommitConflict, type Environment, type FileIo, type Pointer, type TableEntry } from "./environment.ts";

const SCHEME = "s3://";

/** Files of `s3://bucket/key` under `<folder>/bucket/key`. Counts what is read. */
export class FolderIo implements FileIo {
  readonly folder: string;
  /** URIs given to `read`, in order. */
  readonly reads: string[] = [];

  constructor(folder: string) {
    this.folder = folder;
  }

  local(uri: string): string {
    if (!uri.startsWith(SCHEME)) throw new Error(`${uri} is not under ${SCHEME}`);
    return join(this.folder, uri.slice(SCHEME.length));
  }

  read(uri: string): Buffer {
    this.reads.push(uri);
    return readFileSync(this.local(uri));
  }

  async write(uri: string, bytes: Uint8Array | string): Promise<void> {
    const path = this.local(uri);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes, { flag: "wx" });
  }

  async adopt(uri: string, localFile: string): Promise<void> {
    const path = this.local(uri);
    if (existsSync(path)) throw new Error(`${uri} is there already`);
    mkdirSync(dirname(path), { recursive: true });
    await rename(localFile, path);
  }

  list(prefix: string): { uri: string; size: number; modifiedMs: number }[] {
    const root = this.local(prefix);
    if (!existsSync(root)) return [];
    return readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        const { size, mtimeMs } = statSync(path);
        return { uri: SCHEME + path.slice(this.folder.length + 1), size, modifiedMs: mtimeMs };
      })
      .sort((a, b) => (a.uri < b.uri ? -1 : 1));
  }

  async delete(uri: string): Promise<void> {
    await rm(this.local(uri), { force: true });
  }
}

/** A catalogue of one table in memory. */
export class MemoryEntry implements TableEntry {
  #pointer: Pointer;
  /** Runs once before the next swap looks: the place for somebody who is faster. */
  beforeSwap: (() => Promise<void>) | undefined;
  /** What the last swap said. */
  metadata: TableMetadata | undefined;

  constructor(metadataLocation: string) {
    this.#pointer = { metadataLocation, version: "0" };
  }

  current(): Pointer {
    return this.#pointer;
  }

  async swap(expected: Pointer, metadataLocation: string, metadata: TableMetadata): Promise<Pointer> {
    const hook = this.beforeSwap;
    this.beforeSwap = undefined;
    await hook?.();
    if (this.#pointer.version !== expected.version) throw new CommitConflict(`expected version ${expected.version}`);
    this.#pointer = { metadataLocation, version: String(Number(this.#pointer.version) + 1) };
    this.metadata = metadata;
    return this.#pointer;
  }
}

/** A data file as somebody else might have registered it: of no partition, without statistics. */
export function foreignFile(path: string, file: Pick<DataFile, "records" | "size"> & Partial<DataFile>): DataFile {
  return {
    content: 0,
    path,
    specId: 0,
    partition: [],
    columnSizes: new Map(),
    valueCounts: new Map(),
    nullCounts: new Map(),
    nanCounts: new Map(),
    lowerBounds: new Map(),
    upperBounds: new Map(),
    ...file,
  };
}

export interface Fixture {
  readonly io: FolderIo;
  readonly connection: DuckDBConnection;
  readonly scratch: string;
  /** Stands still until a test moves it. */
  readonly clock: { ms: number };
  /** An environment of a table whose first metadata file is written; each has a cache of its own. */
  environment(metadataLocation: string): Environment & { readonly entry: MemoryEntry };
  /** Writes a Parquet file of its own making and describes it. @param options of DuckDB's COPY, e.g. FIELD_IDS. */
  writeParquet(uri: string, select: string, options?: string, file?: Partial<DataFile>): Promise<DataFile>;
  /** Rows as plain objects: 64-bit integers and decimals as text, dates and times as DuckDB's text. */
  rows(sql: string): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

/** A folder of its own and a DuckDB in memory for one test file. Tables go to `s3://lake/<anything>`. */
export async function openFixture(): Promise<Fixture> {
  const folder = mkdtempSync(join(tmpdir(), "iceberg-"));
  const scratch = join(folder, "scratch");
  mkdirSync(scratch);
  const instance = await DuckDBInstance.create(":memory:", { threads: "2", memory_limit: "1GB" });
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  const io = new FolderIo(folder);
  const clock = { ms: Date.UTC(2011, 0, 1) };
  return {
    io,
    connection,
    scratch,
    clock,
    environment(metadataLocation) {
      const entry = new MemoryEntry(metadataLocation);
      return { io, entry, now: () => clock.ms, scratch, connection, cache: new DecodedCache() };
    },
    async writeParquet(uri, select, options, file) {
      const path = io.local(uri);
      mkdirSync(dirname(path), { recursive: true });
      const format = ["FORMAT parquet", ...(options === undefined ? [] : [options])].join(", ");
      const result = await connection.runAndReadAll(`COPY (${select}) TO '${path}' (${format})`);
      return foreignFile(uri, { records: Number(result.getRows()[0]?.[0]), size: statSync(path).size, ...file });
    },
    async rows(sql) {
      return (await connection.runAndReadAll(sql)).getRowObjectsJson();
    },
    async close() {
      connection.closeSync();
      instance.closeSync();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
