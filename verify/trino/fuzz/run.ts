import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { grouped, type Progress } from "../../../cli/output.ts";
import { type Area, batchOf } from "./areas.ts";
import { type Finding, findingOf, keepFinding } from "./findings.ts";
import { isWrong, judge, type Verdict } from "./judge.ts";
import type { Engine, Outcome } from "./ours.ts";
import { batchSql, comparedNearly, type Question, questionSql } from "./question.ts";
import { selfContained, shrink } from "./shrink.ts";
import type { TheirEngine } from "./theirs.ts";

/** How far a run has come; kept beside it, so that it goes on where it stopped. */
export interface RunState {
  readonly seed: number;
  batches: number;
  /** Queries judged, those refused by name not among them. */
  compared: number;
  /** Statements that Trino ran. */
  statements: number;
  readonly counts: Record<string, Partial<Record<Verdict, number>>>;
  readonly findings: Finding[];
  /** Forms around which something was found, and how often. */
  readonly seen: Record<string, number>;
}

export function loadState(file: string, seed: number): RunState {
  if (!existsSync(file)) return { seed, batches: 0, compared: 0, statements: 0, counts: {}, findings: [], seen: {} };
  const state: RunState = JSON.parse(readFileSync(file, "utf8"));
  if (state.seed !== seed) throw new Error(`${file} is of the seed ${state.seed}`);
  return state;
}

function saveState(file: string, state: RunState): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(state));
}

/** So many differences around the same form are made small; more are only counted. */
const ALIKE = 2;

/** What a run asks, and where it is kept. */
export interface RunPlan {
  readonly file: string;
  readonly seed: number;
  readonly areas: readonly Area[];
}

/** Generates queries and runs them on both engines until so many are judged. */
export class FuzzRun {
  readonly #ours: Engine;
  readonly #theirs: TheirEngine;
  readonly #plan: RunPlan;
  readonly state: RunState;

  constructor(ours: Engine, theirs: TheirEngine, plan: RunPlan) {
    this.#ours = ours;
    this.#theirs = theirs;
    this.#plan = plan;
    this.state = loadState(plan.file, plan.seed);
  }

  /** @param signal ends the run after the batch that it is at. */
  async until(count: number, progress: Progress, signal: AbortSignal): Promise<void> {
    const { file, seed, areas } = this.#plan;
    const before = this.state.compared;
    progress.start(`queries to ${grouped(count)}`, count - before);
    while (this.state.compared < count && !signal.aborted) {
      const { together, questions } = batchOf(areas, seed, this.state.batches);
      await this.#batch(questions, together);
      this.state.batches += 1;
      saveState(file, this.state);
      progress.reached(this.state.compared - before);
    }
    const { compared, statements, findings } = this.state;
    progress.done(
      `${grouped(compared)} judged, ${grouped(statements)} statements on Trino, ${findings.length} findings`,
    );
  }

  async #batch(questions: readonly Question[], together: boolean): Promise<void> {
    const asked: { question: Question; ours: Outcome }[] = [];
    for (const question of questions) {
      const ours = await this.#ours.answer(questionSql(question));
      if (ours.kind === "refused") this.#count(question, "refused");
      else asked.push({ question, ours });
    }
    const answered = together ? asked.filter(({ ours }) => ours.kind === "rows") : [];
    const alone = together ? asked.filter(({ ours }) => ours.kind !== "rows") : asked;
    const theirs = new Map<Question, Outcome>();
    await this.#askTogether(
      answered.map(({ question }) => question),
      theirs,
    );
    for (const { question } of alone) theirs.set(question, await this.#ask(questionSql(question)));
    for (const { question, ours } of asked) {
      const outcome = theirs.get(question);
      if (outcome !== undefined) await this.#judged(question, ours, outcome);
    }
  }

  /** One statement for all; when one of them fails there, halves, until it is alone. */
  async #askTogether(questions: readonly Question[], found: Map<Question, Outcome>): Promise<void> {
    const [first] = questions;
    if (first === undefined) return;
    const outcome = await this.#ask(batchSql(questions));
    if (outcome.kind === "rows") {
      for (const [at, question] of questions.entries())
        found.set(question, {
          kind: "rows",
          rows: outcome.rows.map((row) => [row[at] ?? ""]),
          types: [outcome.types[at] ?? ""],
        });
      return;
    }
    if (questions.length === 1) {
      found.set(first, outcome);
      return;
    }
    const half = Math.ceil(questions.length / 2);
    await this.#askTogether(questions.slice(0, half), found);
    await this.#askTogether(questions.slice(half), found);
  }

  #ask(sql: string): Promise<Outcome> {
    this.state.statements += 1;
    return this.#theirs.answer(sql);
  }

  #count({ area }: Question, verdict: Verdict): void {
    const counts = this.state.counts[area] ?? {};
    counts[verdict] = (counts[verdict] ?? 0) + 1;
    this.state.counts[area] = counts;
    if (verdict !== "refused" && verdict !== "no answer") this.state.compared += 1;
  }

  async #judged(question: Question, ours: Outcome, theirs: Outcome): Promise<void> {
    const verdict = judge(ours, theirs, comparedNearly(question));
    this.#count(question, verdict);
    if (!isWrong(verdict)) return;
    const form = `${verdict} ${formOfDifference(question, ours)}`;
    this.state.seen[form] = (this.state.seen[form] ?? 0) + 1;
    if ((this.state.seen[form] ?? 0) > ALIKE) return;
    if (ours.kind === "exhausted") {
      keepFinding(this.state.findings, findingOf(question.area, questionSql(question), verdict, ours, theirs));
      return;
    }
    const small = await shrink(question, async (smaller) => {
      const sql = questionSql(smaller);
      const here = await this.#ours.answer(sql);
      // Trino is asked only where the local engine still does what it did.
      if (here.kind !== ours.kind || (here.kind === "failed" && complaint(here) !== complaint(ours))) return false;
      return judge(here, await this.#ask(sql), comparedNearly(smaller)) === verdict;
    });
    const near = comparedNearly(small);
    const answers = async (sql: string): Promise<readonly [Outcome, Outcome]> => [
      await this.#ours.answer(sql),
      await this.#ask(sql),
    ];
    const shows = async (sql: string): Promise<boolean> => judge(...(await answers(sql)), near) === verdict;
    const sql = (await selfContained(small, shows)) ?? questionSql(small);
    keepFinding(this.state.findings, findingOf(question.area, sql, verdict, ...(await answers(sql))));
  }
}

/** What an error is about, without its values and places. */
const complaint = (outcome: Outcome): string =>
  outcome.kind === "rows" ? "" : outcome.message.replace(/'[^']*'|"[^"]*"|near .*|-?[\d.]+/gs, "?");

const formOfDifference = ({ selects }: Question, ours: Outcome): string =>
  ours.kind === "failed" ? complaint(ours) : (selects[0]?.outputs.map(({ texts }) => texts.join("_")).join() ?? "");
