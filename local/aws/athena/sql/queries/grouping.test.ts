import { failsAsTrino, givesTrinosAnswer, refusesByName } from "../trino-answers.ts";

// Expected values, types and errors are those of a real Trino.

givesTrinosAnswer([
  [
    "SELECT a, b, count(*) FROM (VALUES (1, 'x'), (2, 'y')) t(a, b) GROUP BY CUBE (a, b) ORDER BY 1, 2, 3",
    "1, x, 1; 1, NULL, 1; 2, y, 1; 2, NULL, 1; NULL, x, 1; NULL, y, 1; NULL, NULL, 2 :: integer, varchar, bigint",
  ],
  [
    "SELECT a, b, count(*) FROM (VALUES (1, 'x'), (2, 'y')) t(a, b) GROUP BY ROLLUP (a, b) ORDER BY 1, 2, 3",
    "1, x, 1; 1, NULL, 1; 2, y, 1; 2, NULL, 1; NULL, NULL, 2 :: integer, varchar, bigint",
  ],
  [
    "SELECT a, b, count(*) FROM (VALUES (1, 'x'), (2, 'y')) t(a, b) GROUP BY a, ROLLUP (b) ORDER BY 1, 2, 3",
    "1, x, 1; 1, NULL, 1; 2, y, 1; 2, NULL, 1 :: integer, varchar, bigint",
  ],
  [
    "SELECT a, b, grouping(a, b), grouping(b), sum(c) FROM (VALUES (1, 'x', 10), (1, 'y', 20)) t(a, b, c) GROUP BY GROUPING SETS ((a, b), (a), ()) ORDER BY 1, 2, 3",
    "1, x, 0, 0, 10; 1, y, 0, 0, 20; 1, NULL, 1, 1, 30; NULL, NULL, 3, 1, 30 :: integer, varchar, integer, integer, bigint",
  ],
  ["SELECT a, count(*) FROM (VALUES 1, 2) t(a) GROUP BY CUBE (a) HAVING grouping(a) = 1", "NULL, 2 :: integer, bigint"],
  [
    "SELECT a, rank() OVER (PARTITION BY grouping(a) ORDER BY sum(c)) FROM (VALUES (1, 5), (2, 3)) t(a, c) GROUP BY ROLLUP (a) ORDER BY 1",
    "1, 2; 2, 1; NULL, 1 :: integer, bigint",
  ],
  [
    "SELECT a, count(*) FROM (VALUES 1, 2) t(a) GROUP BY GROUPING SETS ((a), (a)) ORDER BY 1",
    "1, 1; 1, 1; 2, 1; 2, 1 :: integer, bigint",
  ],
  [
    "SELECT a, b, count(*) FROM (VALUES (1, 'x'), (1, 'x')) t(a, b) GROUP BY (a, b)",
    "1, x, 2 :: integer, varchar, bigint",
  ],
  ["SELECT count(*) FROM (VALUES 1, 2) t(a) WHERE false GROUP BY ()", "0 :: bigint"],
  ["SELECT a, count(*) FROM (VALUES 1, 1) t(a) GROUP BY ALL a", "1, 2 :: integer, bigint"],
  ["SELECT a + 1, 'k', count(*) FROM (VALUES 1, 1) t(a) GROUP BY 1, 2", "2, k, 2 :: integer, varchar, bigint"],
]);

failsAsTrino([
  [
    "SELECT a, b FROM (VALUES (1, 'x')) t(a, b) GROUP BY a",
    'column "_col1" must appear in the GROUP BY clause or must be part of an aggregate function.',
  ],
  [
    "SELECT a, count(*) FROM (VALUES 1) t(a) GROUP BY ROLLUP (a + 1)",
    "GROUP BY expression must be a column reference in ROLLUP",
  ],
  [
    "SELECT a, count(*) FROM (VALUES 1) t(a) GROUP BY CUBE (1)",
    "GROUP BY expression must be a column reference in CUBE",
  ],
  ["SELECT a FROM (VALUES 1) t(a) GROUP BY 2", "GROUP BY position 2 is not in select list"],
  ["SELECT a, count(*) FROM (VALUES 1) t(a) GROUP BY 1, 2", "GROUP BY clause cannot contain aggregates!"],
  [
    "SELECT a + 1 AS y FROM (VALUES 1) t(a) GROUP BY y",
    "Column 'y' cannot be resolved or requester is not authorized to access requested resources",
  ],
]);

refusesByName([
  [
    "SELECT a, count(*) FROM (VALUES 1) t(a) GROUP BY DISTINCT CUBE (a), ROLLUP (a)",
    "GROUP BY DISTINCT is not implemented locally; name each grouping set once",
  ],
  [
    "SELECT a, count(*) FROM (VALUES 1) t(a) GROUP BY AUTO",
    "GROUP BY AUTO is not implemented locally; name the columns",
  ],
]);
