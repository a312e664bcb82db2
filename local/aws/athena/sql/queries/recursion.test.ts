import { failsAsTrino, givesTrinosAnswer, refusesByName } from "../trino-answers.ts";

// Expected values, types and errors are those of a real Trino.

givesTrinosAnswer([
  [
    "WITH RECURSIVE t(n) AS (VALUES 1 UNION ALL SELECT n + 1 FROM t WHERE n < 4) SELECT * FROM t ORDER BY n",
    "1; 2; 3; 4 :: integer",
  ],
  [
    "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 11) SELECT max(n), count(*) FROM t",
    "11, 11 :: integer, bigint",
  ],
  [
    "WITH RECURSIVE t(n) AS (SELECT 1 UNION SELECT n + 1 FROM t WHERE n < 4) SELECT * FROM t ORDER BY n",
    "1; 2; 3; 4 :: integer",
  ],
  [
    "WITH RECURSIVE t(n) AS (SELECT BIGINT '1' UNION ALL SELECT 2 FROM t WHERE n < 2) SELECT n FROM t ORDER BY n",
    "1; 2 :: bigint",
  ],
  [
    "WITH RECURSIVE t(n, s) AS (SELECT 1, CAST('a' AS varchar) UNION ALL SELECT n + 1, s || 'a' FROM t WHERE n < 3) SELECT s FROM t ORDER BY n",
    "a; aa; aaa :: varchar",
  ],
  [
    "WITH RECURSIVE edges(a, b) AS (VALUES (1, 2), (2, 3), (3, 4)), paths(a, b, hops) AS (SELECT a, b, 1 FROM edges UNION ALL SELECT p.a, e.b, hops + 1 FROM paths p JOIN edges e ON p.b = e.a) SELECT a, b, hops FROM paths ORDER BY 1, 2",
    "1, 2, 1; 1, 3, 2; 1, 4, 3; 2, 3, 1; 2, 4, 2; 3, 4, 1 :: integer, integer, integer",
  ],
  ["WITH RECURSIVE t(n) AS (SELECT 1) SELECT n FROM t", "1 :: integer"],
  [
    "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT max(n) + 1 FROM t GROUP BY n HAVING n < 3) SELECT n FROM t ORDER BY n",
    "1; 2; 3 :: integer",
  ],
]);

failsAsTrino([
  [
    "WITH RECURSIVE t(n) AS (VALUES 1 UNION ALL SELECT n + 1 FROM t WHERE n < 12) SELECT * FROM t",
    "Recursion depth limit exceeded (10). Use 'max_recursion_depth' session property to modify the limit.",
  ],
  [
    "WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t WHERE n < 4) SELECT * FROM t",
    "missing column aliases in recursive WITH query",
  ],
  [
    "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1e0 FROM t WHERE n < 3) SELECT * FROM t",
    "recursion step relation output type (double) is not coercible to recursion base relation output type",
  ],
  [
    "WITH RECURSIVE t(n, m) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 3) SELECT * FROM t",
    "Column alias list has 2 entries but relation has 1 columns",
  ],
  [
    "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1, 2 FROM t WHERE n < 3) SELECT * FROM t",
    "base and step relations of recursion have different number of fields",
  ],
]);

refusesByName([
  [
    "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT x.n + 1 FROM t x, t y WHERE x.n < 3) SELECT * FROM t",
    "this recursive query is not implemented locally; name it once, in FROM after UNION ALL, and join it by inner j",
  ],
  [
    "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT k FROM (VALUES 5) u(k) LEFT JOIN t ON n < 3) SELECT * FROM t",
    "this recursive query is not implemented locally; name it once, in FROM after UNION ALL, and join it by inner j",
  ],
  [
    "WITH RECURSIVE t(s) AS (SELECT 'a' UNION ALL SELECT s || 'a' FROM t) SELECT * FROM t",
    "text in a recursive query is not implemented locally; cast it to varchar in the first part",
  ],
]);
