import { givesTrinosAnswer } from "../trino-answers.ts";

// Expected values, types and errors are those of a real Trino.

givesTrinosAnswer([
  [
    "SELECT a, b, n FROM UNNEST(ARRAY[1, 2, 3], ARRAY['x']) WITH ORDINALITY AS t(a, b, n) ORDER BY n",
    "1, x, 1; 2, NULL, 2; 3, NULL, 3 :: integer, varchar, bigint",
  ],
  [
    "SELECT id, k, v FROM (VALUES (1, MAP(ARRAY['a'], ARRAY[10])), (2, CAST(NULL AS map(varchar, integer)))) s(id, m) CROSS JOIN UNNEST(m) AS t(k, v)",
    "1, a, 10 :: integer, varchar, integer",
  ],
  [
    "SELECT id, x, n FROM (VALUES (1, ARRAY[5, 6]), (2, CAST(ARRAY[] AS array(integer)))) s(id, a) LEFT JOIN UNNEST(a) WITH ORDINALITY AS t(x, n) ON true ORDER BY 1, 2",
    "1, 5, 1; 1, 6, 2; 2, NULL, NULL :: integer, integer, bigint",
  ],
  [
    "SELECT id, x, y FROM (VALUES (1, ARRAY[5], ARRAY[7, 8])) s(id, a, b) CROSS JOIN UNNEST(a, b) AS t(x, y) ORDER BY 3",
    "1, 5, 7; 1, NULL, 8 :: integer, integer, integer",
  ],
  ["SELECT x FROM UNNEST(ARRAY[ROW(1, 'a')]) AS t(x, y)", "1 :: integer"],
  [
    "SELECT o.id, s.m FROM (VALUES 1, 2) o(id) CROSS JOIN LATERAL (SELECT max(x) AS m FROM (VALUES (1, 5), (1, 7)) u(k, x) WHERE u.k = o.id) s ORDER BY 1",
    "1, 7; 2, NULL :: integer, integer",
  ],
]);
