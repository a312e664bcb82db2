/**
 * What to write instead of what is refused, by the name it has in Athena SQL; said with the refusal. Only forms that give
 * the same answer, or an exact one where Athena's is approximate.
 */
export const hints: Readonly<Record<string, string>> = {
  uuid: "write CAST(uuid() AS varchar)",
  approx_percentile: "rank the rows with row_number() and pick one",
};
