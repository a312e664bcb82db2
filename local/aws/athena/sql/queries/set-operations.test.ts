import { failsAsTrino, givesTrinosAnswer } from "../trino-answers.ts";

// Expected values, types and errors are those of a real Trino.

givesTrinosAnswer([
  [
    "SELECT * FROM (VALUES (1, 'a')) t(k, x) JOIN (VALUES (1, 'b')) u(k, y) USING (k)",
    "1, a, b :: integer, varchar, varchar",
  ],
  [
    "SELECT k, x, y FROM (VALUES (1, 'a')) t(k, x) FULL JOIN (VALUES (2, 'b')) u(k, y) USING (k) ORDER BY k",
    "1, a, NULL; 2, NULL, b :: integer, varchar, varchar",
  ],
  [
    "SELECT t.x, u.* FROM (VALUES (1, 'a')) t(k, x) JOIN (VALUES (1, 'b')) u(k, y) USING (k)",
    "a, b :: varchar, varchar",
  ],
  [
    "SELECT x FROM (VALUES 1, 2, NULL) t(x) INTERSECT SELECT x FROM (VALUES NULL, 2) u(x) ORDER BY 1",
    "2; NULL :: integer",
  ],
  ["SELECT x FROM (VALUES 1, 2) t(x) EXCEPT SELECT 2e0", "1.0 :: double"],
  ["SELECT x FROM (VALUES 1, 1, 2) t(x) INTERSECT ALL SELECT x FROM (VALUES 1, 1, 1) u(x)", "1; 1 :: integer"],
  ["SELECT x FROM (VALUES 3, 1, 2) t(x) ORDER BY x OFFSET 1 ROWS FETCH NEXT 1 ROW ONLY", "2 :: integer"],
  ["SELECT x FROM (VALUES 3, 1, 2, 1) t(x) ORDER BY x FETCH FIRST 1 ROWS WITH TIES", "1; 1 :: integer"],
  ["SELECT 2 > ALL (VALUES 1, NULL)", "NULL :: boolean"],
  ["SELECT 2 = ANY (VALUES 1, NULL)", "NULL :: boolean"],
  ["SELECT 3 > ALL (SELECT x FROM (VALUES 1) t(x) WHERE x > 5)", "true :: boolean"],
  ["SELECT 1 <> ALL (VALUES 2, 3), 1 < ANY (VALUES 0, 2)", "true, true :: boolean, boolean"],
  ["SELECT NOT x LIKE 'a%' AND y = 1 FROM (VALUES ('b', 1)) t(x, y)", "true :: boolean"],
  ["SELECT NOT x IN ('a', 'it''s') FROM (VALUES 'b') t(x)", "true :: boolean"],
  ["SELECT NOT x IS NULL FROM (VALUES 'b') t(x)", "true :: boolean"],
  ["SELECT 1 UNION SELECT 2 INTERSECT SELECT 2 ORDER BY 1", "1; 2 :: integer"],
  [
    "SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 2 INTERSECT ALL SELECT 2 INTERSECT SELECT 2 EXCEPT SELECT 3 ORDER BY 1 LIMIT 5",
    "1; 2 :: integer",
  ],
  ["SELECT 1 INTERSECT SELECT 2 UNION SELECT 3 INTERSECT SELECT 3", "3 :: integer"],
  ["(SELECT 1 UNION SELECT 2) INTERSECT SELECT 2", "2 :: integer"],
  ["SELECT 1 UNION ALL SELECT 1 UNION SELECT 1", "1 :: integer"],
  ["SELECT 1 UNION SELECT 1 UNION ALL SELECT 1", "1; 1 :: integer"],
  ["SELECT 2 AS x UNION ALL SELECT 1 ORDER BY x FETCH FIRST 1 ROW ONLY", "1 :: integer"],
  ["SELECT 2 AS x UNION ALL SELECT 1 UNION ALL SELECT 1 ORDER BY x FETCH FIRST 1 ROW WITH TIES", "1; 1 :: integer"],
]);

failsAsTrino([
  [
    "SELECT t.k FROM (VALUES (1, 'a')) t(k, x) JOIN (VALUES (1, 'b')) u(k, y) USING (k)",
    "Column 't.k' cannot be resolved or requester is not authorized to access requested resources",
  ],
  [
    "SELECT 1 AS x UNION SELECT 2 AS y ORDER BY y",
    "Column 'y' cannot be resolved or requester is not authorized to access requested resources",
  ],
  ["SELECT 1 UNION SELECT 2, 3", "UNION query has different number of fields: 1, 2"],
]);
