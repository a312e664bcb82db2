const PADS = ["lpad", "rpad"].map(
  (pad) =>
    `trino_${pad}(x, n, f) AS CASE WHEN x IS NULL OR n IS NULL OR f IS NULL THEN NULL WHEN n < 0 THEN trino_fail('INVALID_FUNCTION_ARGUMENT: Target length must be in the range [0..2147483647]') WHEN f = '' THEN trino_fail('INVALID_FUNCTION_ARGUMENT: Padding string must not be empty') ELSE ${pad}(x, n, f) END`,
);

/** Text. */
export const textMacros: readonly string[] = [
  ...PADS,
  "trino_split(x, d) AS CASE WHEN x IS NULL OR d IS NULL THEN NULL WHEN d = '' THEN trino_fail('INVALID_FUNCTION_ARGUMENT: The delimiter may not be the empty string') ELSE string_split(x, d) END",
  // The last part is all that is left.
  "trino_split3(x, d, n) AS CASE WHEN x IS NULL OR d IS NULL OR n IS NULL THEN NULL WHEN n <= 0 THEN trino_fail('INVALID_FUNCTION_ARGUMENT: Limit must be positive') WHEN len(trino_split(x, d)) <= n THEN trino_split(x, d) ELSE list_append(trino_split(x, d)[1:n - 1], array_to_string(trino_split(x, d)[n:], d)) END",
  // A start of 0 or before the text gives ''.
  "trino_substr(x, s) AS CASE WHEN x IS NULL THEN NULL WHEN s = 0 OR s < -length(x) THEN '' ELSE substr(x, s) END",
  "trino_substr3(x, s, n) AS CASE WHEN x IS NULL OR s IS NULL OR n IS NULL THEN NULL WHEN s = 0 OR s < -length(x) OR n <= 0 THEN '' ELSE substr(x, s, n) END",
  // Past the last part is NULL; an index below 1 is an error.
  "trino_split_part(x, d, n) AS CASE WHEN x IS NULL OR d IS NULL THEN NULL WHEN n < 1 THEN trino_fail('INVALID_FUNCTION_ARGUMENT: Index must be greater than zero') WHEN n > len(string_split(x, d)) OR (x = '' AND d = '') THEN NULL ELSE split_part(x, d, n) END",
  "trino_places(x, p) AS list_filter(generate_series(1, length(x)), lambda trino_i: substr(x, trino_i, length(p)) = p)",
  "trino_strpos(x, p, n) AS CASE WHEN x IS NULL OR p IS NULL OR n IS NULL THEN NULL WHEN n = 0 THEN trino_fail('INVALID_FUNCTION_ARGUMENT: ''instance'' must be a positive or negative number.') WHEN p = '' THEN CASE WHEN abs(n) = 1 THEN 1 ELSE error('NOT_IMPLEMENTED_LOCALLY: strpos of an empty text') END ELSE CAST(coalesce(trino_places(x, p)[n], 0) AS BIGINT) END",
  "trino_chr(n) AS CASE WHEN n BETWEEN 0 AND 1114111 AND n NOT BETWEEN 55296 AND 57343 THEN chr(CAST(n AS INTEGER)) WHEN n IS NOT NULL THEN trino_fail('INVALID_FUNCTION_ARGUMENT: Not a valid Unicode code point: ' || n) END",
  "trino_ascii(x) AS CASE WHEN x IS NULL OR octet_length(encode(x)) = length(x) THEN x ELSE error('NOT_IMPLEMENTED_LOCALLY: a pattern with \\b on text that is not ASCII') END",
  "trino_listagg(x) AS CASE WHEN octet_length(encode(x)) > 1048576 THEN trino_fail('EXCEEDED_FUNCTION_MEMORY_LIMIT: Concatenated string has the length in bytes larger than the maximum output length 1048576') ELSE x END",
  // NULL parts make the whole NULL, which joining a list would leave out.
  "trino_joined(l) AS CASE WHEN list_count(l) = len(l) THEN array_to_string(l, '') END",
].map((macro) => `CREATE OR REPLACE MACRO ${macro}`);
