/** A Trino type, as far as the local engine knows them. */
export type TrinoType =
  | { readonly kind: Simple }
  | { readonly kind: "varchar"; readonly length?: number }
  | { readonly kind: "decimal"; readonly precision: number; readonly scale: number }
  | { readonly kind: "timestamp"; readonly precision: number }
  /** DuckDB keeps the instant only, so the zone it is shown in is part of the type here; none is UTC, the session's. */
  | { readonly kind: "timestamptz"; readonly precision: number; readonly zone?: string }
  | { readonly kind: "time"; readonly precision: number }
  | { readonly kind: "array"; readonly element: TrinoType }
  | { readonly kind: "map"; readonly key: TrinoType; readonly value: TrinoType }
  | { readonly kind: "row"; readonly fields: readonly RowField[] };

type Simple =
  | "unknown"
  | "boolean"
  | "tinyint"
  | "smallint"
  | "integer"
  | "bigint"
  | "real"
  | "double"
  | "date"
  | "json"
  | "varbinary"
  /** Day to second. */
  | "interval"
  /** Year to month. */
  | "months";

export interface RowField {
  /** Empty when the row does not name it. */
  readonly name: string;
  /** As the query writes it, where that is in another case: so JSON may have it. */
  readonly written?: string;
  readonly type: TrinoType;
}

export const UNKNOWN: TrinoType = { kind: "unknown" };
export const BOOLEAN: TrinoType = { kind: "boolean" };
export const INTEGER: TrinoType = { kind: "integer" };
export const BIGINT: TrinoType = { kind: "bigint" };
export const REAL: TrinoType = { kind: "real" };
export const DOUBLE: TrinoType = { kind: "double" };
export const DATE: TrinoType = { kind: "date" };
export const VARCHAR: TrinoType = { kind: "varchar" };
export const JSON_TYPE: TrinoType = { kind: "json" };
export const VARBINARY: TrinoType = { kind: "varbinary" };
export const INTERVAL: TrinoType = { kind: "interval" };
export const MONTHS: TrinoType = { kind: "months" };
export const decimal = (precision: number, scale: number): TrinoType => ({ kind: "decimal", precision, scale });
export const timestamp = (precision: number): TrinoType => ({ kind: "timestamp", precision });
export const arrayOf = (element: TrinoType): TrinoType => ({ kind: "array", element });
export const mapOf = (key: TrinoType, value: TrinoType): TrinoType => ({ kind: "map", key, value });
export const rowOf = (fields: readonly RowField[]): TrinoType => ({ kind: "row", fields });
export const zoned = (precision: number, zone = "UTC"): TrinoType =>
  zone === "UTC" ? { kind: "timestamptz", precision } : { kind: "timestamptz", precision, zone };

/** Whether there is no NULL or empty array in it whose type nobody says. */
export function isTyped(type: TrinoType): boolean {
  switch (type.kind) {
    case "unknown":
      return false;
    case "array":
      return isTyped(type.element);
    case "map":
      return isTyped(type.key) && isTyped(type.value);
    case "row":
      return type.fields.every((field) => isTyped(field.type));
    default:
      return true;
  }
}

/** The name DuckDB's struct has for a field, which must have one. */
export const fieldName = (field: RowField, index: number): string => (field.name === "" ? `field${index}` : field.name);

/** The type as Trino writes it, e.g. `decimal(18,3)`. */
export function display(type: TrinoType): string {
  switch (type.kind) {
    case "varchar":
      return type.length === undefined ? "varchar" : `varchar(${type.length})`;
    case "decimal":
      return `decimal(${type.precision},${type.scale})`;
    case "timestamp":
      return `timestamp(${type.precision})`;
    case "timestamptz":
      return `timestamp(${type.precision}) with time zone`;
    case "time":
      return `time(${type.precision})`;
    case "array":
      return `array(${display(type.element)})`;
    case "map":
      return `map(${display(type.key)}, ${display(type.value)})`;
    case "row":
      return `row(${type.fields.map((f) => `${f.name} ${display(f.type)}`.trim()).join(", ")})`;
    case "interval":
      return "interval day to second";
    case "months":
      return "interval year to month";
    default:
      return type.kind;
  }
}

const quoteIdentifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const duckSimple: Readonly<Record<Simple, string>> = {
  unknown: "INTEGER",
  boolean: "BOOLEAN",
  tinyint: "TINYINT",
  smallint: "SMALLINT",
  integer: "INTEGER",
  bigint: "BIGINT",
  real: "FLOAT",
  double: "DOUBLE",
  date: "DATE",
  json: "JSON",
  varbinary: "BLOB",
  interval: "INTERVAL",
  months: "INTERVAL",
};

/** The DuckDB type that holds its values. */
export function duckType(type: TrinoType): string {
  switch (type.kind) {
    case "varchar":
      return "VARCHAR";
    case "time":
      return "TIME";
    case "decimal":
      return `DECIMAL(${type.precision},${type.scale})`;
    case "timestamp":
      return "TIMESTAMP";
    case "timestamptz":
      return "TIMESTAMPTZ";
    case "array":
      return `${duckType(type.element)}[]`;
    case "map":
      return `MAP(${duckType(type.key)}, ${duckType(type.value)})`;
    case "row":
      return `STRUCT(${type.fields.map((f, i) => `${quoteIdentifier(fieldName(f, i))} ${duckType(f.type)}`).join(", ")})`;
    default:
      return duckSimple[type.kind];
  }
}

/** Digits before the point that an integer type needs as a decimal. */
const integerDigits: Readonly<Record<string, number>> = { tinyint: 3, smallint: 5, integer: 10, bigint: 19 };
const integerOrder = ["tinyint", "smallint", "integer", "bigint"];

