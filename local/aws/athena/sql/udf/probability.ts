import { fail, NUMBER, type Plain, refuse, type Udf } from "./udf.ts";

const EPSILON = Number.EPSILON;
const SQRT_PI = Math.sqrt(Math.PI);
/** Steps of a continued fraction or series that is given up; none of the arguments taken here needs as many. */
const MOST_STEPS = 100_000;
/** Beyond it the logarithm of the beta function loses the digits that the result is made of. */
const LARGEST_PARAMETER = 10_000;

/** A continued fraction b0 + a1/(b1 + a2/(b2 + ...)) by Lentz's algorithm. */
function fraction(a: (n: number) => number, b: (n: number) => number): number {
  const least = Number.MIN_VALUE * 1e30;
  const apart = (x: number): number => (Math.abs(x) < least ? least : x);
  let value = apart(b(0));
  let [c, d] = [value, 0];
  for (let n = 1; n < MOST_STEPS; n++) {
    d = 1 / apart(b(n) + a(n) * d);
    c = apart(b(n) + a(n) / c);
    const step = c * d;
    value *= step;
    if (Math.abs(step - 1) <= EPSILON) break;
  }
  return value;
}

/** 1 - erf(x) of an x that is not small (https://dlmf.nist.gov/7.9.E1). */
const complement = (x: number): number =>
  Math.exp(-x * x) /
  SQRT_PI /
  fraction(
    (n) => n / 2,
    () => x,
  );

/** erf(x) by its series of positive terms (https://dlmf.nist.gov/7.6.E2). */
function series(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; term > sum * EPSILON; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / SQRT_PI) * Math.exp(-x * x) * sum;
}

const NEAR = 2;

/** The error function. */
export function erf(x: number): number {
  if (x < 0) return -erf(-x);
  if (Number.isNaN(x) || x === 0) return x;
  return x < NEAR ? series(x) : x > 6 ? 1 : 1 - complement(x);
}

/** Its inverse: a first guess good to some hundredths, then Halley's steps. */
export function inverseErf(y: number): number {
  if (y < 0) return -inverseErf(-y);
  if (y === 0) return 0;
  if (y >= 1) return y === 1 ? Number.POSITIVE_INFINITY : Number.NaN;
  const log = Math.log((1 - y) * (1 + y)) / 2;
  const middle = 2 / (Math.PI * 0.147) + log;
  let x = Math.sqrt(Math.sqrt(middle * middle - (2 * log) / 0.147) - middle);
  for (let step = 0; step < 4; step++) {
    const excess = x < NEAR ? erf(x) - y : 1 - y - complement(x);
    const ratio = excess / ((2 / SQRT_PI) * Math.exp(-x * x));
    x -= ratio / (1 + x * ratio);
  }
  return x;
}

/** Lanczos's coefficients for g = 7. */
const LANCZOS = [
  676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
  -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
] as const;

function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const sum = LANCZOS.reduce((total, c, i) => total + c / (x + i), 0.9999999999998099);
  const t = x + 6.5;
  return Math.log(2 * Math.PI) / 2 + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}

/** The regularized incomplete beta function (https://dlmf.nist.gov/8.17.E22). */
export function incompleteBeta(a: number, b: number, x: number): number {
  if (x === 0 || x === 1) return x;
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(b, a, 1 - x);
  const logBeta = logGamma(a) + logGamma(b) - logGamma(a + b);
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta) / a;
  const numerator = (n: number): number => {
    const m = Math.floor(n / 2);
    return n % 2 === 0
      ? (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
      : (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
  };
  return front / fraction(numerator, () => 1);
}

const invalid = (message: string): never => fail("INVALID_FUNCTION_ARGUMENT", message);

function normalCdf(mean: number, deviation: number, value: number): number {
  if (!(deviation > 0)) invalid("standardDeviation must be > 0");
  return 0.5 * (1 + erf((value - mean) / (deviation * Math.SQRT2)));
}

function inverseNormalCdf(mean: number, deviation: number, p: number): number {
  if (!(p > 0 && p < 1)) invalid("p must be 0 > p > 1");
  if (!(deviation > 0)) invalid("sd must be > 0");
  return mean + deviation * Math.SQRT2 * inverseErf(2 * p - 1);
}

function betaCdf(a: number, b: number, value: number): number {
  if (!(value >= 0 && value <= 1)) invalid("value must be 0 >= v >= 1");
  if (!(a > 0 && b > 0)) invalid("a, b must be > 0");
  if (a > LARGEST_PARAMETER || b > LARGEST_PARAMETER)
    refuse(`beta_cdf with a parameter of more than ${LARGEST_PARAMETER}`);
  return incompleteBeta(a, b, value);
}

const ofThree = (name: string, call: (a: number, b: number, c: number) => Plain, refuses = false): Udf => ({
  name,
  takes: [NUMBER, NUMBER, NUMBER],
  gives: NUMBER,
  refuses,
  call: (a, b, c) => call(Number(a), Number(b), Number(c)),
});

/** Distributions. */
export const probabilityUdfs: readonly Udf[] = [
  ofThree("trino_normal_cdf", normalCdf),
  ofThree("trino_inverse_normal_cdf", inverseNormalCdf),
  ofThree("trino_beta_cdf", betaCdf, true),
];
