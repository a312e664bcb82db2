import { type Rows, uniqueNames } from "../analytics/client/index.ts";

/** A value as JSON and people see it. Numbers are exact text wrapped so that JSON prints all their digits as a number. */
export type Cell = string | boolean | null | ExactNumber;

/** A number kept as its digits: no double ever touches money. */
export class ExactNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  toJSON(): unknown {
    return rawJson(this.text);
  }
  toString(): string {
    return this.text;
  }
}

/** ES2025's JSON.rawJSON, which the type library does not know yet. */
function rawJson(text: string): unknown {
  const raw: unknown = Reflect.get(JSON, "rawJSON");
  return typeof raw === "function" ? Reflect.apply(raw, JSON, [text]) : text;
}

const numeric = /^(?:tinyint|smallint|integer|bigint|float|real|double|decimal\(.*)$/;
/** What JSON takes for a number; it knows no NaN and no Infinity. */
const jsonNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:E[+-]?\d+)?$/;

/** The rows of a result as records: numbers and booleans as JSON has them, everything else as Athena's text. */
export function recordsOf({ columns, rows }: Pick<Rows, "columns" | "rows">): Record<string, Cell>[] {
  const names = uniqueNames(columns);
  return rows.map((row) =>
    Object.fromEntries(columns.map(({ type }, at) => [names[at] ?? "", cellOf(row[at] ?? null, type)])),
  );
}

function cellOf(text: string | null, type: string): Cell {
  if (text === null) return null;
  if (type === "boolean") return text === "true";
  return numeric.test(type) && jsonNumber.test(text) ? new ExactNumber(text) : text;
}

/** One cell for a table; NULL is empty. */
export const cellText = (value: Cell | undefined): string => String(value ?? "");

/**
 * RFC 4180 with every digit of Athena's own result. Quoted where it must be, and where it is an empty text: a NULL is
 * nothing at all, as in Athena's files.
 */
export function csvText({ columns, rows }: Pick<Rows, "columns" | "rows">): string {
  const line = (values: readonly (string | null)[]): string => `${values.map(csvValue).join(",")}\n`;
  return [columns.map(({ name }) => name), ...rows].map(line).join("");
}

function csvValue(text: string | null): string {
  if (text === null) return "";
  return text === "" || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
