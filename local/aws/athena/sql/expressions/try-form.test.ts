import { failsAsTrino, givesTrinosAnswer, refusesByName } from "../trino-answers.ts";

const pairs = "FROM (VALUES (1, 1, 0), (2, 4, 2), (2, 6, 0)) AS t(k, a, b)";

givesTrinosAnswer([
  // On constants.
  ["TRY(CAST('x' AS bigint))", "NULL :: bigint"],
  ["TRY(1 / 0)", "NULL :: integer"],
  ["TRY(CAST(9223372036854775807 AS bigint) + 1)", "NULL :: bigint"],
  ["TRY(CAST(1e30 AS bigint))", "NULL :: bigint"],
  ["TRY(coalesce(1 / 0, 5))", "NULL :: integer"],
  ["coalesce(TRY(1 / 0), 5)", "5 :: integer"],
  ["TRY(TRY(1 / 0) + 1)", "NULL :: integer"],
  ["TRY(CASE WHEN 1 = 1 THEN 1 / 0 ELSE 5 END)", "NULL :: integer"],
  ["TRY(1 IN (1 / 0, 2))", "NULL :: boolean"],
  ["TRY(date_parse('2020-13-01', '%Y-%m-%d'))", "NULL :: timestamp(3)"],
  ["TRY(date_parse('2020-12-01', '%Y-%m-%d'))", "2020-12-01 00:00:00.000 :: timestamp(3)"],
  ["TRY(from_iso8601_timestamp('2020-01-01 10:00'))", "NULL :: timestamp(3) with time zone"],
  [`TRY(json_parse('{"a":1'))`, "NULL :: json"],
  ["TRY(json_parse('[1,2]'))", "[1,2] :: json"],
  [`TRY(CAST(json_parse('[1,"x"]') AS array(bigint)))`, "NULL :: array(bigint)"],
  ["TRY(element_at(ARRAY[1, 2], 5))", "NULL :: integer"],
  ["TRY(ARRAY[1, 2][5])", "NULL :: integer"],
  ["TRY(MAP(ARRAY['a'], ARRAY[1])['b'])", "NULL :: integer"],
  ["TRY(regexp_extract('a', '(a)', 3))", "NULL :: varchar"],
  ["TRY(url_decode('%zz'))", "NULL :: varchar"],
  // A text is no call.
  ["TRY('error(' || 'trino_try(x)')", "error(trino_try(x) :: varchar"],
  // Of what has parts, TRY_CAST makes NULL of the whole.
  ["TRY_CAST(ARRAY['1', 'x'] AS array(bigint))", "NULL :: array(bigint)"],
  ["TRY_CAST(ROW('1', 'x') AS row(a bigint, b bigint))", "NULL :: row(a bigint, b bigint)"],
  ["TRY_CAST(MAP(ARRAY['1', '01'], ARRAY[1, 2]) AS map(bigint, bigint))", "NULL :: map(bigint, bigint)"],
  ["TRY_CAST(json_parse('[1,2]') AS array(bigint))", "[1, 2] :: array(bigint)"],
  ['TRY_CAST(json_parse(\'{"a":"x"}\') AS row(a bigint))', "NULL :: row(a bigint)"],
  [
    "SELECT TRY(CAST(a AS array(bigint))), TRY_CAST(a AS array(bigint)) FROM (VALUES ARRAY['1', 'x'], ARRAY['2']) AS t(a)",
    "NULL, NULL; [2], [2] :: array(bigint), array(bigint)",
  ],
  // In lambdas and around them.
  ["TRY(transform(ARRAY['1', 'x'], e -> CAST(e AS bigint)))", "NULL :: array(bigint)"],
  ["transform(ARRAY['1', 'x'], e -> TRY(CAST(e AS bigint) + 1))", "[2, null] :: array(bigint)"],
  ["TRY(reduce(ARRAY[1, 0], 10, (s, x) -> s / x, s -> s))", "NULL :: integer"],
  // One row of many fails; what several TRYs share does not fail outside of them.
  [
    "SELECT TRY(CAST(s AS bigint)), TRY(CAST(s AS bigint) + 1), TRY(CAST(s AS bigint) + 2) FROM (VALUES '1', 'x') AS t(s) ORDER BY s",
    "1, 2, 3; NULL, NULL, NULL :: bigint, bigint, bigint",
  ],
  ["SELECT s FROM (VALUES '1', 'x') AS t(s) WHERE TRY(CAST(s AS bigint) / 1) = 1", "1 :: varchar"],
  [
    "SELECT TRY(CAST(s AS bigint) + 0), count(*) FROM (VALUES '1', 'x', 'y') AS t(s) GROUP BY TRY(CAST(s AS bigint) + 0) ORDER BY 1",
    "1, 1; NULL, 2 :: bigint, bigint",
  ],
  // Aggregates, windows and sub-queries are worked out first.
  [`SELECT k, TRY(sum(a) / sum(b)) ${pairs} GROUP BY k ORDER BY k`, "1, NULL; 2, 5 :: integer, bigint"],
  [`SELECT k, TRY(sum(a) / (k - 1)) ${pairs} GROUP BY k ORDER BY k`, "1, NULL; 2, 10 :: integer, bigint"],
  [`SELECT k, TRY(sum(a) OVER (ORDER BY k) / b) ${pairs} WHERE a < 6 ORDER BY k`, "1, NULL; 2, 2 :: integer, bigint"],
  ["SELECT sum(TRY(CAST(s AS bigint))) FROM (VALUES '1', 'x') AS t(s)", "1 :: bigint"],
  ["SELECT TRY(array_agg(a)[5]) FROM (VALUES 1) AS t(a)", "NULL :: integer"],
  ["TRY((SELECT 1) / 0)", "NULL :: integer"],
  [
    "SELECT a FROM (VALUES 1, 2) AS t(a) WHERE a = (SELECT TRY(max(x) / (a - 1)) FROM (VALUES 2) AS u(x))",
    "2 :: integer",
  ],
]);

