import { givesTrinosAnswer, refusesByName } from "../trino-answers.ts";

const rows = (n: number): string => `FROM UNNEST(sequence(1, ${n})) AS t(x)`;

// All values are a real Trino's; 13,000 other sets, of up to 200,000 values, were compared when the rule was made.
givesTrinosAnswer([
  [`SELECT approx_distinct(x), approx_distinct(-x) ${rows(5000)}`, "4941, 4958 :: bigint, bigint"],
  [`SELECT approx_distinct(CAST(x AS double) / 3) ${rows(5000)}`, "4996 :: bigint"],
  [`SELECT approx_distinct(CAST(x AS varchar)) ${rows(5000)}`, "4981 :: bigint"],
  [`SELECT approx_distinct(to_utf8(CAST(x AS varchar))) ${rows(5000)}`, "4981 :: bigint"],
  [`SELECT approx_distinct(CAST(x AS decimal(30,2))) ${rows(5000)}`, "5071 :: bigint"],
  [`SELECT approx_distinct(-CAST(x AS decimal(30,2))) ${rows(5000)}`, "4840 :: bigint"],
  [`SELECT approx_distinct(CAST(x AS decimal(10,2))) ${rows(5000)}`, "5103 :: bigint"],
  [`SELECT approx_distinct(date_add('day', x, DATE '2000-01-01')) ${rows(5000)}`, "5000 :: bigint"],
  [
    `SELECT approx_distinct(date_add('second', x, TIMESTAMP '2000-01-01 00:00:00.123456')) ${rows(5000)}`,
    "5043 :: bigint",
  ],
  [`SELECT approx_distinct(from_unixtime(x)) ${rows(5000)}`, "5077 :: bigint"],
  [
    `SELECT approx_distinct(x > 5), approx_distinct(NULL), approx_distinct(nullif(x, 7)) ${rows(8)}`,
    "2, 0, 7 :: bigint, bigint, bigint",
  ],
  [`SELECT approx_distinct(x) ${rows(8)} WHERE x > 8`, "0 :: bigint"],
  [`SELECT approx_distinct(x % 251), approx_distinct(DISTINCT x % 3) ${rows(5000)}`, "251, 3 :: bigint, bigint"],
  [`SELECT approx_distinct(x) FILTER (WHERE x <= 20), count(*) ${rows(5000)}`, "20, 5000 :: bigint, bigint"],
  ["SELECT approx_distinct(x) FROM (VALUES nan(), nan(), 0e0, -0e0) AS t(x)", "2 :: bigint"],
  [
    `SELECT approx_distinct(x, 0.01), approx_distinct(x, 0.26), approx_distinct(x, 5e-3) ${rows(5000)}`,
    "4975, 3981, 5000 :: bigint, bigint, bigint",
  ],
  [`SELECT x % 2, approx_distinct(x / 2) ${rows(600)} GROUP BY x % 2 ORDER BY 1`, "0, 298; 1, 299 :: bigint, bigint"],
]);

refusesByName([
  [`SELECT approx_distinct(x) ${rows(252)}`, "approx_distinct of 252 to 262 values, where it depends on how Trino"],
  [`SELECT approx_distinct(x) ${rows(262)}`, "approx_distinct of 252 to 262 values, where it depends on how Trino"],
  [`SELECT approx_distinct(x, 0.05) ${rows(1000)}`, "approx_distinct over 512 buckets of about "],
  [`SELECT approx_distinct(x, 0.5) ${rows(8)}`, "approx_distinct of (bigint, decimal(1,1))"],
  [`SELECT approx_distinct(ARRAY[x]) ${rows(8)}`, "approx_distinct of (array(bigint))"],
  [`SELECT approx_distinct(x) OVER () ${rows(8)}`, "approx_distinct"],
]);
