/**
 * What to write instead of what is refused, by the name it has in Athena SQL; said with the refusal. Only forms that give
 * the same answer, or an exact one where Athena's is approximate.
 */
export const hints: Readonly<Record<string, string>> = {
  approx_distinct: "count(DISTINCT x) is exact and works in both places",
  approx_percentile: "rank the rows with row_number() and pick one",
  extract: "use year(x), month(x) or day(x)",
  try: "use TRY_CAST, or a CASE that keeps the failing value out",
  current_date: "name the day: DATE '2011-12-10'",
  current_timestamp: "name the instant: TIMESTAMP '2011-12-10 00:00:00'",
  now: "name the instant: TIMESTAMP '2011-12-10 00:00:00'",
  map_agg: "aggregate into rows",
  transform: "UNNEST the array and aggregate again",
  filter: "UNNEST the array with a WHERE",
  concat_ws: "use ||, or array_join(ARRAY[...], separator)",
};
