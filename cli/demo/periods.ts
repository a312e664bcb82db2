/** One stretch of the replay: events of [from, to), then a refresh at `to`. */
export interface Period {
  /** `2010-12` */
  readonly month: string;
  readonly from: Date;
  readonly to: Date;
  /** A full month is refreshed by the schedule; what is left at the end is refreshed by hand. */
  readonly refreshedBy: "schedule" | "command";
}

const FIRST_DAY = "2010-12-01T00:00:00Z";
/** The day after the last line of the data set. */
const END_OF_DATA = "2011-12-10T00:00:00Z";

/** The twelve full months of the data set and the nine days after them, or the first `count` of these thirteen. */
export function periods(count?: number): Period[] {
  const end = new Date(END_OF_DATA);
  const found: Period[] = [];
  let from = new Date(FIRST_DAY);
  while (from < end) {
    const nextMonth = new Date(Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + 1, 1));
    const full = nextMonth <= end;
    const to = full ? nextMonth : end;
    found.push({ month: from.toISOString().slice(0, 7), from, to, refreshedBy: full ? "schedule" : "command" });
    from = to;
  }
  return count === undefined ? found : found.slice(0, count);
}
