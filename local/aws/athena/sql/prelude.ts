import type { SqlEngine } from "../../ports.ts";

/**
 * DuckDB macros that give Trino's answer where DuckDB's own function gives another. Each is idempotent to create.
 * `error()` makes a query fail as Trino's does; it is only reached on the branch that fails.
 */
export const prelude: readonly string[] = [
  // Integer division truncates toward zero and fails on zero, as does the remainder.
  "CREATE OR REPLACE MACRO trino_int_div(a, b) AS CASE WHEN b = 0 THEN error('DIVISION_BY_ZERO: Division by zero') ELSE a // b END",
  "CREATE OR REPLACE MACRO trino_mod(a, b) AS CASE WHEN b = 0 THEN error('DIVISION_BY_ZERO: Division by zero') ELSE a % b END",
  // Decimal division keeps its scale and rounds half away from zero: done on the unscaled integers.
  "CREATE OR REPLACE MACRO trino_unscaled(x) AS CAST(replace(CAST(x AS VARCHAR), '.', '') AS HUGEINT)",
  "CREATE OR REPLACE MACRO trino_div(n, d) AS CASE WHEN d = 0 THEN error('DIVISION_BY_ZERO: Division by zero') WHEN (n < 0) <> (d < 0) THEN -((2 * abs(n) + abs(d)) // (2 * abs(d))) ELSE (2 * abs(n) + abs(d)) // (2 * abs(d)) END",
  // CAST(double AS varchar) is `1.0E0`.
  String.raw`CREATE OR REPLACE MACRO trino_double_text(x) AS CASE WHEN x IS NULL THEN NULL WHEN isnan(x) THEN 'NaN' WHEN isinf(x) THEN CASE WHEN x > 0 THEN 'Infinity' ELSE '-Infinity' END WHEN x = 0 THEN '0E0' ELSE (SELECT (CASE WHEN x < 0 THEN '-' ELSE '' END) || d[1] || '.' || (CASE WHEN len(d) > 1 THEN d[2:] ELSE '0' END) || 'E' || e FROM (SELECT rtrim(ltrim(replace(m, '.', ''), '0'), '0') AS d, CASE WHEN position('.' IN ltrim(m, '0')) > 1 THEN position('.' IN ltrim(m, '0')) - 2 WHEN position('.' IN m) > 0 THEN -(len(regexp_extract(m, '\.(0*)', 1)) + 1) ELSE len(m) - 1 END + x10 AS e FROM (SELECT string_split(t, 'e')[1] AS m, coalesce(CAST(string_split(t, 'e')[2] AS INTEGER), 0) AS x10 FROM (SELECT CAST(abs(CAST(x AS DOUBLE)) AS VARCHAR) AS t)))) END`,
  // A cast of text fails, or under TRY_CAST is NULL, unless the text has the target's form.
  "CREATE OR REPLACE MACRO trino_form(x, form, target) AS CASE WHEN x IS NULL OR regexp_full_match(x, form) THEN x ELSE error('INVALID_CAST_ARGUMENT: Cannot cast ''' || x || ''' to ' || target) END",
  "CREATE OR REPLACE MACRO trino_try_form(x, form) AS CASE WHEN regexp_full_match(x, form) THEN x END",
  // trim() takes every white space away, DuckDB's only blanks.
  String.raw`CREATE OR REPLACE MACRO trino_trim(x) AS regexp_replace(x, '^\s+|\s+$', '', 'g')`,
  String.raw`CREATE OR REPLACE MACRO trino_ltrim(x) AS regexp_replace(x, '^\s+', '')`,
  String.raw`CREATE OR REPLACE MACRO trino_rtrim(x) AS regexp_replace(x, '\s+$', '')`,
  // A start of 0 or before the text gives ''.
  "CREATE OR REPLACE MACRO trino_substr(x, s) AS CASE WHEN s = 0 OR s < -length(x) THEN '' ELSE substr(x, s) END",
  "CREATE OR REPLACE MACRO trino_substr3(x, s, n) AS CASE WHEN s = 0 OR s < -length(x) OR n <= 0 THEN '' ELSE substr(x, s, n) END",
  // Past the last part is NULL; an index below 1 is an error.
  "CREATE OR REPLACE MACRO trino_split_part(x, d, n) AS CASE WHEN n < 1 THEN error('INVALID_FUNCTION_ARGUMENT: Index must be greater than zero') WHEN n > len(string_split(x, d)) THEN NULL ELSE split_part(x, d, n) END",
  // contains() is NULL when the value is not found and the array has a NULL.
  "CREATE OR REPLACE MACRO trino_contains(a, v) AS CASE WHEN list_contains(a, v) THEN true WHEN list_count(a) < len(a) THEN NULL ELSE list_contains(a, v) END",
  "CREATE OR REPLACE MACRO trino_subscript(a, i) AS CASE WHEN i < 1 OR i > len(a) THEN error('INVALID_FUNCTION_ARGUMENT: Array subscript out of bounds') ELSE a[i] END",
  // json_extract_scalar: objects and arrays have no scalar, text that is no JSON gives NULL. Trino keeps a fraction's text
  // (1.50, 1e3) and DuckDB does not, so a fraction is refused here; casts of it to double go another way.
  "CREATE OR REPLACE MACRO trino_json_scalar(j, p) AS CASE TRY(json_type(j, p)) WHEN 'OBJECT' THEN NULL WHEN 'ARRAY' THEN NULL WHEN 'DOUBLE' THEN error('NOT_IMPLEMENTED_LOCALLY: json_extract_scalar of a fractional number as text; cast it to double at once') ELSE TRY(json_extract_string(j, p)) END",
  "CREATE OR REPLACE MACRO trino_json_number(j, p) AS CASE TRY(json_type(j, p)) WHEN 'OBJECT' THEN NULL WHEN 'ARRAY' THEN NULL ELSE TRY(json_extract_string(j, p)) END",
  "CREATE OR REPLACE MACRO trino_json_text(j) AS CASE json_type(j) WHEN 'OBJECT' THEN error('INVALID_CAST_ARGUMENT: Cannot cast a JSON object to varchar') WHEN 'ARRAY' THEN error('INVALID_CAST_ARGUMENT: Cannot cast a JSON array to varchar') WHEN 'NULL' THEN NULL ELSE json_extract_string(j, '$') END",
  // A cast of JSON must meet an array or an object; JSON null is NULL.
  "CREATE OR REPLACE MACRO trino_json_shape(j, opening, target) AS CASE WHEN j IS NULL OR CAST(j AS VARCHAR) = 'null' THEN NULL WHEN left(CAST(j AS VARCHAR), 1) = opening THEN j ELSE error('INVALID_CAST_ARGUMENT: Cannot cast JSON to ' || target) END",
  // Whether compact JSON has a member of that name only in another case.
  `CREATE OR REPLACE MACRO trino_other_case(j, f) AS NOT contains(CAST(j AS VARCHAR), '"' || f || '":') AND contains(lower(CAST(j AS VARCHAR)), lower('"' || f || '":'))`,
  // A text member of a cast ROW: an object there is Trino's error, and looks like text that opens with a bracket.
  "CREATE OR REPLACE MACRO trino_json_leaf(t) AS CASE WHEN left(t, 1) IN ('{', '[') THEN error('NOT_IMPLEMENTED_LOCALLY: cast of a JSON object, or of text that opens with a bracket, to varchar inside a ROW') ELSE t END",
  // from_iso8601_timestamp keeps a written offset; only UTC is the same instant and the same local time.
  "CREATE OR REPLACE MACRO trino_iso_timestamp(x) AS CASE WHEN x IS NULL THEN NULL WHEN regexp_full_match(x, '[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,3})?)?(Z|[+]00:00)?)?') THEN CAST(x AS TIMESTAMPTZ) ELSE error('NOT_IMPLEMENTED_LOCALLY: from_iso8601_timestamp of a text that is not UTC with at most three digits of a second') END",
];

const prepared = new WeakMap<SqlEngine, Promise<void>>();

/** Makes the macros, once an engine: connections that each made them would meet in a write conflict. */
export function preparePrelude(sql: SqlEngine): Promise<void> {
  const known = prepared.get(sql);
  if (known !== undefined) return known;
  const making = sql.use(async (connection) => {
    for (const macro of prelude) await connection.run(macro);
  });
  prepared.set(sql, making);
  return making;
}
