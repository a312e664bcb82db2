import { failsAsTrino, givesTrinosAnswer, refusesByName } from "../trino-answers.ts";

// Expected values, types and errors are those of a real Trino.

const ROWS =
  "FROM (SELECT CAST(e - e AS integer) AS m, CAST(e AS integer) AS k FROM UNNEST(sequence(0, 1)) AS s(e)) AS t";

givesTrinosAnswer([
  [
    `SELECT m NOT IN (k, m + 5), m IN (k + 1, NULL), m NOT IN (1 + k, NULL, 0) ${ROWS}`,
    "false, NULL, false; true, NULL, false :: boolean, boolean, boolean",
  ],
  ["1e0 IN (sqrt(1e0), 2e0 / 0e0)", "true :: boolean"],
  ["'a' NOT IN (lower('A'), upper('a'))", "false :: boolean"],
  ["DATE '2020-01-01' IN (date_add('day', 1, DATE '2019-12-31'), DATE '2020-01-02')", "true :: boolean"],
  ["INTERVAL '1' DAY IN (DATE '2020-01-02' - DATE '2020-01-01', INTERVAL '2' DAY)", "true :: boolean"],
  ["1 IN ((SELECT 1), 2)", "true :: boolean"],
  // What is NULL, or equal to a literal, is found before the others are worked out.
  [`SELECT count(*) ${ROWS} WHERE CAST(NULL AS integer) IN (k + 1, 1 / m)`, "0 :: bigint"],
  [`SELECT count(*) ${ROWS} WHERE m IN (NULL, 0, 1 / m)`, "2 :: bigint"],
]);

givesTrinosAnswer([
  [
    "SELECT 1 FROM (VALUES 1) t(a) WHERE (a = 1 OR 5 >= ALL (SELECT b FROM (VALUES 1) u(b) WHERE false))",
    "1 :: integer",
  ],
  ["SELECT count(*) FROM (VALUES 1) t(a) WHERE a IN (SELECT 7) OR luhn_check('18')", "1 :: bigint"],
  ["SELECT (m, k) IN ((7, 1), (8, 5)) FROM (VALUES (CAST(NULL AS integer), 1)) t(m, k)", "NULL :: boolean"],
  ["SELECT CASE a WHEN NULL THEN 1 ELSE 2 END FROM (VALUES 1) t(a)", "2 :: integer"],
]);

refusesByName([
  [
    "SELECT (m, 1) IN ((7, 1), (m, 2)) FROM (VALUES CAST(NULL AS integer)) t(m)",
    "a row IN a list of rows that repeat its column is not implemented locally; compare the rows one by one",
  ],
  [
    "CASE CAST(9999999999.99 AS integer) WHEN CAST(NULL AS integer) THEN 1 ELSE 2 END",
    "CASE x WHEN NULL is not implemented locally; leave it out, as no x is; or test x IS NULL",
  ],
]);

failsAsTrino([
  [
    "SELECT 1 FROM (VALUES 1) t(a) WHERE (is_json_scalar('') OR 5 >= ALL (SELECT b FROM (VALUES 1) u(b) WHERE false))",
    "Invalid JSON value: ",
  ],
  [`SELECT count(*) ${ROWS} WHERE m IN (m + 0, 1 / m)`, "DIVISION_BY_ZERO: Division by zero"],
  [`SELECT count(*) ${ROWS} WHERE m NOT IN (m, m, 1 / m)`, "DIVISION_BY_ZERO: Division by zero"],
  [
    "SELECT 1 FROM (VALUES 1) t(a) WHERE 7 <> ALL (SELECT 7) AND luhn_check('.5')",
    "Input contains non-digit character",
  ],
  ["SELECT 1 FROM (VALUES 1) t(a) WHERE a IN (SELECT 7) AND luhn_check('.5')", "Input contains non-digit character"],
]);
