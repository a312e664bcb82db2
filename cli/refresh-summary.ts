import type { RefreshResult } from "./operations/refresh.ts";

/** The figures of one refresh that people ask for. */
export interface RefreshSummary {
  readonly asOf: string;
  readonly nothingNew: boolean;
  readonly eventDates: number;
  readonly statements: number;
  readonly bytesScanned: number;
}

/** Reads the output of the workflow (`pipelines/refresh/definition.ts` makes it). */
export function refreshSummary(result: RefreshResult): RefreshSummary {
  const { asOf, nothingNew, eventDates, statements } = result.output;
  const list = Array.isArray(statements) ? statements : [];
  return {
    asOf: typeof asOf === "string" ? asOf : "unknown",
    nothingNew: nothingNew === true,
    eventDates: Array.isArray(eventDates) ? eventDates.length : typeof eventDates === "number" ? eventDates : 0,
    statements: list.length,
    bytesScanned: list.reduce<number>((sum, each) => sum + scanned(each), 0),
  };
}

function scanned(statement: unknown): number {
  const value = typeof statement === "object" && statement !== null && "bytesScanned" in statement ? statement.bytesScanned : 0;
  return typeof value === "number" ? value : 0;
}
