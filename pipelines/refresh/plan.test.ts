import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  MARGIN_MS,
  type Plan,
  type PlanOptions,
  partitionOf,
  planRefresh,
  type RawObject,
  type Watermark,
} from "./plan.ts";

const START = Date.parse("2011-02-01T00:00:00Z");
const object = (date: string, name: string, lastModified: number, type = "OrderPlaced"): RawObject => ({
  key: `raw_events/event_date=${date}/event_type=${type}/${name}.parquet`,
  etag: `"${name}"`,
  lastModified,
});
const plan = (objects: readonly RawObject[], previous?: Watermark, more: Partial<PlanOptions> = {}): Plan =>
  planRefresh(objects, previous, { asOf: "2011-02-01", startedAt: START, full: false, ...more });

const old = START - 10 * MARGIN_MS;

describe("planRefresh", () => {
  test("the first refresh takes every day", () => {
    const first = plan([
      object("2011-01-02", "b", old),
      object("2011-01-01", "a", START - 1),
      object("2011-01-01", "c", old, "ProductViewed"),
    ]);
    expect(first).toMatchObject({
      nothingNew: false,
      dates: ["2011-01-01", "2011-01-02"],
      eventDates: "'2011-01-01', '2011-01-02'",
      pushDownPredicate: "event_date in ('2011-01-01', '2011-01-02')",
      objects: 3,
      partitions: [
        { eventDate: "2011-01-02", eventType: "OrderPlaced" },
        { eventDate: "2011-01-01", eventType: "OrderPlaced" },
        { eventDate: "2011-01-01", eventType: "ProductViewed" },
      ],
    });
    expect(first.watermark.until).toBe(START - MARGIN_MS);
    expect(Object.keys(first.watermark.seen)).toEqual(["2011-01-01"]);
  });

  test("the same again is nothing new, though young objects are looked at twice", () => {
    const objects = [object("2011-01-01", "a", old), object("2011-01-02", "b", START - 1)];
    const { watermark } = plan(objects);
    expect(plan(objects, watermark, { startedAt: START + 1000 })).toMatchObject({
      nothingNew: true,
      dates: [],
      objects: 0,
      partitions: [],
    });
  });

  test("a new refresh date alone is work, without days", () => {
    const objects = [object("2011-01-01", "a", old)];
    const { watermark } = plan(objects);
    expect(plan(objects, watermark, { asOf: "2011-03-01" })).toMatchObject({
      nothingNew: false,
      dates: [],
      eventDates: "''",
    });
  });

  test("a late event takes its own old day and no other", () => {
    const objects = [object("2011-01-01", "a", old), object("2011-01-02", "b", START - 1)];
    const { watermark } = plan(objects);
    const late = [...objects, object("2010-12-05", "late", START + 5000)];
    expect(plan(late, watermark, { startedAt: START + 60_000 })).toMatchObject({
      nothingNew: false,
      dates: ["2010-12-05"],
      objects: 1,
    });
  });

  test("an object that the listing missed, begun before it, is found by the next", () => {
    const { watermark } = plan([object("2011-01-01", "a", old)]);
    const slow = object("2011-01-01", "slow", START - 60_000);
    expect(plan([object("2011-01-01", "a", old), slow], watermark, { startedAt: START + 60_000 }).dates).toEqual([
      "2011-01-01",
    ]);
  });

  test("full takes every day whatever was seen", () => {
    const objects = [object("2011-01-01", "a", old)];
    const { watermark } = plan(objects);
    expect(plan(objects, watermark, { full: true })).toMatchObject({ nothingNew: false, dates: ["2011-01-01"] });
  });

  test("the tables are maintained with the first refresh of another date, or as it is asked", () => {
    const objects = [object("2011-01-01", "a", old)];
    const first = plan(objects);
    expect(first.maintain).toBe(false);
    expect(plan(objects, first.watermark).maintain).toBe(false);
    expect(plan(objects, first.watermark, { asOf: "2011-02-02" }).maintain).toBe(true);
    expect(plan(objects, first.watermark, { asOf: "2011-02-02", maintain: false }).maintain).toBe(false);
    expect(plan(objects, undefined, { maintain: true }).maintain).toBe(true);
  });

  test("an empty lake has nothing to refresh", () => {
    expect(plan([])).toMatchObject({ nothingNew: true, dates: [] });
  });

  test("many days become a range, for the predicate has a limit of 2,048 characters", () => {
    const objects = Array.from({ length: 300 }, (_, n) =>
      object(new Date(START - n * 86_400_000).toISOString().slice(0, 10), `o${n}`, old),
    );
    expect(plan(objects).pushDownPredicate).toBe("event_date >= '2010-04-08' and event_date <= '2011-02-01'");
  });

  test("an object outside the partitions is an error, not a loss", () => {
    expect(() => partitionOf("raw_events/stray.parquet")).toThrow(
      "raw_events/stray.parquet lies outside the partitions",
    );
  });

  test("objects that come at any time before or between refreshes are each in some refresh (002-10)", () => {
    const arrivals = fc.array(
      // When it becomes visible, and how much earlier its upload began.
      fc.record({
        at: fc.integer({ min: 0, max: 4 * MARGIN_MS }),
        delay: fc.integer({ min: 0, max: MARGIN_MS - 1000 }),
        day: fc.integer({ min: 1, max: 5 }),
      }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(arrivals, fc.array(fc.integer({ min: 0, max: 4 * MARGIN_MS }), { maxLength: 6 }), (all, times) => {
        let watermark: Watermark | undefined;
        const missing = new Set(all.map((_, index) => index));
        for (const time of [...times.toSorted((a, b) => a - b), 5 * MARGIN_MS]) {
          const visible = all.map((one, index) => ({ ...one, index })).filter(({ at }) => at <= time);
          const objects = visible.map(({ day, index, at, delay }) =>
            object(`2011-01-0${day}`, `o${index}`, START + at - delay),
          );
          const made = plan(objects, watermark, { startedAt: START + time });
          for (const { index, day } of visible) if (made.dates.includes(`2011-01-0${day}`)) missing.delete(index);
          watermark = made.watermark;
        }
        expect([...missing]).toEqual([]);
      }),
    );
  });
});
