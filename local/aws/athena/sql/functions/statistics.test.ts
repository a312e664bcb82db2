import { givesTrinosAnswer, refusesByName } from "../trino-answers.ts";

// Expected values, types and errors are those of a real Trino.

givesTrinosAnswer([
  [
    "SELECT round(corr(y, x), 12), covar_pop(y, x), covar_samp(y, x), regr_slope(y, x), regr_intercept(y, x) FROM (VALUES (1e0, 2e0), (3e0, 5e0), (4e0, 1e0), (NULL, 9e0), (9e0, NULL)) t(y, x)",
    "-0.052414241836, -0.11111111111111131, -0.16666666666666696, -0.03846153846153853, 2.769230769230769 :: double, double, double, double, double",
  ],
  [
    "SELECT corr(y, x), covar_pop(y, x), covar_samp(y, x), regr_slope(y, x), regr_intercept(y, x) FROM (VALUES (1e0, 2e0)) t(y, x)",
    "NULL, 0.0, NULL, NULL, NULL :: double, double, double, double, double",
  ],
  [
    "SELECT corr(y, x), covar_pop(y, x), covar_samp(y, x), regr_slope(y, x), regr_intercept(y, x) FROM (VALUES (1e0, 2e0)) t(y, x) WHERE x > 5",
    "NULL, NULL, NULL, NULL, NULL :: double, double, double, double, double",
  ],
  [
    "SELECT corr(y, x), regr_slope(y, x), regr_slope(x, y), regr_intercept(y, x) FROM (VALUES (1, 0.1e0), (2, 0.1e0), (3, 0.1e0)) t(y, x)",
    "NULL, NULL, 0.0, NULL :: double, double, double, double",
  ],
  [
    "SELECT corr(y, x), covar_pop(y, x), covar_samp(y, x), regr_slope(y, x) FROM (VALUES (1e0, 2e0), (2e0, 3e0), (4e0, nan())) t(y, x)",
    "NULL, NaN, NaN, NULL :: double, double, double, double",
  ],
  [
    "SELECT corr(y, x), regr_intercept(y, x) FROM (VALUES (1e0, 2e0), (2e0, 3e0), (4e0, infinity())) t(y, x)",
    "NULL, NULL :: double, double",
  ],
  [
    "SELECT corr(i, d), covar_samp(i, d), regr_slope(i, d), regr_intercept(i, d) FROM (VALUES (1, 8.93), (8, 7.28), (8, 0.62), (NULL, 1.00)) t(i, d)",
    "-0.6535281, -11.620001, -0.60033995, 9.034574 :: real, real, real, real",
  ],
  ["SELECT covar_pop(i, j) FROM (VALUES (16777217, 16777219), (16777218, 3), (5, 9)) t(i, j)", "3.1274964E13 :: real"],
  ["SELECT covar_pop(i, x) FILTER (WHERE i > 1) FROM (VALUES (1, 9e0), (2, 3e0), (3, 5e0)) t(i, x)", "0.5 :: double"],
  [
    "SELECT i, round(corr(i, x) OVER (ORDER BY i), 12) FROM (VALUES (1, 9e0), (2, 3e0), (3, 5e0)) t(i, x) ORDER BY i",
    "1, NULL; 2, -1.0; 3, -0.654653670708 :: integer, double",
  ],
  [
    "SELECT skewness(x), kurtosis(x) FROM (VALUES 1, 2, 2, 9, NULL, 4) t(x)",
    "1.1140963830468875, 2.7118484305778097 :: double, double",
  ],
  [
    "SELECT skewness(x), kurtosis(x) FROM (VALUES 1e6, 1000000.1e0, 1000000.2e0, 1000000.1e0, 1000009e0) t(x)",
    "1.4988169414236694, 4.99369134972309 :: double, double",
  ],
  ["SELECT skewness(x), kurtosis(x) FROM (VALUES 0.1e0, 0.1e0, 0.1e0, 0.1e0) t(x)", "NaN, NaN :: double, double"],
  ["SELECT skewness(x), kurtosis(x) FROM (VALUES 1.5, 2.5) t(x)", "NULL, NULL :: double, double"],
  ["SELECT skewness(x), kurtosis(x) FROM (VALUES 1.5, 2.5, 7.25) t(x)", "0.6237520947068693, NULL :: double, double"],
  ["SELECT skewness(x), kurtosis(x) FROM (VALUES 1e0, 2e0, 3e0, infinity()) t(x)", "NaN, NaN :: double, double"],
  [
    "SELECT var_pop(x), var_samp(x), stddev(x), stddev_pop(x) FROM (VALUES nan()) t(x)",
    "NaN, NULL, NULL, NaN :: double, double, double, double",
  ],
  [
    "SELECT var_pop(x), var_samp(x), stddev(x), stddev_pop(x) FROM (VALUES 1e0, infinity()) t(x)",
    "NaN, NaN, NaN, NaN :: double, double, double, double",
  ],
  [
    "SELECT geometric_mean(x), geometric_mean(CAST(x AS bigint)) FROM (VALUES 2.0, 8.0) t(x)",
    "4.0, 4.0 :: real, double",
  ],
  [
    "SELECT every(x > 0), every(x > 1) FILTER (WHERE x > 1) FROM (VALUES 1, 2, NULL) t(x)",
    "true, true :: boolean, boolean",
  ],
  ["SELECT to_hex(checksum(x)) FROM (VALUES 1, 2, NULL) t(x)", "EA51BC7B38D908D5 :: varchar"],
  ["SELECT to_hex(checksum(DISTINCT x)) FROM (VALUES 1, 2, 2) t(x)", "6387D0F5865FD136 :: varchar"],
  ["SELECT to_hex(checksum(x)) FROM (VALUES 1) t(x) WHERE x > 1", "NULL :: varchar"],
  ["SELECT to_hex(checksum(x)) FROM (VALUES 'a', 'b', NULL, '') t(x)", "F02C720D0D5DF9DB :: varchar"],
  ["SELECT to_hex(checksum(x)) FROM (VALUES 1e0, 0e0, nan(), NULL) t(x)", "6B063EA0B607365E :: varchar"],
  [
    "SELECT to_hex(checksum(x)), to_hex(checksum(CAST(x AS decimal(38, 2)))) FROM (VALUES 1.5, -2.55) t(x)",
    "8F2E13EDB46CC6DA, CD1E43B35B160522 :: varchar, varchar",
  ],
  ["SELECT to_hex(checksum(x)) FROM (VALUES true, false) t(x)", "30BDD983217E76BF :: varchar"],
  [
    "SELECT to_hex(checksum(x)), to_hex(checksum(CAST(x AS timestamp(6)))) FROM (VALUES DATE '1970-01-02', DATE '1969-12-31') t(x)",
    "92FD2E0B99155540, E43EE867838532F5 :: varchar, varchar",
  ],
]);

refusesByName([
  ["SELECT covar_pop(y, x) FROM (VALUES (1e0, infinity())) t(y, x)", "covar_pop of infinities"],
  ["SELECT var_pop(x) FROM (VALUES 1e200, 2e0) t(x)", "a statistic of doubles beyond 1e150"],
  ["SELECT corr(x, x) FROM (VALUES 1e200, 2e0) t(x)", "a statistic of doubles beyond 1e150"],
  ["SELECT stddev(DISTINCT x) FROM (VALUES 1) t(x)", "stddev of (integer) is not implemented locally"],
  ["SELECT checksum(x) FROM (VALUES ARRAY[1]) t(x)", "checksum of (array(integer)) is not implemented locally"],
  ["SELECT logical_and(x > 0) FROM (VALUES 1) t(x)", "aggregate function logical_and is not implemented locally"],
]);
