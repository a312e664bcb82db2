import { givesTrinosAnswer, refusesByName } from "../trino-answers.ts";

// Expected values, types and errors are those of a real Trino.

givesTrinosAnswer([
  ["CAST(TIMESTAMP '2026-11-20 10:00:00.5 +02:00' AS varchar)", "2026-11-20 10:00:00.5 +02:00 :: varchar"],
  ["date_diff('day', from_iso8601_timestamp('2026-10-24T12:00:00Z'), TIMESTAMP '2026-10-25 12:00:00')", "1 :: bigint"],
  ["TIMESTAMP '2026-11-20 10:00:00' = TIMESTAMP '2026-11-20 10:00:00 UTC'", "true :: boolean"],
  [
    "CAST(CAST(TIMESTAMP '2026-11-20 10:00:00' AS timestamp with time zone) AS varchar)",
    "2026-11-20 10:00:00.000 UTC :: varchar",
  ],
  ["CAST(CAST(DATE '2026-11-20' AS timestamp with time zone) AS varchar)", "2026-11-20 00:00:00.000 UTC :: varchar"],
  ["CAST(from_unixtime(1700000000.5e0) AS varchar)", "2023-11-14 22:13:20.500 UTC :: varchar"],
  ["CAST(from_unixtime(0.0005e0) AS varchar)", "1970-01-01 00:00:00.001 UTC :: varchar"],
  ["CAST(from_unixtime(0.0015e0) AS varchar)", "1970-01-01 00:00:00.002 UTC :: varchar"],
  ["CAST(from_unixtime(-0.0005e0) AS varchar)", "1970-01-01 00:00:00.000 UTC :: varchar"],
  ["to_unixtime(DATE '2026-11-20')", "1.7951328E9 :: double"],
  ["to_unixtime(TIMESTAMP '2026-11-20 10:00:00.123456')", "1.795168800123456E9 :: double"],
  ["to_unixtime(TIMESTAMP '1969-12-31 23:59:59.5')", "-0.5 :: double"],
  ["to_iso8601(TIMESTAMP '2026-11-20 10:00:00.5')", "2026-11-20T10:00:00.5 :: varchar"],
  ["to_iso8601(TIMESTAMP '2026-11-20 10:00:00.123456')", "2026-11-20T10:00:00.123456 :: varchar"],
  ["to_iso8601(from_iso8601_timestamp('2026-11-20T10:00:00.100Z'))", "2026-11-20T10:00:00.100Z :: varchar"],
  [
    "TIMESTAMP '2026-11-20 10:00:00.123456' - TIMESTAMP '2026-11-18 09:30:00'",
    "2 00:30:00.123 :: interval day to second",
  ],
  ["DATE '2026-11-20' - TIMESTAMP '2026-11-18 09:30:00'", "1 14:30:00.000 :: interval day to second"],
  ["TIME '10:05:00'", "10:05:00 :: time(0)"],
  ["TIME '10:05:00.5'", "10:05:00.5 :: time(1)"],
  ["CAST(TIMESTAMP '2026-11-20 10:05:07.5' AS time)", "10:05:07.500 :: time(3)"],
  ["CAST(TIME '10:05:07' AS varchar)", "10:05:07 :: varchar"],
  ["hour(TIME '10:05:07')", "10 :: bigint"],
  ["TIME '10:00:00' < TIME '11:00:00'", "true :: boolean"],
  ["EXTRACT(YEAR FROM TIMESTAMP '2026-11-20 10:00:00')", "2026 :: bigint"],
  ["EXTRACT(HOUR FROM TIMESTAMP '2026-11-20 10:00:00')", "10 :: bigint"],
  ["EXTRACT(DOY FROM DATE '2026-02-01')", "32 :: bigint"],
  ["EXTRACT(WEEK FROM DATE '2027-01-01')", "53 :: bigint"],
  ["EXTRACT(DAY_OF_YEAR FROM DATE '2026-02-01')", "32 :: bigint"],
  ["EXTRACT(QUARTER FROM DATE '2026-02-01')", "1 :: bigint"],
  ["yow(DATE '2027-01-01')", "2026 :: bigint"],
  ["millisecond(TIMESTAMP '2026-11-20 10:00:00.123456')", "123 :: bigint"],
  ["second(TIMESTAMP '2026-11-20 10:00:09.9')", "9 :: bigint"],
  ["last_day_of_month(TIMESTAMP '2026-02-10 10:00:00')", "2026-02-28 :: date"],
  [
    "from_iso8601_timestamp('2026-11-20T10:00:00+02:00')",
    "2026-11-20 10:00:00.000 +02:00 :: timestamp(3) with time zone",
  ],
  ["from_iso8601_timestamp('2026-11-20T10:00')", "2026-11-20 10:00:00.000 UTC :: timestamp(3) with time zone"],
  ["from_iso8601_timestamp('2026-11-20')", "2026-11-20 00:00:00.000 UTC :: timestamp(3) with time zone"],
  [
    "SELECT max(x) AS y FROM (VALUES TIMESTAMP '2026-11-20 10:00:00 UTC') t(x)",
    "2026-11-20 10:00:00 UTC :: timestamp(0) with time zone",
  ],
]);

refusesByName([
  ["from_unixtime_nanos(1700000000123456789)", "function from_unixtime_nanos is not implemented locally"],
  ["CAST('10:05:07' AS time)", "CAST from varchar to time(3) is not implemented locally"],
  [
    "date_diff('minute', TIME '10:00:00', TIME '11:30:00')",
    "date_diff of (varchar, time(0), time(0)) is not implemented locally",
  ],
  [
    "TIMESTAMP '2026-11-20 10:00:00.123456789'",
    "timestamp literal '2026-11-20 10:00:00.123456789' is not implemented locally; write 'YYYY-",
  ],
  [
    "CAST(TIMESTAMP '2026-11-20 10:00:00.123456789' AS varchar)",
    "timestamp literal '2026-11-20 10:00:00.123456789' is not implemented locally; write 'YYYY-",
  ],
  ["from_iso8601_timestamp('2026-11')", "from_iso8601_timestamp of a text that is not a day and a time in UTC"],
  ["from_iso8601_date('2026-324')", "cast of '2026-324' to date"],
  ["from_iso8601_date('2026-W47')", "cast of '2026-W47' to date"],
  ["from_iso8601_date('2026-11')", "cast of '2026-11' to date"],
  ["from_iso8601_date('20261120')", "cast of '20261120' to date"],
]);
