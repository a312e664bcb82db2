/** A cron expression of EventBridge: minutes, hours, day of month, month, day of week, year; in UTC. */
export interface Cron {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly months: readonly number[];
  readonly years: readonly number[];
  /** Days of one month that match, ascending. @param month 1-12 */
  days(year: number, month: number): readonly number[];
}

const monthNames = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const dayNames = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/**
 * Reads the six fields between `cron(` and `)`.
 * @throws Error that names the field and what is wrong with it.
 */
export function parseCron(text: string): Cron {
  const fields = text.trim().split(/\s+/);
  const [minutes, hours, dayOfMonth, month, dayOfWeek, year] = fields;
  if (
    fields.length !== 6 ||
    minutes === undefined ||
    hours === undefined ||
    dayOfMonth === undefined ||
    month === undefined ||
    dayOfWeek === undefined ||
    year === undefined
  ) {
    throw new Error(`cron(${text}) needs six fields: minutes, hours, day of month, month, day of week, year`);
  }
  if ((dayOfMonth === "?") === (dayOfWeek === "?"))
    throw new Error(`cron(${text}): exactly one of day of month and day of week must be ?`);
  return {
    minutes: values("minutes", minutes, 0, 59),
    hours: values("hours", hours, 0, 23),
    months: values("month", month, 1, 12, monthNames),
    years: values("year", year, 1970, 2199),
    days: dayOfWeek === "?" ? monthDays(dayOfMonth) : weekDays(dayOfWeek),
  };
}

/** First time after `after` (exclusive, epoch milliseconds) that matches; undefined when there is none up to 2199. */
export function nextMatch(cron: Cron, after: number): number | undefined {
  const from = Math.floor(after / 60_000) * 60_000 + 60_000;
  const first = new Date(from);
  const [fromYear, fromMonth, fromDay] = [first.getUTCFullYear(), first.getUTCMonth() + 1, first.getUTCDate()];
  for (const year of cron.years) {
    if (year < fromYear) continue;
    for (const month of cron.months) {
      if (year === fromYear && month < fromMonth) continue;
      for (const day of cron.days(year, month)) {
        if (year === fromYear && month === fromMonth && day < fromDay) continue;
        const found = timeOfDay(cron, Date.UTC(year, month - 1, day), from);
        if (found !== undefined) return found;
      }
    }
  }
  return undefined;
}

function timeOfDay({ hours, minutes }: Cron, midnight: number, from: number): number | undefined {
  for (const hour of hours) {
    for (const minute of minutes) {
      const time = midnight + (hour * 60 + minute) * 60_000;
      if (time >= from) return time;
    }
  }
  return undefined;
}

/** Numbers of one field: `*`, `a`, `a-b`, steps as in `a/5`, `a-b/5`, lists of them; names where the field has any. */
function values(
  field: string,
  text: string,
  low: number,
  high: number,
  names: readonly string[] = [],
): readonly number[] {
  const found = new Set<number>();
  for (const part of text.split(",")) {
    const [range = "", step, ...rest] = part.split("/");
    const [from = "", to, ...more] = range.split("-");
    const bad = () => new Error(`cron field ${field}: ${part} is not understood`);
    const read = (value: string): number => {
      const name = names.indexOf(value.toUpperCase());
      const number = name >= 0 ? name + low : /^\d+$/.test(value) ? Number(value) : Number.NaN;
      if (!(number >= low && number <= high)) throw bad();
      return number;
    };
    if (rest.length > 0 || more.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step))) throw bad();
    const first = from === "*" && to === undefined ? low : read(from);
    const last = to !== undefined ? read(to) : from === "*" || step !== undefined ? high : first;
    if (last < first) throw bad();
    for (let value = first; value <= last; value += Number(step ?? 1)) found.add(value);
  }
  return [...found].sort((a, b) => a - b);
}

function monthLength(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** 0 is Sunday. */
function weekDay(year: number, month: number, day: number): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay();
}

/** Day of month: numbers, `L` the last day, `15W` the working day nearest the 15th within the month. */
function monthDays(text: string): Cron["days"] {
  if (text.toUpperCase() === "L") return (year, month) => [monthLength(year, month)];
  const nearest = /^(\d{1,2})W$/i.exec(text)?.[1];
  if (nearest !== undefined) {
    const [wanted] = values("day of month", nearest, 1, 31);
    return (year, month) =>
      wanted === undefined || wanted > monthLength(year, month) ? [] : [workingDay(year, month, wanted)];
  }
  const days = values("day of month", text, 1, 31);
  return (year, month) => days.filter((day) => day <= monthLength(year, month));
}

function workingDay(year: number, month: number, day: number): number {
  const at = weekDay(year, month, day);
  if (at === 6) return day === 1 ? 3 : day - 1;
  if (at === 0) return day === monthLength(year, month) ? day - 2 : day + 1;
  return day;
}

/** Day of week, 1 is Sunday: numbers and names, `L` Saturday, `6L` the last Friday, `6#3` the third Friday. */
function weekDays(text: string): Cron["days"] {
  const special = /^([1-7]|[A-Z]{3})(?:(L)|#([1-5]))$/i.exec(text);
  if (special !== null) {
    const [wanted = 0] = values("day of week", special[1] ?? "", 1, 7, dayNames);
    return (year, month) => {
      const days = matching(year, month, new Set([wanted]));
      const day = special[2] === undefined ? days[Number(special[3]) - 1] : days.at(-1);
      return day === undefined ? [] : [day];
    };
  }
  const days = new Set(text.toUpperCase() === "L" ? [7] : values("day of week", text, 1, 7, dayNames));
  return (year, month) => matching(year, month, days);
}

function matching(year: number, month: number, days: ReadonlySet<number>): readonly number[] {
  return Array.from({ length: monthLength(year, month) }, (_, n) => n + 1).filter((day) =>
    days.has(weekDay(year, month, day) + 1),
  );
}
