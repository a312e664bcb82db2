import { failsAsTrino, givesTrinosAnswer, refusesByName } from "../trino-answers.ts";

// Expected values, types and errors are those of a real Trino.

givesTrinosAnswer([
  ["date_parse('2026-11-20', '%Y-%m-%d')", "2026-11-20 00:00:00.000 :: timestamp(3)"],
  ["date_parse('2026-1-5', '%Y-%m-%d')", "2026-01-05 00:00:00.000 :: timestamp(3)"],
  ["date_parse('20261120', '%Y%m%d')", "2026-11-20 00:00:00.000 :: timestamp(3)"],
  ["date_parse('2026-11-20 10:05:07.123', '%Y-%m-%d %H:%i:%s.%f')", "2026-11-20 10:05:07.123 :: timestamp(3)"],
  ["date_parse('2026-11-20 10:05:07.123456', '%Y-%m-%d %H:%i:%s.%f')", "2026-11-20 10:05:07.123 :: timestamp(3)"],
  ["date_parse('11/20/26', '%m/%d/%y')", "2026-11-20 00:00:00.000 :: timestamp(3)"],
  ["date_parse('Nov 5, 2026', '%b %e, %Y')", "2026-11-05 00:00:00.000 :: timestamp(3)"],
  ["date_parse('November 5 2026', '%M %e %Y')", "2026-11-05 00:00:00.000 :: timestamp(3)"],
  ["date_parse('9:05 PM', '%h:%i %p')", "1970-01-01 21:05:00.000 :: timestamp(3)"],
  ["date_parse('2026-11', '%Y-%m')", "2026-11-01 00:00:00.000 :: timestamp(3)"],
  ["date_parse('10:05', '%H:%i')", "1970-01-01 10:05:00.000 :: timestamp(3)"],
  ["date_parse('2026-11-20T10:05:07', '%Y-%m-%dT%T')", "2026-11-20 10:05:07.000 :: timestamp(3)"],
  ["date_parse('nov 5 2026', '%b %d %Y')", "2026-11-05 00:00:00.000 :: timestamp(3)"],
  ["date_parse('70-01-01', '%y-%m-%d')", "1970-01-01 00:00:00.000 :: timestamp(3)"],
  ["date_parse('69-01-01', '%y-%m-%d')", "2069-01-01 00:00:00.000 :: timestamp(3)"],
  ["date_parse('2026324', '%Y%j')", "2026-11-20 00:00:00.000 :: timestamp(3)"],
  ["CAST(parse_datetime('2026-11-20 10:05', 'yyyy-MM-dd HH:mm') AS varchar)", "2026-11-20 10:05:00.000 UTC :: varchar"],
  ["parse_datetime('20261120', 'yyyyMMdd')", "2026-11-20 00:00:00.000 UTC :: timestamp(3) with time zone"],
  ["parse_datetime('20/11/2026', 'dd/MM/yyyy')", "2026-11-20 00:00:00.000 UTC :: timestamp(3) with time zone"],
  ["parse_datetime('5 Nov 2026', 'd MMM yyyy')", "2026-11-05 00:00:00.000 UTC :: timestamp(3) with time zone"],
  ["format_datetime(DATE '2026-01-05', 'yyyy')", "2026 :: varchar"],
  ["format_datetime(TIMESTAMP '2026-01-05 00:04:09.123456', 'SSSSSS')", "123000 :: varchar"],
  ["format_datetime(TIMESTAMP '2026-01-05 00:04:09', '''''yyyy''o''''clock''')", "'2026o'clock :: varchar"],
  [
    "date_format(TIMESTAMP '2026-01-05 00:04:09.123456', '%a %b %c %d %e %f %H %h %I %i %j %k %l %M %m %p %r %S %s %T %v %W %Y %y %%')",
    "Mon Jan 1 05 5 123000 00 12 12 04 005 0 12 January 01 AM 12:04:09 AM 09 09 00:04:09 02 Monday 2026 26 % :: varchar",
  ],
  ["date_format(TIMESTAMP '2026-01-05 00:04:09', '%x %v')", "2026 02 :: varchar"],
  ["date_format(TIMESTAMP '2026-01-05 12:04:09', '%p %h %l %r')", "PM 12 12 12:04:09 PM :: varchar"],
  ["date_format(TIMESTAMP '2026-01-05 12:04:09 Europe/Berlin', '%H')", "12 :: varchar"],
  ["date_format(from_iso8601_timestamp('2026-11-20T10:00:00+02:00'), '%H:%i')", "10:00 :: varchar"],
  ["format_datetime(TIMESTAMP '2026-01-05 00:04:09.123656', 'SSS')", "124 :: varchar"],
  ["format_datetime(TIMESTAMP '2026-01-05 00:04:09.9999', 'ss SSS')", "10 000 :: varchar"],
  ["date_format(TIMESTAMP '2026-01-05 00:04:09.123656', '%f')", "124000 :: varchar"],
]);

failsAsTrino([
  ["date_parse('2026-02-30', '%Y-%m-%d')", "INVALID_FUNCTION_ARGUMENT: Invalid date in '2026-02-30'"],
  [
    "date_parse('2026-11-20 ', '%Y-%m-%d')",
    'INVALID_FUNCTION_ARGUMENT: Invalid format: "2026-11-20 " is malformed at " "',
  ],
  [
    "date_parse('2026-11-20x', '%Y-%m-%d')",
    'INVALID_FUNCTION_ARGUMENT: Invalid format: "2026-11-20x" is malformed at "x"',
  ],
  [
    "date_parse('2026-11-20 24:00', '%Y-%m-%d %H:%i')",
    'INVALID_FUNCTION_ARGUMENT: Cannot parse "2026-11-20 24:00": Value 24 for hour must be in t',
  ],
]);

refusesByName([
  [
    "CAST(parse_datetime('2026-11-20T10:05:07+02:00', 'yyyy-MM-dd''T''HH:mm:ssZ') AS varchar)",
    "parse_datetime of a zone that is not UTC",
  ],
  [
    "format_datetime(TIMESTAMP '2026-01-05 03:04:09.007', 'y yy yyy yyyy M MM MMM MMMM d dd D DDD')",
    "format_datetime with yyy is not implemented locally",
  ],
  [
    "format_datetime(TIMESTAMP '2026-01-05 15:04:09.007', 'H HH h hh k kk K KK m mm s ss S SS SSS SSSS a')",
    "format_datetime with k is not implemented locally",
  ],
  [
    "format_datetime(TIMESTAMP '2026-01-05 03:04:09.007', 'E EEE EEEE e x xx xxxx w ww')",
    "format_datetime with x is not implemented locally",
  ],
  [
    "format_datetime(TIMESTAMP '2026-01-05 00:04:09.007', 'G C YYYY z Z ZZ ZZZ')",
    "format_datetime with G is not implemented locally",
  ],
  [
    "format_datetime(TIMESTAMP '2026-01-05 00:04:09.007 Europe/Berlin', 'z Z ZZ ZZZ HH')",
    "format_datetime with z is not implemented locally",
  ],
  [
    "format_datetime(TIMESTAMP '2026-01-05 00:04:09', 'MMMMM EEEEE')",
    "format_datetime with MMMMM is not implemented locally",
  ],
  ["date_format(TIMESTAMP '2026-01-05 12:04:09', '%q')", "date_format with %q is not implemented locally"],
  ["date_format(TIMESTAMP '2026-01-05 12:04:09', '%D')", "date_format with %D is not implemented locally"],
]);
