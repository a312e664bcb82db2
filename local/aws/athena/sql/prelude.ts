import type { DuckDBConnection } from "@duckdb/node-api";
import type { SqlEngine } from "../../ports.ts";
import { arrayMacros } from "./macros/arrays.ts";
import { dateMacros } from "./macros/dates.ts";
import { hashMacros } from "./macros/hashes.ts";
import { type TryForms, tryForms } from "./macros/in-try.ts";
import { mapMacros } from "./macros/maps.ts";
import { numberMacros } from "./macros/numbers.ts";
import { textMacros } from "./macros/texts.ts";
import { udfs } from "./udf/index.ts";
import { register } from "./udf/udf.ts";

/** Several characters of ranges of code points, for a regular expression: DuckDB's trim of many makes a set of them for every row. */
const characters = (...ranges: readonly (readonly [number, number])[]): string =>
  `[${ranges.map(([from, to]) => `\\x{${from.toString(16)}}-\\x{${to.toString(16)}}`).join("")}]+`;
/** Java's white space. */
const BLANKS = characters(
  [0x09, 0x0d],
  [0x1c, 0x20],
  [0x1680, 0x1680],
  [0x2000, 0x2006],
  [0x2008, 0x200a],
  [0x2028, 0x2029],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
);
/** What Java's `String.trim` takes away. */
const CONTROLS = characters([0x01, 0x20]);

/** A number with a negative exponent: sign, whole digits, fraction digits, exponent. */
const SMALL = "^([+-]?)([0-9]*)[.]?([0-9]*)[eE]-([0-9]+)$";
const [SIGN, WHOLE, FRACTION] = [1, 2, 3].map((group) => `regexp_extract(x, '${SMALL}', ${group})`);
const EXPONENT = `coalesce(TRY_CAST(regexp_extract(x, '${SMALL}', 4) AS INTEGER), 999)`;

/** Where JSON may hold what DuckDB's parser takes and Trino's does not, or the -0 whose sign it loses. */
const LENIENT = String.raw`(^|[:,\[])\s*([+-]?(?i:nan|inf)|-0\s*([,}\]]|$))|,\s*[}\]]`;
/** The JSON without what its strings say. Random, lest DuckDB compute it of all rows in advance, as it does with what several expressions share. */
const BARE = String.raw`regexp_replace(CASE WHEN random() >= 0 THEN CAST(j AS VARCHAR) END, '"(\\.|[^"\\])*"', '""', 'g')`;
const NOT_HERE = "NOT_IMPLEMENTED_LOCALLY:";
const TOO_LENIENT = `error('${NOT_HERE} JSON with NaN, Infinity, -0 or a comma too many')`;

/**
 * DuckDB macros that give Trino's answer where DuckDB's own function gives another. Each is idempotent to create.
 * `error()` makes a query fail as Trino's does; it is only reached on the branch that fails.
 */
