import { failsAsTrino, givesTrinosAnswer } from "../trino-answers.ts";

// Expected values, types and errors are those of a real Trino.

givesTrinosAnswer([
  ['SELECT T.A, "t"."A" FROM (VALUES 1) t(a)', "1, 1 :: integer, integer"],
  ['SELECT q."a b" AS "C d" FROM (SELECT a AS "a b" FROM (VALUES 1) t(a)) q', "1 :: integer"],
  ["SELECT q.* FROM (SELECT a, a AS a FROM (VALUES 1) t(a)) q", "1, 1 :: integer, integer"],
  ['SELECT a FROM (SELECT a AS "A" FROM (VALUES 1) t(a)) q', "1 :: integer"],
  ["SELECT t.*, a FROM (VALUES (1, 2)) t(a, b)", "1, 2, 1 :: integer, integer, integer"],
  ["SELECT CAST(ROW(1, 2) AS ROW(x integer, y integer)).y", "2 :: integer"],
]);

failsAsTrino([
  ["SELECT a FROM (SELECT a, a AS a FROM (VALUES 1) t(a)) q", "Column 'a' is ambiguous"],
  ["SELECT x.a FROM (VALUES 1) x(a), (VALUES 1) x(a)", "Column 'a' is ambiguous"],
  ["SELECT a FROM (VALUES 1) x(a), (VALUES 1) y(a)", "Column 'a' is ambiguous"],
  [
    "SELECT a AS y FROM (VALUES 1) t(a) WHERE y = 1",
    "Column 'y' cannot be resolved or requester is not authorized to access requested resources",
  ],
  ["SELECT zz.* FROM (VALUES 1) t(a)", "Unable to resolve reference zz"],
  ["SELECT *", "SELECT * not allowed in queries without FROM clause"],
  [
    "SELECT sum(a) AS s FROM (VALUES 1) t(a) HAVING s > 1",
    "Column 's' cannot be resolved or requester is not authorized to access requested resources",
  ],
]);
