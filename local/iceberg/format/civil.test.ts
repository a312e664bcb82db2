import fc from "fast-check";
import { expect, test } from "vitest";
import { civilFromDays, daysFromCivil, floorDivide } from "./civil.ts";

test("agrees with Date on every day that Date has", () => {
  fc.assert(
    fc.property(fc.integer({ min: -100_000_000, max: 100_000_000 }), (days) => {
      const date = new Date(days * 86_400_000);
      const civil = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
      expect(civilFromDays(days)).toEqual(civil);
      expect(daysFromCivil(civil)).toBe(days);
    }),
  );
});

test("holds at the ends of Iceberg's date", () => {
  for (const days of [-(2 ** 31), 2 ** 31 - 1]) expect(daysFromCivil(civilFromDays(days))).toBe(days);
});

test("knows the days that are none", () => {
  expect(daysFromCivil({ year: 2020, month: 2, day: 29 })).toBe(18321);
  for (const [year, month, day] of [
    [2021, 2, 29],
    [1900, 2, 29],
    [2020, 13, 1],
    [2020, 0, 1],
    [2020, 4, 31],
    [2020, 1, 0],
  ] as const) {
    expect(daysFromCivil({ year, month, day })).toBeUndefined();
  }
});

test("division rounds down on both sides of zero", () => {
  expect([-11n, -10n, -1n, 0n, 9n, 10n].map((value) => floorDivide(value, 10n))).toEqual([-2n, -1n, -1n, 0n, 0n, 1n]);
});
