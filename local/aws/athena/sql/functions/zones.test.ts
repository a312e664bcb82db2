import { failsAsTrino, givesTrinosAnswer, refusesByName } from "../trino-answers.ts";

givesTrinosAnswer([
  ["timezone_hour(TIMESTAMP '2020-01-01 00:00:00 -05:30')", "-5 :: bigint"],
  ["timezone_minute(TIMESTAMP '2020-01-01 00:00:00 -05:30')", "-30 :: bigint"],
  ["timezone_hour(at_timezone(TIMESTAMP '1969-12-31 23:59:59.9995 UTC', 'Australia/Lord_Howe'))", "10 :: bigint"],
  ["timezone_hour(TIMESTAMP '2020-07-01 00:00:00 Europe/Berlin')", "2 :: bigint"],
  ["timezone_hour(TIMESTAMP '2020-01-01 00:00:00')", "0 :: bigint"],
  ["EXTRACT(TIMEZONE_HOUR FROM TIMESTAMP '2026-11-20 10:00:00 Europe/Berlin')", "1 :: bigint"],
  ["EXTRACT(TIMEZONE_MINUTE FROM TIMESTAMP '2020-07-01 00:00:00 Asia/Kolkata')", "30 :: bigint"],
  // Before there were time zones, clocks went by the sun.
  ["timezone_minute(TIMESTAMP '1800-01-01 00:00:00 Europe/London')", "-1 :: bigint"],
  ["timezone_minute(TIMESTAMP '1800-01-01 00:00:00 America/New_York')", "-56 :: bigint"],
  ["from_unixtime(0, 2, 30)", "1970-01-01 02:30:00.000 +02:30 :: timestamp(3) with time zone"],
  ["from_unixtime(1e9, -3, 30)", "2001-09-08 23:16:40.000 -02:30 :: timestamp(3) with time zone"],
  ["human_readable_seconds(56363463)", "93 weeks, 1 day, 8 hours, 31 minutes, 3 seconds :: varchar"],
  ["human_readable_seconds(-1.5)", "2 seconds :: varchar"],
  ["human_readable_seconds(0.49999999999999994)", "0 seconds :: varchar"],
  ["human_readable_seconds(1e30)", "15250284452471 weeks, 3 days, 15 hours, 30 minutes, 7 seconds :: varchar"],
  ["parse_duration('42.8ms')", "0 00:00:00.043 :: interval day to second"],
  ["parse_duration(' 3.81 d ')", "3 19:26:24.000 :: interval day to second"],
  ["parse_duration('1500us')", "0 00:00:00.002 :: interval day to second"],
  ["parse_duration('0.49999999999999994ms')", "0 00:00:00.001 :: interval day to second"],
  ["parse_data_size('2.3MB')", "2411724 :: decimal(38,0)"],
  ["parse_data_size('.5kB')", "512 :: decimal(38,0)"],
  ["parse_data_size('1YB')", "1208925819614629174706176 :: decimal(38,0)"],
  [
    "from_iso8601_timestamp('2020-01-01T10:00:00.123999Z')",
    "2020-01-01 10:00:00.123 UTC :: timestamp(3) with time zone",
  ],
  ["from_iso8601_timestamp('2020-01-01t10:30z')", "2020-01-01 10:30:00.000 UTC :: timestamp(3) with time zone"],
  ["from_iso8601_timestamp('2020-01-01T10+00')", "2020-01-01 10:00:00.000 UTC :: timestamp(3) with time zone"],
  ["format_datetime(TIMESTAMP '2020-01-01 00:00:00 UTC', 'HH Z ZZ ZZZ z')", "00 +0000 +00:00 UTC UTC :: varchar"],
  [
    "parse_datetime('2020-01-01T10:00:00.5+0000', 'yyyy-MM-dd''T''HH:mm:ss.SSSZ')",
    "2020-01-01 10:00:00.500 UTC :: timestamp(3) with time zone",
  ],
]);

failsAsTrino([
  [
    "EXTRACT(TIMEZONE_HOUR FROM TIMESTAMP '2026-11-20 10:00:00.000')",
    "TYPE_MISMATCH: Cannot extract TIMEZONE_HOUR from timestamp(3)",
  ],
  ["human_readable_seconds(nan())", "INVALID_FUNCTION_ARGUMENT: Invalid argument found: NaN"],
  ["parse_duration('1e3s')", "duration is not a valid data duration string: 1e3s"],
  ["parse_duration('5M')", "INVALID_FUNCTION_ARGUMENT: Unknown time unit: M"],
  ["parse_data_size('1KB')", "INVALID_FUNCTION_ARGUMENT: Invalid data size: '1KB'"],
  ["from_iso8601_timestamp('2020-01-01 10:00')", "INVALID_FUNCTION_ARGUMENT: Invalid format: 2020-01-01 10:00"],
  ["date_add('second', 3000000000, TIMESTAMP '2020-01-01 00:00:00')", "out of range"],
]);

refusesByName([
  ["from_unixtime(1e9, 15, 0)", "from_unixtime of (double, integer, integer)"],
  ["from_iso8601_timestamp('2020-01-01T10.5')", "from_iso8601_timestamp of a text that is not a day and a time in UTC"],
]);
