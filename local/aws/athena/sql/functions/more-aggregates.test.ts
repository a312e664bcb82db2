import { failsAsTrino, givesTrinosAnswer, refusesByName } from "../trino-answers.ts";

// Expected values, types and errors are those of a real Trino.

givesTrinosAnswer([
  ["SELECT array_agg(DISTINCT x ORDER BY t.x DESC) FROM (VALUES 1, 2, 1) t(x)", "[2, 1] :: array(integer)"],
  ["SELECT listagg(DISTINCT x, ',') WITHIN GROUP (ORDER BY x) FROM (VALUES 'b', 'a', 'b') t(x)", "a,b :: varchar"],
  ["SELECT count_if(DISTINCT x > 1) FROM (VALUES 2, 3, 0) t(x)", "1 :: bigint"],
  ["SELECT array_agg(x ORDER BY 'a') FROM (VALUES 1) t(x)", "[1] :: array(integer)"],
  [
    "SELECT stddev(x), stddev_samp(x), var_samp(x), variance(x), var_pop(x), stddev_pop(x) FROM (VALUES 1.5e0, 2.5e0, 7e0, 0.1e0) t(x)",
    "2.9837057495671386, 2.9837057495671386, 8.9025, 8.9025, 6.676875, 2.5839649765428323 :: double, double, double, double, double, double",
  ],
  ["SELECT stddev(x), var_pop(x) FROM (VALUES CAST(NULL AS double)) t(x)", "NULL, NULL :: double, double"],
  ["SELECT listagg(x, '; ') WITHIN GROUP (ORDER BY y) FROM (VALUES ('a', 2), ('b', 1)) t(x, y)", "b; a :: varchar"],
  ["SELECT listagg(x) WITHIN GROUP (ORDER BY x) FROM (VALUES CAST(NULL AS varchar)) t(x)", "NULL :: varchar"],
  [
    "SELECT map_agg(k, v) FROM (VALUES ('a', 1), (NULL, 2), ('b', NULL)) t(k, v)",
    "{a=1, b=null} :: map(varchar, integer)",
  ],
  ["SELECT map_agg(k, v) FROM (VALUES ('a', 1)) t(k, v) WHERE v > 1", "NULL :: map(varchar, integer)"],
  [
    "SELECT multimap_agg(k, v) FROM (VALUES ('a', 1), ('a', 2), ('b', NULL)) t(k, v)",
    "{a=[1, 2], b=[null]} :: map(varchar, array(integer))",
  ],
  ["SELECT histogram(x) FROM (VALUES 1, 1, NULL) t(x)", "{1=2} :: map(integer, bigint)"],
  ["SELECT histogram(x) FROM (VALUES 1) t(x) WHERE x > 1", "NULL :: map(integer, bigint)"],
  ["SELECT map_union(m) FROM (VALUES MAP(ARRAY[1], ARRAY[2]), NULL) t(m)", "{1=2} :: map(integer, integer)"],
  ["SELECT max(x, 2), min(x, 2) FROM (VALUES 3, 1, NULL, 2) t(x)", "[3, 2], [1, 2] :: array(integer), array(integer)"],
  [
    "SELECT max_by(a, b, 2), min_by(a, b, 2) FROM (VALUES ('x', 3), ('y', 2), ('z', 1)) t(a, b)",
    "[x, y], [z, y] :: array(varchar), array(varchar)",
  ],
  ["SELECT reduce_agg(x, 0, (a, b) -> a + b, (a, b) -> a + b) FROM (VALUES 1, NULL, 3) t(x)", "4 :: integer"],
  ["SELECT reduce_agg(x, 0, (a, b) -> a + b, (a, b) -> a + b) FROM (VALUES 1) t(x) WHERE x > 1", "NULL :: integer"],
  [
    "SELECT g, reduce_agg(x, 1, (a, b) -> a * b, (a, b) -> a * b) FROM (VALUES ('a', 2), ('a', 3), ('b', 5)) t(g, x) GROUP BY g ORDER BY g",
    "a, 6; b, 5 :: varchar, integer",
  ],
  ["SELECT geometric_mean(x) FROM (VALUES 2e0, 8e0) t(x)", "4.0 :: double"],
  ["SELECT every(x > 0), bool_or(x > 1) FROM (VALUES 1, 2) t(x)", "true, true :: boolean, boolean"],
  ["SELECT bitwise_and_agg(x), bitwise_or_agg(x) FROM (VALUES 12, 10) t(x)", "8, 14 :: bigint, bigint"],
  [
    "SELECT sum(x), avg(x) FROM (VALUES INTERVAL '1' HOUR, INTERVAL '2' HOUR) t(x)",
    "0 03:00:00.000, 0 01:30:00.000 :: interval day to second, interval day to second",
  ],
  [
    "SELECT count(*) FILTER (WHERE x > 1), array_agg(x ORDER BY x DESC) FILTER (WHERE x > 1) FROM (VALUES 1, 2, 3) t(x)",
    "2, [3, 2] :: bigint, array(integer)",
  ],
]);

const OTHER_ORDER =
  "EXPRESSION_NOT_IN_DISTINCT: line 1:56: For aggregate function with DISTINCT, ORDER BY expressions must appear in arguments";

failsAsTrino([
  ["SELECT array_agg(DISTINCT x ORDER BY x + 1) FROM (VALUES 1, 2) t(x)", "EXPRESSION_NOT_IN_DISTINCT"],
  ["SELECT array_agg(DISTINCT x ORDER BY 1) FROM (VALUES 1, 2) t(x)", "EXPRESSION_NOT_IN_DISTINCT"],
  ["SELECT listagg(DISTINCT x, ',') WITHIN GROUP (ORDER BY y) FROM (VALUES ('a', 2)) t(x, y)", OTHER_ORDER],
]);

const CHOOSE = "is not implemented locally; choose the DISTINCT values in a sub-query";

refusesByName([
  ["SELECT max(DISTINCT x, 2) FROM (VALUES 5, 5, 3) t(x)", `max of DISTINCT values and a number ${CHOOSE}`],
  ["SELECT min_by(DISTINCT x, x, 2) FROM (VALUES 5, 3) t(x)", `min_by of DISTINCT values and a number ${CHOOSE}`],
  ["SELECT corr(DISTINCT x, y) FROM (VALUES (1e0, 2e0)) t(x, y)", `line 1:8: corr of DISTINCT values ${CHOOSE}`],
  ["SELECT kurtosis(DISTINCT x) FROM (VALUES 1e0) t(x)", `line 1:8: kurtosis of DISTINCT values ${CHOOSE}`],
]);
