import type { NumberCondition } from "./ast.ts";

/** Columns of the data that is judged. */
export interface DataColumns {
  /** Lower-case name -> name. */
  readonly names: ReadonlyMap<string, string>;
  /** Name -> DuckDB type. */
  readonly types: ReadonlyMap<string, string>;
}

/** Numbers asked of the data, by the names under which a plan asked; undefined where the data has none (no rows, only NULLs). */
export type Answers = (name: string) => number | undefined;

/** How a rule is judged: what to ask of the data, in SQL, and what the answers mean. */
export interface Plan {
  /** Name -> SQL expression that gives one number over the data. */
  readonly asks: Readonly<Record<string, string>>;
  readonly judge: (answers: Answers) => Verdict;
  /** What becomes of the rule when the data has no row. Default: it fails. */
  readonly withoutRows?: "judged" | "passes";
}

export interface Verdict {
  readonly passed: boolean;
  /** Why not. Names columns and figures, never values of rows that are not counts or extremes. */
  readonly reason?: string;
  readonly metrics: Readonly<Record<string, number>>;
}

/** A rule that is decided before the data is asked. */
export const decided = (verdict: Verdict): Plan => ({ asks: {}, judge: () => verdict, withoutRows: "judged" });

/** A rule that fails whatever the data holds. */
export const fails = (reason: string): Plan => decided({ passed: false, reason, metrics: {} });

/** Judges one metric by a condition. */
export function judgeMetric(metric: string, value: number | undefined, condition: NumberCondition): Verdict {
  if (value === undefined) return { passed: false, reason: EMPTY_STATE, metrics: {} };
  return verdict(meets(value, condition), value, { [metric]: value });
}

/** Verdict with the usual reason. */
export function verdict(passed: boolean, value: number | string, metrics: Readonly<Record<string, number>>): Verdict {
  return passed
    ? { passed, metrics }
    : { passed, reason: `Value: ${value} does not meet the constraint requirement!`, metrics };
}

export const EMPTY_STATE = "Empty state: the data has no value to judge.";

/** `between` excludes both ends and `not between` includes them. */
export function meets(value: number, { operator, operands }: NumberCondition): boolean {
  const [first, second] = operands;
  const low = first ?? Number.NaN;
  const high = second ?? Number.NaN;
  switch (operator) {
    case ">":
      return value > low;
    case ">=":
      return value >= low;
    case "<":
      return value < low;
    case "<=":
      return value <= low;
    case "=":
      return value === low;
    case "!=":
      return value !== low;
    case "between":
      return value > low && value < high;
    case "not between":
      return value <= low || value >= high;
    case "in":
      return operands.includes(value);
    case "not in":
      return !operands.includes(value);
  }
}

/** Condition of a rule that every row must meet. */
export const ALL: NumberCondition = { kind: "number", operator: "=", operands: [1] };
