/** What CloudWatch keeps of the data of one minute. */
export interface Bucket {
  count: number;
  sum: number;
  min: number;
  max: number;
}

export type Statistic = "Average" | "Maximum" | "Minimum" | "SampleCount" | "Sum";

/** Identity of a metric: namespace, name and dimensions, whatever their order. */
export function seriesKey(namespace: string, name: string, dimensions: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([namespace, name, pairs]);
}

const minute = 60_000;

/** One metric's data by minute; the oldest minutes are forgotten. */
export class Series {
  readonly #minutes = new Map<number, Bucket>();
  readonly #kept: number;

  /** @param kept How many minutes with data to keep. */
  constructor(kept = 1440) {
    this.#kept = kept;
  }

  add(time: number, value: number): void {
    const at = Math.floor(time / minute);
    const bucket = this.#minutes.get(at);
    if (bucket === undefined) {
      this.#minutes.set(at, { count: 1, sum: value, min: value, max: value });
      const [oldest] = this.#minutes.keys();
      if (this.#minutes.size > this.#kept && oldest !== undefined) this.#minutes.delete(oldest);
      return;
    }
    bucket.count += 1;
    bucket.sum += value;
    bucket.min = Math.min(bucket.min, value);
    bucket.max = Math.max(bucket.max, value);
  }

  /** Statistic over `[from, to)`, whole minutes; undefined without data. */
  statistic(statistic: Statistic, from: number, to: number): number | undefined {
    const total: Bucket = { count: 0, sum: 0, min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY };
    for (let at = Math.floor(from / minute); at * minute < to; at++) {
      const bucket = this.#minutes.get(at);
      if (bucket === undefined) continue;
      total.count += bucket.count;
      total.sum += bucket.sum;
      total.min = Math.min(total.min, bucket.min);
      total.max = Math.max(total.max, bucket.max);
    }
    if (total.count === 0) return undefined;
    switch (statistic) {
      case "Average":
        return total.sum / total.count;
      case "Maximum":
        return total.max;
      case "Minimum":
        return total.min;
      case "SampleCount":
        return total.count;
      case "Sum":
        return total.sum;
    }
  }
}
