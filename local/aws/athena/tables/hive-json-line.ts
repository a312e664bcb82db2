import { display, type RowField, type TrinoType } from "../sql/types.ts";
import { fail, refuse } from "../sql/udf/udf.ts";
import { DuplicateKey, type JsonValue, MalformedJson, readJson } from "./hive-json-reader.ts";
import { openxDay, openxNumber, openxText, openxTime } from "./hive-openx-values.ts";
import {
  cutNumber,
  day,
  decimal,
  decimalText,
  float,
  shortened,
  time,
  UNREADABLE,
  type ValueText,
} from "./hive-text-values.ts";

/** How a table's JSON is read. */
export interface JsonSerde {
  /** The OpenX SerDe, not Hive's own. */
  readonly openx: boolean;
  readonly ignoreMalformed: boolean;
  readonly caseInsensitive: boolean;
  /** `a.b` is the key of a column `a_b`. */
  readonly dots: boolean;
  /** Keys by the names of columns and fields that are called otherwise. */
  readonly mapping: Readonly<Record<string, string>>;
}

const badLine = (message: string): never => fail("HIVE_CURSOR_ERROR", `Row is not a valid JSON Object - ${message}`);
const badValue = (value: JsonValue, type: TrinoType): never =>
  fail("HIVE_BAD_DATA", `Error parsing field value '${textOf(value)}' as ${display(type)}`);

const textOf = (value: JsonValue): string =>
  value !== null && "text" in value ? value.text : Array.isArray(value) ? "an array" : "an object";

/** The columns' values in a line: texts that DuckDB casts to their types, JSON for those that hold others. */
export function jsonLine(
  line: string,
  columns: readonly (RowField | undefined)[],
  serde: JsonSerde,
): readonly (string | null)[] {
  const row = rowIn(line, serde);
  if (row === undefined) return columns.map(() => null);
  const decoder = new JsonDecoder(serde);
  return columns.map((column, i) => {
    if (column === undefined) return null;
    const value = decoder.field(row, column, i);
    if (value === null) return null;
    const { kind } = column.type;
    return kind === "array" || kind === "map" || kind === "row"
      ? decoder.nested(value, column.type)
      : decoder.scalar(value, column.type);
  });
}

