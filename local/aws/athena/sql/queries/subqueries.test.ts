import { failsAsTrino, givesTrinosAnswer, refusesByName } from "../trino-answers.ts";

// Expected values, types and errors are those of a real Trino.

givesTrinosAnswer([
  // Trino first compares the least value with the greatest.
  ["SELECT x = ALL (SELECT y FROM (VALUES 1, 2) u(y)) FROM (VALUES CAST(NULL AS integer)) t(x)", "false :: boolean"],
  ["SELECT x = ALL (SELECT y FROM (VALUES 1, 1) u(y)) FROM (VALUES CAST(NULL AS integer)) t(x)", "NULL :: boolean"],
  [
    "SELECT x = ALL (SELECT y FROM (VALUES 1, 2, NULL) u(y)) FROM (VALUES CAST(NULL AS integer)) t(x)",
    "false :: boolean",
  ],
  [
    "SELECT x = ALL (SELECT y FROM (VALUES 1) u(y) WHERE y > 1) FROM (VALUES CAST(NULL AS integer)) t(x)",
    "true :: boolean",
  ],
  // A column of the query around inside of what is made of lambdas.
  [
    "SELECT EXISTS (SELECT 1 FROM (VALUES 1) u(y) WHERE 1.0 / x > 0.5) FROM (VALUES 1, 5) t(x)",
    "true; false :: boolean",
  ],
  [
    "SELECT EXISTS (SELECT 1 FROM (VALUES 1.5) u(y) WHERE y / (x * 2.0) > 0.5) FROM (VALUES 1, 5) t(x)",
    "true; false :: boolean",
  ],
  [
    "SELECT EXISTS (SELECT 1 FROM (VALUES 1) u(y) WHERE ARRAY[x, 2] = ARRAY[y, 2]) FROM (VALUES 1, 5) t(x)",
    "true; false :: boolean",
  ],
  [
    "SELECT x FROM (VALUES 0, 1) t(x) WHERE x IN (SELECT 1) AND luhn_check('18') AND CAST('1' AS integer) = 1",
    "1 :: integer",
  ],
  ["ARRAY[1] = (SELECT ARRAY[1])", "true :: boolean"],
  ["ARRAY[NULL] = (SELECT ARRAY[NULL])", "NULL :: boolean"],
  ["(SELECT ARRAY[ARRAY[1]]) <> ARRAY[ARRAY[1]]", "false :: boolean"],
  ["SELECT x <> ANY (SELECT y FROM (VALUES 1, 2) u(y)) FROM (VALUES CAST(NULL AS integer)) t(x)", "true :: boolean"],
  ["SELECT x <> ANY (SELECT y FROM (VALUES 1, 1) u(y)) FROM (VALUES CAST(NULL AS integer)) t(x)", "NULL :: boolean"],
  [
    "SELECT x <> ANY (SELECT y FROM (VALUES 1) u(y) WHERE y > 1) FROM (VALUES CAST(NULL AS integer)) t(x)",
    "false :: boolean",
  ],
  ["SELECT x = ALL (SELECT y FROM (VALUES 1, NULL) u(y)) FROM (VALUES CAST(1 AS integer)) t(x)", "NULL :: boolean"],
  ["SELECT x <> ANY (SELECT y FROM (VALUES 1, NULL) u(y)) FROM (VALUES CAST(1 AS integer)) t(x)", "NULL :: boolean"],
  ["SELECT x >= ALL (SELECT y FROM (VALUES 1, 2) u(y)) FROM (VALUES CAST(NULL AS integer)) t(x)", "NULL :: boolean"],
  [
    "SELECT array_agg(x = ALL (SELECT y FROM (VALUES 1, 2) u(y) WHERE y <= z) ORDER BY z) FROM (VALUES (CAST(NULL AS integer), 0), (NULL, 1), (NULL, 2)) t(x, z)",
    "[true, null, false] :: array(boolean)",
  ],
  ["1 IN (VALUES 1, 2)", "true :: boolean"],
  ["1 = ANY (VALUES 1, 2)", "true :: boolean"],
  [
    "SELECT x FROM (VALUES (1, 'a'), (2, 'b'), (NULL, 'c')) t(x, y) WHERE (x, y) IN (SELECT * FROM (VALUES (1, 'a'), (2, 'c'), (NULL, 'c')) u(k, v)) ORDER BY x",
    "1 :: integer",
  ],
  [
    "SELECT (1, 'a') IN (SELECT 1, 'a'), (1, 2) NOT IN (SELECT 1, NULL), (1, 1.5) IN (SELECT 1, 1.50)",
    "true, true, true :: boolean, boolean, boolean",
  ],
  ["SELECT (1, 2) = ANY (SELECT 1, 2), (1, 2) <> ALL (SELECT 1, 3)", "true, true :: boolean, boolean"],
  ["SELECT (SELECT 1, 2) = (1, 2)", "true :: boolean"],
  ["SELECT x FROM (VALUES 1e0, 2e0) t(x) WHERE x = ANY (SELECT 2e0)", "2.0 :: double"],
  [
    "SELECT x, (SELECT m FROM (SELECT max(v) AS m FROM (VALUES (1, 5), (1, 7)) u(k, v) WHERE k = x) q) FROM (VALUES 1, 2) t(x) ORDER BY x",
    "1, 7; 2, NULL :: integer, integer",
  ],
  [
    "SELECT x, (SELECT v FROM (VALUES (1, 5), (1, 7)) u(k, v) WHERE k = x ORDER BY v DESC LIMIT 1) FROM (VALUES 1, 2) t(x) ORDER BY x",
    "1, 7; 2, NULL :: integer, integer",
  ],
  [
    "SELECT x FROM (VALUES 1, 2) t(x) WHERE EXISTS (SELECT k FROM (VALUES 1, 1, 2) u(k) WHERE k = x GROUP BY k HAVING count(*) > 1)",
    "1 :: integer",
  ],
  [
    "SELECT x, sum(y) FROM (VALUES (1, 2), (1, 3), (2, 9)) t(x, y) GROUP BY x HAVING sum(y) > (SELECT max(v) FROM (VALUES (1, 4), (2, 10)) u(k, v) WHERE k = x)",
    "1, 5 :: integer, bigint",
  ],
  [
    "SELECT x, x IN (SELECT k FROM (VALUES (1, 5), (NULL, 6)) u(k, v) WHERE v > 5) FROM (VALUES 1, 2) t(x) ORDER BY x",
    "1, NULL; 2, NULL :: integer, boolean",
  ],
  ["SELECT x, (SELECT max(e) FROM UNNEST(ARRAY[x, y]) u(e)) FROM (VALUES (1, 5)) t(x, y)", "1, 5 :: integer, integer"],
]);

