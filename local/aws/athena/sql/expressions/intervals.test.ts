import { failsAsTrino, givesTrinosAnswer, refusesByName } from "../trino-answers.ts";

// Expected values, types and errors are those of a real Trino.

givesTrinosAnswer([
  ["DATE '2026-01-31' + INTERVAL '1' MONTH", "2026-02-28 :: date"],
  ["DATE '2026-01-31' - INTERVAL '1' YEAR", "2025-01-31 :: date"],
  ["DATE '2026-01-31' + INTERVAL '24' HOUR", "2026-02-01 :: date"],
  ["INTERVAL '1' DAY * 2", "2 00:00:00.000 :: interval day to second"],
  ["2 * INTERVAL '1' DAY", "2 00:00:00.000 :: interval day to second"],
  ["NULL - TIMESTAMP '2020-01-01 00:00:00'", "NULL :: interval day to second"],
  ["NULL - DATE '2020-01-01'", "NULL :: interval day to second"],
  ["NULL - TIME '10:00:00'", "NULL :: interval day to second"],
  ["INTERVAL '1' DAY + INTERVAL '2' HOUR", "1 02:00:00.000 :: interval day to second"],
  ["INTERVAL '1' MONTH + INTERVAL '1' YEAR", "1-1 :: interval year to month"],
  ["INTERVAL '1' DAY > INTERVAL '23' HOUR", "true :: boolean"],
  ["-INTERVAL '1' DAY", "-1 00:00:00.000 :: interval day to second"],
  ["INTERVAL '-1' DAY", "-1 00:00:00.000 :: interval day to second"],
  ["INTERVAL '2-3' YEAR TO MONTH", "2-3 :: interval year to month"],
  ["INTERVAL '1 2:03:04.5' DAY TO SECOND", "1 02:03:04.500 :: interval day to second"],
  [
    "TIMESTAMP '2026-11-20 10:00:00.123456' - TIMESTAMP '2026-11-18 09:30:00'",
    "2 00:30:00.123 :: interval day to second",
  ],
  ["DATE '2026-11-20' - TIMESTAMP '2026-11-18 09:30:00'", "1 14:30:00.000 :: interval day to second"],
  ["SELECT sum(x) AS y FROM (VALUES INTERVAL '1' DAY) t(x)", "1 00:00:00.000 :: interval day to second"],
  ["TIME '10:05:00'", "10:05:00 :: time(0)"],
  ["TIME '10:05:00.5'", "10:05:00.5 :: time(1)"],
  ["TIME '23:30:00' + INTERVAL '1' HOUR", "00:30:00.000 :: time(3)"],
  ["CAST(TIME '10:05:07' AS varchar)", "10:05:07 :: varchar"],
  ["hour(TIME '10:05:07')", "10 :: bigint"],
  ["TIME '10:00:00' < TIME '11:00:00'", "true :: boolean"],
  ["to_milliseconds(INTERVAL '1' SECOND)", "1000 :: bigint"],
  [
    "TIMESTAMP '2026-01-01 00:00:00.0005' - TIMESTAMP '2026-01-01 00:00:00.000000'",
    "0 00:00:00.001 :: interval day to second",
  ],
  [
    "TIMESTAMP '2026-01-01 00:00:00.000000' - TIMESTAMP '2026-01-01 00:00:00.0005'",
    "0 00:00:00.000 :: interval day to second",
  ],
  [
    "TIMESTAMP '2026-01-01 00:00:00.001000' - TIMESTAMP '2026-01-01 00:00:00.0005'",
    "0 00:00:00.001 :: interval day to second",
  ],
  [
    "TIMESTAMP '2026-01-01 00:00:00.0015' - TIMESTAMP '2026-01-01 00:00:00.0009'",
    "0 00:00:00.001 :: interval day to second",
  ],
  [
    "TIMESTAMP '2026-01-01 00:00:00.0009' - TIMESTAMP '2026-01-01 00:00:00.0015'",
    "-0 00:00:00.001 :: interval day to second",
  ],
  ["to_milliseconds(TIMESTAMP '2026-01-01 00:00:00.0019' - TIMESTAMP '2026-01-01 00:00:00.0000')", "2 :: bigint"],
]);

failsAsTrino([
  ["DATE '2026-01-31' + INTERVAL '1' HOUR", "INVALID_FUNCTION_ARGUMENT: Cannot add hour, minutes or seconds to a date"],
]);

refusesByName([
  ["9223372036854775807 * INTERVAL '1' DAY", "NOT_IMPLEMENTED_LOCALLY: so long an interval"],
  ["DATE '2020-01-01' - NULL", "NULL - without a type is not implemented locally; cast the NULL"],
  ["NULL + DATE '2020-01-01'", "NULL + without a type is not implemented locally; cast the NULL"],
  ["INTERVAL '3' DAY / 2", "interval day to second / integer is not implemented locally; use date_diff or date_add"],
  ["CAST(INTERVAL '1' DAY AS varchar)", "CAST from interval day to second to varchar is not implemented locally"],
  [
    "date_diff('minute', TIME '10:00:00', TIME '11:30:00')",
    "date_diff of (varchar, time(0), time(0)) is not implemented locally",
  ],
  ["year(INTERVAL '2' YEAR)", "year of (interval year to month) is not implemented locally"],
  ["hour(INTERVAL '25' HOUR)", "hour of (interval day to second) is not implemented locally"],
  ["day(INTERVAL '25' HOUR)", "day of (interval day to second) is not implemented locally"],
]);
