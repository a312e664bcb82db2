import { describe, expect, it } from "vitest";
import { reconcile } from "./reconcile.ts";
import type { SourceFigures } from "./source-figures.ts";

const figures: SourceFigures = {
  totals: { lines: 2, invoices: 1, customers: 1, value: "10.500" },
  valueByMonth: { "2010-12": "10.500" },
  valueByCountry: { "United Kingdom": "10.500" },
  rfm: ["12346|1|1|10.500|1|1|1"],
};

describe("reconcile", () => {
  it("holds for equal figures, and says how many were compared", () => {
    expect(reconcile(figures, figures)).toEqual({ reconciled: true, compared: 7, differences: [] });
  });

  it("names a figure that differs in its last digit", () => {
    const lake = { ...figures, totals: { ...figures.totals, value: "10.501" } };
    expect(reconcile(figures, lake).differences).toEqual([{ figure: "value", source: "10.500", lake: "10.501" }]);
  });

  it("names what one side lacks", () => {
    const lake = { ...figures, rfm: ["12347|1|1|10.500|1|1|1"] };
    expect(reconcile(figures, lake).differences).toEqual([
      { figure: "rfm of customer 12346", source: "12346|1|1|10.500|1|1|1", lake: "nothing" },
      { figure: "rfm of customer 12347", source: "nothing", lake: "12347|1|1|10.500|1|1|1" },
    ]);
  });
});
