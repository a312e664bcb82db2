import type { PrimitiveType, Value } from "./model.ts";
import { codePoints } from "./transform.ts";
import { parseValue, toBytes } from "./value.ts";

/**
 * Iceberg spec, "Manifests", `lower_bounds` and `upper_bounds`, from the texts that DuckDB's RETURN_STATS gives. A bound
 * left out costs pruning; a wrong one costs rows. Left out is therefore whatever DuckDB may order otherwise than Iceberg.
 */

/** As Java's default metrics mode `truncate(16)`. */
const BOUND_CODE_POINTS = 16;

/** @returns undefined when no lower bound can be said. */
export function lowerBound(text: string, type: PrimitiveType): Buffer | undefined {
  const value = boundValue(text, type);
  if (value === undefined) return undefined;
  if (typeof value === "string") return toBytes(codePoints(value, BOUND_CODE_POINTS), type);
  return toBytes(value === 0 && isFloating(type) ? -0 : value, type);
}

/** @returns undefined when no upper bound can be said. */
export function upperBound(text: string, type: PrimitiveType): Buffer | undefined {
  const value = boundValue(text, type);
  if (value === undefined) return undefined;
  if (typeof value === "string") {
    const bound = upperText(value);
    return bound === undefined ? undefined : toBytes(bound, type);
  }
  return toBytes(value === 0 && isFloating(type) ? 0 : value, type);
}

function boundValue(text: string, type: PrimitiveType): Value | undefined {
  if (type === "time" || type === "uuid" || type === "binary" || type.startsWith("fixed[")) return undefined;
  const value = parseValue(text, type);
  if (typeof value === "number" && !Number.isFinite(value)) return undefined;
  // What is not Unicode becomes U+FFFD in UTF-8; the bound must stand beside that.
  return typeof value === "string" ? value.toWellFormed() : value;
}

function isFloating(type: PrimitiveType): boolean {
  return type === "float" || type === "double";
}

/** The text itself if short, else the first text that follows all with the same first code points. */
function upperText(text: string): string | undefined {
  const cut = codePoints(text, BOUND_CODE_POINTS);
  if (cut.length === text.length) return text;
  const points = Array.from(cut, (point) => point.codePointAt(0) ?? 0);
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    if (last < 0x10ffff) return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1);
  }
  return undefined;
}
