import type { RuleOutcome } from "../operations/quality.ts";
import type { ExportResult } from "../operations/segments.ts";
import type { RefreshSummary } from "../refresh-summary.ts";
import type { Cell } from "../rows.ts";
import type { ChaosCount } from "./chaos.ts";
import type { Reconciliation } from "./reconcile.ts";
import type { Totals } from "./source-figures.ts";
import type { StepRecord } from "./steps.ts";
import type { SourceCount } from "./year.ts";

/** A grant of the graph that nothing in this run used, and why it is needed all the same. */
export interface UnusedGrant {
  readonly grant: string;
  /** Absent: nobody has given a reason, so the grant is one too many. */
  readonly reason?: string;
}

/** One period of the replay. */
export interface PeriodReport {
  readonly month: string;
  /** Events that the source gave. */
  readonly events: number;
  /** Records put on the stream: with chaos also duplicates and malformed ones. */
  readonly records: number;
  readonly refresh: RefreshSummary;
}

/** What a demonstration did: `.c360/demo.json`. */
export interface DemoReport {
  readonly finishedAt: string;
  readonly source: Totals;
  readonly events: SourceCount;
  /** What chaos added, and the faults that struck; absent on a calm run. */
  readonly chaos?: ChaosCount & { readonly faults: Readonly<Record<string, number>> };
  readonly periods: readonly PeriodReport[];
  readonly lake: Totals;
  readonly reconciliation: Reconciliation;
  /** Gold table -> fingerprint of its rows; equal for calm and chaotic runs. */
  readonly gold: Readonly<Record<string, string>>;
  readonly refused: { readonly events: number; readonly byReason: Readonly<Record<string, number>> };
  readonly quality: { readonly rules: number; readonly failed: readonly RuleOutcome[] };
  readonly segments: readonly Readonly<Record<string, Cell>>[];
  readonly exports: readonly ExportResult[];
  readonly unusedGrants: readonly UnusedGrant[];
  readonly seconds: number;
  readonly peakMemoryBytes: number;
  readonly steps: readonly StepRecord[];
}
