import {
  closeSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { compareKeys, lowerBound } from "../key-order.ts";

/** One version of an object as the index keeps it. */
export interface Entry {
  readonly key: string;
  readonly size: number;
  readonly etag: string;
  readonly lastModified: number;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly versionId?: string;
  /** File that holds the bytes, relative to the store's home. */
  readonly path: string;
}

/** A line of the log. `staged` is the file that still has to be moved to `path` when the line is the last one. */
export type Line =
  | ({ readonly op: "put"; readonly staged?: string } & Entry)
  | {
      readonly op: "delete";
      readonly key: string;
      readonly lastModified: number;
      readonly path?: string;
      readonly versionId?: string;
    }
  /** A former version or a delete marker goes for good. */
  | { readonly op: "purge"; readonly key: string; readonly versionId: string; readonly path?: string };

/** A former version, or a delete marker. */
export type Former =
  | Entry
  | { readonly key: string; readonly lastModified: number; readonly versionId: string; readonly deleteMarker: true };

/**
 * What a bucket holds: an append-only log on disk, a map and a sorted list of keys in memory. The append of a line is the
 * commit point of every change. A killed process loses nothing that was answered; the page cache is not forced to disk,
 * so a power cut may.
 */
export class BucketIndex {
  readonly #file: string;
  readonly #formerPath: (entry: Entry) => string;
  readonly #current = new Map<string, Entry>();
  readonly #former = new Map<string, Former[]>();
  #keys: string[] = [];
  #log: number;
  #length = 0;
  #lines = 0;
  /** The last line, whose file moves may be unfinished. */
  readonly last: Line | undefined;

  /** @param formerPath where a version's file goes when a newer one takes its place */
  constructor(file: string, formerPath: (entry: Entry) => string) {
    this.#file = file;
    this.#formerPath = formerPath;
    const lines = statSync(file, { throwIfNoEntry: false })?.isFile() ? this.#load(readFileSync(file)) : [];
    this.last = lines.at(-1);
    for (const line of lines) this.#apply(line, false);
    this.#keys = [...this.#current.keys()].sort(compareKeys);
    this.#log = openSync(file, "a");
    this.#length = fstatSync(this.#log).size;
    this.#lines = lines.length;
  }

  /** The parsed lines; a torn last one is cut off. */
  #load(bytes: Buffer): Line[] {
    const end = bytes.lastIndexOf(0x0a) + 1;
    if (end < bytes.length) writeFileSync(this.#file, bytes.subarray(0, end));
    return linesOf(bytes);
  }

  /** Rewrites a log that is mostly history; each key's versions stand in it oldest first, as they came. */
  compact(): void {
    const kept = this.keysEver().flatMap((key) => this.versions(key).toReversed().map(lineOf));
    if (this.#lines <= 2 * kept.length + 1000) return;
    writeFileSync(`${this.#file}.new`, kept.map((line) => `${JSON.stringify(line)}\n`).join(""));
    closeSync(this.#log);
    renameSync(`${this.#file}.new`, this.#file);
    this.#log = openSync(this.#file, "a");
    this.#length = fstatSync(this.#log).size;
  }

  /** Commits a change: on disk first, then in memory. A failed append leaves no trace. */
  append(line: Line): void {
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
    try {
      const written = writeSync(this.#log, bytes);
      if (written < bytes.length) throw Object.assign(new Error("The disk is full."), { code: "ENOSPC" });
    } catch (error) {
      if (fstatSync(this.#log).isFile()) ftruncateSync(this.#log, this.#length);
      throw error;
    }
    this.#length += bytes.length;
    this.#apply(line, true);
  }

  #apply(line: Line, sorted: boolean): void {
    if (line.op === "purge") {
      this.#forget(line.key, line.versionId);
      return;
    }
    const before = this.#current.get(line.key);
    if (before?.versionId !== undefined && line.versionId !== undefined) {
      this.#remember({ ...before, path: this.#formerPath(before) });
    }
    if (line.op === "put") {
      const { op: _op, staged: _staged, ...entry } = line;
      this.#current.set(line.key, entry);
      if (sorted && before === undefined) this.#keys.splice(lowerBound(this.#keys, line.key), 0, line.key);
      return;
    }
    this.#current.delete(line.key);
    if (sorted && before !== undefined) this.#keys.splice(lowerBound(this.#keys, line.key), 1);
    const { key, lastModified, versionId } = line;
    if (versionId !== undefined) this.#remember({ key, lastModified, versionId, deleteMarker: true });
  }

  #remember(version: Former): void {
    const versions = this.#former.get(version.key);
    if (versions) versions.unshift(version);
    else this.#former.set(version.key, [version]);
  }

  #forget(key: string, versionId: string): void {
    const left = this.former(key).filter((version) => version.versionId !== versionId);
    if (left.length === 0) this.#former.delete(key);
    else this.#former.set(key, left);
  }

  get(key: string): Entry | undefined {
    return this.#current.get(key);
  }

  /** Former versions and delete markers of a key, newest first; a current delete marker is the first of them. */
  former(key: string): readonly Former[] {
    return this.#former.get(key) ?? [];
  }

  /** What a key shows, unless it never was there, and its former versions: newest first. */
  versions(key: string): readonly Former[] {
    const current = this.#current.get(key);
    return current === undefined ? this.former(key) : [current, ...this.former(key)];
  }

  /** Keys that are there or of which a version is left, in order. */
  keysEver(): readonly string[] {
    return [...new Set([...this.#keys, ...this.#former.keys()])].sort(compareKeys);
  }

  get size(): number {
    return this.#keys.length;
  }

  /** Entries in key order: those with `prefix`, from `from` (inclusive) on. */
  *entries(prefix: string, from = prefix): Generator<Entry> {
    for (
      let index = lowerBound(this.#keys, compareKeys(from, prefix) > 0 ? from : prefix);
      index < this.#keys.length;
      index++
    ) {
      const key = this.#keys[index];
      if (key === undefined || !key.startsWith(prefix)) return;
      const entry = this.#current.get(key);
      if (entry) yield entry;
    }
  }

  close(): void {
    closeSync(this.#log);
  }
}

/** The lines of a log; one that is not whole does not count. */
function linesOf(bytes: Buffer): Line[] {
  return bytes
    .toString("utf8", 0, bytes.lastIndexOf(0x0a) + 1)
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line);
}

/** What a bucket shows by its log, without taking it: also while another process writes on. */
export function currentEntries(file: string): ReadonlyMap<string, Entry> {
  const current = new Map<string, Entry>();
  for (const line of linesOf(readFileSync(file))) {
    if (line.op === "put") current.set(line.key, line);
    else if (line.op === "delete") current.delete(line.key);
  }
  return current;
}

/** The line that brought a version. */
function lineOf(version: Former): Line {
  return "deleteMarker" in version
    ? { op: "delete", key: version.key, lastModified: version.lastModified, versionId: version.versionId }
    : { op: "put", ...version };
}
