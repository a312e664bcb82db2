import type { Position } from "./tokens.ts";

/** A ruleset: what stands under `Rules = [...]`. */
export interface Ruleset {
  readonly rules: readonly Rule[];
}

export type Rule = AtomicRule | CompositeRule;

/** `(rule) and (rule) ...` or the same with `or`; parts may be composite themselves. */
export interface CompositeRule {
  readonly kind: "composite";
  readonly operator: "and" | "or";
  readonly parts: readonly Rule[];
}

export interface AtomicRule {
  readonly kind: "rule";
  readonly type: string;
  readonly parameters: readonly string[];
  readonly condition?: Condition;
  /** Spark SQL predicate as written. */
  readonly where?: string;
  readonly threshold?: NumberCondition;
  readonly position: Position;
}

export type Comparison = ">" | ">=" | "<" | "<=" | "=" | "!=" | "between" | "not between" | "in" | "not in";

export type Condition = NumberCondition | StringCondition | DateCondition | DurationCondition;

export interface NumberCondition {
  readonly kind: "number";
  readonly operator: Comparison;
  /** `null` for the keyword NULL, in lists. */
  readonly operands: readonly (number | null)[];
}

export type Keyword = "NULL" | "EMPTY" | "WHITESPACES_ONLY";

export interface StringCondition {
  readonly kind: "string";
  readonly operator: "=" | "!=" | "in" | "not in" | "matches" | "not matches";
  readonly operands: readonly (string | { readonly keyword: Keyword })[];
}

export interface DateCondition {
  readonly kind: "date";
  readonly operator: Comparison;
  readonly operands: readonly DateOperand[];
}

/** A day, or now plus or minus some hours. */
export type DateOperand =
  | { readonly kind: "day"; readonly day: string }
  | { readonly kind: "now"; readonly offset: Duration }
  | { readonly kind: "null" };

export interface DurationCondition {
  readonly kind: "duration";
  readonly operator: Comparison;
  readonly operands: readonly Duration[];
}

export interface Duration {
  readonly amount: number;
  readonly unit: "days" | "hours" | "minutes";
}

/** Length of a duration in hours. */
export function hoursOf({ amount, unit }: Duration): number {
  return unit === "days" ? amount * 24 : unit === "hours" ? amount : amount / 60;
}
