import { nextMatch, parseCron } from "./cron.ts";

/** When a schedule fires. */
export interface Expression {
  /** Whether the moment it begins to exist is itself a firing, as for `rate`. */
  readonly immediate: boolean;
  /**
   * First firing after `after`, exclusive; undefined when there is none.
   * @param anchor when the schedule began to exist; `rate` counts from it, its first firing included. Epoch milliseconds.
   */
  next(after: number, anchor: number): number | undefined;
}

const units: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * Reads `cron(...)`, `rate(...)` or `at(...)`, all in UTC.
 * @throws Error that says what is wrong.
 */
export function parseExpression(text: string): Expression {
  const match = /^(cron|rate|at)\((.*)\)$/.exec(text);
  const body = match?.[2];
  if (body === undefined) throw new Error(`schedule expression ${text} is none of cron(...), rate(...), at(...)`);
  if (match?.[1] === "cron") {
    const cron = parseCron(body);
    return { immediate: false, next: (after) => nextMatch(cron, after) };
  }
  return match?.[1] === "rate" ? rate(body) : at(body);
}

/** First time after `after` at which a schedule expression fires; see {@link Expression.next}. */
export function nextRun(expression: string, after: number, anchor = after): number | undefined {
  return parseExpression(expression).next(after, anchor);
}

function rate(body: string): Expression {
  const match = /^([1-9]\d*) (minute|hour|day)s?$/.exec(body);
  const unit = units[match?.[2] ?? ""];
  if (match === null || unit === undefined)
    throw new Error(`rate(${body}) needs a whole number and minutes, hours or days`);
  const every = Number(match[1]) * unit;
  return {
    immediate: true,
    next: (after, anchor) => (after < anchor ? anchor : anchor + (Math.floor((after - anchor) / every) + 1) * every),
  };
}

function at(body: string): Expression {
  const time = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/.test(body) ? Date.parse(`${body}Z`) : Number.NaN;
  if (Number.isNaN(time)) throw new Error(`at(${body}) needs a time as in at(2011-12-10T00:00:00)`);
  return { immediate: false, next: (after) => (time > after ? time : undefined) };
}
