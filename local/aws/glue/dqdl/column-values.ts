import {
  type Comparison,
  type DateCondition,
  type DateOperand,
  hoursOf,
  type NumberCondition,
  type StringCondition,
} from "./ast.ts";
import { ALL, EMPTY_STATE, fails, judgeMetric, meets, type Plan, verdict } from "./plan.ts";
import { literal } from "./predicate.ts";

/** A column in the sense of one rule. */
export interface Target {
  readonly name: string;
  /** Quoted. */
  readonly sql: string;
  readonly type: string;
  /** ` FILTER (WHERE ...)` of the rule, or nothing. */
  readonly filter: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Types on which the extremes of a column are numbers. */
export const isNumeric = (type: string): boolean =>
  /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL)/.test(type);

/** Share of the rows that meet an SQL predicate; a row for which it is unknown does not. */
export const share = (predicate: string, filter: string): string =>
  `count_if(coalesce(${predicate}, FALSE))${filter} / nullif(count(*)${filter}, 0)`;

/** Judges the share of complying rows, by the rule's threshold when there is one. */
export function compliance(metric: string, predicate: string, filter: string, threshold: NumberCondition = ALL): Plan {
  return {
    asks: { share: share(predicate, filter) },
    judge: (answers) => judgeMetric(metric, answers("share"), threshold),
  };
}

/** ColumnValues with a condition on numbers. A threshold is ignored where Deequ 3.0 ignores it: comparisons and between. */
export function numberValues(target: Target, condition: NumberCondition, threshold: NumberCondition | undefined): Plan {
  const { operator, operands } = condition;
  const numbers = operands.filter((operand) => operand !== null);
  const hasNull = numbers.length < operands.length;
  const metric = `Column.${target.name}.ColumnValues.Compliance`;
  const value = isNumeric(target.type) ? target.sql : `TRY_CAST(${target.sql} AS DOUBLE)`;
  const list = numbers.join(", ");
  const [low, high] = numbers;
  switch (operator) {
    case ">":
    case ">=":
    case "<":
    case "<=":
      return extremes(target, condition);
    case "=":
      return hasNull
        ? compliance(metric, `${target.sql} IS NULL`, target.filter, threshold)
        : extremes(target, condition);
    case "between":
      return compliance(metric, `${value} > ${low} AND ${value} < ${high}`, target.filter);
    case "not between":
      return compliance(metric, `${value} <= ${low} OR ${value} >= ${high}`, target.filter, threshold);
    case "!=":
      return compliance(
        metric,
        hasNull ? `${target.sql} IS NOT NULL` : `${target.sql} IS NULL OR ${value} <> ${low}`,
        target.filter,
        threshold,
      );
    case "in":
      return compliance(
        metric,
        either(numbers.length > 0 ? `${value} IN (${list})` : undefined, hasNull ? `${target.sql} IS NULL` : undefined),
        target.filter,
        threshold,
      );
    case "not in": {
      const others = hasNull
        ? `${value} NOT IN (${list}) AND ${target.sql} IS NOT NULL`
        : `${target.sql} IS NULL OR ${value} NOT IN (${list})`;
      return compliance(metric, numbers.length > 0 ? others : `${target.sql} IS NOT NULL`, target.filter, threshold);
    }
  }
}

const either = (...parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined).join(" OR ");

/** Smallest and greatest value against the bound; besides, one NULL fails the rule. */
function extremes({ name, sql, type, filter }: Target, condition: NumberCondition): Plan {
  if (!isNumeric(type)) return fails(`Expected type of column ${name} to be numeric, but found ${type} instead!`);
  const downwards = condition.operator === ">" || condition.operator === ">=";
  const both = condition.operator === "=";
  return {
    asks: {
      ...(downwards || both ? { least: `min(${sql})${filter}` } : {}),
      ...(!downwards || both ? { most: `max(${sql})${filter}` } : {}),
      missing: `count(*)${filter} - count(${sql})${filter}`,
    },
    judge: (answers) => {
      const found = { Minimum: answers("least"), Maximum: answers("most") };
      const metrics = Object.fromEntries(
        Object.entries(found).flatMap(([key, value]) =>
          value === undefined ? [] : [[`Column.${name}.${key}`, value]],
        ),
      );
      const values = Object.values(metrics);
      if (values.length === 0) return { passed: false, reason: EMPTY_STATE, metrics };
      const wrong = values.find((value) => !meets(value, condition));
      if (wrong !== undefined) return verdict(false, wrong, metrics);
      return verdict(answers("missing") === 0, "NULL", metrics);
    },
  };
}