failsAsTrino([
  // Their errors are not TRY's.
  ["SELECT TRY(sum(CAST(s AS bigint))) FROM (VALUES '1', 'x') AS t(s)", "INVALID_CAST_ARGUMENT: Cannot cast 'x'"],
  ["SELECT TRY((SELECT CAST(s AS bigint) FROM (VALUES 'x') AS t(s)))", "INVALID_CAST_ARGUMENT: Cannot cast 'x'"],
  ["TRY_CAST(ARRAY[1 / 0] AS array(bigint))", "DIVISION_BY_ZERO"],
  ["TRY(1, 2)", "SYNTAX_ERROR: TRY takes one expression"],
]);

// What has an answer in Trino and none here is not NULL.
refusesByName([
  [`TRY(json_extract('{"a":1, broken', '$.a'))`, "a value out of broken JSON"],
  [`TRY(json_parse('"t\\ud83d x"'))`, "a value out of broken JSON"],
  [`TRY(json_parse('{"b":1,"a":2}'))`, "json_parse of an object with several members outside of a cast"],
  ["TRY(lower(CAST(CAST('+2020-01-01' AS date) AS varchar)))", "cast of '+2020-01-01' to date"],
  ["TRY(date_parse('2020 2021', '%Y %Y'))", "date_parse with a field twice"],
  ["TRY(from_utf8(X'ff'))", "from_utf8 of bytes that are no UTF-8"],
  ["transform(ARRAY['+2020-01-01'], e -> TRY(year(CAST(e AS date))))", "cast of '+2020-01-01' to date"],
  ["TRY(1 IN (SELECT 1))", "TRY around a sub-query that is compared"],
  [`SELECT k ${pairs} GROUP BY k ORDER BY TRY(sum(a) / sum(b))`, "TRY of an aggregate in ORDER BY"],
]);