export const isInteger = (type: TrinoType): boolean => type.kind in integerDigits;
export const isNumeric = (type: TrinoType): boolean =>
  isInteger(type) || type.kind === "decimal" || type.kind === "double";
export const isText = (type: TrinoType): boolean => type.kind === "varchar";
export const isTemporal = (type: TrinoType): boolean =>
  type.kind === "date" || type.kind === "timestamp" || type.kind === "timestamptz";

/** An exact number's type as a decimal: `bigint` is `decimal(19,0)`. */
export function asDecimal(type: TrinoType): { precision: number; scale: number } | undefined {
  if (type.kind === "decimal") return { precision: type.precision, scale: type.scale };
  const digits = integerDigits[type.kind];
  return digits === undefined ? undefined : { precision: digits, scale: 0 };
}

export function sameType(a: TrinoType, b: TrinoType): boolean {
  if (a.kind === "varchar" && b.kind === "varchar") return true;
  if (a.kind === "timestamptz" && b.kind === "timestamptz" && a.zone !== b.zone) return false;
  if (a.kind === "array" && b.kind === "array") return sameType(a.element, b.element);
  if (a.kind === "map" && b.kind === "map") return sameType(a.key, b.key) && sameType(a.value, b.value);
  if (a.kind === "row" && b.kind === "row")
    return (
      a.fields.length === b.fields.length &&
      a.fields.every((field, i) => {
        const other = b.fields[i];
        return other !== undefined && fieldName(other, i) === fieldName(field, i) && sameType(field.type, other.type);
      })
    );
  return display(a) === display(b);
}

/**
 * The type both coerce to without a cast (Trino's TypeCoercion), or undefined: text never meets numbers or dates.
 */
export function commonType(a: TrinoType, b: TrinoType): TrinoType | undefined {
  if (a.kind === "unknown") return b;
  if (b.kind === "unknown") return a;
  if (a.kind === "varchar" && b.kind === "varchar") return VARCHAR;
  if (a.kind === "array" && b.kind === "array") {
    const element = commonType(a.element, b.element);
    return element && arrayOf(element);
  }
  if (a.kind === "map" && b.kind === "map") {
    const key = commonType(a.key, b.key);
    const value = commonType(a.value, b.value);
    return key && value && mapOf(key, value);
  }
  if (a.kind === "row" && b.kind === "row") return commonRow(a.fields, b.fields);
  if (sameType(a, b)) return a;
  if (isNumeric(a) && isNumeric(b)) {
    if (a.kind === "double" || b.kind === "double") return DOUBLE;
    if (isInteger(a) && isInteger(b)) return integerOrder.indexOf(a.kind) > integerOrder.indexOf(b.kind) ? a : b;
    const left = asDecimal(a);
    const right = asDecimal(b);
    if (left === undefined || right === undefined) return undefined;
    const scale = Math.max(left.scale, right.scale);
    const whole = Math.max(left.precision - left.scale, right.precision - right.scale);
    return decimal(Math.min(38, whole + scale), scale);
  }
  if (a.kind === "timestamp" && b.kind === "timestamp") return timestamp(Math.max(a.precision, b.precision));
  if (a.kind === "time" && b.kind === "time") return { kind: "time", precision: Math.max(a.precision, b.precision) };
  if (a.kind === "timestamptz" && b.kind === "timestamptz")
    return a.zone === b.zone ? zoned(Math.max(a.precision, b.precision), a.zone) : undefined;
  if (a.kind === "timestamp" && b.kind === "timestamptz" && b.zone === undefined)
    return zoned(Math.max(a.precision, b.precision));
  if (b.kind === "timestamp" && a.kind === "timestamptz" && a.zone === undefined)
    return zoned(Math.max(a.precision, b.precision));
  if (inOtherZone(a, b)) return undefined;
  if (a.kind === "date" && (b.kind === "timestamp" || b.kind === "timestamptz")) return b;
  if (b.kind === "date" && (a.kind === "timestamp" || a.kind === "timestamptz")) return a;
  return undefined;
}

/** Whether Trino has a common type and the local engine does not: the zone is a part of its types here. */
export function inOtherZone(a: TrinoType, b: TrinoType): boolean {
  if (a.kind === "array" && b.kind === "array") return inOtherZone(a.element, b.element);
  const zoned = [a, b].some(({ kind, ...type }) => kind === "timestamptz" && "zone" in type);
  return zoned && isTemporal(a) && isTemporal(b) && !sameType(a, b);
}

/** Whether a real meets another number: Trino makes it a real or a double, which nothing does here without a cast. */
export function meetsReal(a: TrinoType, b: TrinoType): boolean {
  if (a.kind === "array" && b.kind === "array") return meetsReal(a.element, b.element);
  if (a.kind === "map" && b.kind === "map") return meetsReal(a.key, b.key) || meetsReal(a.value, b.value);
  if (a.kind === "row" && b.kind === "row")
    return a.fields.some(({ type }, i) => meetsReal(type, b.fields[i]?.type ?? type));
  return (a.kind === "real" && isNumeric(b)) || (b.kind === "real" && isNumeric(a));
}

/** What to write instead. */
export const CAST_REAL = "cast the real to double";

/** Fields coerce one by one; a name stays where both have it. */
function commonRow(a: readonly RowField[], b: readonly RowField[]): TrinoType | undefined {
  if (a.length !== b.length) return undefined;
  const fields: RowField[] = [];
  for (const [i, field] of a.entries()) {
    const other = b[i];
    const type = other && commonType(field.type, other.type);
    if (type === undefined) return undefined;
    fields.push({ name: field.name === other?.name ? field.name : "", type });
  }
  return rowOf(fields);
}
