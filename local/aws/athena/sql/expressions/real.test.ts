import { givesTrinosAnswer, refusesByName } from "../trino-answers.ts";

// Trino answers all of them; the answers here are Trino's.

const INSTEAD = "is not implemented locally; cast the real to double";

givesTrinosAnswer([
  ["coalesce(NULL, REAL '1')", "1.0 :: real"],
  ["SELECT REAL '1' UNION ALL SELECT NULL", "1.0; NULL :: real"],
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
