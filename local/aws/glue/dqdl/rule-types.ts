import type { AtomicRule, Condition } from "./ast.ts";
import { DqdlError } from "./tokens.ts";

/** What a rule type takes. */
interface RuleType {
  /** Fewest and most parameters. */
  readonly parameters: readonly [number, number];
  /** Kinds of condition it takes; none for a rule that is true or false by itself. */
  readonly conditions: readonly Condition["kind"][];
  readonly where: boolean;
  readonly threshold: boolean;
}

const SEVERAL: readonly [number, number] = [1, 50];

function type(
  parameters: readonly [number, number],
  conditions: readonly Condition["kind"][],
  flags: { where?: boolean; threshold?: boolean } = {},
): RuleType {
  return { parameters, conditions, where: flags.where ?? true, threshold: flags.threshold ?? false };
}

/** The rule types that are evaluated here. Source: the rule table of the language's own definition (awslabs/dqdl 1.0.5). */
export const RULE_TYPES: ReadonlyMap<string, RuleType> = new Map([
  ["RowCount", type([0, 0], ["number"])],
  ["ColumnCount", type([0, 0], ["number"], { where: false })],
  ["Completeness", type([1, 1], ["number"])],
  ["IsComplete", type([1, 1], [])],
  ["ColumnDataType", type([1, 1], ["string"], { threshold: true })],
  ["ColumnNamesMatchPattern", type([1, 1], [], { where: false })],
  ["ColumnExists", type([1, 1], [], { where: false })],
  ["Uniqueness", type(SEVERAL, ["number"])],
  ["IsUnique", type(SEVERAL, [])],
  ["IsPrimaryKey", type(SEVERAL, [])],
  ["UniqueValueRatio", type([1, 1], ["number"])],
  ["DistinctValuesCount", type([1, 1], ["number"])],
  ["Mean", type([1, 1], ["number"])],
  ["Sum", type([1, 1], ["number"])],
  ["StandardDeviation", type([1, 1], ["number"])],
  ["Entropy", type([1, 1], ["number"])],
  ["ColumnLength", type([1, 1], ["number"])],
  ["ColumnValues", type([1, 1], ["number", "string", "date"], { threshold: true })],
  ["DataFreshness", type([1, 1], ["duration"])],
  ["ReferentialIntegrity", type([2, 2], ["number"], { where: false })],
  ["CustomSql", type([1, 1], ["number"], { where: false, threshold: true })],
]);

/** Rule types that the language has and this runtime does not evaluate. */
const NOT_EVALUATED = new Set([
  "RowCountMatch",
  "ColumnCorrelation",
  "Variance",
  "Range",
  "DatasetMatch",
  "SchemaMatch",
  "AggregateMatch",
  "DetectAnomalies",
  "AllStatistics",
  "FileMatch",
  "FileUniqueness",
  "FileFreshness",
  "FileSize",
]);

/**
 * Checks what the grammar leaves open: the type's name, number of parameters, kind of condition, where and threshold.
 * @throws DqdlError
 */
export function checkRule(rule: AtomicRule): void {
  const { position } = rule;
  const known = RULE_TYPES.get(rule.type);
  if (known === undefined) {
    if (NOT_EVALUATED.has(rule.type))
      throw new DqdlError("unsupported", `rule type ${rule.type} is not implemented locally`, position);
    throw new DqdlError("invalid", `there is no rule type ${rule.type}`, position);
  }
  const invalid = (message: string): DqdlError => new DqdlError("invalid", `${rule.type} ${message}`, position);
  const [fewest, most] = known.parameters;
  const given = rule.parameters.length;
  if (given < fewest || given > most)
    throw invalid(`takes ${fewest === most ? fewest : `at least ${fewest}`} parameter(s), not ${given}`);
  if (rule.condition === undefined) {
    if (known.conditions.length > 0 && rule.type !== "CustomSql")
      throw invalid(`needs a condition on a ${known.conditions.join(", ")}`);
  } else if (!known.conditions.includes(rule.condition.kind)) {
    throw invalid(
      known.conditions.length === 0
        ? "takes no condition"
        : `takes a condition on a ${known.conditions.join(" or ")}, not on a ${rule.condition.kind}`,
    );
  }
  if (rule.where !== undefined && !known.where) throw invalid("takes no where");
  if (rule.threshold !== undefined && !known.threshold) throw invalid("takes no threshold");
}
