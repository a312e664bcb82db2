import { givesTrinosAnswer } from "../trino-answers.ts";

// Expected values and types are those of a real Trino.

givesTrinosAnswer([
  ["SELECT count_if(x > 1) / count(*) FROM (VALUES (1), (2), (3)) AS t(x)", "0 :: bigint"],
  ["SELECT avg(x) FROM (VALUES (CAST(0.00 AS decimal(12,2))), (0.01)) AS t(x)", "0.01 :: decimal(12,2)"],
  ["SELECT sum(q * p) FROM (VALUES (3, CAST(19.99 AS decimal(12,2))), (1, 0.01)) AS t(q, p)", "59.98 :: decimal(38,2)"],
  ["SELECT max_by(a, b) FROM (VALUES ('x', 1), (CAST(NULL AS varchar), 2)) AS t(a, b)", "NULL :: varchar"],
  ["SELECT array_agg(DISTINCT x ORDER BY x) FROM (VALUES (2), (1), (2)) AS t(x)", "[1, 2] :: array(integer)"],
  [
    "SELECT sum(x) FILTER (WHERE x > 1), count(DISTINCT x) FROM (VALUES (1), (2), (3)) AS t(x)",
    "5, 3 :: bigint, bigint",
  ],
  [
    "SELECT x, row_number() OVER (ORDER BY x DESC) AS n FROM (VALUES (2), (NULL), (1)) AS t(x) ORDER BY n",
    "2, 1; 1, 2; NULL, 3 :: integer, bigint",
  ],
  [
    "SELECT o, lag(o, 1, 0) OVER (ORDER BY o), ntile(2) OVER (ORDER BY o) FROM (VALUES (1), (2)) AS t(o) ORDER BY o",
    "1, 0, 1; 2, 1, 2 :: integer, integer, bigint",
  ],
  [
    "SELECT a, sum(sum(b)) OVER (ORDER BY a) AS s FROM (VALUES (1, 2), (1, 3), (2, 1)) AS t(a, b) GROUP BY a ORDER BY a",
    "1, 5; 2, 6 :: integer, bigint",
  ],
  [
    "SELECT x % 2 AS parity, count(*) FROM (VALUES (1), (2), (3)) AS t(x) GROUP BY 1 ORDER BY 1",
    "0, 1; 1, 2 :: integer, bigint",
  ],
  [
    "SELECT x FROM (VALUES (1), (2)) AS t(x) WHERE x NOT IN (SELECT y FROM (VALUES (1), (NULL)) AS u(y))",
    " :: integer",
  ],
  [
    "SELECT a, (SELECT max(b) FROM (VALUES (1, 5), (1, 7)) AS u(k, b) WHERE u.k = t.a) AS m FROM (VALUES (1), (2)) AS t(a) ORDER BY a",
    "1, 7; 2, NULL :: integer, integer",
  ],
  [
    "SELECT o.id, i.x, i.n FROM (VALUES (1, ARRAY['a', 'b'])) AS o(id, xs) CROSS JOIN UNNEST(xs) WITH ORDINALITY AS i(x, n) ORDER BY n",
    "1, a, 1; 1, b, 2 :: integer, varchar, bigint",
  ],
  [
    "SELECT o.id FROM (VALUES (1, ARRAY['a']), (2, CAST(NULL AS array(varchar)))) AS o(id, xs) CROSS JOIN UNNEST(o.xs) AS i(x)",
    "1 :: integer",
  ],
  ["SELECT 1 AS a, 2 AS a", "1, 2 :: integer, integer"],
  [
    "WITH a AS (SELECT 1 AS x), b(y) AS (SELECT x + 1 FROM a) SELECT x, y FROM a CROSS JOIN b UNION ALL SELECT 9, 8 ORDER BY 1 DESC LIMIT 1",
    "9, 8 :: integer, integer",
  ],
  [
    "SELECT date_trunc('month', d) AS m, count(*) AS n FROM (VALUES (DATE '2026-11-20'), (DATE '2026-11-21')) AS t(d) GROUP BY date_trunc('month', d)",
    "2026-11-01, 2 :: date, bigint",
  ],
  ["SELECT DISTINCT x AS y FROM (VALUES (2), (1), (2)) AS t(x) ORDER BY y", "1; 2 :: integer"],
  ["SELECT /* one */ 'a -- b /* c */' AS x -- two\n-- three", "a -- b /* c */ :: varchar"],
]);
