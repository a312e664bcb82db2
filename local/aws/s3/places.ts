import { lstatSync, mkdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { hashedPath, pathOfKey } from "./paths.ts";

/** Finds the files of new keys, and makes the folders they lie in. */
export class Places {
  readonly #home: string;
  readonly #folders = new Set<string>();
  readonly #device: number;

  constructor(home: string) {
    this.#home = home;
    this.#device = statSync(home).dev;
  }

  /** Whether a file can be moved here by renaming it. */
  onSameDevice(file: string): boolean {
    return statSync(file).dev === this.#device;
  }

  /** The key's own path, or a hashed one where another key's file or folder (or spelling in capitals) is in the way. */
  freePath(bucket: string, key: string): string {
    const own = `${bucket}/${pathOfKey(key)}`;
    try {
      this.makeFolder(dirname(join(this.#home, own)));
      if (lstatSync(join(this.#home, own), { throwIfNoEntry: false }) === undefined) return own;
    } catch (error) {
      if (!(error instanceof Error && "code" in error && (error.code === "ENOTDIR" || error.code === "EEXIST")))
        throw error;
    }
    const hashed = `${bucket}/${hashedPath(key)}`;
    this.makeFolder(dirname(join(this.#home, hashed)));
    return hashed;
  }

  makeFolder(folder: string): void {
    if (this.#folders.has(folder)) return;
    mkdirSync(folder, { recursive: true });
    this.#folders.add(folder);
  }
}