/** The object (or, with OpenX, the array) of a line; undefined for one whose columns are all NULL. */
function rowIn(line: string, { openx, ignoreMalformed, caseInsensitive }: JsonSerde): JsonValue | undefined {
  // OpenX takes what does not even begin as JSON for a line without values.
  if (openx && !/^[{[]/.test(line.trim())) return undefined;
  try {
    const value = readJson(openx ? line.trim() : line, { lenient: openx, caseInsensitive: openx && caseInsensitive });
    return openx || value instanceof Map ? value : badLine("start of object expected");
  } catch (error) {
    if (error instanceof DuplicateKey) return badLine(error.message);
    if (!(error instanceof MalformedJson)) throw error;
    return ignoreMalformed ? undefined : badLine(error.message);
  }
}

/** Turns what a line holds into the texts of its columns' values. */
class JsonDecoder {
  readonly #serde: JsonSerde;

  constructor(serde: JsonSerde) {
    this.#serde = serde;
  }

  /** A member of an object by a column's name, of an array by its place. */
  field(row: JsonValue, { name }: RowField, place: number): JsonValue {
    if (Array.isArray(row)) return row[place] ?? null;
    if (!(row instanceof Map)) return null;
    const { openx, caseInsensitive, dots, mapping } = this.#serde;
    const insensitive = !openx || caseInsensitive;
    const wanted = (Object.hasOwn(mapping, name) ? mapping[name] : undefined) ?? name;
    const folded = (key: string): string => (insensitive ? key.toLowerCase() : key);
    let found: JsonValue | undefined;
    for (const [key, value] of row) {
      if (!openx && /^_col\d+$/.test(key)) return refuse(`the JSON key ${key}, which Hive takes for a place`);
      if (folded(key) !== folded(wanted)) continue;
      if (found !== undefined) return badLine(`Duplicate key "${key}"`);
      found = value;
    }
    if (found !== undefined || !dots) return found ?? null;
    for (const [key, value] of row)
      if (key.includes(".") && folded(key.replaceAll(".", "_")) === folded(name)) return value;
    return null;
  }

  /** A value as JSON whose scalars are all texts, with every field of every row. */
  nested(value: JsonValue, type: TrinoType): string {
    if (value === null) return "null";
    switch (type.kind) {
      case "array":
        return this.#array(value, (item) => this.nested(item, type.element), type);
      case "map":
        return this.#map(value, type);
      case "row":
        return this.#row(value, type);
      default: {
        const text = this.scalar(value, type);
        return text === null ? "null" : JSON.stringify(text);
      }
    }
  }

  #array(value: JsonValue, item: (value: JsonValue) => string, type: TrinoType): string {
    if (Array.isArray(value)) return `[${value.map(item).join(",")}]`;
    if (!this.#serde.openx) return badValue(value, type);
    // OpenX: an empty text is NULL, anything else an array of one.
    if (value !== null && "text" in value && value.text === "") return "null";
    return `[${item(value)}]`;
  }

  #map(value: JsonValue, type: TrinoType & { readonly kind: "map" }): string {
    if (value instanceof Map) {
      const entries = new Map<string, string>();
      for (const [name, item] of value) {
        const key = this.scalar({ text: name, quoted: true }, type.key, true);
        if (key === null || entries.has(key)) return badLine(`Duplicate key "${name}"`);
        entries.set(key, this.nested(item, type.value));
      }
      return `{${[...entries].map(([key, item]) => `${JSON.stringify(key)}:${item}`).join(",")}}`;
    }
    if (this.#isBlank(value)) return "null";
    return badValue(value, type);
  }

  #row(value: JsonValue, type: TrinoType & { readonly kind: "row" }): string {
    const hasFields = value instanceof Map || (this.#serde.openx && (Array.isArray(value) || this.#isBlank(value)));
    if (!hasFields) return badValue(value, type);
    const fields = type.fields.map(
      (field, i) => `${JSON.stringify(field.name)}:${this.nested(this.field(value, field, i), field.type)}`,
    );
    return `{${fields.join(",")}}`;
  }

  #isBlank(value: JsonValue): boolean {
    return this.#serde.openx && value !== null && "text" in value && value.text.trim() === "";
  }

  /** @param isKey a map's: Hive reads numbers out of these texts. */
  scalar(value: JsonValue, type: TrinoType, isKey = false): string | null {
    if (value === null) return null;
    if (this.#serde.openx) return this.#orNull(openxScalar(value, type));
    if (!("text" in value)) return badValue(value, type);
    const text = hiveScalar(value.text, value.quoted && !isKey, type);
    if (text !== UNREADABLE) return text;
    // A text that is no number is NULL to Hive where a decimal is asked for.
    return type.kind === "decimal" && decimalText(value.text) === undefined ? null : badValue(value, type);
  }

  #orNull(text: ValueText): string | null {
    return text === UNREADABLE ? null : text;
  }
}

function hiveScalar(text: string, quoted: boolean, type: TrinoType): ValueText {
  switch (type.kind) {
    case "varchar":
      return shortened(text, type.length);
    case "boolean":
      return String(text.toLowerCase() === "true");
    case "tinyint":
    case "smallint":
    case "integer":
    case "bigint":
      return quoted ? UNREADABLE : cutNumber(text, type);
    case "real":
    case "double":
      return quoted || !/^[-\d]/.test(text) ? UNREADABLE : text;
    case "decimal":
      return decimal(text, type);
    case "date":
      return day(text);
    case "timestamp":
      return time(text);
    default:
      return refuse(`${display(type)} in JSON files`);
  }
}

function openxScalar(value: NonNullable<JsonValue>, type: TrinoType): ValueText {
  if (type.kind === "varchar") return shortened(openxText(value), type.length);
  if (type.kind === "boolean") return String("text" in value && value.text.toLowerCase() === "true");
  if (!("text" in value)) return badValue(value, type);
  const { text } = value;
  switch (type.kind) {
    case "tinyint":
    case "smallint":
    case "integer":
    case "bigint":
      return openxNumber(text, type);
    case "real":
    case "double":
      return float(text);
    case "decimal":
      return decimal(text, type);
    case "date":
      return openxDay(text);
    case "timestamp":
      return openxTime(text);
    default:
      return refuse(`${display(type)} in JSON files`);
  }
}
