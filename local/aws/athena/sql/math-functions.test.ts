import { failsAsTrino, givesTrinosAnswer, refusesByName } from "./trino-answers.ts";

// Expected values, types and errors are those of a real Trino.

givesTrinosAnswer([
  ["to_base(-255, 16)", "-ff :: varchar"],
  ["from_base('-ff', 16)", "-255 :: bigint"],
  ["width_bucket(0.1e0, 0.2e0, 10.6e0, 5)", "0 :: bigint"],
  ["width_bucket(11e0, 0.2e0, 10.6e0, 5)", "6 :: bigint"],
  ["sign(DECIMAL '-2.5')", "-1 :: decimal(1,0)"],
  ["sign(-3)", "-1 :: integer"],
  ["sign(CAST('NaN' AS double))", "NaN :: double"],
  ["sign(-0e0)", "-0.0 :: double"],
  ["truncate(DECIMAL '12.34')", "12 :: decimal(2,0)"],
  ["truncate(DECIMAL '-12.39', 1)", "-12.30 :: decimal(4,2)"],
  ["truncate(DECIMAL '12.34', -1)", "10.00 :: decimal(4,2)"],
  ["truncate(-0.5e0)", "-0.0 :: double"],
  ["round(1255, -1)", "1260 :: integer"],
  ["round(-1250, -2)", "-1300 :: integer"],
  ["round(12, 2)", "12 :: integer"],
  ["round(2.5e0, 0)", "3.0 :: double"],
  ["round(-2.5e0, 0)", "-3.0 :: double"],
  ["round(1.005e0, 2)", "1.0 :: double"],
  ["round(0.285e0, 2)", "0.28 :: double"],
  ["round(1234.5e0, -2)", "1200.0 :: double"],
  ["round(-0.001e0, 2)", "-0.0 :: double"],
  ["power(2, 10)", "1024.0 :: double"],
  ["pow(2e0, 0.5e0)", "1.4142135623730951 :: double"],
  ["exp(1)", "2.718281828459045 :: double"],
  ["log2(8)", "3.0 :: double"],
  ["log(10, 1000)", "2.9999999999999996 :: double"],
  ["e()", "2.718281828459045 :: double"],
  ["infinity()", "Infinity :: double"],
  ["nan()", "NaN :: double"],
  ["is_nan(nan())", "true :: boolean"],
  ["is_finite(1e0)", "true :: boolean"],
  ["is_infinite(infinity())", "true :: boolean"],
  ["bitwise_not(5)", "-6 :: bigint"],
  ["bitwise_or(12, 10)", "14 :: bigint"],
  ["bitwise_left_shift(1, 32)", "0 :: integer"],
  ["bitwise_left_shift(-1, 4)", "-16 :: integer"],
  ["bitwise_right_shift(-8, 1)", "2147483644 :: integer"],
  ["bitwise_right_shift(16, 2)", "4 :: integer"],
  ["bitwise_right_shift_arithmetic(-8, 1)", "-4 :: integer"],
]);

failsAsTrino([
  [
    "round(2147483647, -1)",
    "Type INT128 with value 2147483650 can't be cast because the value is out of range for the ",
  ],
  [
    "SELECT round(BIGINT_COL, -2) FROM (VALUES 9223372036854775807) t(BIGINT_COL) AS x",
    "Invalid expression / Unexpected token",
  ],
  [
    "SELECT round(REAL_COL, 1) FROM (VALUES CAST(1.25 AS real)) t(REAL_COL) AS x",
    "Invalid expression / Unexpected token",
  ],
  [
    "SELECT bitwise_left_shift(BIGCOL, 4) FROM (VALUES 4294967296) t(BIGCOL) AS x",
    "Invalid expression / Unexpected token",
  ],
]);

refusesByName([
  ["width_bucket(5, ARRAY[1,3,6])", "width_bucket of (integer, array(integer)) is not implemented locally"],
  ["truncate(5)", "truncate of (integer) is not implemented locally"],
  ["truncate(2.79e0, 1)", "truncate of (double, integer) is not implemented locally"],
  ["round(1e300, 2)", "round of a very large double to digits"],
  ["round(1e17, 2)", "round of a very large double to digits"],
  ["log10(0)", "function log10 is not implemented locally"],
  ["bit_count(7, 64)", "function bit_count is not implemented locally"],
]);
