const HOURS = "([01][0-9]|2[0-3])";
/** ISO times in UTC as people write them, and with fewer parts or more digits. */
const [ISO_SHORT, ISO_LONG] = [
  `[0-9]{4}-[0-9]{2}-[0-9]{2}(T${HOURS}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,3})?)?(Z|[+]00:00)?)?`,
  `([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]${HOURS}(:[0-5][0-9])?(:[0-5][0-9])?(?:[.,]([0-9]{1,3})[0-9]{0,6})?([Zz]|[+-]00(:?00)?)?`,
];
const isoPart = (group: number): string => `regexp_extract(x, '${ISO_LONG}', ${group})`;

/** Dates, times and intervals. */
export const dateMacros: readonly string[] = [
  // So many days, months or years are added; TRY has another form of it.
  "trino_amount(n, most) AS n",
  // Trino goes round at 64 bits of milliseconds, which DuckDB has not.
  "trino_interval_room(n) AS CASE WHEN abs(n) > 9223372036854775 THEN error('NOT_IMPLEMENTED_LOCALLY: so long an interval') ELSE n END",
  // DuckDB's to_milliseconds computes with doubles, which is not exact beyond three centuries.
  "trino_milliseconds(n) AS to_microseconds(CAST(n AS BIGINT) * 1000)",
  "trino_floor_thousandth(n) AS (n - ((n % 1000) + 1000) % 1000) // 1000",
  `trino_unixtime(us) AS CASE WHEN abs(us) > 9007199254740992 THEN error('NOT_IMPLEMENTED_LOCALLY: to_unixtime so far away') ELSE CAST(us AS DOUBLE) / 1000000 END`,
  // Trino adds up the milliseconds and what is left of them.
  "trino_fine_unixtime(us) AS CAST(trino_floor_thousandth(us) AS DOUBLE) / 1000 + CAST(((us % 1000) + 1000) % 1000 AS DOUBLE) / 1000000",
  // Where clocks are put back, which of the two instants Trino takes depends on the zone and the function.
  "trino_instant(t, z) AS CASE WHEN ((t AT TIME ZONE z) - INTERVAL 1 HOUR) AT TIME ZONE z = t OR ((t AT TIME ZONE z) + INTERVAL 1 HOUR) AT TIME ZONE z = t THEN error('NOT_IMPLEMENTED_LOCALLY: a local time that the clocks of ' || z || ' show twice') ELSE t AT TIME ZONE z END",
  // Before 1970 Trino's own cast is a second off.
  "trino_time_of(x) AS CASE WHEN x < TIMESTAMP '1970-01-01 00:00:00' THEN error('NOT_IMPLEMENTED_LOCALLY: the time of a timestamp before 1970') ELSE CAST(x AS TIME) END",
  "trino_millisecond(x) AS millisecond(x) % 1000",
  "trino_interval_ms(x) AS epoch_ms(TIMESTAMP '1970-01-01 00:00:00' + x)",
  // Beyond the microseconds of 64 bits Trino's difference is another one.
  "trino_days_apart(n) AS CASE WHEN abs(n) > 106751990 THEN error('NOT_IMPLEMENTED_LOCALLY: a difference of so many days') ELSE to_days(CAST(n AS INTEGER)) END",
  // Differences are whole milliseconds, rounded half up.
  "trino_between(a, b) AS trino_milliseconds(trino_floor_thousandth(epoch_us(a) - epoch_us(b) + 500))",
  "trino_from_unixtime(x) AS CASE WHEN isnan(x) OR isinf(x) OR abs(x) > 8e10 THEN error('NOT_IMPLEMENTED_LOCALLY: from_unixtime of that many seconds') ELSE make_timestamptz(CAST(trino_half_up(x * 1000) AS BIGINT) * 1000) END",
  "trino_iso_date(x) AS CASE WHEN regexp_full_match(x, '[0-9]{4}-W[0-9]{2}-[1-7]') THEN CAST(strptime(x, '%G-W%V-%u') AS DATE) ELSE CAST(trino_form(x, '[0-9]{4}-[0-9]{2}-[0-9]{2}', '[0-9+-].*', 'date') AS DATE) END",
  // A written offset is kept; only UTC is the same instant and the same local time. No text with other characters is one.
  `trino_iso_timestamp(x) AS CASE WHEN x IS NULL THEN NULL WHEN regexp_full_match(x, '${ISO_SHORT}') THEN CAST(x AS TIMESTAMPTZ) WHEN regexp_full_match(x, '${ISO_LONG}') AND (${isoPart(5)} = '' OR ${isoPart(4)} <> '') THEN CAST(${isoPart(1)} || ' ' || ${isoPart(2)} || coalesce(nullif(${isoPart(3)}, ''), ':00') || coalesce(nullif(${isoPart(4)}, ''), ':00') || '.' || rpad(${isoPart(5)}, 3, '0') AS TIMESTAMPTZ) WHEN regexp_matches(x, '[^0-9TtZzWw:.,+-]') OR NOT regexp_matches(x, '[0-9]') THEN trino_fail('INVALID_FUNCTION_ARGUMENT: Invalid format: ' || x) ELSE error('NOT_IMPLEMENTED_LOCALLY: from_iso8601_timestamp of a text that is not a day and a time in UTC') END`,
  "trino_whole_days(d, i) AS CASE WHEN d IS NULL OR i IS NULL THEN NULL WHEN trino_interval_ms(i) % 86400000 = 0 THEN CAST(d + to_days(CAST(trino_interval_ms(i) // 86400000 AS INTEGER)) AS DATE) ELSE trino_fail('INVALID_FUNCTION_ARGUMENT: Cannot add hour, minutes or seconds to a date') END",
  "trino_date_parse(x, f) AS make_timestamp(trino_parse_date(x, f))",
].map((macro) => `CREATE OR REPLACE MACRO ${macro}`);
