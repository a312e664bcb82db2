import { givesTrinosAnswer, refusesByName } from "../trino-answers.ts";

// Expected values, types and errors are those of a real Trino.

givesTrinosAnswer([
  ["CAST(TIMESTAMP '2026-11-20 10:00:00 Europe/Berlin' AS varchar)", "2026-11-20 10:00:00 Europe/Berlin :: varchar"],
  ["CAST(TIMESTAMP '2026-11-20 10:00:00 Europe/Berlin' AS timestamp)", "2026-11-20 10:00:00.000 :: timestamp(3)"],
  ["CAST(TIMESTAMP '2026-11-20 00:30:00 Europe/Berlin' AS date)", "2026-11-20 :: date"],
  [
    "CAST(date_trunc('day', TIMESTAMP '2026-11-20 02:00:00 UTC' AT TIME ZONE 'America/New_York') AS varchar)",
    "2026-11-19 00:00:00 America/New_York :: varchar",
  ],
  [
    "CAST(date_add('day', 1, TIMESTAMP '2026-10-24 12:00:00 Europe/Berlin') AS varchar)",
    "2026-10-25 12:00:00 Europe/Berlin :: varchar",
  ],
  [
    "CAST(date_add('hour', 24, TIMESTAMP '2026-10-24 12:00:00 Europe/Berlin') AS varchar)",
    "2026-10-25 11:00:00 Europe/Berlin :: varchar",
  ],
  [
    "CAST(date_add('month', 1, TIMESTAMP '2026-10-24 12:00:00 Europe/Berlin') AS varchar)",
    "2026-11-24 12:00:00 Europe/Berlin :: varchar",
  ],
  [
    "date_diff('day', TIMESTAMP '2026-10-24 12:00:00 Europe/Berlin', TIMESTAMP '2026-10-25 12:00:00 Europe/Berlin')",
    "1 :: bigint",
  ],
  [
    "date_diff('hour', TIMESTAMP '2026-10-24 12:00:00 Europe/Berlin', TIMESTAMP '2026-10-25 12:00:00 Europe/Berlin')",
    "25 :: bigint",
  ],
  [
    "date_diff('day', TIMESTAMP '2026-10-24 12:00:00 UTC', TIMESTAMP '2026-10-25 11:00:00 Europe/Berlin')",
    "0 :: bigint",
  ],
  [
    "TIMESTAMP '2026-11-20 10:00:00 Europe/Berlin' + INTERVAL '1' DAY",
    "2026-11-21 10:00:00.000 Europe/Berlin :: timestamp(3) with time zone",
  ],
  [
    "CAST(TIMESTAMP '2026-10-24 12:00:00 Europe/Berlin' + INTERVAL '1' DAY AS varchar)",
    "2026-10-25 11:00:00.000 Europe/Berlin :: varchar",
  ],
  [
    "CAST(TIMESTAMP '2026-10-24 12:00:00 Europe/Berlin' + INTERVAL '1' MONTH AS varchar)",
    "2026-11-24 12:00:00 Europe/Berlin :: varchar",
  ],
  ["TIMESTAMP '2026-11-20 10:00:00 UTC' = TIMESTAMP '2026-11-20 11:00:00 Europe/Berlin'", "true :: boolean"],
  ["TIMESTAMP '2026-11-20 10:00:00' = TIMESTAMP '2026-11-20 10:00:00 UTC'", "true :: boolean"],
  [
    "TIMESTAMP '2026-11-20 10:00:00' AT TIME ZONE 'Europe/Berlin'",
    "2026-11-20 11:00:00 Europe/Berlin :: timestamp(0) with time zone",
  ],
  [
    "CAST(TIMESTAMP '2026-11-20 10:00:00' AT TIME ZONE 'Europe/Berlin' AS varchar)",
    "2026-11-20 11:00:00 Europe/Berlin :: varchar",
  ],
  ["hour(TIMESTAMP '2026-11-20 10:00:00 Europe/Berlin')", "10 :: bigint"],
  ["hour(TIMESTAMP '2026-11-20 10:00:00 UTC' AT TIME ZONE 'Asia/Kolkata')", "15 :: bigint"],
  [
    "CAST(with_timezone(TIMESTAMP '2026-03-29 02:30:00', 'Europe/Berlin') AS varchar)",
    "2026-03-29 03:30:00 Europe/Berlin :: varchar",
  ],
  ["CAST(from_unixtime(1700000000, 'Europe/Berlin') AS varchar)", "2023-11-14 23:13:20.000 Europe/Berlin :: varchar"],
  ["to_unixtime(TIMESTAMP '2026-11-20 10:00:00 Europe/Berlin')", "1.7951652E9 :: double"],
  ["day_of_week(TIMESTAMP '2026-11-22 10:00:00 America/New_York')", "7 :: bigint"],
  [
    "at_timezone(TIMESTAMP '2026-11-20 10:00:00', 'Europe/Berlin')",
    "2026-11-20 11:00:00 Europe/Berlin :: timestamp(0) with time zone",
  ],
  [
    "date_trunc('hour', TIMESTAMP '2026-11-20 10:30:00 Asia/Kolkata')",
    "2026-11-20 10:00:00 Asia/Kolkata :: timestamp(0) with time zone",
  ],
  [
    "CAST(date_trunc('hour', TIMESTAMP '2026-11-20 10:30:00 Asia/Kolkata') AS varchar)",
    "2026-11-20 10:00:00 Asia/Kolkata :: varchar",
  ],
  [
    "CAST(date_trunc('week', TIMESTAMP '2026-11-22 10:30:00 Asia/Kolkata') AS varchar)",
    "2026-11-16 00:00:00 Asia/Kolkata :: varchar",
  ],
  [
    "SELECT max(x) AS y FROM (VALUES TIMESTAMP '2026-11-20 10:00:00 UTC') t(x)",
    "2026-11-20 10:00:00 UTC :: timestamp(0) with time zone",
  ],
  ["to_unixtime(TIMESTAMP '2026-11-20 10:00:00.123456 UTC')", "1.795168800123456E9 :: double"],
  ["CAST(TIMESTAMP '2026-11-20 10:00:00.123456 UTC' AS timestamp)", "2026-11-20 10:00:00.123 :: timestamp(3)"],
  [
    "CAST(TIMESTAMP '2026-11-20 10:00:00.123656 Europe/Berlin' AS timestamp(3))",
    "2026-11-20 10:00:00.124 :: timestamp(3)",
  ],
  ["to_unixtime(with_timezone(TIMESTAMP '2026-03-29 02:30:00', 'Europe/Berlin'))", "1.7747478E9 :: double"],
  [
    "CAST(date_trunc('hour', TIMESTAMP '2026-10-25 01:30:00 UTC' AT TIME ZONE 'Europe/Berlin') AS varchar)",
    "2026-10-25 02:00:00 Europe/Berlin :: varchar",
  ],
]);

