/**
 * What to write instead of what is refused, by the name it has in Athena SQL; said with the refusal. Only forms that give
 * the same answer, or an exact one where Athena's is approximate.
 */
export const hints: Readonly<Record<string, string>> = {
  approx_distinct: "count(DISTINCT x) is exact and works in both places",
  approx_percentile: "rank the rows with row_number() and pick one",
};
