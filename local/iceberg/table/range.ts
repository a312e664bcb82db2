import type { PrimitiveType, Value } from "../format/model.ts";
import { compareValues } from "../format/value.ts";

/** Values between two ends; an end that is missing is unbounded. */
export interface Range {
  readonly low?: Value;
  readonly lowOpen?: boolean;
  readonly high?: Value;
  readonly highOpen?: boolean;
}

/** Whether a value is of the kind that the type's values are. */
export function fits(value: Value, type: PrimitiveType): boolean {
  switch (type) {
    case "boolean":
      return typeof value === "boolean";
    case "int":
    case "date":
    case "float":
    case "double":
      return typeof value === "number" && !Number.isNaN(value);
    case "string":
      return typeof value === "string";
    case "uuid":
    case "binary":
      return Buffer.isBuffer(value);
    default:
      return type.startsWith("fixed") ? Buffer.isBuffer(value) : typeof value === "bigint";
  }
}

/**
 * Whether a range and what lies between two bounds have a value in common, as far as one can say: yes when a bound is
 * missing or has no place in the order (NaN).
 */
export function meets(range: Range, lower: Value | undefined, upper: Value | undefined, type: PrimitiveType): boolean {
  return (
    !exceeds(lower, range.high, range.highOpen === true, type) &&
    !exceeds(range.low, upper, range.lowOpen === true, type)
  );
}

/** Whether the first surely is above the second, or at it when that is too much already. */
function exceeds(a: Value | undefined, b: Value | undefined, orEqual: boolean, type: PrimitiveType): boolean {
  if (a === undefined || b === undefined) return false;
  const order = compare(a, b, type);
  return order !== undefined && (order > 0 || (order === 0 && orEqual));
}

function compare(a: Value, b: Value, type: PrimitiveType): number | undefined {
  if (Number.isNaN(a) || Number.isNaN(b)) return undefined;
  // A partition of a column that was an int when its file was written, and a filter on the long it became.
  if (typeof a === "number" && typeof b === "bigint")
    return Number.isInteger(a) ? compareValues(BigInt(a), b, type) : undefined;
  if (typeof a === "bigint" && typeof b === "number")
    return Number.isInteger(b) ? compareValues(a, BigInt(b), type) : undefined;
  return typeof a === typeof b ? compareValues(a, b, type) : undefined;
}
