import { type AtomicRule, type Condition, hoursOf, type NumberCondition } from "./ast.ts";
import { compliance, dateValues, isForeignPattern, numberValues, stringValues, type Target } from "./column-values.ts";
import { judgeMetric, type Plan } from "./plan.ts";
import { DqdlError } from "./tokens.ts";

/** NULL counts as length 0; the lists treat it as Deequ 3.0 does, which `not in` with 0 makes hold for every value. */
export function columnLength({ name, sql, filter }: Target, condition: NumberCondition): Plan {
  const { operator, operands } = condition;
  const length = `length(CAST(${sql} AS VARCHAR))`;
  const list = operands.join(", ");
  const zero = operands.includes(0);
  const metricName = `Column.${name}.LengthCompliance`;
  if (operator === "in")
    return compliance(metricName, `${zero ? `${sql} IS NULL OR ` : ""}${length} IN (${list})`, filter);
  if (operator === "not in")
    return compliance(metricName, `${sql} IS ${zero ? "NOT " : ""}NULL OR ${length} NOT IN (${list})`, filter);
  if (operator === "not between") {
    const [low, high] = operands;
    return compliance(
      metricName,
      `${sql} IS ${zero ? "NOT " : ""}NULL OR ${length} <= ${low} OR ${length} >= ${high}`,
      filter,
    );
  }
  return {
    asks: { least: `min(coalesce(${length}, 0))${filter}`, most: `max(coalesce(${length}, 0))${filter}` },
    judge: (answers) => {
      const least = judgeMetric(`Column.${name}.MinimumLength`, answers("least"), condition);
      const most = judgeMetric(`Column.${name}.MaximumLength`, answers("most"), condition);
      return { ...(least.passed ? most : least), metrics: { ...least.metrics, ...most.metrics } };
    },
  };
}

/** ColumnValues, by the kind of its condition. */
export function columnValues(target: Target, { condition, threshold, position }: AtomicRule): Plan {
  refuseForeignPattern(condition, position);
  switch (condition?.kind) {
    case "number":
      return numberValues(target, condition, threshold);
    case "string":
      return stringValues(target, condition, threshold);
    case "date":
      return dateValues(target, condition, threshold);
    default:
      throw new DqdlError("invalid", "ColumnValues needs a condition", position);
  }
}

function refuseForeignPattern(condition: Condition | undefined, position: AtomicRule["position"]): void {
  if (condition?.kind !== "string") return;
  const [pattern] = condition.operands;
  if (condition.operator.endsWith("matches") && typeof pattern === "string" && isForeignPattern(pattern)) {
    throw new DqdlError("unsupported", `the pattern ${JSON.stringify(pattern)} uses what RE2 does not have`, position);
  }
}

const NUMBERS = /^(BOOLEAN|.*INT|DOUBLE|FLOAT|DECIMAL|TIMESTAMP)/;
const castable = (type: string, types: RegExp) => ({
  text: (sql: string): string => `TRY_CAST(trim(${sql}) AS ${type}) IS NOT NULL`,
  types,
});
/** Which text values can be cast, per data type; numbers and the like can be cast by their type alone. */
const CASTS: Readonly<Record<string, { readonly text: (sql: string) => string; readonly types: RegExp }>> = {
  BOOLEAN: {
    text: (sql) => `lower(trim(${sql})) IN ('t', 'true', 'y', 'yes', '1', 'f', 'false', 'n', 'no', '0')`,
    types: /^(BOOLEAN|.*INT|DOUBLE|FLOAT|DECIMAL)/,
  },
  INTEGER: castable("INTEGER", NUMBERS),
  LONG: castable("BIGINT", NUMBERS),
  DOUBLE: castable("DOUBLE", NUMBERS),
  FLOAT: castable("FLOAT", NUMBERS),
  DATE: castable("DATE", /^(DATE|TIMESTAMP)/),
  TIMESTAMP: castable("TIMESTAMP", /^(DATE|TIMESTAMP|.*INT|DOUBLE|FLOAT|DECIMAL)/),
};

/** Share of the rows whose value can be cast to the type. */
export function columnDataType(
  { name, sql, type, filter }: Target,
  { condition, threshold, position }: AtomicRule,
): Plan {
  const wanted = condition?.kind === "string" && condition.operator === "=" ? condition.operands[0] : undefined;
  const cast = typeof wanted === "string" ? CASTS[wanted.toUpperCase()] : undefined;
  if (cast === undefined)
    throw new DqdlError(
      "unsupported",
      `ColumnDataType other than = ${Object.keys(CASTS).join(", ")} is not implemented locally`,
      position,
    );
  const predicate = type === "VARCHAR" ? cast.text(sql) : cast.types.test(type) ? `${sql} IS NOT NULL` : "FALSE";
  return {
    ...compliance(`Column.${name}.ColumnDataType.Compliance`, predicate, filter, threshold),
    withoutRows: "passes",
  };
}

/** Every row's age in hours must meet the condition. */
export function dataFreshness({ name, sql, filter, now }: Target, { condition, position }: AtomicRule): Plan {
  if (condition?.kind !== "duration")
    throw new DqdlError("invalid", "DataFreshness needs a condition on a duration", position);
  const age = `round((${now} - epoch_ms(CAST(${sql} AS TIMESTAMP))) / 3600000.0, 2)`;
  const hours = condition.operands.map(hoursOf).map((value) => Math.round(value * 10_000) / 10_000);
  const [low, high] = hours;
  const predicates: Readonly<Record<string, string>> = {
    between: `${age} > ${low} AND ${age} < ${high}`,
    "not between": `${age} <= ${low} OR ${age} >= ${high}`,
    in: `${age} IN (${hours.join(", ")})`,
    "not in": `${age} NOT IN (${hours.join(", ")})`,
  };
  const predicate = predicates[condition.operator] ?? `${age} ${condition.operator} ${low}`;
  return { ...compliance(`Column.${name}.DataFreshness.Compliance`, predicate, filter), withoutRows: "passes" };
}
