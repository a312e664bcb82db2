import { display, type RowField, type TrinoType } from "../sql/types.ts";
import { refuse } from "../sql/udf/udf.ts";
import { day, decimal, float, shortened, textInteger, time, UNREADABLE, type ValueText } from "./hive-text-values.ts";

/** LazySimpleSerDe: fields divided by a character, without quotes. */
export interface DelimitedSerde {
  readonly separator: string;
  readonly escapedBy: string | undefined;
  /** Stands for NULL. */
  readonly nullText: string;
}

/** OpenCSVSerde: fields that may stand in quotes. */
export interface CsvSerde {
  readonly separator: string;
  readonly quote: string;
  readonly escapedBy: string;
}

/** The columns' values in a line of delimited text; those that it has not, and those it cannot be, are NULL. */
export function delimitedLine(
  line: string,
  columns: readonly (RowField | undefined)[],
  serde: DelimitedSerde,
): readonly (string | null)[] {
  const fields = split(line, serde);
  return columns.map((column, i) => {
    const field = fields[i];
    if (column === undefined || field === undefined || field === serde.nullText) return null;
    const text = scalar(field, column.type, serde);
    return text === UNREADABLE ? null : text;
  });
}

function split(line: string, { separator, escapedBy }: DelimitedSerde): readonly string[] {
  if (escapedBy === undefined) return line.split(separator);
  const fields: string[] = [];
  let start = 0;
  for (let at = 0; at < line.length; at++) {
    const c = line.charAt(at);
    if (c === separator) {
      fields.push(line.slice(start, at));
      start = at + 1;
    } else if (c === escapedBy) at++;
  }
  return [...fields, line.slice(start)];
}

function scalar(text: string, type: TrinoType, { escapedBy }: DelimitedSerde): ValueText {
  switch (type.kind) {
    case "varchar":
      return shortened(escapedBy === undefined ? text : unescaped(text, escapedBy), type.length);
    case "boolean":
      return /^(true|false)$/i.test(text) ? text.toLowerCase() : UNREADABLE;
    case "tinyint":
    case "smallint":
    case "integer":
    case "bigint":
      return textInteger(text, type);
    case "real":
    case "double":
      return float(text);
    case "decimal":
      return decimal(text, type);
    case "date":
      return day(text);
    case "timestamp":
      return time(text);
    default:
      return refuse(`${display(type)} in text files`);
  }
}

/** An escape says that the next character is itself; at the end, it is one itself. */
function unescaped(text: string, escapedBy: string): string {
  let plain = "";
  for (let at = 0; at < text.length; at++) {
    if (text.charAt(at) === escapedBy && at + 1 < text.length) at++;
    plain += text.charAt(at);
  }
  return plain;
}

/** The columns' texts in a line of CSV. A field whose quotes do not close is NULL, and what a line lacks. */
export function csvLine(
  line: string,
  columns: readonly (RowField | undefined)[],
  serde: CsvSerde,
): readonly (string | null)[] {
  const fields = line === "" ? [] : csvFields(line, columns.length, serde);
  return columns.map((column, i) => (column === undefined ? null : (fields[i] ?? null)));
}

/** OpenCSV's rules, the odd ones included: they decide which of a text's quotes and escapes are kept. */
function csvFields(line: string, most: number, { separator, quote, escapedBy }: CsvSerde): readonly string[] {
  const fields: string[] = [];
  let field = "";
  let inQuotes = false;
  let inField = false;
  for (let at = 0; at < line.length && fields.length < most; at++) {
    const c = line.charAt(at);
    const next = line.charAt(at + 1);
    const isInside = inQuotes || inField;
    if (c === escapedBy) {
      // It stands for itself nowhere: before other characters it is dropped.
      if (isInside && next !== "" && (next === quote || next === escapedBy)) {
        field += next;
        at++;
      }
    } else if (c === quote) {
      if (isInside && next === quote) {
        field += next;
        at++;
      } else {
        // A quote amid a field is kept, but not in a line's first three characters, nor beside a separator.
        const isAmid = at > 2 && line.charAt(at - 1) !== separator && next !== "" && next !== separator;
        if (isAmid) field = field !== "" && /^\s*$/.test(field) ? "" : field + c;
        inQuotes = !inQuotes;
      }
      inField = !inField;
    } else if (c === separator && !inQuotes) {
      fields.push(field);
      field = "";
      inField = false;
    } else {
      field += c;
      inField = true;
    }
  }
  return fields.length < most && !inQuotes ? [...fields, field] : fields;
}
