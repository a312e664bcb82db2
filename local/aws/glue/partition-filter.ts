import type { TableColumn } from "../ports.ts";
import { AwsError, NotImplementedLocally } from "../service.ts";
import { type Comparison, type Condition, type Literal, parseExpression } from "./partition-expression.ts";
import { type Comparable, type KeyType, keyType, literalValue, partitionValue } from "./partition-keys.ts";
import { invalidInput } from "./table-input.ts";

/** Whether a partition with these values is asked for. */
export type PartitionFilter = (values: readonly string[]) => boolean;

/** AWS's longest. */
const MOST_CHARACTERS = 2048;

/**
 * The filter that an `Expression` of GetPartitions says; an empty one asks for every partition.
 *
 * As on Glue a partition's value is never NULL: `IS NULL` finds none, and rows without a value are under the text
 * `__HIVE_DEFAULT_PARTITION__`.
 * @throws AwsError `InvalidInputException`, `ValidationException`, and `NotImplementedLocally` for what is not defined;
 * the filter itself throws `InvalidStateException` for a partition whose value is not of its key's type.
 */
export function partitionFilter(expression: string, keys: readonly TableColumn[]): PartitionFilter {
  if (expression.length > MOST_CHARACTERS)
    throw new AwsError(
      "ValidationException",
      `1 validation error detected: Value at 'expression' failed to satisfy constraint: Member must have length less than or equal to ${MOST_CHARACTERS}`,
    );
  return expression === "" ? () => true : compile(parseExpression(expression), keys);
}

function compile(condition: Condition, keys: readonly TableColumn[]): PartitionFilter {
  if ("parts" in condition) {
    const parts = condition.parts.map((part) => compile(part, keys));
    // Every part looks at the partition: a value that is none is never passed over.
    const asked = (values: readonly string[]): boolean[] => parts.map((part) => part(values));
    return condition.kind === "and"
      ? (values) => asked(values).every(Boolean)
      : (values) => asked(values).some(Boolean);
  }
  const at = keys.findIndex(({ name }) => name === condition.key);
  const key = keys[at];
  if (key === undefined)
    throw invalidInput(
      `Invalid partition expression! ${condition.key} is none of the partition keys ${keys.map(({ name }) => name).join(", ")}`,
    );
  const type = keyType(key.type);
  const test = predicate(condition, type, key);
  return (values) => test(partitionValue(values[at] ?? "", type));
}

type Predicate = Exclude<Condition, { readonly kind: "and" | "or" }>;

function predicate(condition: Predicate, type: KeyType, key: TableColumn): (value: Comparable) => boolean {
  const read = (literal: Literal): Comparable => literalValue(literal, type);
  switch (condition.kind) {
    case "compare": {
      const other = read(condition.value);
      return (value) => compares(value, condition.operator, other);
    }
    case "in": {
      const others = new Set(condition.values.map(read));
      return (value) => others.has(value) !== condition.negated;
    }
    case "between": {
      const [least, most] = [read(condition.least), read(condition.most)];
      if (least > most)
        throw new NotImplementedLocally(
          `glue:GetPartitions Expression with BETWEEN ${condition.least.text} AND ${condition.most.text} on ${key.name}, whose first value is the larger one`,
        );
      return (value) => (value >= least && value <= most) !== condition.negated;
    }
    case "like": {
      if (!type.isText) throw invalidInput(`${type.title} data type doesn't support operation 'LIKE'`);
      const pattern = like(condition.pattern);
      return (value) => pattern.test(String(value)) !== condition.negated;
    }
    case "null":
      return () => condition.negated;
  }
}

function compares(value: Comparable, operator: Comparison, other: Comparable): boolean {
  switch (operator) {
    case "=":
      return value === other;
    case "<>":
      return value !== other;
    case "<":
      return value < other;
    case "<=":
      return value <= other;
    case ">":
      return value > other;
    case ">=":
      return value >= other;
  }
}

function like({ kind, text }: Literal): RegExp {
  if (kind === "number") throw invalidInput(`Unsupported expression: LIKE ${text}`);
  if (text.includes("\\")) throw new NotImplementedLocally("glue:GetPartitions Expression with a backslash in LIKE");
  const pattern = text
    .replaceAll(/[.*+?^${}()|[\]]/g, "\\$&")
    .replaceAll("%", ".*")
    .replaceAll("_", ".");
  return new RegExp(`^${pattern}$`, "su");
}
