import fc from "fast-check";
import { expect, test } from "vitest";
import { nextRun } from "./expression.ts";

const iso = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString().slice(0, 16));
const ms = (text: string) => Date.parse(`${text}Z`);

const runs: readonly (readonly [expression: string, after: string, next: string | undefined])[] = [
  ["cron(0 0 1 * ? *)", "2010-12-31T23:59:59", "2011-01-01T00:00"],
  ["cron(0 0 1 * ? *)", "2011-01-01T00:00:00", "2011-02-01T00:00"],
  ["cron(0 10 * * ? *)", "2011-03-05T10:00:00", "2011-03-06T10:00"],
  ["cron(15 12 * * ? *)", "2011-03-05T12:14:30", "2011-03-05T12:15"],
  ["cron(0 18 ? * MON-FRI *)", "2011-03-04T18:00:00", "2011-03-07T18:00"],
  ["cron(0/15 * * * ? *)", "2011-03-04T18:31:00", "2011-03-04T18:45"],
  ["cron(0/10 8-17 ? * 2-6 *)", "2011-03-04T17:50:00", "2011-03-07T08:00"],
  ["cron(0 0 L * ? *)", "2012-02-01T00:00:00", "2012-02-29T00:00"],
  ["cron(0 0 L * ? *)", "2011-02-01T00:00:00", "2011-02-28T00:00"],
  // 2011-05-01 is a Sunday, 2011-10-01 a Saturday, 2011-07-31 a Sunday: the working day nearest within the month.
  ["cron(0 9 1W * ? *)", "2011-04-30T00:00:00", "2011-05-02T09:00"],
  ["cron(0 9 1W * ? *)", "2011-09-30T00:00:00", "2011-10-03T09:00"],
  ["cron(0 9 31W 7 ? *)", "2011-07-01T00:00:00", "2011-07-29T09:00"],
  ["cron(0 9 15W * ? *)", "2011-10-01T00:00:00", "2011-10-14T09:00"],
  ["cron(0 0 ? * 6L *)", "2011-03-01T00:00:00", "2011-03-25T00:00"],
  ["cron(0 0 ? * L *)", "2011-03-01T00:00:00", "2011-03-05T00:00"],
  ["cron(0 0 ? * 3#2 *)", "2011-03-01T00:00:00", "2011-03-08T00:00"],
  ["cron(0 0 ? * TUE#5 *)", "2011-03-30T00:00:00", "2011-05-31T00:00"],
  ["cron(30 6 29 FEB ? *)", "2010-12-01T00:00:00", "2012-02-29T06:30"],
  ["cron(0 0 1,15 JAN,JUL ? 2011-2012)", "2011-07-15T00:00:00", "2012-01-01T00:00"],
  ["cron(0 0 1 1 ? 2011)", "2011-01-01T00:00:00", undefined],
  ["rate(5 minutes)", "2011-01-01T00:07:00", "2011-01-01T00:12"],
  ["rate(1 day)", "2011-01-01T00:07:00", "2011-01-02T00:07"],
  ["at(2011-12-10T00:00:00)", "2011-12-09T23:59:59", "2011-12-10T00:00"],
  ["at(2011-12-10T00:00:00)", "2011-12-10T00:00:00", undefined],
];

test.each(runs)("%s after %s is %s", (expression, after, next) => {
  expect(iso(nextRun(expression, ms(after)))).toBe(next);
});

const refused = [
  "cron(0 0 * * * *)",
  "cron(0 0 ? * ? *)",
  "cron(0 0 1 * ?)",
  "cron(60 0 1 * ? *)",
  "cron(0 0 0 * ? *)",
  "cron(0 0 ? * 8 *)",
  "cron(0 0 LW * ? *)",
  "cron(5-1 0 1 * ? *)",
  "cron(0/0 0 1 * ? *)",
  "rate(0 minutes)",
  "rate(1 week)",
  "at(2011-12-10)",
  "every(1 day)",
];

test.each(refused)("%s is refused", (expression) => {
  expect(() => nextRun(expression, 0)).toThrow();
});

test("rate counts from the anchor, its first firing included", () => {
  expect(nextRun("rate(1 hour)", 999, 1000)).toBe(1000);
  expect(nextRun("rate(1 hour)", 1000, 1000)).toBe(3_601_000);
});

test("the next run is the first later minute that matches, compared with asking minute by minute", () => {
  const field = (low: number, high: number) =>
    fc.oneof(
      fc.constant("*"),
      fc.integer({ min: low, max: high }).map(String),
      fc
        .tuple(fc.integer({ min: low, max: high }), fc.integer({ min: 1, max: 9 }))
        .map(([from, step]) => `${from}/${step}`),
    );
  const hit = (text: string, value: number) => {
    if (text === "*") return true;
    const [from = "", step] = text.split("/");
    return step === undefined
      ? Number(from) === value
      : value >= Number(from) && (value - Number(from)) % Number(step) === 0;
  };
  const start = ms("2011-02-27T00:00:00");
  fc.assert(
    fc.property(
      field(0, 59),
      field(0, 23),
      field(1, 28),
      fc.integer({ min: 0, max: 4000 }),
      (minute, hour, day, offset) => {
        const after = start + offset * 60_000;
        const next = nextRun(`cron(${minute} ${hour} ${day} * ? *)`, after);
        let expected = after + 60_000;
        const matches = (time: number) => {
          const date = new Date(time);
          return hit(minute, date.getUTCMinutes()) && hit(hour, date.getUTCHours()) && hit(day, date.getUTCDate());
        };
        while (!matches(expected)) expected += 60_000;
        expect(next).toBe(expected);
      },
    ),
    { numRuns: 100 },
  );
});
