import { failsAsTrino, givesTrinosAnswer, refusesByName } from "../trino-answers.ts";

// Expected values, types and errors are those of a real Trino.

givesTrinosAnswer([
  [
    "SELECT a, sum(c) OVER w, avg(c) OVER (w ROWS 1 PRECEDING) FROM (VALUES (1, 10), (1, 20), (2, 30)) t(a, c) WINDOW w AS (PARTITION BY a ORDER BY c) ORDER BY 1, 2",
    "1, 10, 10.0; 1, 30, 15.0; 2, 30, 30.0 :: integer, bigint, double",
  ],
  [
    "SELECT a, sum(c) OVER w2 FROM (VALUES (1, 10), (1, 20), (2, 30)) t(a, c) WINDOW w1 AS (PARTITION BY a), w2 AS (w1 ORDER BY c) ORDER BY 1, 2",
    "1, 10; 1, 30; 2, 30 :: integer, bigint",
  ],
  [
    "SELECT c, sum(c) OVER (ORDER BY c ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING) FROM (VALUES 1, 2, 4) t(c) ORDER BY c",
    "1, NULL; 2, 1; 4, 3 :: integer, bigint",
  ],
  [
    "SELECT c, sum(c) OVER (ORDER BY c ROWS BETWEEN 1 PRECEDING AND 2 PRECEDING) FROM (VALUES 1, 2) t(c) ORDER BY c",
    "1, NULL; 2, NULL :: integer, bigint",
  ],
  [
    "SELECT c, sum(c) OVER (ORDER BY c RANGE CURRENT ROW) FROM (VALUES 1, 1, 4) t(c) ORDER BY c",
    "1, 2; 1, 2; 4, 4 :: integer, bigint",
  ],
  [
    "SELECT c, count(*) OVER (ORDER BY c GROUPS BETWEEN CURRENT ROW AND 1 FOLLOWING) FROM (VALUES 1, 1, 4) t(c) ORDER BY c",
    "1, 3; 1, 3; 4, 1 :: integer, bigint",
  ],
  [
    "SELECT c, count(*) OVER (ORDER BY c NULLS FIRST RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM (VALUES 1, 2, NULL) t(c) ORDER BY c",
    "1, 1; 2, 2; NULL, 1 :: integer, bigint",
  ],
  [
    "SELECT c, lag(c) IGNORE NULLS OVER (ORDER BY k), last_value(c) IGNORE NULLS OVER (ORDER BY k) FROM (VALUES (1, 7), (2, NULL), (3, 9)) t(k, c) ORDER BY k",
    "7, NULL, 7; NULL, 7, 7; 9, 7, 9 :: integer, integer, integer",
  ],
  [
    "SELECT d, count(*) OVER (ORDER BY d RANGE BETWEEN INTERVAL '1' MONTH PRECEDING AND INTERVAL '1' DAY FOLLOWING) FROM (VALUES DATE '2026-01-31', DATE '2026-02-28', DATE '2026-03-01') t(d) ORDER BY d",
    "2026-01-31, 1; 2026-02-28, 3; 2026-03-01, 2 :: date, bigint",
  ],
  [
    "SELECT rank() OVER (ORDER BY count(*) DESC, a) AS r, a FROM (VALUES 1, 2, 2) t(a) GROUP BY a ORDER BY r",
    "1, 2; 2, 1 :: bigint, integer",
  ],
]);

