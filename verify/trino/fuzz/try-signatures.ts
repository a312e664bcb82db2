import { type Signature, scalars, signatures } from "./signature.ts";

/** TRY around what fails on some values, and what reads texts that may be no dates, lengths of time or sizes. */
export const trySignatures: readonly Signature[] = [
  ...signatures(
    `
T: TRY({T})
T: coalesce(TRY({T}), {T})
T: TRY(CASE WHEN {boolean} THEN {T} ELSE {T} END)
`,
    scalars,
  ),
  ...signatures(`
bigint: TRY({bigint} / {bigint|integer})
integer: TRY({integer} % {integer})
decimal: TRY({decimal} / {decimal})
integer: TRY(CAST({varchar} AS integer) + {integer})
bigint: TRY(CAST({#number_text} AS bigint) * 2)
bigint: TRY(CAST({double} AS bigint))
integer: TRY(CAST({bigint} AS integer))
decimal: TRY(CAST({double} AS decimal(9, 3)) + 1)
date: TRY(date({varchar}))
date: TRY(CAST({varchar} AS date) + INTERVAL '1' DAY)
timestamp: TRY(date_parse({varchar}, '%Y-%m-%d'))
timestamp: date_parse({#date_text}, '%Y-%m-%d')
timestamp: TRY(date_parse({#date_text}, {#mysql}))
instant: TRY(from_iso8601_timestamp({varchar}))
instant: TRY(from_iso8601_timestamp({#iso}))
instant: from_iso8601_timestamp({#iso})
instant: TRY(parse_datetime({#iso}, 'yyyy-MM-dd''T''HH:mm:ss.SSSZ'))
instant: TRY(parse_datetime({#iso}, 'yyyy-MM-dd''T''HH:mm:ssZZ'))
varchar: json_format(TRY(json_parse({varchar})))
varchar: json_format(TRY(json_parse({json})))
bigint: TRY(CAST(json_parse({json}) AS bigint))
numbers: TRY(CAST(json_extract({json}, '$.c') AS array(bigint)))
numbers: TRY_CAST({texts} AS array(bigint))
numbers: TRY_CAST(json_extract({json}, {#path}) AS array(bigint))
bigint: TRY_CAST(json_extract({json}, {#path}) AS bigint)
bigint: TRY({numbers}[{integer}])
bigint: TRY(element_at({numbers}, {integer}))
bigint: TRY({map}[{varchar}])
numbers: TRY(transform({texts}, x -> CAST(x AS bigint)))
numbers: transform({texts}, x -> TRY(CAST(x AS bigint) + 1))
varchar: TRY(substr({varchar}, {integer}))
varchar: TRY(split_part({varchar}, ',', {integer}))
varchar: TRY(chr({bigint}))
varchar: TRY(url_decode({varchar}))
varchar: human_readable_seconds({double|bigint|integer})
interval: parse_duration({#duration})
interval: TRY(parse_duration({varchar}))
decimal: parse_data_size({#size})
decimal: TRY(parse_data_size({varchar}))
bigint: timezone_hour({instant|timestamp})
bigint: timezone_hour(at_timezone({instant}, {#zone}))
bigint: timezone_minute(at_timezone({instant}, {#zone}))
bigint: EXTRACT(TIMEZONE_HOUR FROM {instant})
instant: from_unixtime({integer}, 5, 30)
varchar: current_timezone()
varchar: format_datetime({instant}, 'yyyy-MM-dd HH:mm:ss ZZ')
`),
];
