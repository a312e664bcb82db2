import { failsAsTrino, givesTrinosAnswer } from "../trino-answers.ts";

// Expected values, types and errors are those of a real Trino.

givesTrinosAnswer([
  ["SELECT DECIMAL '10.00' / DECIMAL '3.00' / DECIMAL '7.0'", "0.48 :: decimal(7,2)"],
  [
    "SELECT x, 100.0 * sum(x) / sum(sum(x)) OVER () / 3.0 FROM (VALUES 1.25, 2.50, NULL) t(x) GROUP BY x ORDER BY x",
    "1.25, 11.111; 2.50, 22.222; NULL, NULL :: decimal(3,2), decimal(38,3)",
  ],
  ["SELECT 1.0 / (CAST(NULL AS decimal(5,2)) / 3.0)", "NULL :: decimal(5,2)"],
  [
    "SELECT avg(x / y) / 2.0, sum(x / y / z) FROM (VALUES (1.25, 2.50, 3.0), (2.0, 4.0, 7.0)) t(x, y, z)",
    "0.25, 0.24 :: decimal(6,2), decimal(38,2)",
  ],
]);

failsAsTrino([["SELECT 1.0 / (2.0 / 0.0)", "Division by zero"]]);
