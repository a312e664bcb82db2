const LIMIT = "9.0e18";

/** Numbers. */
export const numberMacros: readonly string[] = [
  // Java multiplies, rounds half up to a whole number, and divides.
  "trino_half_up(y) AS CASE WHEN y - floor(y) >= 0.5 THEN floor(y) + 1 ELSE floor(y) END",
  `trino_round_double(x, f) AS CASE WHEN isnan(x) OR isinf(x) THEN x WHEN x = 0 THEN CAST(0 AS DOUBLE) WHEN abs(x) * f >= ${LIMIT} THEN error('NOT_IMPLEMENTED_LOCALLY: round of a very large double to digits') WHEN x < 0 THEN -(trino_half_up(-x * f) / f) ELSE trino_half_up(x * f) / f END`,
  "trino_round_integer(x, f) AS CASE WHEN x < 0 THEN -((-CAST(x AS HUGEINT) + f // 2) // f * f) ELSE (CAST(x AS HUGEINT) + f // 2) // f * f END",
  "trino_shift_power(n) AS CAST(pow(2, n) AS HUGEINT)",
  "trino_wrap(x, w) AS CASE WHEN x >= trino_shift_power(w - 1) THEN x - trino_shift_power(w) ELSE x END",
  "trino_unsigned(x, w) AS CASE WHEN x < 0 THEN CAST(x AS HUGEINT) + trino_shift_power(w) ELSE CAST(x AS HUGEINT) END",
  "trino_left_shift(x, n, w) AS CASE WHEN n < 0 THEN error('NOT_IMPLEMENTED_LOCALLY: a shift by a negative number') WHEN n >= w THEN 0 ELSE trino_wrap((trino_unsigned(x, w) % trino_shift_power(w - n)) * trino_shift_power(n), w) END",
  "trino_right_shift(x, n, w) AS CASE WHEN n < 0 THEN error('NOT_IMPLEMENTED_LOCALLY: a shift by a negative number') WHEN n >= w THEN 0 ELSE trino_wrap(trino_unsigned(x, w) // trino_shift_power(n), w) END",
  "trino_right_shift_arithmetic(x, n, w) AS CASE WHEN n < 0 THEN error('NOT_IMPLEMENTED_LOCALLY: a shift by a negative number') WHEN n >= w - 1 THEN CASE WHEN x < 0 THEN -1 ELSE 0 END ELSE x >> CAST(n AS INTEGER) END",
  "trino_width_bucket(x, a, b, n) AS CASE WHEN n <= 0 THEN trino_fail('INVALID_FUNCTION_ARGUMENT: bucketCount must be greater than 0') WHEN isnan(x) THEN trino_fail('INVALID_FUNCTION_ARGUMENT: operand must not be NaN') WHEN NOT isfinite(a) OR NOT isfinite(b) THEN trino_fail('INVALID_FUNCTION_ARGUMENT: bounds must be finite') WHEN a = b THEN trino_fail('INVALID_FUNCTION_ARGUMENT: bounds cannot equal each other') WHEN a > b THEN error('NOT_IMPLEMENTED_LOCALLY: width_bucket with bounds that fall') WHEN x < a THEN 0 WHEN x >= b THEN n + 1 ELSE CAST(floor(n * (x - a) / (b - a) + 1) AS BIGINT) END",
].map((macro) => `CREATE OR REPLACE MACRO ${macro}`);