refusesByName([
  [
    "CAST(with_timezone(TIMESTAMP '2026-10-25 02:30:00', 'Europe/Berlin') AS varchar)",
    "a local time that the clocks of Europe/Berlin show twice",
  ],
  [
    "CAST('2026-11-20 10:00:00 Europe/Berlin' AS timestamp with time zone)",
    "CAST from varchar to timestamp(3) with time zone is not implemented locally",
  ],
  [
    "to_iso8601(TIMESTAMP '2026-11-20 10:00:00 Europe/Berlin')",
    "to_iso8601 of (timestamp(0) with time zone) is not implemented locally",
  ],
  [
    "to_unixtime(with_timezone(TIMESTAMP '2026-10-25 02:30:00', 'Europe/Berlin'))",
    "a local time that the clocks of Europe/Berlin show twice",
  ],
  [
    "to_unixtime(with_timezone(TIMESTAMP '2026-11-01 01:30:00', 'America/New_York'))",
    "a local time that the clocks of America/New_York show twice",
  ],
  [
    "to_unixtime(TIMESTAMP '2026-10-25 02:30:00 Europe/Berlin')",
    "a local time that the clocks of Europe/Berlin show twice",
  ],
  [
    "CAST(date_add('day', 1, TIMESTAMP '2026-10-24 02:30:00 Europe/Berlin') AS varchar)",
    "a local time that the clocks of Europe/Berlin show twice",
  ],
]);