const prelude: readonly string[] = [
  // Trino's own failure, which TRY may take for NULL. It has the type of NULL, so that it fits every CASE; a CASE of its
  // own would be worked out in advance, and fail.
  "CREATE OR REPLACE MACRO trino_fail(message) AS [NULL][trino_raise(message)]",
  // Integer division truncates toward zero and fails on zero, as does the remainder.
  "CREATE OR REPLACE MACRO trino_int_div(a, b) AS CASE WHEN b = 0 AND a IS NOT NULL THEN trino_fail('DIVISION_BY_ZERO: Division by zero') ELSE a // b END",
  "CREATE OR REPLACE MACRO trino_mod(a, b) AS CASE WHEN b = 0 AND a IS NOT NULL THEN trino_fail('DIVISION_BY_ZERO: Division by zero') ELSE a % b END",
  // The least integer by -1 overflows in DuckDB.
  "CREATE OR REPLACE MACRO trino_int_mod(a, b) AS CASE WHEN b = -1 AND a IS NOT NULL THEN 0 ELSE trino_mod(a, b) END",
  // Decimal division keeps its scale and rounds half away from zero: done on the unscaled integers.
  "CREATE OR REPLACE MACRO trino_unscaled(x) AS CAST(replace(CAST(x AS VARCHAR), '.', '') AS HUGEINT)",
  // Doubling the remainder could overflow.
  "CREATE OR REPLACE MACRO trino_half_away(n, d) AS n // d + CASE WHEN n % d >= d - n % d THEN 1 ELSE 0 END",
  "CREATE OR REPLACE MACRO trino_div(n, d) AS CASE WHEN d = 0 AND n IS NOT NULL THEN trino_fail('DIVISION_BY_ZERO: Division by zero') WHEN (n < 0) <> (d < 0) THEN -trino_half_away(abs(n), abs(d)) ELSE trino_half_away(abs(n), abs(d)) END",
  // Trino has more digits for what lies between.
  `CREATE OR REPLACE MACRO trino_raised(n, power) AS CASE WHEN abs(n) > 170141183460469231731687303715884105727 // power THEN error('${NOT_HERE} a decimal quotient with more than 38 digits on the way') ELSE n * power END`,
  "CREATE OR REPLACE MACRO trino_in_38_digits(x) AS CASE WHEN length(ltrim(replace(CAST(x AS VARCHAR), '.', ''), '-0')) > 38 THEN trino_fail('NUMERIC_VALUE_OUT_OF_RANGE: Decimal overflow') ELSE x END",
  // A decimal's text by its unscaled integer.
  "CREATE OR REPLACE MACRO trino_pointed(digits, scale) AS left(digits, length(digits) - scale) || '.' || right(digits, scale)",
  "CREATE OR REPLACE MACRO trino_scaled(n, scale) AS CASE WHEN n < 0 THEN '-' ELSE '' END || CASE WHEN scale = 0 THEN CAST(abs(n) AS VARCHAR) ELSE trino_pointed(lpad(CAST(abs(n) AS VARCHAR), CAST(greatest(length(CAST(abs(n) AS VARCHAR)), scale + 1) AS INTEGER), '0'), scale) END",
  // DuckDB rounds text such as 5e-10 up to the last digit of a decimal: written out it is rounded as it should be.
  `CREATE OR REPLACE MACRO trino_plain(x) AS CASE WHEN NOT regexp_matches(x, '${SMALL}') THEN x ELSE ${SIGN} || CASE WHEN ${EXPONENT} > 400 THEN '0' WHEN ${EXPONENT} >= length(${WHOLE}) THEN '0.' || repeat('0', ${EXPONENT} - length(${WHOLE})) || ${WHOLE} || ${FRACTION} ELSE left(${WHOLE}, length(${WHOLE}) - ${EXPONENT}) || '.' || right(${WHOLE}, ${EXPONENT}) || ${FRACTION} END END`,
  // NaN is greater than all numbers in DuckDB; in Trino it depends on the function.
  `CREATE OR REPLACE MACRO trino_no_nan(x) AS CASE WHEN isnan(x) THEN error('${NOT_HERE} NaN compared here') ELSE x END`,
  // Beyond their domains Trino's are NaN and -Infinity, DuckDB's fail.
  "CREATE OR REPLACE MACRO trino_sqrt(x) AS CASE WHEN x < 0 THEN CAST('NaN' AS DOUBLE) ELSE sqrt(x) END",
  "CREATE OR REPLACE MACRO trino_ln(x) AS CASE WHEN x < 0 THEN CAST('NaN' AS DOUBLE) WHEN x = 0 THEN CAST('-Infinity' AS DOUBLE) ELSE ln(x) END",
  // The text of years before 1 and after 9999 differs.
  `CREATE OR REPLACE MACRO trino_common_era(x) AS CASE WHEN year(x) NOT BETWEEN 1 AND 9999 THEN error('${NOT_HERE} text of a date outside of the years 1 to 9999') ELSE x END`,
  // Trino writes doubles with Java's DecimalFormat, whose digits are not always the fewest (JDK-4511638): from 2^54 to 2^63
  // all digits of the whole number but one or two; beyond, up to 2^90, and of powers of two, what is not worked out here.
  // Measured: four million doubles on JDK 25, and all powers of two.
  "CREATE OR REPLACE MACRO trino_whole_rounded(n, unit) AS CAST((n + unit // 2) // unit * unit AS VARCHAR)",
  `CREATE OR REPLACE MACRO trino_double_shortest(a) AS CASE WHEN a >= 18014398509481984 AND a < 9223372036854775808 THEN trino_whole_rounded(CAST(a AS HUGEINT), CASE WHEN a < 288230376151711744 THEN 1 WHEN a < 2305843009213693952 THEN 10 ELSE 100 END) WHEN a >= 9223372036854775808 AND a < 1237940039285380274899124224 OR (a < 6e-8 OR a >= 1e27) AND a = pow(2, round(log2(a))) THEN error('${NOT_HERE} text of a double from 2^63 to 2^90, or of a power of two') ELSE CAST(a AS VARCHAR) END`,
  // CAST(double AS varchar) is `1.0E0`.
  // Without a sub-query, which could not stand in a lambda: digits and exponent of DuckDB's shortest text.
  "CREATE OR REPLACE MACRO trino_double_digits(d) AS d[1] || '.' || CASE WHEN len(d) > 1 THEN d[2:] ELSE '0' END",
  String.raw`CREATE OR REPLACE MACRO trino_double_parts(m, e) AS trino_double_digits(rtrim(ltrim(replace(m, '.', ''), '0'), '0')) || 'E' || (CASE WHEN position('.' IN ltrim(m, '0')) > 1 THEN position('.' IN ltrim(m, '0')) - 2 WHEN position('.' IN m) > 0 THEN -(len(regexp_extract(m, '\.(0*)', 1)) + 1) ELSE len(m) - 1 END + e)`,
  "CREATE OR REPLACE MACRO trino_double_written(t) AS trino_double_parts(string_split(t, 'e')[1], coalesce(CAST(string_split(t, 'e')[2] AS INTEGER), 0))",
  "CREATE OR REPLACE MACRO trino_double_text(x) AS CASE WHEN x IS NULL THEN NULL WHEN isnan(x) THEN 'NaN' WHEN isinf(x) THEN CASE WHEN x > 0 THEN 'Infinity' ELSE '-Infinity' END WHEN x = 0 THEN CASE WHEN starts_with(CAST(x AS VARCHAR), '-') THEN '-0E0' ELSE '0E0' END WHEN abs(x) < 1e-300 THEN error('NOT_IMPLEMENTED_LOCALLY: text of a double below 1e-300') ELSE CASE WHEN x < 0 THEN '-' ELSE '' END || trino_double_written(trino_double_shortest(abs(CAST(x AS DOUBLE)))) END",
  // A cast of text fails, or under TRY_CAST is NULL, unless the text has the target's form.
  `CREATE OR REPLACE MACRO trino_form(x, form, doubtful, target) AS CASE WHEN x IS NULL OR regexp_full_match(x, form) THEN x WHEN regexp_full_match(x, doubtful) THEN error('${NOT_HERE} cast of ''' || x || ''' to ' || target) ELSE trino_fail('INVALID_CAST_ARGUMENT: Cannot cast ''' || x || ''' to ' || target) END`,
  `CREATE OR REPLACE MACRO trino_try_form(x, form, doubtful, target) AS CASE WHEN regexp_full_match(x, form) THEN x WHEN regexp_full_match(x, doubtful) THEN error('${NOT_HERE} TRY_CAST of ''' || x || ''' to ' || target) END`,
  // trim() takes every white space away, DuckDB's only blanks.
  `CREATE OR REPLACE MACRO trino_trim(x) AS regexp_replace(x, '^${BLANKS}|${BLANKS}$', '', 'g')`,
  `CREATE OR REPLACE MACRO trino_ltrim(x) AS regexp_replace(x, '^${BLANKS}', '')`,
  `CREATE OR REPLACE MACRO trino_rtrim(x) AS regexp_replace(x, '${BLANKS}$', '')`,
  `CREATE OR REPLACE MACRO trino_strip(x) AS regexp_replace(x, '^${CONTROLS}|${CONTROLS}$', '', 'g')`,
  // Trino finds an empty text before every character; it is no delimiter and no padding.
  `CREATE OR REPLACE MACRO trino_replace(x, f, t) AS CASE WHEN f = '' AND t <> '' THEN error('${NOT_HERE} replace of an empty text') ELSE replace(x, f, t) END`,
  // contains() is NULL when the value is not found and the array has a NULL.
  "CREATE OR REPLACE MACRO trino_contains(a, v) AS CASE WHEN list_contains(a, v) THEN true WHEN list_count(a) < len(a) THEN NULL ELSE list_contains(a, v) END",
  // IN, with every value of the list worked out unless there is nothing to look for.
  "CREATE OR REPLACE MACRO trino_among(x, l) AS CASE WHEN x IS NULL THEN NULL ELSE trino_contains(l, x) END",
  "CREATE OR REPLACE MACRO trino_array_join(a, d) AS CASE WHEN a IS NULL OR d IS NULL THEN NULL ELSE coalesce(array_to_string(a, d), '') END",
  // DuckDB's parser takes NaN, Infinity and a comma before a closing bracket; Trino's does not.
  `CREATE OR REPLACE MACRO trino_lenient(j) AS CASE WHEN regexp_matches(CAST(j AS VARCHAR), '${LENIENT}') THEN regexp_matches(${BARE}, '${LENIENT}') ELSE false END`,
  `CREATE OR REPLACE MACRO trino_strict(j) AS CASE WHEN trino_lenient(j) THEN ${TOO_LENIENT} ELSE j END`,
  // Trino reads broken JSON as far as it needs to, so there may be an answer in it.
  `CREATE OR REPLACE MACRO trino_broken_json(j, p) AS CASE WHEN CAST(j AS VARCHAR) = '' OR NOT (p = '$' OR contains(CAST(j AS VARCHAR), '"') OR contains(CAST(j AS VARCHAR), '[')) THEN NULL ELSE error('${NOT_HERE} a value out of broken JSON') END`,
  // json_extract_scalar: objects and arrays have no scalar, text that is no JSON gives NULL. Trino keeps a fraction's text
  // (1.50, 1e3) and DuckDB does not, so a fraction is refused here; casts of it to double go another way.
  `CREATE OR REPLACE MACRO trino_json_scalar(j, p, s) AS CASE TRY(json_type(j, p)) WHEN 'OBJECT' THEN NULL WHEN 'ARRAY' THEN NULL WHEN 'DOUBLE' THEN trino_json_number_text(CAST(j AS VARCHAR), s) ELSE TRY(json_extract_string(j, p)) END`,
  "CREATE OR REPLACE MACRO trino_json_number(j, p, s) AS CASE TRY(json_type(j, p)) WHEN 'OBJECT' THEN NULL WHEN 'ARRAY' THEN NULL ELSE TRY(json_extract_string(j, p)) END",
  "CREATE OR REPLACE MACRO trino_json_array_length(j) AS CASE WHEN NOT json_valid(j) THEN trino_broken_json(j, '') WHEN json_type(trino_strict(j)) = 'ARRAY' THEN CAST(json_array_length(j) AS BIGINT) END",
  "CREATE OR REPLACE MACRO trino_json_extract(j, p) AS json_extract(j, p)",
  // The same of a JSON value, which needs no check: it is a large one as a rule, and each mention of it a copy.
  "CREATE OR REPLACE MACRO trino_json_length(j) AS CASE WHEN json_type(j) = 'ARRAY' THEN CAST(json_array_length(j) AS BIGINT) END",
  // Trino's json_parse sorts the members of objects; under a cast that is all one.
  "CREATE OR REPLACE MACRO trino_json_value(j) AS CAST(trino_strict(j) AS JSON)",
  `CREATE OR REPLACE MACRO trino_json_parse(j) AS CASE WHEN regexp_matches(${BARE}, '(?s)[{].*,') THEN error('${NOT_HERE} json_parse of an object with several members outside of a cast') ELSE json_extract(CAST(trino_strict(j) AS JSON), '$') END`,
  `CREATE OR REPLACE MACRO trino_json_format(j) AS CASE WHEN regexp_matches(${BARE}, '[0-9][.eE]|-0|[0-9]{19}') THEN error('${NOT_HERE} JSON with a fraction as text') WHEN regexp_matches(CAST(j AS VARCHAR), '[\\x{10000}-\\x{10ffff}]') THEN error('${NOT_HERE} JSON beyond the basic plane as text') ELSE CAST(j AS VARCHAR) END`,
  `CREATE OR REPLACE MACRO trino_json_string(x) AS CASE WHEN regexp_matches(x, '[\\x00-\\x07\\x0b\\x0e-\\x1f\\x7f]|[\\x{10000}-\\x{10ffff}]') THEN error('${NOT_HERE} JSON text with control characters or beyond the basic plane') ELSE CAST(to_json(x) AS VARCHAR) END`,
  "CREATE OR REPLACE MACRO trino_json_varchar(j) AS CASE json_type(j) WHEN 'DOUBLE' THEN CASE WHEN NOT regexp_matches(CAST(j AS VARCHAR), '[.eE]') THEN CAST(j AS VARCHAR) ELSE trino_double_text(TRY_CAST(json_extract_string(j, '$') AS DOUBLE)) END ELSE trino_json_text(j) END",
  "CREATE OR REPLACE MACRO trino_json_text(j) AS CASE json_type(j) WHEN 'OBJECT' THEN trino_fail('INVALID_CAST_ARGUMENT: Cannot cast a JSON object to varchar') WHEN 'ARRAY' THEN trino_fail('INVALID_CAST_ARGUMENT: Cannot cast a JSON array to varchar') WHEN 'NULL' THEN NULL ELSE json_extract_string(j, '$') END",
  // A cast of JSON must meet an array or an object; JSON null is NULL.
  "CREATE OR REPLACE MACRO trino_json_shape(j, opening, target) AS CASE WHEN j IS NULL OR CAST(j AS VARCHAR) = 'null' THEN NULL WHEN left(CAST(j AS VARCHAR), 1) = opening THEN j ELSE trino_fail('INVALID_CAST_ARGUMENT: Cannot cast JSON to ' || target) END",
  // What a cast to ROW reads by name: objects (of an array Trino takes the elements by position) whose members have one
  // value each (of several Trino refuses all or takes the last).
  `CREATE OR REPLACE MACRO trino_json_members(j, shaped) AS CASE WHEN len(json_keys(j)) <> len(list_distinct(json_keys(j))) THEN error('${NOT_HERE} cast to ROW of a JSON object that has a member twice') ELSE shaped END`,
  `CREATE OR REPLACE MACRO trino_json_objects(j, shaped) AS CASE WHEN NOT list_has_all(['OBJECT', 'NULL'], json_type(j, '$[*]')) THEN error('${NOT_HERE} cast to ROW of JSON that is no object') WHEN len(list_filter(json_keys(j, '$[*]'), lambda trino_k: len(trino_k) <> len(list_distinct(trino_k)))) > 0 THEN error('${NOT_HERE} cast to ROW of a JSON object that has a member twice') ELSE shaped END`,
  // Whether compact JSON has a member of that name only in another case.
  `CREATE OR REPLACE MACRO trino_other_case(j, f) AS NOT contains(CAST(j AS VARCHAR), '"' || f || '":') AND contains(lower(CAST(j AS VARCHAR)), lower('"' || f || '":'))`,
  // A text member of a cast ROW: an object there is Trino's error, and looks like text that opens with a bracket. A
  // fraction has another text in Trino (1.5E0), and looks like text that the JSON has in quotes.
  `CREATE OR REPLACE MACRO trino_json_leaf(t, j) AS CASE WHEN left(t, 1) IN ('{', '[') THEN error('${NOT_HERE} cast of a JSON object, or of text that opens with a bracket, to varchar inside a ROW') WHEN regexp_full_match(t, '-?[0-9]+([.][0-9]+([eE][+-]?[0-9]+)?|[eE][+-]?[0-9]+)') AND NOT contains(CAST(j AS VARCHAR), '"' || t || '"') THEN error('${NOT_HERE} cast of a JSON fraction to varchar inside a ROW') ELSE t END`,
  ...textMacros,
  ...numberMacros,
  ...arrayMacros,
  ...dateMacros,
  ...mapMacros,
  ...hashMacros,
];

/** Makes the functions and macros that translated queries stand on, for the connection's whole database. */
export async function makePrelude(connection: DuckDBConnection): Promise<void> {
  register(connection, udfs);
  for (const macro of allMacros) await connection.run(macro);
}

/** What may stand inside TRY. */
export const inTry: TryForms = tryForms(prelude, udfs);

/** Every macro. */
export const allMacros: readonly string[] = [...prelude, ...inTry.macros];

const prepared = new WeakMap<SqlEngine, Promise<void>>();

/** Makes the macros, once an engine: connections that each made them would meet in a write conflict. */
export function preparePrelude(sql: SqlEngine): Promise<void> {
  const known = prepared.get(sql);
  if (known !== undefined) return known;
  const making = sql.use(makePrelude);
  prepared.set(sql, making);
  return making;
}
