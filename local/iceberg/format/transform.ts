import { civilFromDays, floorDivide } from "./civil.ts";
import { InvalidIceberg, UnsupportedIceberg } from "./errors.ts";
import type { PrimitiveType, Transform, Value } from "./model.ts";
import { murmur3 } from "./murmur3.ts";
import { remembered } from "./remember.ts";
import { decimalParameters } from "./type-parameters.ts";
import { toBytes, unscaledBytes, valueText } from "./value.ts";

/** Iceberg spec, "Partition Transforms" and appendix B (bucket hashes). */

const MICROS_PER_HOUR = 3_600_000_000n;
const MICROS_PER_DAY = 24n * MICROS_PER_HOUR;

type Step =
  | { readonly name: "identity" | "year" | "month" | "day" | "hour" | "void" }
  | { readonly name: "bucket" | "truncate"; readonly width: number };

const stepOf = remembered(parseStep);

/**
 * @param text as table metadata has it: `identity`, `day`, `bucket[16]`, `truncate[4]`...
 * @throws for any other, by its name.
 */
export function parseTransform(text: string): Transform {
  const step = stepOf(text);
  return "width" in step ? `${step.name}[${step.width}]` : step.name;
}

/**
 * The type of the partition value.
 * @throws when the transform does not take the type.
 */
export function resultType(transform: Transform, source: PrimitiveType): PrimitiveType {
  const { name } = stepOf(transform);
  if (!takes(name, source))
    throw new InvalidIceberg(`The transform ${transform} does not take a column of type ${source}.`);
  switch (name) {
    case "year":
    case "month":
    case "hour":
    case "bucket":
      return "int";
    case "day":
      return "date";
    default:
      return source;
  }
}

/** @param source type of `value`; one that `resultType` accepts. */
export function applyTransform(transform: Transform, source: PrimitiveType, value: Value | null): Value | null {
  if (value === null) return null;
  const step = stepOf(transform);
  switch (step.name) {
    case "identity":
      return value;
    case "void":
      return null;
    case "bucket":
      return (bucketHash(value, source) & 0x7fffffff) % step.width;
    case "truncate":
      return truncate(value, source, step.width);
    case "hour":
      return Number(floorDivide(micros(value, transform, source), MICROS_PER_HOUR));
    default: {
      const days = source === "date" ? value : Number(floorDivide(micros(value, transform, source), MICROS_PER_DAY));
      if (typeof days !== "number") throw unfit(value, transform, source);
      if (step.name === "day") return days;
      const { year, month } = civilFromDays(days);
      return step.name === "year" ? year - 1970 : (year - 1970) * 12 + month - 1;
    }
  }
}

/**
 * The partition value for people, as Java's `toHumanString`: `2020`, `2020-01`, `2020-01-02`, `2020-01-02-03`.
 * @param source type of the column.
 * @param result the transform's result.
 */
export function humanValue(transform: Transform, source: PrimitiveType, result: Value | null): string {
  if (result === null) return "null";
  const { name } = stepOf(transform);
  if (typeof result === "number") {
    switch (name) {
      case "year":
        return padded(1970 + result, 4);
      case "month":
        return `${padded(1970 + Math.floor(result / 12), 4)}-${padded(1 + (((result % 12) + 12) % 12), 2)}`;
      case "hour": {
        const days = Math.floor(result / 24);
        return `${humanDay(days)}-${padded(result - days * 24, 2)}`;
      }
      case "day":
        return humanDay(result);
      case "bucket":
        return String(result);
    }
  }
  return valueText(result, source);
}

/** Appendix B: equal hashes for an int and the long, date or timestamp of the same number. */
function bucketHash(value: Value, source: PrimitiveType): number {
  if (typeof value === "number") return murmur3(toBytes(BigInt(value), "long"));
  if (typeof value !== "bigint") return murmur3(toBytes(value, source));
  return murmur3(decimalParameters(source) === undefined ? toBytes(value, "long") : unscaledBytes(value));
}

function truncate(value: Value, source: PrimitiveType, width: number): Value {
  // As in Java, an int or a long that would leave its range wraps.
  if (typeof value === "number") return (value - (((value % width) + width) % width)) | 0;
  if (typeof value === "bigint") {
    const wide = BigInt(width);
    const cut = value - (((value % wide) + wide) % wide);
    return source === "long" ? BigInt.asIntN(64, cut) : cut;
  }
  if (typeof value === "string") return codePoints(value, width);
  if (Buffer.isBuffer(value)) return value.subarray(0, width);
  throw unfit(value, `truncate[${width}]`, source);
}

/** The first code points of a text, which is the text itself when it has no more. */
export function codePoints(text: string, count: number): string {
  let end = 0;
  for (let taken = 0; taken < count && end < text.length; taken++) end += (text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1;
  return text.slice(0, end);
}

function micros(value: Value, transform: Transform, source: PrimitiveType): bigint {
  if (typeof value === "bigint") return value;
  throw unfit(value, transform, source);
}

function unfit(value: Value, transform: Transform, source: PrimitiveType): InvalidIceberg {
  return new InvalidIceberg(`The transform ${transform} of a column of type ${source} got a ${typeof value}.`);
}

function takes(name: Step["name"], source: PrimitiveType): boolean {
  const exact = decimalParameters(source) !== undefined;
  switch (name) {
    case "year":
    case "month":
    case "day":
      return source === "date" || source === "timestamp" || source === "timestamptz";
    case "hour":
      return source === "timestamp" || source === "timestamptz";
    case "bucket":
      return source !== "boolean" && source !== "float" && source !== "double";
    case "truncate":
      return exact || source === "int" || source === "long" || source === "string" || source === "binary";
    default:
      return true;
  }
}

function parseStep(text: string): Step {
  switch (text) {
    case "identity":
    case "year":
    case "month":
    case "day":
    case "hour":
    case "void":
      return { name: text };
  }
  const [, name, digits] = /^(bucket|truncate)\[(\d{1,10})\]$/.exec(text) ?? [];
  const width = Number(digits);
  if ((name === "bucket" || name === "truncate") && width > 0 && width < 2 ** 31) return { name, width };
  throw new UnsupportedIceberg(
    `The partition transform ${text} is not supported. Known: identity, year, month, day, hour, void, bucket[N], truncate[W].`,
  );
}

function humanDay(days: number): string {
  const { year, month, day } = civilFromDays(days);
  return `${padded(year, 4)}-${padded(month, 2)}-${padded(day, 2)}`;
}

/** As Java's `%04d`: the sign counts among the digits. */
function padded(value: number, digits: number): string {
  return value < 0 ? `-${String(-value).padStart(digits - 1, "0")}` : String(value).padStart(digits, "0");
}
