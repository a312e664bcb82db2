/** Literals in the models that the refresh replaces; each stands with its marker, so that a model runs as it is, too. */
export const parameters = {
  eventDates: "'2010-12-01' /*:event_dates*/",
  asOf: "DATE '2011-12-10' /*:as_of*/",
} as const;

/** Days as a SQL list of text literals. `''` is no day: a list may not be empty. */
export const dateList = (dates: readonly string[]): string =>
  dates.length === 0 ? "''" : dates.map((date) => `'${checked(date)}'`).join(", ");

/**
 * Puts values into a model.
 * @param asOf `YYYY-MM-DD`
 * @param eventDates days whose events are new
 * @throws RangeError for anything that is not a day: the values become SQL text
 */
export function bind(sql: string, asOf: string, eventDates: readonly string[]): string {
  return sql
    .replaceAll(parameters.eventDates, () => dateList(eventDates))
    .replaceAll(parameters.asOf, () => `DATE '${checked(asOf)}'`);
}

function checked(date: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) throw new RangeError(`${JSON.stringify(date)} is not a day (YYYY-MM-DD).`);
  return date;
}
