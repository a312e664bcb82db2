import { failsAsTrino, givesTrinosAnswer } from "../trino-answers.ts";

// Expected values, types and errors are those of a real Trino.

givesTrinosAnswer([
  [
    "SELECT x, sum(x) OVER (ORDER BY x ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM (VALUES 1, 2, 4) t(x) ORDER BY x",
    "1, 3; 2, 7; 4, 6 :: integer, bigint",
  ],
  [
    "SELECT x, count(*) OVER (ORDER BY x RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM (VALUES 1, 2, 4, NULL) t(x) ORDER BY x",
    "1, 1; 2, 2; 4, 1; NULL, 1 :: integer, bigint",
  ],
  [
    "SELECT x, count(*) OVER (ORDER BY x DESC RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM (VALUES 1, 2, 4, NULL) t(x) ORDER BY x",
    "1, 2; 2, 1; 4, 1; NULL, 1 :: integer, bigint",
  ],
  [
    "SELECT d, sum(v) OVER (ORDER BY d RANGE BETWEEN INTERVAL '1' MONTH PRECEDING AND CURRENT ROW) FROM (VALUES (DATE '2026-01-31', 1), (DATE '2026-02-28', 2)) t(d, v) ORDER BY d",
    "2026-01-31, 1; 2026-02-28, 3 :: date, bigint",
  ],
  [
    "SELECT x, nth_value(x, 3) OVER (ORDER BY x) FROM (VALUES 1, 2, 3) t(x) ORDER BY x",
    "1, NULL; 2, NULL; 3, 3 :: integer, integer",
  ],
  [
    "SELECT sum(x) OVER w, count(*) OVER w FROM (VALUES 1, 2) t(x) WINDOW w AS (ORDER BY x)",
    "1, 1; 3, 2 :: bigint, bigint",
  ],
]);

failsAsTrino([
  [
    "SELECT sum(x) FILTER (WHERE x > 1) OVER (ORDER BY x) FROM (VALUES 1, 2) t(x) ORDER BY 1",
    "FILTER is not yet supported for window functions",
  ],
]);
