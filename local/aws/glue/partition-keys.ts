import { parseValue } from "../../iceberg/format/value-text.ts";
import { AwsError, NotImplementedLocally } from "../service.ts";
import type { Literal } from "./partition-expression.ts";
import { invalidInput } from "./table-input.ts";

/** A value in a form in which `<` is the order of its type. */
export type Comparable = string | bigint;

/** How the values of a partition key are read and compared. */
export interface KeyType {
  /** Whether LIKE may be asked. */
  readonly isText: boolean;
  /** Begins a message about an operation that the type does not have. */
  readonly title: string;
  /** @returns undefined for what is no value of the type. */
  read(text: string): Comparable | undefined;
  /** Why a text is no value of the type. */
  complaint(text: string): string;
}

const INTEGER_BITS: Readonly<Record<string, number>> = {
  tinyint: 8,
  smallint: 16,
  int: 32,
  integer: 32,
  bigint: 64,
  long: 64,
};
/** Digits of the longest decimal on either side of its point. */
const DECIMAL_DIGITS = 38;

function integer(text: string, bits: number): bigint | undefined {
  if (!/^[+-]?\d{1,30}$/.test(text)) return undefined;
  const value = BigInt(text.replace("+", ""));
  return BigInt.asIntN(bits, value) === value ? value : undefined;
}

function decimal(text: string): bigint | undefined {
  const [, sign = "", whole = "", fraction = ""] = /^([+-]?)(\d+)(?:\.(\d*))?$/.exec(text) ?? [];
  if (whole === "" || whole.length > DECIMAL_DIGITS || fraction.length > DECIMAL_DIGITS) return undefined;
  const unscaled = BigInt(`${whole}${fraction.padEnd(DECIMAL_DIGITS, "0")}`);
  return sign === "-" ? -unscaled : unscaled;
}

function date(text: string): string | undefined {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && parseValue(text, "date") !== undefined ? text : undefined;
}

function timestamp(text: string): string | undefined {
  const [, seconds, fraction = ""] = /^(\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?$/.exec(text) ?? [];
  if (seconds === undefined || parseValue(seconds, "timestamp") === undefined) return undefined;
  return `${seconds}.${fraction.padEnd(9, "0")}`;
}

/**
 * The type of a partition key. Which types there are, and what is said of the others, is AWS's (API reference,
 * `GetPartitions`); a `varchar` is compared as a `string`.
 * @throws AwsError `InvalidInputException`
 */
export function keyType(type: string): KeyType {
  const [name = ""] = type.toLowerCase().split("(");
  const bits = INTEGER_BITS[name];
  if (bits !== undefined)
    return {
      isText: false,
      title: "Integral",
      read: (text) => integer(text, bits),
      complaint: (text) => `"${text}" is not an integer.`,
    };
  switch (name) {
    case "string":
    case "varchar":
      return { isText: true, title: "String", read: (text) => text, complaint: (text) => `${text} is not a string.` };
    case "decimal":
      return { isText: false, title: "Decimal", read: decimal, complaint: (text) => `${text} is not a decimal.` };
    case "date":
      return { isText: false, title: "Date", read: date, complaint: (text) => `${text} is not a date.` };
    case "timestamp":
      return {
        isText: false,
        title: "Timestamp",
        read: timestamp,
        complaint: (text) => `Timestamp format must be yyyy-mm-dd hh:mm:ss[.fffffffff]: ${text}`,
      };
    case "char":
      throw new NotImplementedLocally(`glue:GetPartitions Expression on a partition key of type ${type}`);
    default:
      throw invalidInput(`Unknown type : '${type}'`);
  }
}

/**
 * A literal as a value of the key's type: Glue casts it, whether it is a text or a number.
 * @throws AwsError `InvalidInputException` for one that the type does not have.
 */
export function literalValue({ kind, text }: Literal, type: KeyType): Comparable {
  // Whether 1.50 as a text is 1.50 or 1.5 is not documented.
  if (kind === "number" && type.isText && !/^(0|-?[1-9]\d*)$/.test(text))
    throw new NotImplementedLocally(
      `glue:GetPartitions Expression that compares a string with the number ${text}: write it in quotes`,
    );
  const value = type.read(text);
  if (value === undefined) throw invalidInput(type.complaint(text));
  return value;
}

/** The value of a partition. @throws AwsError `InvalidStateException` for one that the key's type does not have. */
export function partitionValue(text: string, type: KeyType): Comparable {
  const value = type.read(text);
  if (value === undefined) throw new AwsError("InvalidStateException", type.complaint(text));
  return value;
}
