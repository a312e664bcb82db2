import type { Clock, Timer } from "../../clock/clock.ts";
import type { Bucket } from "./buckets.ts";
import { dueAt, shortestTerm, verdicts } from "./lifecycle-rules.ts";
import { discardUpload, uploadsIn } from "./multipart.ts";
import type { FileObjectStore } from "./store.ts";

/** What a {@link Lifecycle} works on. */
export interface LifecycleOptions {
  readonly store: FileObjectStore;
  /** Folder of the incomplete uploads. */
  readonly uploads: string;
  readonly clock: Clock;
  readonly log: (message: string, fields?: Readonly<Record<string, unknown>>) => void;
}

/** What one round did to a bucket. */
interface Done {
  expired: number;
  purged: number;
  aborted: number;
}

/**
 * Carries out a bucket's lifecycle rules at their midnights. S3's own doing: no role is asked. The bucket is looked
 * through only when a version it holds may have fallen due, not every night.
 */
export class Lifecycle {
  readonly #options: LifecycleOptions;
  readonly #bucket: Bucket;
  #timer: Timer | undefined;

  constructor(bucket: Bucket, options: LifecycleOptions) {
    this.#bucket = bucket;
    this.#options = options;
  }

  /** Sets the timer of the next round; at once if the runtime was stopped while it fell due. */
  start(): void {
    const next = this.#nextDue();
    if (next !== undefined) this.#timer = this.#options.clock.at(next, () => this.#round());
  }

  stop(): void {
    this.#timer?.cancel();
  }

  #round(): void {
    const { clock, log } = this.#options;
    const done: Done = { expired: 0, purged: 0, aborted: 0 };
    try {
      this.#sweepVersions(clock.now(), done);
      this.#sweepUploads(clock.now(), done);
    } catch (error) {
      // As in S3, what is not done today is done another day: it is still due when the next round looks.
      log(`lifecycle of ${this.#bucket.name}: ${String(error)}`);
      this.#timer = clock.at(dueAt(clock.now(), 0), () => this.#round());
      return;
    }
    if (done.expired + done.purged + done.aborted > 0) log(`lifecycle of ${this.#bucket.name}`, { ...done });
    this.start();
  }

  #sweepVersions(now: number, done: Done): void {
    const { store } = this.#options;
    const { name, lifecycle } = this.#bucket;
    const index = store.index(name);
    let keys: Iterable<string> = index.keysEver();
    // What goes may leave a delete marker alone, which then goes as well.
    while (true) {
      const touched = new Set<string>();
      for (const key of keys) {
        for (const verdict of verdicts(key, index.versions(key), lifecycle)) {
          if (verdict.at > now) continue;
          touched.add(key);
          if (verdict.action === "expire") {
            store.expire({ bucket: name, key });
            done.expired += 1;
          } else {
            store.purge({ bucket: name, key }, verdict.versionId);
            done.purged += 1;
          }
        }
      }
      if (touched.size === 0) return;
      keys = touched;
    }
  }

  #sweepUploads(now: number, done: Done): void {
    for (const { id, due } of this.#uploads()) {
      if (due > now) continue;
      discardUpload(this.#options.uploads, id);
      done.aborted += 1;
    }
  }

  #uploads(): { readonly id: string; readonly due: number }[] {
    const { name, lifecycle } = this.#bucket;
    return uploadsIn(this.#options.uploads)
      .filter(({ bucket }) => bucket === name)
      .flatMap(({ id, key, initiated }) => {
        const days = lifecycle.flatMap(({ prefix, abortDays }) =>
          abortDays !== undefined && key.startsWith(prefix) ? [abortDays] : [],
        );
        return days.length === 0 ? [] : [{ id, due: dueAt(initiated, Math.min(...days)) }];
      });
  }

  /** When something that is there falls due, or something that may come from now on could. */
  #nextDue(): number | undefined {
    const { store, clock } = this.#options;
    const { name, lifecycle } = this.#bucket;
    const index = store.index(name);
    const abortDays = lifecycle.flatMap((rule) => rule.abortDays ?? []);
    const term = shortestTerm(lifecycle);
    let next = Math.min(
      ...abortDays.map((days) => dueAt(clock.now(), days)),
      ...(term === undefined ? [] : [dueAt(clock.now(), term)]),
      ...this.#uploads().map(({ due }) => due),
    );
    for (const key of index.keysEver()) {
      for (const { at } of verdicts(key, index.versions(key), lifecycle)) next = Math.min(next, at);
    }
    return Number.isFinite(next) ? next : undefined;
  }
}
