import { failsAsTrino, givesTrinosAnswer, refusesByName } from "./trino-answers.ts";

// Expected values, types and errors are those of a real Trino.

givesTrinosAnswer([
  ["VALUES (1, 'a'), (2, NULL) ORDER BY 1 DESC", "2, NULL; 1, a :: integer, varchar"],
  ["VALUES 3, 1, 2 ORDER BY 1 LIMIT 2", "1; 2 :: integer"],
  [
    "SELECT count(DISTINCT (x, y)), count(DISTINCT ARRAY[x, y]) FROM (VALUES (1, 2), (1, 2)) t(x, y)",
    "1, 1 :: bigint, bigint",
  ],
  ["SELECT x NOT IN (VALUES -7, 3), x IN (VALUES (-7), (1)) FROM (VALUES 1) t(x)", "true, true :: boolean, boolean"],
  ["VALUES 1 UNION ALL VALUES 2 ORDER BY 1", "1; 2 :: integer"],
  ["(VALUES 1) UNION ALL (VALUES 2) ORDER BY 1", "1; 2 :: integer"],
  ["VALUES ROW(1, 'a'), ROW(2, 'b')", "1, a; 2, b :: integer, varchar"],
  ["SELECT x, y FROM (VALUES ROW(1, 'a')) t(x, y)", "1, a :: integer, varchar"],
  ["WITH v(x) AS (VALUES 2, 1) TABLE v", "2; 1 :: integer"],
  ["WITH v(x) AS (VALUES 2, 1) TABLE v UNION ALL TABLE v ORDER BY x LIMIT 3", "1; 1; 2 :: integer"],
  ["WITH v(x) AS (VALUES 2, 1) SELECT * FROM (TABLE v) ORDER BY 1", "1; 2 :: integer"],
  ["WITH v(x) AS (VALUES 2, 1) (SELECT x FROM v) ORDER BY x", "1; 2 :: integer"],
  [
    "WITH v(x) AS (VALUES 2, 1), w AS (SELECT x + 1 AS y FROM v) (SELECT x FROM v) UNION ALL (SELECT y FROM w) ORDER BY 1",
    "1; 2; 2; 3 :: integer",
  ],
  ["(SELECT x FROM (VALUES 3, 1, 2) t(x) ORDER BY x LIMIT 2) ORDER BY x DESC", "2; 1 :: integer"],
  [
    "SELECT * FROM ((SELECT x FROM (VALUES 3, 1, 2) t(x) ORDER BY x LIMIT 2) ORDER BY x DESC LIMIT 1) q",
    "2 :: integer",
  ],
]);

failsAsTrino([
  ["VALUES (1, 2), (3)", "Values rows have mismatched sizes"],
  [
    "SELECT first_value(x IGNORE NULLS) OVER (ORDER BY x) FROM (VALUES 1) t(x)",
    "SYNTAX_ERROR: line 1:22: mismatched input 'ignore'",
  ],
  ["WITH a AS (SELECT 1) WITH b AS (SELECT 2) SELECT 1", "mismatched input 'with'"],
]);

refusesByName([
  [
    "SELECT count(DISTINCT x, y) FROM (VALUES (1, 2)) t(x, y)",
    "line 1:14: count(DISTINCT x, y) is not implemented locally; write count(DISTINCT (x, y))",
  ],
  [
    "VALUES CAST(ROW(1, 2) AS ROW(p integer, q integer))",
    "VALUES of a row is not implemented locally; write its fields in parentheses",
  ],
]);
