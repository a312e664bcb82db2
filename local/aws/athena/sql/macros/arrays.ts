/** Arrays: one macro for each function that DuckDB has otherwise. */
export const arrayMacros: readonly string[] = [
  "trino_any_match(l) AS CASE WHEN l IS NULL THEN NULL WHEN list_contains(l, true) THEN true WHEN list_count(l) < len(l) THEN NULL ELSE false END",
  "trino_all_match(l) AS CASE WHEN l IS NULL THEN NULL WHEN list_contains(l, false) THEN false WHEN list_count(l) < len(l) THEN NULL ELSE true END",
  "trino_none_match(l) AS CASE WHEN l IS NULL THEN NULL WHEN list_contains(l, true) THEN false WHEN list_count(l) < len(l) THEN NULL ELSE true END",
  "trino_comparison(c) AS CASE WHEN c IN (-1, 0, 1) THEN c ELSE trino_fail('INVALID_FUNCTION_ARGUMENT: Lambda comparator must return either -1, 0, or 1') END",
  // DuckDB's list_distinct drops NULL and the order.
  "trino_array_distinct(a) AS list_filter(a, lambda trino_e, trino_i: list_position(a, trino_e) = trino_i)",
  "trino_array_union(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL ELSE trino_array_distinct(list_concat(a, b)) END",
  // In the order of the longer one, of the first when they are as long.
  "trino_elements_in(a, b) AS list_filter(trino_array_distinct(a), lambda trino_e: list_position(b, trino_e) IS NOT NULL)",
  "trino_array_intersect(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN len(a) < len(b) THEN trino_elements_in(b, a) ELSE trino_elements_in(a, b) END",
  // With nothing to leave out Trino keeps what is there twice.
  "trino_array_except(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN len(b) = 0 THEN a ELSE list_filter(trino_array_distinct(a), lambda trino_e: list_position(b, trino_e) IS NULL) END",
  "trino_arrays_overlap(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN list_has_any(a, b) THEN true WHEN len(a) > 0 AND len(b) > 0 AND (list_count(a) < len(a) OR list_count(b) < len(b)) THEN NULL ELSE false END",
  "trino_array_position(a, v) AS CASE WHEN a IS NULL OR v IS NULL THEN NULL ELSE CAST(coalesce(list_position(a, v), 0) AS BIGINT) END",
  "trino_array_remove(a, v) AS CASE WHEN a IS NULL OR v IS NULL THEN NULL ELSE list_filter(a, lambda trino_e: trino_e IS NULL OR trino_e <> v) END",
  "trino_array_max(a) AS CASE WHEN list_count(a) < len(a) THEN NULL ELSE list_max(a) END",
  "trino_array_min(a) AS CASE WHEN list_count(a) < len(a) THEN NULL ELSE list_min(a) END",
  "trino_array_join3(a, d, n) AS CASE WHEN a IS NULL OR d IS NULL OR n IS NULL THEN NULL ELSE coalesce(array_to_string(list_transform(a, lambda trino_e: coalesce(trino_e, n)), d), '') END",
  "trino_subscript(a, i) AS CASE WHEN a IS NULL OR i IS NULL THEN NULL WHEN i = 0 THEN trino_fail('INVALID_FUNCTION_ARGUMENT: SQL array indices start at 1') WHEN i < 0 THEN trino_fail('INVALID_FUNCTION_ARGUMENT: Array subscript is negative: ' || i) WHEN i > len(a) THEN trino_fail('INVALID_FUNCTION_ARGUMENT: Array subscript must be less than or equal to array length: ' || i || ' > ' || len(a)) ELSE a[i] END",
  "trino_element_at(a, i) AS CASE WHEN i = 0 AND a IS NOT NULL THEN trino_fail('INVALID_FUNCTION_ARGUMENT: SQL array indices start at 1') WHEN i < -len(a) THEN NULL ELSE a[i] END",
  "trino_slice(a, s, n) AS CASE WHEN a IS NULL OR s IS NULL OR n IS NULL THEN NULL WHEN n < 0 THEN trino_fail('INVALID_FUNCTION_ARGUMENT: length must be greater than or equal to 0') WHEN s = 0 THEN trino_fail('INVALID_FUNCTION_ARGUMENT: SQL array indices start at 1') WHEN n = 0 OR s > len(a) OR s < -len(a) THEN a[1:0] WHEN s > 0 THEN a[s:s + n - 1] ELSE a[len(a) + s + 1:len(a) + s + n] END",
  "trino_trim_array(a, n) AS CASE WHEN a IS NULL OR n IS NULL THEN NULL WHEN n < 0 THEN trino_fail('INVALID_FUNCTION_ARGUMENT: size must not be negative: ' || n) WHEN n > len(a) THEN trino_fail('INVALID_FUNCTION_ARGUMENT: size must not exceed array cardinality ' || len(a) || ': ' || n) ELSE a[1:len(a) - n] END",
  "trino_limited(n) AS CASE WHEN n > 10000 THEN trino_fail('INVALID_FUNCTION_ARGUMENT: result of sequence function must not have more than 10000 entries') ELSE n END",
  "trino_sequence(a, b, s) AS CASE WHEN a IS NULL OR b IS NULL OR s IS NULL THEN NULL WHEN s = 0 OR (s > 0 AND b < a) OR (s < 0 AND b > a) THEN trino_fail('INVALID_FUNCTION_ARGUMENT: sequence stop value should be greater than or equal to start value if step is greater than zero otherwise stop should be less than or equal to start') ELSE list_transform(generate_series(0, CAST(trino_limited((CAST(b AS HUGEINT) - a) // s + 1) - 1 AS BIGINT)), lambda trino_i: CAST(a + trino_i * s AS BIGINT)) END",
  "trino_days(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL ELSE list_transform(generate_series(0, trino_limited(abs(b - a) + 1) - 1), lambda trino_i: CAST(a + CAST(CASE WHEN b < a THEN -trino_i ELSE trino_i END AS INTEGER) AS DATE)) END",
  "trino_upwards(a, b) AS CASE WHEN b < a THEN trino_fail('INVALID_FUNCTION_ARGUMENT: sequence stop value should be greater than or equal to start value if step is greater than zero otherwise stop should be less than or equal to start') ELSE a END",
  "trino_days_by(a, b, s) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL ELSE list_transform(generate_series(0, trino_limited((b - trino_upwards(a, b)) // s + 1) - 1), lambda trino_i: CAST(a + CAST(trino_i * s AS INTEGER) AS DATE)) END",
  "trino_months_by(a, b, s) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL ELSE list_filter(list_transform(generate_series(0, trino_limited(date_diff('month', trino_upwards(a, b), b) // s + 1) - 1), lambda trino_i: CAST(a + to_months(CAST(trino_i * s AS INTEGER)) AS DATE)), lambda trino_e: trino_e <= b) END",
  "trino_instants(a, b, s) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN trino_limited((epoch_us(b) - epoch_us(trino_upwards(a, b))) // epoch_us(TIMESTAMP '1970-01-01' + s) + 1) > 0 THEN generate_series(a, b, s) END",
  "trino_repeat(x, n) AS CASE WHEN n IS NULL THEN CASE WHEN x IS NULL THEN NULL END WHEN n < 0 THEN trino_fail('INVALID_FUNCTION_ARGUMENT: count argument of repeat function must be greater than or equal to 0') WHEN n > 10000 THEN trino_fail('INVALID_FUNCTION_ARGUMENT: count argument of repeat function must be less than or equal to 10000') WHEN n = 0 THEN list_resize([x], 0) ELSE list_transform(generate_series(1, n), lambda trino_i: x) END",
  "trino_shuffle(a) AS list_transform(list_sort(list_transform(a, lambda trino_e: {'r': random(), 'e': trino_e})), lambda trino_s: trino_s.e)",
  // NULL is the same as NULL here.
  "trino_contains_sequence(a, s) AS CASE WHEN a IS NULL OR s IS NULL THEN NULL ELSE len(s) = 0 OR list_bool_or(list_transform(generate_series(1, len(a) - len(s) + 1), lambda trino_i: a[trino_i:trino_i + len(s) - 1] IS NOT DISTINCT FROM s)) IS TRUE END",
  "trino_products(a, b) AS coalesce(list_sum(list_transform(a, lambda trino_e, trino_i: CAST(trino_e AS DOUBLE) * CAST(b[trino_i] AS DOUBLE))), CAST(0 AS DOUBLE))",
  "trino_array_cosine(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN len(a) <> len(b) THEN trino_fail('INVALID_FUNCTION_ARGUMENT: The arguments must have the same length') WHEN list_count(a) < len(a) OR list_count(b) < len(b) THEN NULL WHEN trino_products(a, a) = 0 OR trino_products(b, b) = 0 THEN trino_fail('INVALID_FUNCTION_ARGUMENT: Vector magnitude cannot be zero') ELSE trino_products(a, b) / sqrt(trino_products(a, a) * trino_products(b, b)) END",
  "trino_ngrams(a, n) AS CASE WHEN a IS NULL THEN NULL WHEN n >= len(a) THEN [a] ELSE list_transform(generate_series(1, len(a) - n + 1), lambda trino_i: a[trino_i:trino_i + n - 1]) END",
].map((macro) => `CREATE OR REPLACE MACRO ${macro}`);