failsAsTrino([
  [
    "SELECT sum(a) OVER (w ORDER BY a) FROM (VALUES 1) t(a) WINDOW w AS (ORDER BY a)",
    "WINDOW specification with named WINDOW reference cannot specify ORDER BY again",
  ],
  [
    "SELECT sum(a) OVER (w PARTITION BY a) FROM (VALUES 1) t(a) WINDOW w AS (ORDER BY a)",
    "WINDOW specification with named WINDOW reference cannot specify PARTITION BY",
  ],
  [
    "SELECT sum(a) OVER (w ROWS 2 PRECEDING) FROM (VALUES 1) t(a) WINDOW w AS (ORDER BY a ROWS 1 PRECEDING)",
    "WINDOW specification with named WINDOW reference cannot have a frame in the referenced WINDOW",
  ],
  ["SELECT sum(a) OVER z FROM (VALUES 1) t(a) WINDOW w AS (ORDER BY a)", "Cannot resolve WINDOW name z"],
  ["SELECT lag(a) OVER () FROM (VALUES 1) t(a)", "lag function requires an ORDER BY window clause"],
  [
    "SELECT lead(a) OVER (ORDER BY a ROWS 1 PRECEDING) FROM (VALUES 1) t(a)",
    "Cannot specify window frame for lead function",
  ],
  [
    "SELECT rank() OVER (ORDER BY a ROWS 1 PRECEDING) FROM (VALUES 1) t(a)",
    "Cannot specify window frame for rank function",
  ],
  ["SELECT nth_value(a, 0) OVER (ORDER BY a) FROM (VALUES 1) t(a)", "Offset must be at least 1"],
  [
    "SELECT sum(a) OVER (ORDER BY a ROWS UNBOUNDED FOLLOWING) FROM (VALUES 1) t(a)",
    "Window frame starting from UNBOUNDED FOLLOWING cannot end with CURRENT ROW",
  ],
  [
    "SELECT sum(a) OVER (ORDER BY a ROWS 1 FOLLOWING) FROM (VALUES 1) t(a)",
    "Window frame starting from 1 FOLLOWING cannot end with CURRENT ROW",
  ],
  [
    "SELECT sum(a) OVER (ORDER BY a ROWS BETWEEN CURRENT ROW AND 1 PRECEDING) FROM (VALUES 1) t(a)",
    "Window frame starting from CURRENT ROW cannot end with 1 PRECEDING",
  ],
  [
    "SELECT sum(a) OVER (GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM (VALUES 1) t(a)",
    "Window frame of type GROUPS requires ORDER BY",
  ],
  [
    "SELECT sum(a) OVER (ORDER BY a, -a RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM (VALUES 1) t(a)",
    "Window frame of type RANGE PRECEDING or FOLLOWING requires single sort item in ORDER BY",
  ],
  [
    "SELECT sum(1) OVER (ORDER BY d RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM (VALUES DATE '1999-12-31') t(d)",
    "Window frame RANGE value type (integer) not compatible with sort item type (date)",
  ],
  [
    "SELECT sum(1) OVER (ORDER BY d RANGE BETWEEN INTERVAL '1' DAY PRECEDING AND CURRENT ROW) FROM (VALUES 1) t(d)",
    "Window frame RANGE value type (interval day to second) not compatible with sort item type (integer)",
  ],
  ["SELECT a FROM (VALUES 1) t(a) WHERE row_number() OVER () = 1", "WHERE clause cannot contain window functions!"],
]);

refusesByName([
  [
    "SELECT sum(a) OVER (ORDER BY a ROWS BETWEEN a PRECEDING AND CURRENT ROW) FROM (VALUES 1) t(a)",
    "this bound of a ROWS frame is not implemented locally; write a whole number or an interval",
  ],
  // Trino answers the first: DuckDB finds other rows.
  [
    "SELECT sum(1) OVER (ORDER BY d RANGE BETWEEN INTERVAL '1' MONTH FOLLOWING AND INTERVAL '30' DAY FOLLOWING) FROM (VALUES DATE '1999-12-31') t(d)",
    "RANGE between months and days on the same side is not implemented locally",
  ],
  [
    "SELECT sum(1) OVER (ORDER BY d RANGE BETWEEN INTERVAL '1' HOUR PRECEDING AND CURRENT ROW) FROM (VALUES DATE '1999-12-31') t(d)",
    "RANGE by hours, minutes or seconds of a date is not implemented locally; cast the date to timestamp",
  ],
  [
    "SELECT sum(1) OVER (ORDER BY d RANGE BETWEEN INTERVAL '1' HOUR PRECEDING AND CURRENT ROW) FROM (VALUES TIME '00:00:00') t(d)",
    "RANGE by time(0) is not implemented locally",
  ],
  [
    "SELECT lag(a, a) OVER (ORDER BY a) FROM (VALUES 1) t(a)",
    "lag by what is no whole number is not implemented locally",
  ],
]);
