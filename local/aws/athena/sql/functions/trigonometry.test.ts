import { givesTrinosAnswer, refusesByName } from "../trino-answers.ts";

// Expected values, types and errors are those of a real Trino.

givesTrinosAnswer([
  ["acos(0.5e0)", "1.0471975511965979 :: double"],
  ["acos(2e0)", "NaN :: double"],
  ["asin(-2)", "NaN :: double"],
  ["asin(nan())", "NaN :: double"],
  ["atan(infinity())", "1.5707963267948966 :: double"],
  ["atan2(1, -1)", "2.356194490192345 :: double"],
  ["atan2(-0e0, -1)", "-3.141592653589793 :: double"],
  ["atan2(0, 0)", "0.0 :: double"],
  ["sin(1.5)", "0.9974949866040544 :: double"],
  ["sin(infinity())", "NaN :: double"],
  ["cos(-infinity())", "NaN :: double"],
  ["tan(infinity())", "NaN :: double"],
  ["cosh(1000)", "Infinity :: double"],
  ["sinh(-1000)", "-Infinity :: double"],
  ["tanh(infinity())", "1.0 :: double"],
  ["cbrt(-27)", "-3.0 :: double"],
  ["log10(1000)", "3.0 :: double"],
  ["log10(0)", "-Infinity :: double"],
  ["log10(-1)", "NaN :: double"],
  ["sin(-0e0)", "-0.0 :: double"],
  ["sin(CAST(NULL AS double))", "NULL :: double"],
  ["degrees(1)", "57.29577951308232 :: double"],
  ["degrees(1e308)", "Infinity :: double"],
  ["radians(180)", "3.141592653589793 :: double"],
  ["radians(DECIMAL '57.3')", "1.0000736613927508 :: double"],
]);

refusesByName([
  ["sin('a')", "sin of (varchar) is not implemented locally"],
  ["atan2(1, true)", "atan2 of (integer, boolean) is not implemented locally"],
]);
