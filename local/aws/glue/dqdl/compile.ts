import type { AtomicRule, NumberCondition } from "./ast.ts";
import { columnDataType, columnLength, columnValues, dataFreshness } from "./column-rules.ts";
import { isNumeric, type Target } from "./column-values.ts";
import { ALL, type DataColumns, decided, fails, judgeMetric, type Plan, verdict } from "./plan.ts";
import { identifier, translateCustomSql, translatePredicate } from "./predicate.ts";
import { DqdlError } from "./tokens.ts";

/** What a rule may need besides the data itself. */
export interface Surroundings {
  readonly columns: DataColumns;
  /** SQL that stands for the data in FROM. */
  readonly relation: string;
  /** Alias -> SQL that stands for another data set, and its columns. */
  readonly references: ReadonlyMap<string, { readonly relation: string; readonly columns: DataColumns }>;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Plan of one rule. @throws DqdlError `unsupported` for what is not implemented. */
export function compileRule(rule: AtomicRule, around: Surroundings): Plan {
  const { names, types } = around.columns;
  switch (rule.type) {
    case "RowCount":
      return {
        ...metric("Dataset.*.RowCount", `count(*)${filterOf(rule, around)}`, numberOf(rule)),
        withoutRows: "judged",
      };
    case "ColumnCount":
      return decided(judgeMetric("Dataset.*.ColumnCount", names.size, numberOf(rule)));
    case "ColumnExists":
      return names.has(nameOf(rule).toLowerCase()) ? decided({ passed: true, metrics: {} }) : missing(nameOf(rule));
    case "ColumnNamesMatchPattern":
      return columnNames(rule, [...types.keys()]);
    case "CustomSql":
      return customSql(rule, around);
    case "ReferentialIntegrity":
      return referentialIntegrity(rule, around);
  }
  const absent = rule.parameters.find((name) => !names.has(name.toLowerCase()));
  if (absent !== undefined) return missing(absent);
  return columnRule(rule, around);
}

function columnRule(rule: AtomicRule, around: Surroundings): Plan {
  const target = targetOf(rule, around);
  const { name, sql, filter } = target;
  const complete = `count(${sql})${filter} / nullif(count(*)${filter}, 0)`;
  switch (rule.type) {
    case "Completeness":
      return metric(`Column.${name}.Completeness`, complete, numberOf(rule));
    case "IsComplete":
      return metric(`Column.${name}.Completeness`, complete, ALL);
    case "Uniqueness":
      return uniqueness(rule, around, numberOf(rule));
    case "IsUnique":
      return uniqueness(rule, around, ALL);
    case "IsPrimaryKey":
      return primaryKey(rule, around);
    case "UniqueValueRatio":
      return metric(
        `Column.${name}.UniqueValueRatio`,
        `${singles(rule, around)} / nullif(count(DISTINCT ${sql})${filter}, 0)`,
        numberOf(rule),
      );
    case "DistinctValuesCount":
      return {
        ...metric(
          `Column.${name}.DistinctValuesCount`,
          `count(DISTINCT ${sql})${filter} + (count(*)${filter} > count(${sql})${filter})::INT`,
          numberOf(rule),
        ),
        withoutRows: "judged",
      };
    case "Mean":
      return numeric(target, "Mean", `avg(${sql})${filter}`, rule);
    case "Sum":
      return numeric(target, "Sum", `sum(${sql})${filter}`, rule);
    case "StandardDeviation":
      return numeric(target, "StandardDeviation", `stddev_pop(${sql})${filter}`, rule);
    case "Entropy":
      // In nats, over the rows that have a value; the where is ignored, as in Deequ 3.0.
      return metric(`Column.${name}.Entropy`, `entropy(${sql}) * ln(2)`, numberOf(rule));
    case "ColumnLength":
      return columnLength(target, numberOf(rule));
    case "ColumnValues":
      return columnValues(target, rule);
    case "ColumnDataType":
      return columnDataType(target, rule);
    case "DataFreshness":
      return dataFreshness(target, rule);
    default:
      throw new DqdlError("unsupported", `rule type ${rule.type} is not implemented locally`, rule.position);
  }
}

const metric = (name: string, sql: string, condition: NumberCondition): Plan => ({
  asks: { value: sql },
  judge: (answers) => judgeMetric(name, answers("value"), condition),
});

const missing = (column: string): Plan => fails(`Input data does not include column ${column}!`);

const nameOf = (rule: AtomicRule): string => rule.parameters[0] ?? "";

function targetOf(rule: AtomicRule, around: Surroundings): Target {
  const name = nameOf(rule);
  const column = around.columns.names.get(name.toLowerCase()) ?? name;
  return {
    name,
    sql: identifier(column),
    type: around.columns.types.get(column) ?? "",
    filter: filterOf(rule, around),
    now: around.now,
  };
}

function whereOf(rule: AtomicRule, around: Surroundings): string | undefined {
  return rule.where === undefined ? undefined : translatePredicate(rule.where, around.columns.names, rule.position);
}

/** The aggregate filter of a rule's where. */
export function filterOf(rule: AtomicRule, around: Surroundings): string {
  const where = whereOf(rule, around);
  return where === undefined ? "" : ` FILTER (WHERE ${where})`;
}

function numberOf({ type, condition, position }: AtomicRule): NumberCondition {
  if (condition?.kind !== "number") throw new DqdlError("invalid", `${type} needs a condition on a number`, position);
  return condition;
}

function keyColumns(rule: AtomicRule, around: Surroundings): string[] {
  return rule.parameters.map((name) => identifier(around.columns.names.get(name.toLowerCase()) ?? name));
}

/** Number of keys that occur exactly once, among rows with at least one of the columns. */
function singles(rule: AtomicRule, around: Surroundings): string {
  const keys = keyColumns(rule, around);
  const where = whereOf(rule, around);
  const present = `(${keys.map((key) => `${key} IS NOT NULL`).join(" OR ")})${where === undefined ? "" : ` AND (${where})`}`;
  return `(SELECT count(*) FROM (SELECT 1 FROM ${around.relation} WHERE ${present} GROUP BY ${keys.join(", ")} HAVING count(*) = 1))`;
}

function uniqueRatio(rule: AtomicRule, around: Surroundings): string {
  const keys = keyColumns(rule, around);
  const present = `count_if(${keys.map((key) => `${key} IS NOT NULL`).join(" OR ")})${filterOf(rule, around)}`;
  return `${singles(rule, around)} / nullif(${present}, 0)`;
}

const uniqueMetric = ({ parameters }: AtomicRule): string =>
  parameters.length === 1 ? `Column.${parameters[0]}.Uniqueness` : `Multicolumn.${parameters.join(",")}.Uniqueness`;

const uniqueness = (rule: AtomicRule, around: Surroundings, condition: NumberCondition): Plan =>
  metric(uniqueMetric(rule), uniqueRatio(rule, around), condition);

function primaryKey(rule: AtomicRule, around: Surroundings): Plan {
  const filter = filterOf(rule, around);
  const complete = keyColumns(rule, around).map((key): [string, string] => [
    `complete ${key}`,
    `count(${key})${filter} / nullif(count(*)${filter}, 0)`,
  ]);
  return {
    asks: { unique: uniqueRatio(rule, around), ...Object.fromEntries(complete) },
    judge: (answers) => {
      const unique = judgeMetric(uniqueMetric(rule), answers("unique"), ALL);
      const shares = complete.map(([name]) => answers(name) ?? 0);
      const metrics = {
        ...unique.metrics,
        ...Object.fromEntries(
          rule.parameters.map((name, index) => [`Column.${name}.Completeness`, shares[index] ?? 0]),
        ),
      };
      const hole = shares.find((value) => value !== 1);
      return unique.passed && hole !== undefined ? verdict(false, hole, metrics) : { ...unique, metrics };
    },
  };
}

function numeric({ name, type }: Target, kind: string, sql: string, rule: AtomicRule): Plan {
  if (!isNumeric(type)) return fails(`Expected type of column ${name} to be numeric, but found ${type} instead!`);
  return metric(`Column.${name}.${kind}`, sql, numberOf(rule));
}

function columnNames(rule: AtomicRule, names: readonly string[]): Plan {
  const pattern = new RegExp(nameOf(rule));
  const ratio = names.filter((name) => pattern.test(name)).length / names.length;
  return decided(judgeMetric("Dataset.*.ColumnNamesPatternMatchRatio", ratio, ALL));
}

function customSql(rule: AtomicRule, around: Surroundings): Plan {
  if (rule.condition?.kind !== "number")
    throw new DqdlError(
      "unsupported",
      "CustomSql without a condition on a number is not implemented locally",
      rule.position,
    );
  if (rule.threshold !== undefined)
    throw new DqdlError("invalid", "CustomSql with a number takes no threshold", rule.position);
  const sql = translateCustomSql(nameOf(rule), around.columns.names, around.relation, rule.position);
  return { ...metric("Dataset.*.CustomSQL", `(${sql})`, rule.condition), withoutRows: "judged" };
}

/** Share of the rows whose key the other data set has. Written `"a,b" "alias.{x,y}"` or `"a" "alias.x"`. */
function referentialIntegrity(rule: AtomicRule, around: Surroundings): Plan {
  const [from = "", to = ""] = rule.parameters;
  const [, alias = "", listed = ""] = /^([^.]+)\.\{?([^}]+)\}?$/.exec(to) ?? [];
  const other = around.references.get(alias);
  if (other === undefined) return fails(`The run has no additional data source ${alias || to}.`);
  const split = (text: string): string[] => text.split(",").map((name) => name.trim().toLowerCase());
  const own = split(from);
  const theirs = split(listed);
  const absent =
    own.find((name) => !around.columns.names.has(name)) ?? theirs.find((name) => !other.columns.names.has(name));
  if (absent !== undefined) return missing(absent);
  if (own.length !== theirs.length)
    throw new DqdlError("invalid", "ReferentialIntegrity needs as many columns on both sides", rule.position);
  const pairs = own.map(
    (name, index) =>
      `theirs.${identifier(other.columns.names.get(theirs[index] ?? "") ?? "")} = mine.${identifier(around.columns.names.get(name) ?? name)}`,
  );
  const matched = `(SELECT count(*) FROM ${around.relation} AS mine WHERE EXISTS (SELECT 1 FROM ${other.relation} AS theirs WHERE ${pairs.join(" AND ")}))`;
  return metric(`Column.${alias}.ReferentialIntegrity`, `${matched} / nullif(count(*), 0)`, numberOf(rule));
}
