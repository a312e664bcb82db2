import { givesTrinosAnswer, refusesByName } from "../trino-answers.ts";

// Trino answers all of them; the answers here are Trino's.

const INSTEAD = "is not implemented locally; cast the real to double";

givesTrinosAnswer([
  ["-CAST(16777216 AS real)", "-1.6777216E7 :: real"],
  ["coalesce(NULL, REAL '1')", "1.0 :: real"],
  ["SELECT REAL '1' UNION ALL SELECT NULL", "1.0; NULL :: real"],
]);

const reals = (type: string, ...values: readonly string[]): string =>
  `SELECT CAST(x AS real) FROM (VALUES ${values.map((value) => `CAST('${value}' AS ${type})`).join(", ")}) AS t(x)`;

givesTrinosAnswer([
  // Up to 18 digits: two reals are divided, so halves between two reals go by the scale.
  [reals("decimal(8,0)", "16777217", "16777219"), "1.6777216E7; 1.677722E7 :: real"],
  [reals("decimal(9,1)", "16777217.0", "99999999.9", "-0.1"), "1.6777218E7; 1.0E8; -0.1 :: real"],
  [reals("decimal(18,10)", "16777217.0000000001", "0.0000000001"), "1.6777218E7; 1.0E-10 :: real"],
  [reals("decimal(18,18)", "0.999999999999999999", "0"), "1.0; 0.0 :: real"],
  // More digits: rounded once.
  [reals("decimal(20,1)", "16777217.0", "16777217.1"), "1.6777216E7; 1.6777218E7 :: real"],
  [
    reals("decimal(23,22)", "1.0000000596046447753906", "1.0000000596046447753907", "-0.0"),
    "1.0; 1.0000001; 0.0 :: real",
  ],
  [reals("decimal(38,0)", "99999999999999999999999999999999999999"), "1.0E38 :: real"],
  [reals("decimal(38,38)", "0.00000000000000000000000000000000000001"), "1.0E-38 :: real"],
  [
    reals("bigint", "16777217", "16777219", "9007199791611905", "-9223372036854775807"),
    "1.6777216E7; 1.677722E7; 9.0072E15; -9.223372E18 :: real",
  ],
  [
    reals("double", "3.4028235677973366e38", "-3.4028235677973366e38", "3.4028235677973362e38", "1e300"),
    "Infinity; -Infinity; 3.4028235E38; Infinity :: real",
  ],
  [reals("double", "16777217", "16777217.0000001", "1e-300", "NaN"), "1.6777216E7; 1.6777218E7; 0.0; NaN :: real"],
  ["CAST(true AS real)", "1.0 :: real"],
  ["TRY_CAST(DECIMAL '1.5' AS real)", "1.5 :: real"],
  ["CAST(ARRAY[1.5, 2.25] AS array(real))", "[1.5, 2.25] :: array(real)"],
  ["CAST(CAST(NULL AS decimal(5,2)) AS real)", "NULL :: real"],
]);

refusesByName([
  ["CASE WHEN true THEN REAL '1' ELSE 2 END", `CASE results of real and integer ${INSTEAD}`],
  ["if(true, REAL '1', 2)", `IF results of real and integer ${INSTEAD}`],
  ["coalesce(REAL '1', 2e0)", `COALESCE operands of real and double ${INSTEAD}`],
  ["nullif(REAL '1', 1)", `comparing real with integer ${INSTEAD}`],
  ["REAL '1' IN (1, 2)", `IN value and list items of real and integer ${INSTEAD}`],
  ["REAL '1' IN (SELECT 1)", `real IN a sub-query of integer ${INSTEAD}`],
  ["ARRAY[REAL '1', 2]", `ARRAY elements of real and integer ${INSTEAD}`],
  [
    "CASE WHEN true THEN ARRAY[REAL '1'] ELSE ARRAY[1] END",
    `CASE results of array(real) and array(integer) ${INSTEAD}`,
  ],
  ["SELECT REAL '1' UNION SELECT 2", `UNION of real and integer ${INSTEAD}`],
  ["SELECT x FROM (SELECT REAL '1' AS x) a JOIN (SELECT 1 AS x) b USING (x)", `comparing real with integer ${INSTEAD}`],
]);
