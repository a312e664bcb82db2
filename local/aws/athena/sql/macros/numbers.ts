const LIMIT = "9.0e18";

const NAN = "CAST('NaN' AS DOUBLE)";
const invalid = (message: string): string => `trino_fail('INVALID_FUNCTION_ARGUMENT: ${message}')`;
/** The first prime of xxHash64. */
const PRIME = "11400714785074694791";
/** 64 random bits; a double has fewer. */
const BITS = [
  "CAST(floor(random() * 4294967296) AS HUGEINT) * 4294967296",
  "CAST(floor(random() * 4294967296) AS HUGEINT)",
];

/** Beyond their domains Trino's functions are NaN, DuckDB's fail. */
const domains: readonly string[] = [
  ...["acos", "asin"].map((name) => `trino_${name}(x) AS CASE WHEN abs(x) > 1 THEN ${NAN} ELSE ${name}(x) END`),
  ...["sin", "cos", "tan"].map((name) => `trino_${name}(x) AS CASE WHEN isinf(x) THEN ${NAN} ELSE ${name}(x) END`),
  // One of Newton's steps makes cubes' roots whole, as Java's are.
  "trino_cbrt(x) AS CASE WHEN x = 0 OR NOT isfinite(x) THEN x ELSE cbrt(x) - (cbrt(x) - x / (cbrt(x) * cbrt(x))) / 3 END",
  `trino_log10(x) AS CASE WHEN x < 0 THEN ${NAN} WHEN x = 0 THEN CAST('-Infinity' AS DOUBLE) ELSE log10(x) END`,
];

