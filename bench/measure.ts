/** The middle of several measurements; the upper of the two in the middle of an even number. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted[sorted.length >> 1];
  if (middle === undefined) throw new Error("a median needs at least one value");
  return middle;
}

/** Seconds that a task takes, with its result. */
export async function timed<T>(task: () => Promise<T> | T): Promise<{ readonly seconds: number; readonly result: T }> {
  const started = performance.now();
  const result = await task();
  return { seconds: (performance.now() - started) / 1000, result };
}

/** Rounded to so many decimals. */
export function rounded(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}

/** A whole-number option of the command line, e.g. `--runs 5`. @throws Error for anything but a positive whole number. */
export function numberOption(name: string, fallback: number): number {
  const at = process.argv.indexOf(`--${name}`);
  if (at < 0) return fallback;
  const value = Number(process.argv[at + 1]);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} needs a whole number of at least 1`);
  return value;
}

/** A measurement and the least work that it is held against. */
export interface Pair {
  readonly name: string;
  readonly whole: () => Promise<unknown>;
  readonly floor: () => Promise<unknown>;
}

export interface Ratio {
  readonly ms: number;
  readonly floorMs: number;
  readonly ratio: number;
}

/**
 * Measures each right after its floor, all of them in every run: whatever else the machine does hits both alike, so the
 * ratio is the middle one of the runs' ratios. A first run is not counted.
 */
export async function againstFloors(pairs: readonly Pair[], runs: number): Promise<ReadonlyMap<string, Ratio>> {
  const measured = pairs.map(({ name }) => ({ name, times: [] as { ms: number; floorMs: number }[] }));
  for (let run = 0; run <= runs; run++)
    for (const [index, { whole, floor }] of pairs.entries()) {
      const floorMs = (await timed(floor)).seconds * 1000;
      const ms = (await timed(whole)).seconds * 1000;
      if (run > 0) measured[index]?.times.push({ ms, floorMs });
    }
  return new Map(measured.map(({ name, times }) => [name, middle(times)]));
}

function middle(times: readonly { readonly ms: number; readonly floorMs: number }[]): Ratio {
  return {
    ms: rounded(median(times.map(({ ms }) => ms)), 1),
    floorMs: rounded(median(times.map(({ floorMs }) => floorMs)), 1),
    ratio: rounded(median(times.map(({ ms, floorMs }) => ms / floorMs)), 2),
  };
}