/** ColumnValues with a condition on texts. */
export function stringValues(target: Target, condition: StringCondition, threshold: NumberCondition | undefined): Plan {
  const { name, sql, filter } = target;
  const text = target.type === "VARCHAR" ? sql : `CAST(${sql} AS VARCHAR)`;
  const [first] = condition.operands;
  if (condition.operator === "matches" || condition.operator === "not matches") {
    const pattern = typeof first === "string" ? first : "";
    return compliance(
      `Column.${name}.PatternMatch`,
      matching(text, pattern, condition.operator === "matches"),
      filter,
      threshold,
    );
  }
  const negated = condition.operator === "!=" || condition.operator === "not in";
  const predicate = negated ? noneOf(text, condition) : oneOf(text, condition);
  return compliance(`Column.${name}.ColumnValues.Compliance`, predicate, filter, threshold);
}

/**
 * `matches` is `^pattern$` unbracketed and found anywhere, so that "A|B" means (^A)|(B$); `not matches` is a negative
 * look-ahead between word borders at the start. What is found must not be empty. As observed on Deequ.
 */
function matching(text: string, pattern: string, wanted: boolean): string {
  if (wanted) return `regexp_extract(${text}, ${literal(`^${pattern}$`)}) <> ''`;
  return `${text} <> '' AND NOT regexp_matches(${text}, ${literal(`^(?:\\b${pattern}\\b)`)}) AND ${text} NOT LIKE ${literal("%\n%")}`;
}

/** True for a pattern of Java's that RE2, which runs here, reads otherwise or not at all. */
export const isForeignPattern = (pattern: string): boolean => /\(\?[=!<>]|\\[1-9kGZRXhH]|[*+?}]\+|&&/.test(pattern);

function noneOf(text: string, { operands }: StringCondition): string {
  const keywords = keywordsOf(operands);
  const texts = operands.filter((operand) => typeof operand === "string");
  const parts = [
    ...(keywords.has("NULL") ? [`${text} IS NOT NULL`] : []),
    // As Deequ 3.0 does: NULL is neither empty nor blank.
    ...(keywords.has("EMPTY") ? [`(${text} IS NULL OR ${text} <> '')`] : []),
    ...(keywords.has("WHITESPACES_ONLY")
      ? [`(${text} IS NULL OR length(trim(${text})) > 0 OR length(${text}) = 0)`]
      : []),
    ...(texts.length > 0 ? [`(${text} IS NULL OR ${text} NOT IN (${texts.map(literal).join(", ")}))`] : []),
  ];
  return parts.join(" AND ");
}

function oneOf(text: string, { operands }: StringCondition): string {
  const keywords = keywordsOf(operands);
  const texts = operands.filter((operand) => typeof operand === "string");
  const parts = [
    ...(keywords.has("NULL") ? [`${text} IS NULL`] : []),
    ...(keywords.has("EMPTY") ? [`${text} = ''`] : []),
    ...(keywords.has("WHITESPACES_ONLY") ? [`(length(trim(${text})) = 0 AND length(${text}) > 0)`] : []),
    ...(texts.length > 0 ? [`${text} IN (${texts.map(literal).join(", ")})`] : []),
  ];
  return parts.join(" OR ");
}

const keywordsOf = (operands: StringCondition["operands"]): Set<string> =>
  new Set(operands.flatMap((operand) => (typeof operand === "string" ? [] : [operand.keyword])));

/** ColumnValues with a condition on days. `not between` lets NULL pass on dates, unlike on numbers: so observed. */
export function dateValues(
  target: Target,
  { operator, operands }: DateCondition,
  threshold: NumberCondition | undefined,
): Plan {
  const day = `TRY_CAST(${target.sql} AS DATE)`;
  const days = operands.flatMap((operand) => dayOf(operand, target.now));
  const hasNull = days.length < operands.length;
  const predicate = datePredicate(
    operator,
    target.sql,
    day,
    days.map((text) => `DATE ${literal(text)}`),
    hasNull,
  );
  return compliance(`Column.${target.name}.ColumnValues.Compliance`, predicate, target.filter, threshold);
}

function dayOf(operand: DateOperand, now: number): string[] {
  if (operand.kind === "null") return [];
  if (operand.kind === "day") return [operand.day];
  return [new Date(now + hoursOf(operand.offset) * 3_600_000).toISOString().slice(0, 10)];
}

function datePredicate(
  operator: Comparison,
  column: string,
  day: string,
  days: readonly string[],
  hasNull: boolean,
): string {
  const [low, high] = days;
  const list = days.join(", ");
  switch (operator) {
    case "between":
      return `${day} > ${low} AND ${day} < ${high}`;
    case "not between":
      return `${column} IS NULL OR ${day} <= ${low} OR ${day} >= ${high}`;
    case "=":
      return hasNull ? `${column} IS NULL` : `${day} = ${low}`;
    case "!=":
      return hasNull ? `${column} IS NOT NULL` : `${column} IS NULL OR ${day} <> ${low}`;
    case "in":
      return either(days.length > 0 ? `${day} IN (${list})` : undefined, hasNull ? `${column} IS NULL` : undefined);
    case "not in":
      return hasNull
        ? `${column} IS NOT NULL AND ${day} NOT IN (${list})`
        : `${column} IS NULL OR ${day} NOT IN (${list})`;
    default:
      return `${day} ${operator} ${low}`;
  }
}
