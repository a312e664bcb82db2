import { LIST } from "@duckdb/node-api";
import { NUMBER, type Plain, type Udf } from "./udf.ts";

const NUMBERS = LIST(NUMBER);
const numbersOf = (list: Plain | undefined): readonly number[] => (Array.isArray(list) ? list.map(Number) : []);

interface Moments {
  readonly n: number;
  readonly m2: number;
  readonly m3: number;
  readonly m4: number;
}

/**
 * Central moments, value by value as Trino adds them: by sums of powers they would be off by far more than the last digits
 * (Pebay, "Formulas for Robust, One-Pass Parallel Computation of Covariances and Arbitrary-Order Statistical Moments").
 */
function momentsOf(values: readonly number[]): Moments {
  let [n, mean, m2, m3, m4] = [0, 0, 0, 0, 0];
  for (const value of values) {
    const before = n++;
    const delta = value - mean;
    const step = delta / n;
    const square = step * step;
    const growth = delta * step * before;
    mean += step;
    m4 = m4 + growth * square * (n * n - 3 * n + 3) + 6 * square * m2 - 4 * step * m3;
    m3 = m3 + growth * step * (n - 2) - 3 * step * m2;
    m2 += growth;
  }
  return { n, m2, m3, m4 };
}

/** Of the population. */
export function skewness(values: readonly number[]): number | null {
  const { n, m2, m3 } = momentsOf(values);
  return n < 3 ? null : (Math.sqrt(n) * m3) / m2 ** 1.5;
}

/** Of a sample, and what exceeds that of the normal distribution. */
export function kurtosis(values: readonly number[]): number | null {
  const { n, m2, m4 } = momentsOf(values);
  if (n < 4) return null;
  const others = (n - 2) * (n - 3);
  return ((((n - 1) * n * (n + 1)) / others) * m4) / (m2 * m2) - (3 * ((n - 1) * (n - 1))) / others;
}

/** Where the line of least squares meets x = 0; NULL unless it is a number. */
export function intercept(ys: readonly number[], xs: readonly number[]): number | null {
  let [meanX, meanY, both, squares] = [0, 0, 0, 0];
  for (const [i, x] of xs.entries()) {
    const y = ys[i] ?? Number.NaN;
    const before = x - meanX;
    meanX += before / (i + 1);
    meanY += (y - meanY) / (i + 1);
    both += before * (y - meanY);
    squares += before * (x - meanX);
  }
  const result = meanY - (both / squares) * meanX;
  return Number.isFinite(result) ? result : null;
}

const ofLists = (name: string, count: number, call: (...lists: readonly (readonly number[])[]) => Plain): Udf => ({
  name,
  takes: Array.from({ length: count }, () => NUMBERS),
  gives: NUMBER,
  refuses: false,
  call: (...lists) => call(...lists.map(numbersOf)),
});

/** Statistics whose digits hang on the way they are worked out; of a group's values, NULLs left out. */
export const momentUdfs: readonly Udf[] = [
  ofLists("trino_skewness", 1, (values = []) => skewness(values)),
  ofLists("trino_kurtosis", 1, (values = []) => kurtosis(values)),
  ofLists("trino_regr_intercept", 2, (ys = [], xs = []) => intercept(ys, xs)),
];
