import { readFileSync, writeFileSync } from "node:fs";
import { isWrong, judge, type Verdict } from "./judge.ts";
import type { Engine, Outcome } from "./ours.ts";

/** A query on which the engines differed, as small as it would get, with Trino's answer. */
export interface Finding {
  readonly area: string;
  readonly sql: string;
  readonly verdict: Verdict;
  /** What the local engine said when it was found. */
  readonly said: string;
  readonly trino: TrinoSaid;
}

export type TrinoSaid =
  | { readonly types: readonly string[]; readonly rows: readonly (readonly string[])[] }
  | { readonly error: string };

export const saidBy = (outcome: Outcome): TrinoSaid =>
  outcome.kind === "rows" ? { types: outcome.types, rows: outcome.rows } : { error: firstLine(outcome.message) };

const firstLine = (text: string): string => text.split("\n")[0] ?? "";

export function findingOf(area: string, sql: string, verdict: Verdict, ours: Outcome, theirs: Outcome): Finding {
  const said =
    ours.kind === "rows" ? `${JSON.stringify(ours.rows)} :: ${ours.types.join(", ")}` : firstLine(ours.message);
  return { area, sql, verdict, said, trino: saidBy(theirs) };
}

/** What a query is about, without its values. */
const outline = ({ sql, verdict }: Finding): string =>
  `${verdict} ${sql.replace(/'(?:[^']|'')*'|-?\b[\d.]+(E\d+)?\b/g, "?")}`;

/** Adds a finding unless there is one that differs in its values only. */
export function keepFinding(findings: Finding[], finding: Finding): void {
  if (!findings.some((known) => outline(known) === outline(finding))) findings.push(finding);
}

/** A finding as `npm test` runs it. */
export interface FindingCase {
  readonly area: string;
  readonly sql: string;
  readonly trino: TrinoSaid;
  /** What is right here: Trino's answer, or a refusal by name. */
  readonly here: "same" | "refused";
}

const FILE = new URL("../findings.json", import.meta.url);

/** The cases that are kept. */
export function findingCases(): readonly FindingCase[] {
  const cases: FindingCase[] = JSON.parse(readFileSync(FILE, "utf8"));
  return cases;
}

const outcomeOf = (said: TrinoSaid): Outcome =>
  "error" in said ? { kind: "failed", message: said.error } : { kind: "rows", ...said };

/** How the local engine stands to a case now. */
export async function standing({ sql, trino }: Pick<FindingCase, "sql" | "trino">, ours: Engine): Promise<Verdict> {
  return judge(await ours.answer(sql), outcomeOf(trino), true);
}

/**
 * Adds to the kept cases the findings that are mended: run `npm run verify:trino` with the same seed again after mending.
 * @returns those that still differ
 */
export async function keepCases(findings: readonly Finding[], ours: Engine): Promise<readonly Finding[]> {
  const kept = [...findingCases()];
  const wrong: Finding[] = [];
  for (const finding of findings) {
    const { area, sql, trino } = finding;
    if (kept.some((known) => known.sql === sql)) continue;
    const verdict = await standing(finding, ours);
    if (isWrong(verdict)) wrong.push(finding);
    else kept.push({ area, sql, trino, here: verdict === "refused" ? "refused" : "same" });
  }
  writeFileSync(FILE, `[\n${kept.map((each) => `  ${JSON.stringify(each)}`).join(",\n")}\n]\n`);
  return wrong;
}
