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
