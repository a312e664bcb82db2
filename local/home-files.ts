import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type StoredTable, TableStore } from "./aws/glue/table-store.ts";
import { objectIn } from "./aws/members.ts";
import { currentEntries, type Entry } from "./aws/s3/bucket-index.ts";
import type { FileIo, Pointer, TableEntry } from "./iceberg/table/environment.ts";

const refused = (): never => {
  throw new Error("A home that is only looked at is not changed.");
};

/** The objects of a home as files, each bucket as it stood when it was first asked for. Read-only; takes no lock. */
export class HomeFiles implements FileIo {
  readonly #folder: string;
  readonly #buckets = new Map<string, ReadonlyMap<string, Entry>>();
  readonly #sizes = new Map<string, number | undefined>();

  constructor(home: string) {
    this.#folder = join(home, "s3");
  }

  #entries(bucket: string): ReadonlyMap<string, Entry> {
    const known = this.#buckets.get(bucket);
    if (known !== undefined) return known;
    const log = join(this.#folder, ".index", `${bucket}.log`);
    const entries = existsSync(log) ? currentEntries(log) : new Map<string, Entry>();
    this.#buckets.set(bucket, entries);
    return entries;
  }

  local(uri: string): string {
    const { bucket, key } = splitUri(uri);
    const entry = this.#entries(bucket).get(key);
    if (entry === undefined) throw new Error(`${uri} is not there`);
    return join(this.#folder, entry.path);
  }

  read(uri: string): Buffer {
    return readFileSync(this.local(uri));
  }

  list(prefix: string): { readonly uri: string; readonly size: number; readonly modifiedMs: number }[] {
    const { bucket, key } = splitUri(prefix);
    return [...this.#entries(bucket).values()].flatMap((entry) => {
      // As the file is, not as the log says it was.
      const size = entry.key.startsWith(key) ? this.#sizeOf(entry) : undefined;
      return size === undefined ? [] : [{ uri: `s3://${bucket}/${entry.key}`, size, modifiedMs: entry.lastModified }];
    });
  }

  #sizeOf({ path }: Entry): number | undefined {
    if (!this.#sizes.has(path)) {
      this.#sizes.set(path, statSync(join(this.#folder, path), { throwIfNoEntry: false })?.size);
    }
    return this.#sizes.get(path);
  }

  readonly write = refused;
  readonly adopt = refused;
  readonly delete = refused;
}

function splitUri(uri: string): { readonly bucket: string; readonly key: string } {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.*)$/s.exec(uri) ?? [];
  if (bucket === undefined || key === undefined) throw new Error(`${uri} is no place in S3`);
  return { bucket, key };
}

/** An Iceberg table of a home's catalogue, read-only. Every look is a new one. */
export class HomeTable implements TableEntry {
  readonly name: string;
  readonly #home: string;
  readonly #database: string;

  constructor(home: string, { database, name }: StoredTable) {
    this.#home = home;
    this.#database = database;
    this.name = name;
  }

  current(): Pointer {
    const table = catalogueOf(this.#home).get(this.#database, this.name);
    const metadataLocation = table === undefined ? undefined : parametersOf(table)["metadata_location"];
    if (table === undefined || typeof metadataLocation !== "string")
      throw new Error(`the catalogue does not say where the metadata of ${this.name} is`);
    return { metadataLocation, version: String(table.version) };
  }

  readonly swap = refused;
}

/** The Iceberg tables of a home, by name. */
export const homeTables = (home: string): readonly HomeTable[] =>
  catalogueOf(home)
    .all()
    .filter((table) => String(parametersOf(table)["table_type"]).toUpperCase() === "ICEBERG")
    .map((table) => new HomeTable(home, table));

const catalogueOf = (home: string): TableStore => new TableStore(join(home, "glue"));

const parametersOf = ({ input }: StoredTable): Readonly<Record<string, unknown>> => objectIn(input["Parameters"]) ?? {};
