/** Counts the work that is under way, for both clocks. */
export class InFlight {
  #count = 0;
  #waiting: (() => void)[] = [];

  /** Runs `task` and counts it until it settles. */
  async run<T>(task: () => Promise<T>): Promise<T> {
    this.#count += 1;
    try {
      return await task();
    } finally {
      this.#count -= 1;
      if (this.#count === 0) {
        const waiting = this.#waiting;
        this.#waiting = [];
        for (const wake of waiting) wake();
      }
    }
  }

  /**
   * Resolves when nothing is under way. What settled may have woken others, which begin their work a few microtasks
   * later: so the count must still be zero after a turn of the event loop.
   */
  async none(): Promise<void> {
    do {
      if (this.#count > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
      await new Promise<void>((resolve) => setImmediate(resolve));
    } while (this.#count > 0);
  }
}
