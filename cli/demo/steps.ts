import type { Progress } from "../output.ts";
import { bytes, seconds } from "../output.ts";

/** What a step took. */
export interface StepRecord {
  readonly step: string;
  readonly seconds: number;
  /** Highest resident memory of this process during the step; the Lambda workers and DuckDB live in it. */
  readonly peakMemoryBytes: number;
}

const SAMPLE_EVERY_MS = 100;

/** Runs the steps of a long job one after the other, shows them, and keeps their time and memory. */
export class Steps {
  readonly #progress: Progress;
  readonly #records: StepRecord[] = [];

  constructor(progress: Progress) {
    this.#progress = progress;
  }

  get records(): readonly StepRecord[] {
    return this.#records;
  }

  /** @param total units of the bar; 0 for a step without one. */
  async run<T>(
    step: string,
    total: number,
    task: (reached: (units: number) => void) => Promise<T>,
    result: (value: T) => string,
  ): Promise<T> {
    const started = performance.now();
    let peak = process.memoryUsage.rss();
    const sampler = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage.rss());
    }, SAMPLE_EVERY_MS);
    this.#progress.start(step, total);
    let outcome = "failed";
    try {
      const value = await task((units) => this.#progress.reached(units));
      outcome = result(value);
      return value;
    } finally {
      clearInterval(sampler);
      peak = Math.max(peak, process.memoryUsage.rss());
      const took = performance.now() - started;
      this.#records.push({ step, seconds: Math.round(took) / 1000, peakMemoryBytes: peak });
      this.#progress.done(`${outcome}  (${seconds(took)}, ${bytes(peak)})`);
    }
  }
}
