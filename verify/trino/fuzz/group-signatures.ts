import { ordered, type Signature, scalars, signatures } from "./signature.ts";

/** Aggregates; what could depend on the order of rows says an order, and doubles come from values that are exact. */
export const aggregateSignatures: readonly Signature[] = [
  ...signatures(
    `
bigint: count({T})
bigint: count(DISTINCT {T})
bigint: approx_distinct({T})
bigint: approx_distinct({T}, 0.05)
bigint: approx_distinct({T}) FILTER (WHERE {boolean})
bigint: count(*) FILTER (WHERE {T} IS NOT NULL)
`,
    scalars,
  ),
  ...signatures(
    `
T: min({T})
T: max({T})
T: max({T}) FILTER (WHERE {boolean})
bigint: cardinality(array_agg({T}))
T: element_at(array_agg({T} ORDER BY id), {#positive})
bigint: cardinality(array_agg(DISTINCT {T}))
varbinary: checksum({T})
varbinary: checksum(DISTINCT {T})
T: max_by({T}, id)
T: min_by({T}, id)
T: element_at(max({T}, 2), {#positive})
T: element_at(max_by({T}, id, 3), {#positive})
bigint: cardinality(histogram({T}))
bigint: cardinality(map_agg({T}, id))
bigint: cardinality(multimap_agg({T}, id))
`,
    ordered,
  ),
  ...signatures(
    `
T: sum({T})
T: sum(DISTINCT {T})
T: sum({T}) FILTER (WHERE {boolean})
`,
    ["integer", "decimal"],
  ),
  // Of extremes, whether a sum overflows depends on the order of the rows.
  ...signatures(`
bigint: sum(c_long)
bigint: TRY(sum({integer}) / count_if({boolean}))
double: TRY(sum(c_plain) / count(*))
bigint: TRY(max({bigint}) + min({bigint}))
bigint: count(*)
bigint: count_if({boolean})
bigint: count_if(DISTINCT {boolean})
boolean: bool_or({boolean})
boolean: bool_and({boolean})
decimal: avg({decimal})
double: avg({integer})
double: avg(c_plain)
double: sum(c_plain)
double: min({double})
double: max({double})
boolean: max({boolean})
instant: max({instant})
varbinary: checksum(c_double)
boolean: every({boolean})
boolean: (covar_pop({integer}, {decimal}) IS NULL)
boolean: (corr({decimal}, {bigint}) IS NULL)
bigint: bitwise_and_agg({bigint})
bigint: bitwise_or_agg({bigint|integer})
varchar: listagg({varchar}, ',') WITHIN GROUP (ORDER BY id)
varchar: array_join(array_agg({varchar} ORDER BY id DESC), '|')
bigint: reduce_agg({bigint}, CAST(0 AS bigint), (s, x) -> s + x, (s, r) -> s + r)
map: map_union({map})
integer: arbitrary(7)
`),
  ...signatures(
    `
double: stddev({integer|decimal})
double: stddev_pop(c_plain)
double: variance(c_plain)
double: stddev_samp(c_plain)
double: var_samp({integer})
double: var_pop({integer})
double: geometric_mean(abs(c_plain) + 1)
double: skewness(c_plain)
double: kurtosis(c_plain)
double: skewness({double|integer|decimal})
double: kurtosis({double|integer|decimal})
double: var_pop({double})
double: stddev({double})
double: corr(c_plain, {double|integer|decimal})
double: covar_pop({double|integer}, c_plain)
double: covar_samp(c_plain, {double|decimal})
double: regr_slope(c_plain, {double|integer})
double: regr_intercept(c_plain, {double|integer})
`,
    undefined,
    true,
  ),
];

const OVER = ["(ORDER BY id)", "(PARTITION BY grp ORDER BY id)", "(PARTITION BY grp ORDER BY id DESC)"];

/** Window functions; `id` makes their order whole. */
export const windowSignatures: readonly Signature[] = [
  ...OVER.flatMap((over) => [
    ...signatures(`
bigint: row_number() OVER ${over}
bigint: ntile({#positive}) OVER ${over}
double: percent_rank() OVER ${over}
double: cume_dist() OVER ${over}
bigint: count({varchar|double|date}) OVER ${over}
bigint: count(*) OVER ${over.replace(")", " ROWS BETWEEN 2 PRECEDING AND 1 FOLLOWING)")}
decimal: sum({decimal}) OVER ${over}
decimal: avg({decimal}) OVER ${over.replace(")", " ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)")}
bigint: sum({integer}) OVER ${over.replace(")", " ROWS BETWEEN 3 PRECEDING AND CURRENT ROW)")}
boolean: bool_or({boolean}) OVER ${over}
boolean: every({boolean}) OVER ${over}
varbinary: checksum({bigint|varchar}) OVER ${over}
`),
    ...signatures(
      `
T: lag({T}) OVER ${over}
T: lag({T}, {#count}) OVER ${over}
T: lag({T}, {#positive}, {T}) OVER ${over}
T: lead({T}, {#positive}) OVER ${over}
T: lag({T}) IGNORE NULLS OVER ${over}
T: first_value({T}) OVER ${over}
T: first_value({T}) IGNORE NULLS OVER ${over}
T: last_value({T}) OVER ${over}
T: last_value({T}) OVER ${over.replace(")", " ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)")}
T: nth_value({T}, {#positive}) OVER ${over}
T: min({T}) OVER ${over}
T: max({T}) OVER ${over.replace(")", " ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING)")}
T: max_by({T}, id) OVER ${over}
`,
      ordered,
    ),
  ]),
  ...signatures(
    `
bigint: rank() OVER (ORDER BY {T})
bigint: dense_rank() OVER (PARTITION BY grp ORDER BY {T} DESC)
bigint: rank() OVER (ORDER BY {T} NULLS FIRST)
bigint: count(*) OVER (PARTITION BY {T})
bigint: count(*) OVER (ORDER BY {T})
bigint: sum(id) OVER (ORDER BY {T} RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
bigint: sum(id) OVER (ORDER BY {T} GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW)
`,
    [...ordered, "boolean", "instant"],
  ),
  ...signatures(`
bigint: count(*) OVER (ORDER BY c_day RANGE BETWEEN INTERVAL '30' DAY PRECEDING AND CURRENT ROW)
bigint: count(*) OVER (ORDER BY c_small RANGE BETWEEN 2 PRECEDING AND 3 FOLLOWING)
`),
];
