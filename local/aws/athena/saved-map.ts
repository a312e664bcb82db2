import { existsSync, readFileSync } from "node:fs";
import { writeWhole } from "../../home.ts";
import { objectIn } from "../members.ts";
import type { Shape } from "../service.ts";

/** A few things by their keys, kept in one small file that is replaced in one step. */
export class SavedMap<T extends object> {
  readonly #file: string;
  readonly #items = new Map<string, T>();

  /** @param parse an item as it was saved; undefined for what is none. */
  constructor(file: string, parse: (saved: Shape) => T | undefined) {
    this.#file = file;
    if (!existsSync(file)) return;
    for (const [key, saved] of Object.entries(objectIn(JSON.parse(readFileSync(file, "utf8"))) ?? {})) {
      const item = parse(objectIn(saved) ?? {});
      if (item === undefined) throw new Error(`${file} is damaged: ${key}`);
      this.#items.set(key, item);
    }
  }

  get(key: string): T | undefined {
    return this.#items.get(key);
  }

  /** In the order of their making. */
  values(): readonly T[] {
    return [...this.#items.values()];
  }

  set(key: string, item: T): void {
    this.#items.set(key, item);
    this.#save();
  }

  delete(key: string): void {
    if (this.#items.delete(key)) this.#save();
  }

  #save(): void {
    writeWhole(this.#file, JSON.stringify(Object.fromEntries(this.#items)));
  }
}
