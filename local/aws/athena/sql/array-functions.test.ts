import { beforeAll, describe, expect, test } from "vitest";
import { answers } from "./fixture.ts";

let ask: (sql: string) => Promise<string>;
beforeAll(async () => {
  ask = await answers();
});

const query = (text: string): string => (/^(SELECT|WITH|VALUES) /.test(text) ? text : `SELECT ${text} AS x`);

// Expected values, types and errors are those of a real Trino.

describe("gives Trino's answer", () => {
  test.each([
    ["zip(ARRAY[1,2], ARRAY['a'])", "[{field0=1, field1=a}, {field0=2, field1=null}] :: array(row(integer, varchar))"],
    [
      "zip(ARRAY[1], ARRAY['a'], ARRAY[true])",
      "[{field0=1, field1=a, field2=true}] :: array(row(integer, varchar, boolean))",
    ],
    ["slice(ARRAY[1,2,3], -5, 2)", "[] :: array(integer)"],
    ["slice(ARRAY[1,2,3], 5, 2)", "[] :: array(integer)"],
    ["slice(ARRAY[1,2,3], 2, 10)", "[2, 3] :: array(integer)"],
    ["flatten(ARRAY[ARRAY[1], NULL, ARRAY[2]])", "[1, 2] :: array(integer)"],
    ["array_distinct(ARRAY['b','a','b'])", "[b, a] :: array(varchar)"],
    ["array_sort(ARRAY['b', NULL, 'a'])", "[a, b, null] :: array(varchar)"],
    ["array_sort(ARRAY[3e0, CAST('NaN' AS double), 1e0])", "[1.0, 3.0, NaN] :: array(double)"],
    ["array_position(ARRAY[1,NULL], NULL)", "NULL :: bigint"],
    ["array_position(ARRAY[1,NULL,2], 3)", "0 :: bigint"],
    ["array_remove(ARRAY[1,NULL,1], 1)", "[null] :: array(integer)"],
    ["array_remove(ARRAY[1,NULL,1], NULL)", "NULL :: array(integer)"],
    ["array_max(ARRAY[CAST(NULL AS integer)])", "NULL :: integer"],
    ["array_max(CAST(ARRAY[] AS array(integer)))", "NULL :: integer"],
    ["array_min(ARRAY['b','a'])", "a :: varchar"],
    ["array_union(ARRAY[3,1,3,NULL], ARRAY[2,NULL])", "[3, 1, null, 2] :: array(integer)"],
    ["array_intersect(ARRAY[3,1,3,NULL], ARRAY[NULL,3])", "[3, null] :: array(integer)"],
    ["array_except(ARRAY[3,1,3,NULL,2], ARRAY[1])", "[3, null, 2] :: array(integer)"],
    ["array_except(ARRAY[3,NULL,NULL], ARRAY[1])", "[3, null] :: array(integer)"],
    ["arrays_overlap(ARRAY[1,NULL], ARRAY[2])", "NULL :: boolean"],
    ["arrays_overlap(ARRAY[1,NULL], ARRAY[1])", "true :: boolean"],
    ["arrays_overlap(ARRAY[], ARRAY[1,NULL])", "false :: boolean"],
    ["sequence(5, 1, -2)", "[5, 3, 1] :: array(bigint)"],
    ["sequence(DATE '2026-11-01', DATE '2026-11-03')", "[2026-11-01, 2026-11-02, 2026-11-03] :: array(date)"],
    ["sequence(DATE '2026-11-03', DATE '2026-11-01')", "[2026-11-03, 2026-11-02, 2026-11-01] :: array(date)"],
    [
      "sequence(DATE '2026-01-31', DATE '2026-04-30', INTERVAL '1' MONTH)",
      "[2026-01-31, 2026-02-28, 2026-03-31, 2026-04-30] :: array(date)",
    ],
    [
      "sequence(DATE '2026-11-01', DATE '2026-11-05', INTERVAL '2' DAY)",
      "[2026-11-01, 2026-11-03, 2026-11-05] :: array(date)",
    ],
    [
      "sequence(TIMESTAMP '2026-11-01 00:00:00', TIMESTAMP '2026-11-01 02:00:00', INTERVAL '1' HOUR)",
      "[2026-11-01 00:00:00, 2026-11-01 01:00:00, 2026-11-01 02:00:00] :: array(timestamp(0))",
    ],
    ["reverse(ARRAY[1,NULL])", "[null, 1] :: array(integer)"],
    ["ngrams(ARRAY['a','b'], 5)", "[[a, b]] :: array(array(varchar))"],
    ["ngrams(ARRAY['a','b'], 1)", "[[a], [b]] :: array(array(varchar))"],
    ["combinations(ARRAY[1,2,3,4], 3)", "[[1, 2, 3], [1, 2, 4], [1, 3, 4], [2, 3, 4]] :: array(array(integer))"],
    ["combinations(ARRAY[1,1], 2)", "[[1, 1]] :: array(array(integer))"],
    ["combinations(ARRAY[1,2], 3)", "[] :: array(array(integer))"],
    ["combinations(ARRAY[1,2,3,4], 2)", "[[1, 2], [1, 3], [2, 3], [1, 4], [2, 4], [3, 4]] :: array(array(integer))"],
    ["element_at(ARRAY[1,2], 3)", "NULL :: integer"],
    ["element_at(ARRAY[1,2], -3)", "NULL :: integer"],
    ["element_at(CAST(NULL AS array(integer)), 1)", "NULL :: integer"],
    ["element_at(ARRAY[1], NULL)", "NULL :: integer"],
    ["ARRAY[1,2][CAST(NULL AS integer)]", "NULL :: integer"],
    ["CAST(NULL AS array(integer))[1]", "NULL :: integer"],
    ["ARRAY[1,2] = ARRAY[1,3]", "false :: boolean"],
    ["ARRAY[1,NULL] = ARRAY[2,NULL]", "false :: boolean"],
    ["ARRAY[1,NULL] = ARRAY[1]", "false :: boolean"],
    ["ARRAY[1,NULL] <> ARRAY[1]", "true :: boolean"],
    ["array_join(ARRAY[1,2,NULL], ',', 'z')", "1,2,z :: varchar"],
    ["array_join(ARRAY[1.5,2], ',')", "1.5,2.0 :: varchar"],
    ["array_join(ARRAY[true], ',')", "true :: varchar"],
    ["array_join(ARRAY[DATE '2026-01-01'], ',')", "2026-01-01 :: varchar"],
    ["ARRAY[1] || 2", "[1, 2] :: array(integer)"],
    ["2 || ARRAY[1]", "[2, 1] :: array(integer)"],
    ["concat(CAST(NULL AS array(integer)), ARRAY[1])", "NULL :: array(integer)"],
    ["ARRAY[]", "[] :: array(unknown)"],
    ["cardinality(ARRAY[])", "0 :: bigint"],
    ["trim_array(ARRAY[1,2,3], 2)", "[1] :: array(integer)"],
  ])("%s", async (expression, answer) => {
    expect(await ask(query(expression))).toBe(answer);
  });
});

