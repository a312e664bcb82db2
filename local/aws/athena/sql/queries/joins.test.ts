import { failsAsTrino, givesTrinosAnswer, refusesByName } from "../trino-answers.ts";

// Expected values, types and errors are those of a real Trino.

givesTrinosAnswer([
  [
    "SELECT * FROM (VALUES 1, 2) a(x) LEFT JOIN ((VALUES 2, 3) b(y) JOIN (VALUES 3, 4) c(z) ON y + 1 = z) ON x = y ORDER BY x, y",
    "1, NULL, NULL; 2, 2, 3 :: integer, integer, integer",
  ],
  ["SELECT d.x, d.z FROM ((VALUES 1) a(x) CROSS JOIN (VALUES 2) b(y)) d(x, z)", "1, 2 :: integer, integer"],
  [
    "SELECT * FROM ((VALUES 1) a(x) CROSS JOIN (VALUES 2) b(y)) CROSS JOIN (VALUES 3) c(z)",
    "1, 2, 3 :: integer, integer, integer",
  ],
  [
    "SELECT * FROM (VALUES 1, 2) a(x), (VALUES 5) b(y) RIGHT JOIN (VALUES 6) c(z) ON y = z ORDER BY x",
    "1, NULL, 6; 2, NULL, 6 :: integer, integer, integer",
  ],
  [
    "SELECT * FROM (VALUES 1) a(x) LEFT JOIN (VALUES 9) b(y) ON x = y, (VALUES 3, 4) c(z) ORDER BY z",
    "1, NULL, 3; 1, NULL, 4 :: integer, integer, integer",
  ],
  [
    "SELECT x, z, e FROM (VALUES 1) a(x), (VALUES (2, ARRAY[7, 8])) b(z, l) CROSS JOIN UNNEST(l) u(e) ORDER BY e",
    "1, 2, 7; 1, 2, 8 :: integer, integer, integer",
  ],
  [
    "SELECT x, e FROM (VALUES (1, ARRAY[1, 2]), (2, NULL)) q(x, y) JOIN UNNEST(y) z(e) ON true ORDER BY e",
    "1, 1; 1, 2 :: integer, integer",
  ],
  [
    "SELECT x, e FROM (VALUES (1, ARRAY[1, 2]), (2, NULL)) q(x, y) LEFT JOIN UNNEST(y) z(e) ON true ORDER BY x, e",
    "1, 1; 1, 2; 2, NULL :: integer, integer",
  ],
  [
    "SELECT x, m FROM (VALUES 1, 5) a(x) LEFT JOIN LATERAL (SELECT max(y) AS m FROM (VALUES 2, 4) b(y) WHERE y < x) l ON true ORDER BY x",
    "1, NULL; 5, 4 :: integer, integer",
  ],
  ["SELECT q.x FROM ((VALUES 1) a(x)) q", "1 :: integer"],
  ["SELECT q.x FROM ((SELECT 1 AS x)) q", "1 :: integer"],
  [
    "SELECT x, q.y FROM ((SELECT 1 AS x, 2 AS y) a JOIN (SELECT 1 AS x, 3 AS z) b USING (x)) q",
    "1, 2 :: integer, integer",
  ],
]);

failsAsTrino([
  [
    "SELECT * FROM (VALUES 1) a(x), (VALUES 2) b(y) LEFT JOIN (VALUES 3) c(z) ON x = 1",
    "Column 'x' cannot be resolved or requester is not authorized to access requested resources",
  ],
  [
    "SELECT * FROM (VALUES 1) a(x), (VALUES 2) b(y) CROSS JOIN UNNEST(ARRAY[x]) u(e)",
    "Column 'x' cannot be resolved or requester is not authorized to access requested resources",
  ],
  [
    "SELECT a.x FROM ((VALUES 1) a(x) CROSS JOIN (VALUES 2) b(y)) d",
    "Column 'a.x' cannot be resolved or requester is not authorized to access requested resources",
  ],
  ["SELECT x FROM ((VALUES 1) a(x) CROSS JOIN (VALUES 2) b(x)) d", "Column 'x' is ambiguous"],
  ["SELECT * FROM (VALUES 1) a(x) NATURAL JOIN (VALUES 1) b(x)", "Natural join not supported"],
  ["SELECT * FROM (VALUES 1) a(x) JOIN (VALUES 1) b(y)", "JOIN without ON or USING"],
  ["SELECT * FROM (VALUES 1) a(x) CROSS JOIN (VALUES 1) b(y) ON true", "mismatched input after CROSS JOIN"],
  [
    "SELECT * FROM (VALUES ARRAY[1]) a(x) LEFT JOIN UNNEST(x) u(e) ON e > 1",
    "LEFT JOIN involving UNNEST is only supported with condition ON TRUE",
  ],
  [
    "SELECT * FROM (VALUES ARRAY[1]) a(x) JOIN UNNEST(x) u(e) ON 1 = 1",
    "INNER JOIN involving UNNEST is only supported with condition ON TRUE",
  ],
]);

refusesByName([
  [
    "SELECT x, y FROM (VALUES 1) a(x) LEFT JOIN LATERAL (SELECT 2 AS y) l ON y > 5",
    "LEFT JOIN LATERAL with a condition is not implemented locally; write the condition inside",
  ],
]);
