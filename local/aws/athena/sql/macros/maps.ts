/** Maps. */
export const mapMacros: readonly string[] = [
  "trino_map(k, v) AS CASE WHEN k IS NULL OR v IS NULL THEN NULL WHEN len(k) <> len(v) THEN trino_fail('INVALID_FUNCTION_ARGUMENT: Key and value arrays must be the same length') WHEN list_count(k) < len(k) THEN trino_fail('INVALID_FUNCTION_ARGUMENT: map key cannot be null') WHEN len(list_distinct(k)) < len(k) THEN trino_fail('INVALID_FUNCTION_ARGUMENT: Duplicate map keys are not allowed') ELSE map(k, v) END",
  "trino_map_at(m, k) AS m[k]",
  "trino_map_subscript(m, k) AS CASE WHEN m IS NULL OR k IS NULL THEN NULL WHEN map_contains(m, k) THEN m[k] ELSE trino_fail('INVALID_FUNCTION_ARGUMENT: Key not present in map: ' || CAST(k AS VARCHAR)) END",
  "trino_map_from_entries(l) AS CASE WHEN list_count(l) < len(l) THEN trino_fail('INVALID_FUNCTION_ARGUMENT: map entry cannot be null') ELSE trino_map(list_transform(l, lambda trino_e: struct_extract_at(trino_e, 1)), list_transform(l, lambda trino_e: struct_extract_at(trino_e, 2))) END",
  "trino_multimap(k, v) AS CASE WHEN k IS NULL THEN NULL ELSE map(trino_array_distinct(k), list_transform(trino_array_distinct(k), lambda trino_e: list_filter(v, lambda trino_v, trino_i: k[trino_i] = trino_e))) END",
  "trino_multimap_from_entries(l) AS CASE WHEN list_count(l) < len(l) THEN trino_fail('INVALID_FUNCTION_ARGUMENT: map entry cannot be null') WHEN list_count(list_transform(l, lambda trino_e: struct_extract_at(trino_e, 1))) < len(l) THEN trino_fail('INVALID_FUNCTION_ARGUMENT: map key cannot be null') ELSE trino_multimap(list_transform(l, lambda trino_e: struct_extract_at(trino_e, 1)), list_transform(l, lambda trino_e: struct_extract_at(trino_e, 2))) END",
  // Of equal keys the first counts; a NULL key is none.
  "trino_first_map(k, v) AS CASE WHEN k IS NULL THEN NULL WHEN len(list_distinct(k)) = len(k) THEN map(k, v) ELSE map(trino_array_distinct(k), list_filter(v, lambda trino_v, trino_i: list_position(k, k[trino_i]) = trino_i)) END",
  "trino_histogram(k) AS CASE WHEN k IS NULL THEN NULL ELSE map(list_distinct(k), list_transform(list_distinct(k), lambda trino_e: CAST(len(list_filter(k, lambda trino_k: trino_k = trino_e)) AS BIGINT))) END",
  // A delimiter at the very end has no entry behind it.
  "trino_entries(x, d) AS CASE WHEN string_split(x, d)[-1] = '' THEN string_split(x, d)[1:-2] ELSE string_split(x, d) END",
  "trino_pairs(x, d, e) AS list_transform(trino_entries(x, d), lambda trino_p: CASE WHEN len(string_split(trino_p, e)) = 2 THEN string_split(trino_p, e) ELSE trino_fail('INVALID_FUNCTION_ARGUMENT: Key-value delimiter must appear exactly once in each entry. Bad input: ''' || trino_p || '''') END)",
  ...["map", "multimap"].map(
    (name) =>
      `trino_split_to_${name}(x, d, e) AS CASE WHEN x IS NULL OR d IS NULL OR e IS NULL THEN NULL WHEN d = '' OR e = '' OR d = e THEN trino_fail('INVALID_FUNCTION_ARGUMENT: entryDelimiter and keyValueDelimiter must differ and not be empty') ELSE trino_${name}(list_transform(trino_pairs(x, d, e), lambda trino_e: trino_e[1]), list_transform(trino_pairs(x, d, e), lambda trino_e: trino_e[2])) END`,
  ),
  "trino_shared(a, b) AS coalesce(list_sum(list_transform(map_keys(a), lambda trino_k: CASE WHEN map_contains(b, trino_k) THEN a[trino_k] * b[trino_k] ELSE 0 END)), CAST(0 AS DOUBLE))",
  // Each condition of its own: of several joined by OR DuckDB may take one, and not work out the other map.
  "trino_map_cosine(a, b) AS CASE WHEN a IS NULL THEN NULL WHEN b IS NULL THEN NULL WHEN list_count(map_values(a)) < cardinality(a) THEN NULL WHEN list_count(map_values(b)) < cardinality(b) THEN NULL ELSE trino_shared(a, b) / (sqrt(trino_products(map_values(a), map_values(a))) * sqrt(trino_products(map_values(b), map_values(b)))) END",
].map((macro) => `CREATE OR REPLACE MACRO ${macro}`);
