import { failsAsTrino, givesTrinosAnswer, refusesByName } from "../trino-answers.ts";

// Expected values, types and errors are those of a real Trino.

givesTrinosAnswer([
  ["typeof(rand())", "double :: varchar"],
  ["typeof(rand(5))", "integer :: varchar"],
  ["typeof(random(TINYINT '5'))", "tinyint :: varchar"],
  ["typeof(random(1, BIGINT '5'))", "bigint :: varchar"],
  ["rand(1)", "0 :: integer"],
  ["rand(5, 6)", "5 :: integer"],
  ["random(-1, 0)", "-1 :: integer"],
  ["rand(CAST(NULL AS integer))", "NULL :: integer"],
  ["rand() < 1", "true :: boolean"],
  ["transform(ARRAY[1, 2], x -> rand(1))", "[0, 0] :: array(integer)"],
  ["SELECT count(DISTINCT r) FROM (SELECT rand() AS r FROM UNNEST(sequence(1, 500)) AS u(x))", "500 :: bigint"],
  [
    "SELECT count(*) FROM (SELECT r AS a, r AS b FROM (SELECT rand() AS r FROM UNNEST(sequence(1, 500)) AS u(x))) WHERE a <> b",
    "0 :: bigint",
  ],
  [
    "SELECT count(*) FROM (SELECT round(rand() * 10) AS r FROM UNNEST(sequence(1, 500)) AS u(x)) WHERE r <> floor(r) OR r > 10",
    "0 :: bigint",
  ],
  [
    "SELECT count(*) FROM (SELECT CASE rand(3) WHEN 0 THEN 'a' WHEN 1 THEN 'b' WHEN 2 THEN 'c' END AS v FROM UNNEST(sequence(1, 500)) AS u(x)) WHERE v IS NULL",
    "0 :: bigint",
  ],
  [
    "SELECT count(*) FROM (SELECT nullif(rand(3), 0) AS v FROM UNNEST(sequence(1, 500)) AS u(x)) WHERE v = 0",
    "0 :: bigint",
  ],
  [
    "SELECT count(*) FROM (SELECT rand(10) AS r FROM UNNEST(sequence(1, 500)) AS u(x)) WHERE r < 5 AND r >= 5",
    "0 :: bigint",
  ],
  [
    "SELECT sum(c), count(*) FROM (SELECT rand(3) AS g, count(*) AS c FROM UNNEST(sequence(1, 500)) AS u(x) GROUP BY 1)",
    "500, 3 :: bigint, bigint",
  ],
  [
    "SELECT count(*) FROM (SELECT x, row_number() OVER (ORDER BY rand()) AS n FROM UNNEST(sequence(1, 500)) AS u(x)) WHERE n <= 5",
    "5 :: bigint",
  ],
  ["SELECT count(*) FROM (SELECT x FROM UNNEST(sequence(1, 500)) AS u(x) ORDER BY rand() LIMIT 7)", "7 :: bigint"],
  [
    "WITH r AS (SELECT rand() AS x), s AS (SELECT x FROM r) SELECT count(*) FROM s AS a JOIN s AS b ON a.x = b.x",
    "0 :: bigint",
  ],
  ["SELECT avg(rand()) BETWEEN 0.4 AND 0.6 FROM UNNEST(sequence(1, 5000)) AS u(x)", "true :: boolean"],
]);

failsAsTrino([
  ["rand(0)", "bound must be positive"],
  ["random(TINYINT '-1')", "bound must be positive"],
  ["rand(5, 5)", "start value must be less than stop value"],
]);

refusesByName([
  ["rand(1.5)", "random of (decimal(2,1)) is not implemented locally"],
  [
    "SELECT rand() AS r FROM (VALUES 1) t(x) ORDER BY r NULLS FIRST",
    "this ORDER BY of a random output is not implemented locally; give it a name in a sub-query first",
  ],
  ["TRY(rand(0))", "TRY around"],
  [
    "rand() < 1 OR contains(ARRAY[1], (SELECT 1))",
    "a random value beside a sub-query is not implemented locally; give it a name in a sub-query first",
  ],
  [
    "SELECT max_by(x, rand()) FROM (VALUES 1) t(x)",
    "a random value inside aggregate function is not implemented locally; give it a name in a sub-query first",
  ],
]);
