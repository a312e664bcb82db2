import type { Clock } from "../../clock/clock.ts";

/**
 * Whether an execution is doing something. While any of its branches runs, the clock counts it as work in flight; when
 * all of them wait, the clock may move on. The change from waiting to running happens inside the timer that ends the
 * wait, so that a virtual clock never sees a gap between the two.
 */
export class Activity {
  readonly #clock: Clock;
  #running = 0;
  #release: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** One more branch runs. */
  enter(): void {
    this.#running += 1;
    if (this.#running > 1) return;
    const done = Promise.withResolvers<void>();
    this.#release = done.resolve;
    void this.#clock.work(() => done.promise);
  }

  /** One branch waits or has ended. */
  leave(): void {
    this.#running -= 1;
    if (this.#running === 0) this.#release?.();
  }

  /**
   * Lets a running branch wait until a time on the clock.
   * @throws the signal's reason when the wait is cut short.
   */
  async pause(untilMs: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const woken = Promise.withResolvers<void>();
    const wake = (settle: () => void) => {
      this.enter();
      settle();
    };
    const timer = this.#clock.at(untilMs, () => {
      signal.removeEventListener("abort", abort);
      wake(woken.resolve);
    });
    const abort = () => {
      timer.cancel();
      wake(() => woken.reject(signal.reason));
    };
    signal.addEventListener("abort", abort, { once: true });
    this.leave();
    await woken.promise;
  }

  /**
   * Runs `count` branches, at most `limit` at a time, while the calling branch waits for them.
   * The first failure stops the others and is thrown.
   */
  async fork<T>(
    count: number,
    limit: number,
    outer: AbortSignal,
    run: (index: number, signal: AbortSignal) => Promise<T>,
  ): Promise<T[]> {
    const lanes = Math.min(count, limit);
    if (lanes === 0) return [];
    const stop = new AbortController();
    const signal = AbortSignal.any([outer, stop.signal]);
    const results: T[] = [];
    let next = 0;
    let open = lanes;
    const lane = async () => {
      try {
        while (next < count && !signal.aborted) {
          const index = next++;
          results[index] = await run(index, signal);
        }
      } catch (error) {
        if (!stop.signal.aborted) stop.abort(error);
      } finally {
        open -= 1;
        if (open === 0) this.enter(); // the caller runs again before its last branch stops
        this.leave();
      }
    };
    for (let n = 0; n < lanes; n++) this.enter();
    const all = Array.from({ length: lanes }, lane);
    this.leave();
    await Promise.all(all);
    outer.throwIfAborted();
    stop.signal.throwIfAborted();
    return results;
  }
}