/** Numbers. */
export const numberMacros: readonly string[] = [
  // Java multiplies, rounds half up to a whole number, and divides.
  "trino_half_up(y) AS CASE WHEN y - floor(y) >= 0.5 THEN floor(y) + 1 ELSE floor(y) END",
  `trino_round_double(x, f) AS CASE WHEN isnan(x) OR isinf(x) THEN x WHEN x = 0 THEN CAST(0 AS DOUBLE) WHEN abs(x) * f >= ${LIMIT} THEN error('NOT_IMPLEMENTED_LOCALLY: round of a very large double to digits') WHEN x < 0 THEN -(trino_half_up(-x * f) / f) ELSE trino_half_up(x * f) / f END`,
  "trino_round_integer(x, f) AS CASE WHEN x < 0 THEN -((-CAST(x AS HUGEINT) + f // 2) // f * f) ELSE (CAST(x AS HUGEINT) + f // 2) // f * f END",
  "trino_shift_power(n) AS CAST(pow(2, n) AS HUGEINT)",
  "trino_wrap(x, w) AS CASE WHEN x >= trino_shift_power(w - 1) THEN x - trino_shift_power(w) ELSE x END",
  "trino_unsigned(x, w) AS CASE WHEN x < 0 THEN CAST(x AS HUGEINT) + trino_shift_power(w) ELSE CAST(x AS HUGEINT) END",
  "trino_left_shift(x, n, w) AS CASE WHEN x IS NULL THEN NULL WHEN n < 0 THEN error('NOT_IMPLEMENTED_LOCALLY: a shift by a negative number') WHEN n >= w THEN 0 ELSE trino_wrap((trino_unsigned(x, w) % trino_shift_power(w - n)) * trino_shift_power(n), w) END",
  "trino_right_shift(x, n, w) AS CASE WHEN x IS NULL THEN NULL WHEN n < 0 THEN error('NOT_IMPLEMENTED_LOCALLY: a shift by a negative number') WHEN n >= w THEN 0 ELSE trino_wrap(trino_unsigned(x, w) // trino_shift_power(n), w) END",
  "trino_right_shift_arithmetic(x, n, w) AS CASE WHEN x IS NULL THEN NULL WHEN n < 0 THEN error('NOT_IMPLEMENTED_LOCALLY: a shift by a negative number') WHEN n >= w - 1 THEN CASE WHEN x < 0 THEN -1 ELSE 0 END ELSE x >> CAST(n AS INTEGER) END",
  "trino_width_bucket(x, a, b, n) AS CASE WHEN n <= 0 THEN trino_fail('INVALID_FUNCTION_ARGUMENT: bucketCount must be greater than 0') WHEN isnan(x) THEN trino_fail('INVALID_FUNCTION_ARGUMENT: operand must not be NaN') WHEN NOT isfinite(a) OR NOT isfinite(b) THEN trino_fail('INVALID_FUNCTION_ARGUMENT: bounds must be finite') WHEN a = b THEN trino_fail('INVALID_FUNCTION_ARGUMENT: bounds cannot equal each other') WHEN a > b THEN error('NOT_IMPLEMENTED_LOCALLY: width_bucket with bounds that fall') WHEN x < a THEN 0 WHEN x >= b THEN n + 1 ELSE CAST(floor(n * (x - a) / (b - a) + 1) AS BIGINT) END",
  ...domains,
  // From halfway beyond the greatest real on it is infinite; DuckDB fails.
  "trino_real(x) AS CASE WHEN isfinite(x) AND abs(x) >= 3.4028235677973366e38 THEN CASE WHEN x < 0 THEN CAST('-Infinity' AS FLOAT) ELSE CAST('Infinity' AS FLOAT) END ELSE CAST(x AS FLOAT) END",
  "trino_moderate(x) AS CASE WHEN abs(x) > 1e150 AND isfinite(x) THEN error('NOT_IMPLEMENTED_LOCALLY: a statistic of doubles beyond 1e150') ELSE x END",
  "trino_finite(x) AS CASE WHEN isfinite(x) THEN x END",
  // What one value adds to a checksum, as far as 64 bits go; of many such sums 128 are enough.
  `trino_checksum_term(missing, h) AS CASE WHEN missing THEN ${PRIME} ELSE CAST((CAST(h AS UHUGEINT) * ${PRIME}) & CAST(18446744073709551615 AS UHUGEINT) AS HUGEINT) END`,
  `trino_bit_count(x, n) AS CASE WHEN x IS NULL OR n IS NULL THEN NULL WHEN n NOT BETWEEN 2 AND 64 THEN ${invalid("Bits specified in bit_count must be between 2 and 64, got ' || n || '")} WHEN x NOT BETWEEN -trino_shift_power(n - 1) AND trino_shift_power(n - 1) - 1 THEN ${invalid("Number must be representable with the bits specified. ' || x || ' cannot be represented with ' || n || ' bits")} ELSE CAST(bit_count(trino_unsigned(x, n)) AS BIGINT) END`,
  `trino_random_below(n) AS CASE WHEN n <= 0 THEN ${invalid("bound must be positive")} ELSE (${BITS.join(" + ")}) % n END`,
  `trino_random_between(a, b) AS CASE WHEN a >= b THEN ${invalid("start value must be less than stop value")} ELSE a + (${BITS.join(" + ")}) % (CAST(b AS HUGEINT) - a) END`,
  "trino_wilson(p, n, z, e) AS (p + z * z / (2 * n) + e * sqrt(p * (1 - p) / n + z * z / (4 * n * n))) / (1 + z * z / n)",
  `trino_wilson_checked(s, n, z, e) AS CASE WHEN s IS NULL OR n IS NULL OR z IS NULL THEN NULL WHEN s < 0 THEN ${invalid("number of successes must not be negative")} WHEN n <= 0 THEN ${invalid("number of trials must be positive")} WHEN s > n THEN ${invalid("number of successes must not be larger than number of trials")} WHEN z < 0 OR isnan(z) THEN ${invalid("z-score must not be negative")} ELSE trino_wilson(CAST(s AS DOUBLE) / CAST(n AS DOUBLE), CAST(n AS DOUBLE), z, e) END`,
].map((macro) => `CREATE OR REPLACE MACRO ${macro}`);
