import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { RuleOutcome } from "./dqdl/evaluate.ts";

export type RunStatus = "RUNNING" | "SUCCEEDED" | "FAILED";

/** A table that a run reads, as Glue's `GlueTable`. */
export interface RunTable {
  readonly database: string;
  readonly table: string;
  /** Partition predicate in SQL. */
  readonly pushDownPredicate?: string;
}

/** One evaluation run. Instants are milliseconds since the epoch by the runtime's clock. */
export interface QualityRun {
  readonly id: string;
  readonly status: RunStatus;
  readonly source: RunTable;
  readonly references: Readonly<Record<string, RunTable>>;
  readonly roleArn: string;
  readonly rulesetNames: readonly string[];
  readonly startedOn: number;
  readonly completedOn?: number;
  readonly error?: string;
  readonly resultIds: readonly string[];
}

/** What one ruleset said in one run. */
export interface QualityResult {
  readonly id: string;
  readonly runId: string;
  readonly rulesetName: string;
  readonly source: RunTable;
  readonly startedOn: number;
  readonly completedOn: number;
  readonly outcomes: readonly RuleOutcome[];
}

/** Runs and their results, kept as one line of JSON for every change. */
export class QualityStore {
  readonly #file: string;
  readonly #runs = new Map<string, QualityRun>();
  readonly #results = new Map<string, QualityResult>();

  /** @param home folder that exists */
  constructor(home: string) {
    this.#file = join(home, "quality-runs.ndjson");
    const text = existsSync(this.#file) ? readFileSync(this.#file, "utf8") : "";
    for (const line of text.split("\n")) this.#load(line);
    if (text !== "" && !text.endsWith("\n")) appendFileSync(this.#file, "\n");
    for (const run of this.#runs.values()) {
      if (run.status === "RUNNING") {
        this.saveRun({
          ...run,
          status: "FAILED",
          completedOn: run.startedOn,
          error: "The runtime was stopped during the run.",
        });
      }
    }
  }

  /** A last line torn by a kill is left out: its run then counts as cut short. */
  #load(line: string): void {
    if (line === "") return;
    let entry: { readonly run?: QualityRun; readonly result?: QualityResult };
    try {
      entry = JSON.parse(line);
    } catch {
      return;
    }
    if (entry.run !== undefined) this.#runs.set(entry.run.id, entry.run);
    if (entry.result !== undefined) this.#results.set(entry.result.id, entry.result);
  }

  saveRun(run: QualityRun): void {
    this.#runs.set(run.id, run);
    appendFileSync(this.#file, `${JSON.stringify({ run })}\n`);
  }

  saveResult(result: QualityResult): void {
    this.#results.set(result.id, result);
    appendFileSync(this.#file, `${JSON.stringify({ result })}\n`);
  }

  run(id: string): QualityRun | undefined {
    return this.#runs.get(id);
  }

  result(id: string): QualityResult | undefined {
    return this.#results.get(id);
  }

  /** Newest first. */
  results(): QualityResult[] {
    return [...this.#results.values()].reverse();
  }

  /** Newest first. */
  runs(): QualityRun[] {
    return [...this.#runs.values()].reverse();
  }
}
