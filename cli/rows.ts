import { DataType, type Table, type Vector } from "apache-arrow";

/** A value as JSON and people see it. Decimals are exact text wrapped so that JSON prints all their digits as a number. */
export type Cell = string | number | boolean | null | ExactNumber | readonly Cell[] | { readonly [name: string]: Cell };

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

/** The rows of an Arrow table as plain records. */
export function rowsOf(table: Table): Record<string, Cell>[] {
  const columns = table.schema.fields.map((field) => ({ name: field.name, vector: table.getChild(field.name) }));
  return Array.from({ length: table.numRows }, (_, row) =>
    Object.fromEntries(
      columns.map(({ name, vector }) => [name, vector === null ? null : cell(vector.type, vector.get(row))]),
    ),
  );
}

function cell(type: DataType, value: unknown): Cell {
  if (value === null || value === undefined) return null;
  if (DataType.isDecimal(type)) return new ExactNumber(decimalText(value, type.scale));
  if (DataType.isDate(type)) return new Date(Number(value)).toISOString().slice(0, 10);
  if (DataType.isTimestamp(type)) return new Date(Number(value)).toISOString().replace("T", " ").replace("Z", "");
  if (DataType.isList(type)) return listCells(type.children[0]?.type, value);
  if (typeof value === "bigint") return new ExactNumber(value.toString());
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  return String(value);
}

function listCells(type: DataType | undefined, value: unknown): Cell {
  if (type === undefined || !isIterable(value)) return null;
  return Array.from(value, (item) => cell(type, item));
}

function isIterable(value: unknown): value is Iterable<unknown> | Vector {
  return typeof value === "object" && value !== null && Symbol.iterator in value;
}

/** Little-endian 32-bit words of a two's complement number, as Arrow hands decimals out, to text with `scale` digits. */
function decimalText(value: unknown, scale: number): string {
  if (!(value instanceof Uint32Array)) return String(value);
  let unscaled = 0n;
  for (let word = value.length - 1; word >= 0; word -= 1) unscaled = (unscaled << 32n) | BigInt(value[word] ?? 0);
  const bits = BigInt(value.length * 32);
  if (unscaled >> (bits - 1n) === 1n) unscaled -= 1n << bits;
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  return `${unscaled < 0n ? "-" : ""}${whole}${scale === 0 ? "" : `.${digits.slice(-scale)}`}`;
}

/** One cell for a table or a CSV file; NULL is empty. */
export function cellText(value: Cell | undefined): string {
  if (value === null || value === undefined) return "";
  if (value instanceof ExactNumber) return value.text;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** RFC 4180, quoted only where it must be. */
export function csvText(header: readonly string[], rows: readonly Readonly<Record<string, Cell>>[]): string {
  const quote = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const lines = rows.map((row) => header.map((name) => quote(cellText(row[name]))).join(","));
  return `${[header.map(quote).join(","), ...lines].join("\n")}\n`;
}
