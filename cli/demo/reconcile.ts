import type { SourceFigures } from "./source-figures.ts";

/** One figure that the lake and the source do not agree on. */
export interface Difference {
  readonly figure: string;
  readonly source: string;
  readonly lake: string;
}

export interface Reconciliation {
  readonly reconciled: boolean;
  readonly compared: number;
  readonly differences: readonly Difference[];
}

/** Compares every figure exactly. No tolerance: money is decimal on both sides. */
export function reconcile(source: SourceFigures, lake: SourceFigures): Reconciliation {
  const pairs: [figure: string, source: string, lake: string][] = [
    ["lines", String(source.totals.lines), String(lake.totals.lines)],
    ["invoices", String(source.totals.invoices), String(lake.totals.invoices)],
    ["customers", String(source.totals.customers), String(lake.totals.customers)],
    ["value", source.totals.value, lake.totals.value],
    ...keyed("value in", source.valueByMonth, lake.valueByMonth),
    ...keyed("value of", source.valueByCountry, lake.valueByCountry),
    ...keyed("rfm of customer", byCustomer(source.rfm), byCustomer(lake.rfm)),
  ];
  const differences = pairs.flatMap(([figure, wanted, found]) =>
    wanted === found ? [] : [{ figure, source: wanted, lake: found }],
  );
  return { reconciled: differences.length === 0, compared: pairs.length, differences };
}

function keyed(
  what: string,
  source: Readonly<Record<string, string>>,
  lake: Readonly<Record<string, string>>,
): [string, string, string][] {
  const names = [...new Set([...Object.keys(source), ...Object.keys(lake)])].sort();
  return names.map((name) => [`${what} ${name}`, source[name] ?? "nothing", lake[name] ?? "nothing"]);
}

function byCustomer(rows: readonly string[]): Record<string, string> {
  return Object.fromEntries(rows.map((row) => [row.slice(0, row.indexOf("|")), row]));
}
