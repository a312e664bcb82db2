import { failsAsTrino, givesTrinosAnswer, refusesByName } from "../trino-answers.ts";

// Expected values, types and errors are those of a real Trino.

givesTrinosAnswer([
  ["round(normal_cdf(0, 1, 1.96), 12)", "0.975002104852 :: double"],
  ["normal_cdf(10, 9, 10)", "0.5 :: double"],
  ["normal_cdf(0, 1, -7)", "1.2798095916366492E-12 :: double"],
  ["normal_cdf(0, 1, nan())", "NaN :: double"],
  ["normal_cdf(0, 1, infinity())", "1.0 :: double"],
  ["inverse_normal_cdf(0, 1, 0.3)", "-0.5244005127080409 :: double"],
  ["round(inverse_normal_cdf(10, 9, 0.9), 12)", "21.533964089901 :: double"],
  ["inverse_normal_cdf(0, 1, 1e-17)", "-Infinity :: double"],
  ["inverse_normal_cdf(0, infinity(), 0.5)", "NaN :: double"],
  ["round(beta_cdf(3, 3.6, 0.3), 12)", "0.217648099977 :: double"],
  ["beta_cdf(3, 3.6, 1)", "1.0 :: double"],
  ["beta_cdf(1000, 2000, 0)", "0.0 :: double"],
  ["round(beta_cdf(0.1, 0.2, 0.5), 12)", "0.670570796103 :: double"],
  ["wilson_interval_lower(1250, 1310, 1.96e0)", "0.9414883725395894 :: double"],
  ["wilson_interval_upper(1250, 1310, 1.96e0)", "0.9642524717143908 :: double"],
  ["wilson_interval_lower(0, 1, 0)", "0.0 :: double"],
  ["wilson_interval_upper(1, 1, infinity())", "NaN :: double"],
  ["wilson_interval_lower(CAST(NULL AS bigint), 0, 1)", "NULL :: double"],
]);

failsAsTrino([
  ["normal_cdf(0, 0, 1)", "standardDeviation must be > 0"],
  ["normal_cdf(0, nan(), 1)", "standardDeviation must be > 0"],
  ["inverse_normal_cdf(0, 1, 0)", "p must be 0 > p > 1"],
  ["inverse_normal_cdf(0, 1, nan())", "p must be 0 > p > 1"],
  ["inverse_normal_cdf(0, 0, 0.5)", "sd must be > 0"],
  ["beta_cdf(0, 3, 0.5)", "a, b must be > 0"],
  ["beta_cdf(1, 3, 1.5)", "value must be 0 >= v >= 1"],
  ["wilson_interval_lower(-1, 1, 1)", "number of successes must not be negative"],
  ["wilson_interval_lower(1, 0, 1)", "number of trials must be positive"],
  ["wilson_interval_upper(2, 1, 1)", "number of successes must not be larger than number of trials"],
  ["wilson_interval_upper(1, 1, nan())", "z-score must not be negative"],
]);

refusesByName([
  ["beta_cdf(20000, 3, 0.5)", "beta_cdf with a parameter of more than 10000"],
  ["beta_cdf(infinity(), 3, 0.5)", "beta_cdf with a parameter of more than 10000"],
]);
