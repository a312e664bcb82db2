import { givesTrinosAnswer, refusesByName } from "./trino-answers.ts";

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
]);

refusesByName([
  [
    "SELECT a, b, grouping(a, b), sum(c) FROM (VALUES (1, 'x', 10), (1, 'y', 20)) t(a, b, c) GROUP BY GROUPING SETS ((a, b), (a), ()) ORDER BY 1, 2, 3",
    "function grouping is not implemented locally",
  ],
]);
