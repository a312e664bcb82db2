import { describe, expect, it } from "vitest";
import { periods } from "./periods.ts";

describe("periods", () => {
  it("are the twelve full months, by schedule, and nine days of December, by command", () => {
    const all = periods();
    expect(all.map((period) => period.to.toISOString().slice(0, 10))).toEqual([
      "2011-01-01",
      "2011-02-01",
      "2011-03-01",
      "2011-04-01",
      "2011-05-01",
      "2011-06-01",
      "2011-07-01",
      "2011-08-01",
      "2011-09-01",
      "2011-10-01",
      "2011-11-01",
      "2011-12-01",
      "2011-12-10",
    ]);
    expect(all.filter((period) => period.refreshedBy === "command").map((period) => period.month)).toEqual(["2011-12"]);
  });

  it("leave no gap and do not overlap", () => {
    const all = periods();
    for (const [at, period] of all.entries())
      expect(period.from).toEqual(at === 0 ? new Date("2010-12-01T00:00:00Z") : all[at - 1]?.to);
  });

  it("stop after the given number", () => {
    expect(periods(1).map((period) => period.month)).toEqual(["2010-12"]);
  });
});