describe("fails as Trino does", () => {
  test.each([
    ["slice(ARRAY[1,2,3], 0, 1)", "INVALID_FUNCTION_ARGUMENT: SQL array indices start at 1"],
    ["slice(ARRAY[1,2,3], 2, -1)", "INVALID_FUNCTION_ARGUMENT: length must be greater than or equal to 0"],
    ["array_position(ARRAY[1,2,1], 1, 2)", "Expected RParen, got Comma (',') near [], 1, 2) AS]"],
    ["array_position(ARRAY[1,2,1], 1, -1)", "Expected RParen, got Comma (',') near [], 1, -1)]"],
    ["ngrams(ARRAY[1,2,3], 0)", "INVALID_FUNCTION_ARGUMENT: N must be positive"],
    ["element_at(ARRAY[1,2], 0)", "INVALID_FUNCTION_ARGUMENT: SQL array indices start at 1"],
    ["ARRAY[1,2][-1]", "INVALID_FUNCTION_ARGUMENT: Array subscript is negative: -1"],
    ["SELECT array_agg(x) FROM (VALUES 1) t(x) AS x", "Invalid expression / Unexpected token"],
  ])("%s", async (expression, answer) => {
    await expect(ask(query(expression))).rejects.toThrow(answer);
  });
});

describe("refuses by name", () => {
  test.each([
    ["array_max(ARRAY[1e0, CAST('NaN' AS double)])", "NaN compared here"],
    ["repeat(NULL, 2)", "repeat of (unknown, integer) is not implemented locally"],
    ["ARRAY[1,2] < ARRAY[1,3]", "array(integer) < array(integer) is not implemented locally"],
    ["ARRAY[1] < ARRAY[1,3]", "array(integer) < array(integer) is not implemented locally"],
    ["concat(ARRAY[1], 2)", "concat of (array(integer), integer) is not implemented locally"],
    ["ARRAY[1] || NULL", "array(integer) || unknown is not implemented locally"],
    ["array_first(ARRAY[1,2])", "function array_first is not implemented locally"],
    ["array_last(ARRAY[1,2])", "function array_last is not implemented locally"],
    ["array_histogram(ARRAY[1,1,2])", "function array_histogram is not implemented locally"],
    ["euclidean_distance(ARRAY[1.0], ARRAY[2.0])", "function euclidean_distance is not implemented locally"],
    ["dot_product(ARRAY[1e0], ARRAY[2e0])", "function dot_product is not implemented locally"],
    ["cosine_similarity(ARRAY[1e0,2e0], ARRAY[2e0,4e0])", "function cosine_similarity is not implemented locally"],
  ])("%s", async (expression, answer) => {
    await expect(ask(query(expression))).rejects.toThrow(answer);
  });
});
