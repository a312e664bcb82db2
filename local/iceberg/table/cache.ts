import type { Manifest } from "../format/manifest.ts";
import type { ManifestFile, TableMetadata } from "../format/model.ts";
import type { FileShape } from "./file-shape.ts";

/** Values by URI, least recently used first out. Files never change under one URI, so nothing is ever stale. */
export class UriCache<T> {
  readonly #limit: number;
  readonly #values = new Map<string, { readonly value: T; readonly bytes: number }>();
  #bytes = 0;

  /** @param limit bytes of the files whose decoded form is kept. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** @param load reads and decodes the file; `bytes` is its size. */
  get(uri: string, load: () => { readonly value: T; readonly bytes: number }): T {
    const known = this.#values.get(uri);
    if (known !== undefined) {
      this.#values.delete(uri);
      this.#values.set(uri, known);
      return known.value;
    }
    const loaded = load();
    this.put(uri, loaded.value, loaded.bytes);
    return loaded.value;
  }

  /** Remembers what a writer has just written, so that it is not read back. */
  put(uri: string, value: T, bytes: number): void {
    this.#bytes += bytes - (this.#values.get(uri)?.bytes ?? 0);
    this.#values.delete(uri);
    this.#values.set(uri, { value, bytes });
    for (const [oldest, entry] of this.#values) {
      if (this.#bytes <= this.#limit) break;
      this.#values.delete(oldest);
      this.#bytes -= entry.bytes;
    }
  }
}

const MIB = 1024 * 1024;

/**
 * Decoded metadata of all tables of a process. Limits are bytes on disk; decoded, a manifest takes thirty times that, some
 * 3 kB for each of its files.
 */
export class DecodedCache {
  readonly metadata = new UriCache<TableMetadata>(8 * MIB);
  readonly manifestLists = new UriCache<readonly ManifestFile[]>(MIB);
  readonly manifests = new UriCache<Manifest>(2 * MIB);
  /** Columns of data files; each file counts as one byte. */
  readonly shapes = new UriCache<FileShape>(100_000);
  /** The same by their text, so that thousands of files written alike take the room of one. */
  readonly distinctShapes = new UriCache<FileShape>(1000);
}
