/** A Trino type, as far as the local engine knows them. */
export type TrinoType =
  | { readonly kind: Simple }
  | { readonly kind: "varchar"; readonly length?: number }
  | { readonly kind: "decimal"; readonly precision: number; readonly scale: number }
  | { readonly kind: "timestamp"; readonly precision: number }
  | { readonly kind: "timestamptz"; readonly precision: number }
  | { readonly kind: "array"; readonly element: TrinoType }
  | { readonly kind: "row"; readonly fields: readonly RowField[] };

type Simple =
  | "unknown"
  | "boolean"
  | "tinyint"
  | "smallint"
  | "integer"
  | "bigint"
  | "double"
  | "date"
  | "json"
  | "varbinary"
  | "interval";

export interface RowField {
  readonly name: string;
  readonly type: TrinoType;
}

export const UNKNOWN: TrinoType = { kind: "unknown" };
export const BOOLEAN: TrinoType = { kind: "boolean" };
export const INTEGER: TrinoType = { kind: "integer" };
export const BIGINT: TrinoType = { kind: "bigint" };
export const DOUBLE: TrinoType = { kind: "double" };
export const DATE: TrinoType = { kind: "date" };
export const VARCHAR: TrinoType = { kind: "varchar" };
export const JSON_TYPE: TrinoType = { kind: "json" };
export const VARBINARY: TrinoType = { kind: "varbinary" };
export const INTERVAL: TrinoType = { kind: "interval" };
export const decimal = (precision: number, scale: number): TrinoType => ({ kind: "decimal", precision, scale });
export const timestamp = (precision: number): TrinoType => ({ kind: "timestamp", precision });
export const arrayOf = (element: TrinoType): TrinoType => ({ kind: "array", element });

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
    case "array":
      return `array(${display(type.element)})`;
    case "row":
      return `row(${type.fields.map((f) => `${f.name} ${display(f.type)}`).join(", ")})`;
    case "interval":
      return "interval day to second";
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
  double: "DOUBLE",
  date: "DATE",
  json: "JSON",
  varbinary: "BLOB",
  interval: "INTERVAL",
};

/** The DuckDB type that holds its values. */
export function duckType(type: TrinoType): string {
  switch (type.kind) {
    case "varchar":
      return "VARCHAR";
    case "decimal":
      return `DECIMAL(${type.precision},${type.scale})`;
    case "timestamp":
      return "TIMESTAMP";
    case "timestamptz":
      return "TIMESTAMPTZ";
    case "array":
      return `${duckType(type.element)}[]`;
    case "row":
      return `STRUCT(${type.fields.map((f) => `${quoteIdentifier(f.name)} ${duckType(f.type)}`).join(", ")})`;
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
  if (a.kind === "date" && (b.kind === "timestamp" || b.kind === "timestamptz")) return b;
  if (b.kind === "date" && (a.kind === "timestamp" || a.kind === "timestamptz")) return a;
  return undefined;
}
