import { failsAsTrino, givesTrinosAnswer, refusesByName } from "../trino-answers.ts";

// Expected values, types and errors are those of a real Trino.

givesTrinosAnswer([
  ["SELECT x FROM (VALUES 1) t(x) ORDER BY 'x'", "1 :: integer"],
  ["SELECT x FROM (VALUES 1, 2) t(x) ORDER BY ceiling(-3), x DESC", "2; 1 :: integer"],
  ["SELECT x FROM (VALUES 1) t(x) ORDER BY current_timezone()", "1 :: integer"],
  ["SELECT -a AS a FROM (VALUES 1, 2) t(a) ORDER BY a", "-2; -1 :: integer"],
  ["SELECT -a AS b FROM (VALUES 1, 2) t(a) ORDER BY a", "-1; -2 :: integer"],
  ["SELECT -a AS a FROM (VALUES 1, 2) t(a) ORDER BY t.a", "-1; -2 :: integer"],
  ["SELECT -a AS a FROM (VALUES 1, 2) t(a) ORDER BY a + 0", "-2; -1 :: integer"],
  ["SELECT a FROM (VALUES 2, 1, NULL) t(a) ORDER BY 'x', a DESC, 1.5", "2; 1; NULL :: integer"],
  ["SELECT a FROM (VALUES 1) t(a) ORDER BY NULL", "1 :: integer"],
  ["SELECT a FROM (VALUES 1, 2) t(a) ORDER BY -2.555 DESC, -1e0, a DESC", "2; 1 :: integer"],
  [
    "SELECT a, max(c) AS d FROM (VALUES (1, 2), (2, 1)) t(a, c) GROUP BY a ORDER BY max(c)",
    "2, 1; 1, 2 :: integer, integer",
  ],
  ["SELECT DISTINCT a AS x FROM (VALUES 2, 1, 2) t(a) ORDER BY a", "1; 2 :: integer"],
  ["SELECT a FROM (VALUES 2, 1, 3) t(a) ORDER BY a DESC OFFSET 1 ROW FETCH FIRST ROW ONLY", "2 :: integer"],
  ["SELECT a FROM (VALUES 2, 1, 3) t(a) ORDER BY a LIMIT ALL", "1; 2; 3 :: integer"],
]);

failsAsTrino([
  ["SELECT a FROM (VALUES 1) t(a) ORDER BY -1", "ORDER BY position -1 is not in select list"],
  ["SELECT a AS x, b AS x FROM (VALUES (1, 2)) t(a, b) ORDER BY x", "Column 'x' is ambiguous"],
  [
    "SELECT a, max(c) AS c FROM (VALUES (1, 2)) t(a, c) GROUP BY a ORDER BY max(c)",
    "Invalid reference to output projection attribute from ORDER BY aggregation",
  ],
  [
    "SELECT DISTINCT a FROM (VALUES (1, 2)) t(a, b) ORDER BY b",
    "For SELECT DISTINCT, ORDER BY expressions must appear in select list",
  ],
  ["SELECT a FROM (VALUES 1) t(a) ORDER BY -1", "ORDER BY position -1 is not in select list"],
  ["SELECT a FROM (VALUES 1) t(a) ORDER BY 2", "ORDER BY position 2 is not in select list"],
  ["SELECT a FROM (VALUES 1) t(a) FETCH FIRST 1 ROW WITH TIES", "FETCH FIRST WITH TIES clause requires ORDER BY"],
]);

refusesByName([
  ["SELECT ROW(a, 1) FROM (VALUES 1) t(a) ORDER BY 1", "ORDER BY of row(integer, integer) is not implemented locally"],
  [
    "SELECT a FROM (VALUES 1) t(a) ORDER BY a OFFSET 1 FETCH FIRST 1 ROWS WITH TIES",
    "FETCH WITH TIES beside OFFSET or DISTINCT is not implemented locally",
  ],
]);
