import { appendFileSync, existsSync, readFileSync, renameSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** One event on its way to one target. */
export interface Delivery {
  readonly id: string;
  readonly ruleArn: string;
  readonly targetId: string;
  /** The envelope, as accepted. */
  readonly event: Readonly<Record<string, unknown>>;
  /** Epoch milliseconds of acceptance. */
  readonly accepted: number;
}

/**
 * Deliveries that were accepted and are not over, on disk: an event that PutEvents has taken survives a kill. What is
 * over leaves no trace: events hold personal data, and this is a queue, not a store.
 */
export class Journal {
  readonly #file: string;
  readonly #waiting = new Set<string>();

  constructor(home: string) {
    this.#file = join(home, "deliveries.ndjson");
  }

  /** Takes deliveries in, with one write. */
  put(deliveries: readonly Delivery[]): void {
    if (deliveries.length === 0) return;
    appendFileSync(this.#file, deliveries.map((put) => `${JSON.stringify({ put })}\n`).join(""));
    for (const { id } of deliveries) this.#waiting.add(id);
  }

  /** A delivery is over: made, given up, or with the dead letters. */
  done(id: string): void {
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) truncateSync(this.#file);
    else appendFileSync(this.#file, `${JSON.stringify({ done: id })}\n`);
  }

  /** What was left open by the last run; the file is rewritten with only that. */
  open(): readonly Delivery[] {
    if (!existsSync(this.#file)) return [];
    const text = readFileSync(this.#file, "utf8");
    const open = new Map<string, Delivery>();
    for (const line of text.slice(0, text.lastIndexOf("\n") + 1).split("\n")) {
      if (line === "") continue;
      const entry: { readonly put?: Delivery; readonly done?: string } = JSON.parse(line);
      if (entry.put !== undefined) open.set(entry.put.id, entry.put);
      if (entry.done !== undefined) open.delete(entry.done);
    }
    const left = [...open.values()];
    writeFileSync(`${this.#file}.new`, left.map((put) => `${JSON.stringify({ put })}\n`).join(""));
    renameSync(`${this.#file}.new`, this.#file);
    for (const { id } of left) this.#waiting.add(id);
    return left;
  }
}