failsAsTrino([
  [
    "SELECT x FROM (VALUES 1) t(x) WHERE x IN (SELECT y FROM UNNEST(ARRAY[0, 8]) u(y)) AND luhn_check(' 4 ')",
    "INVALID_FUNCTION_ARGUMENT: Input contains non-digit character",
  ],
  [
    "SELECT (SELECT x FROM (VALUES 1, 2) t(x))",
    "Invalid Input Error: More than one row returned by a subquery used as an expression - scalar subquer",
  ],
  ["SELECT 1 IN (SELECT 1, 2)", "the sub-query of IN must have one column"],
  [
    "SELECT (1, 2) IN (SELECT 1)",
    "Value expression and result of subquery must be of the same type: row(integer, integer) vs integer",
  ],
  [
    "SELECT x, y FROM (VALUES 1) t(x) LEFT JOIN (VALUES 1) u(y) ON y = (SELECT 1 WHERE false) AND (SELECT count(*) FROM (VALUES 1) a(p) LEFT JOIN (VALUES 2) b(q) ON q = x) > 0",
    "Reference to column from outer scope not allowed in this context",
  ],
  [
    "SELECT x, (SELECT count(*) FROM (VALUES 1) a(p) LEFT JOIN (VALUES 2) b(q) ON q = x) FROM (VALUES 1) t(x)",
    "Reference to column from outer scope not allowed in this context",
  ],
]);

refusesByName([
  ["1 = ALL (SELECT random(2))", "ALL of random values is not implemented locally"],
  [
    "SELECT x FROM (VALUES 1) t(x) WHERE EXISTS (SELECT 1 FROM (VALUES 1) u(k) WHERE k = x AND EXISTS (SELECT 1 FROM (VALUES 1) w(n) WHERE n = x))",
    "a column of two queries around in a sub-query that names columns around it is not implemented locally; write i",
  ],
  [
    "SELECT x, (SELECT max(k + x) FROM (VALUES 1) u(k)) FROM (VALUES 1) t(x)",
    "such a column inside an aggregate in a sub-query that names columns around it is not implemented locally; writ",
  ],
  [
    "SELECT x, (SELECT k FROM (VALUES 1) u(k) WHERE k < x LIMIT 1) FROM (VALUES 1) t(x)",
    "LIMIT after a comparison other than = in a sub-query that names columns around it is not implemented locally; ",
  ],
  [
    "SELECT x, (SELECT k FROM (VALUES 1) u(k) WHERE k = x ORDER BY k OFFSET 1) FROM (VALUES 1) t(x)",
    "OFFSET in a sub-query that names columns around it is not implemented locally; write it as a join",
  ],
  [
    "SELECT x, (SELECT rank() OVER (ORDER BY k) FROM (VALUES 1) u(k) WHERE k = x LIMIT 1) FROM (VALUES 1) t(x)",
    "a window function in a sub-query that names columns around it is not implemented locally; write it as a join",
  ],
  [
    "SELECT x FROM (VALUES 1) t(x) WHERE x IN (SELECT max(k) FROM (VALUES (1, 2)) u(k, v) WHERE v > x)",
    "an aggregate in a sub-query that names columns around it is not implemented locally; write it as a join",
  ],
  ["SELECT x, y FROM (VALUES 1) t(x), LATERAL (VALUES x) l(y)", "TABLE is not implemented locally"],
  [
    "SELECT x FROM (VALUES 1) t(x) WHERE EXISTS (SELECT 1 FROM UNNEST(ARRAY[x]) u(e) WHERE e = 1)",
    "such a column in UNNEST in a sub-query that names columns around it is not implemented locally; write it as a ",
  ],
  [
    "SELECT x, (SELECT k FROM (VALUES 1) u(k) WHERE k = x UNION SELECT x) FROM (VALUES 1) t(x)",
    "UNION, INTERSECT or EXCEPT in a sub-query that names columns around it is not implemented locally; write it as",
  ],
  [
    "SELECT (x, y) IN (SELECT 1, 2) FROM (VALUES (1, CAST(NULL AS integer))) t(x, y)",
    "a row with a NULL field IN a sub-query",
  ],
  ["SELECT 1e0 < ANY (SELECT 2e0)", "ANY of double is not implemented locally; use EXISTS"],
  [
    "TIMESTAMP '2011-12-09 00:00:00 UTC' = ANY (VALUES TIMESTAMP '2011-12-09 01:00:00 Europe/Paris')",
    "IN a sub-query in several time zones is not implemented locally; use EXISTS",
  ],
  ["SELECT ARRAY[1] IN (SELECT ARRAY[1])", "array(integer) IN a sub-query is not implemented locally; use EXISTS"],
]);
