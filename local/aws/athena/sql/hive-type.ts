import {
  arrayOf,
  BIGINT,
  BOOLEAN,
  DATE,
  DOUBLE,
  decimal,
  display,
  INTEGER,
  mapOf,
  REAL,
  type RowField,
  type TrinoType,
  timestamp,
  VARBINARY,
  VARCHAR,
} from "./types.ts";

const simple: Readonly<Record<string, TrinoType>> = {
  string: VARCHAR,
  bigint: BIGINT,
  long: BIGINT,
  int: INTEGER,
  integer: INTEGER,
  smallint: { kind: "smallint" },
  tinyint: { kind: "tinyint" },
  boolean: BOOLEAN,
  double: DOUBLE,
  float: REAL,
  date: DATE,
  binary: VARBINARY,
};

/** Splits `a:int,b:array<int>` at the commas outside of brackets. */
function splitTop(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === "<" || c === "(") depth++;
    else if (c === ">" || c === ")") depth--;
    else if (c === "," && depth === 0) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(text.slice(start));
  return parts.map((part) => part.trim());
}

/**
 * The Trino type of a Hive type text, as Athena reads it.
 * @param timestampPrecision 3 for Hive tables, 6 for Iceberg.
 * @returns undefined for a type the local engine does not have (`uniontype`, ...).
 */
export function fromHive(text: string, timestampPrecision: 3 | 6): TrinoType | undefined {
  const type = text.trim().toLowerCase();
  const known = simple[type];
  if (known !== undefined) return known;
  if (type === "timestamp") return timestamp(timestampPrecision);
  const decimals = /^decimal\((\d+)\s*(?:,\s*(\d+))?\)$/.exec(type);
  if (decimals) return decimal(Number(decimals[1]), Number(decimals[2] ?? 0));
  const varchar = /^varchar\((\d+)\)$/.exec(type);
  if (varchar) return { kind: "varchar", length: Number(varchar[1]) };
  const array = /^array<(.*)>$/.exec(type);
  if (array?.[1] !== undefined) {
    const element = fromHive(array[1], timestampPrecision);
    return element && arrayOf(element);
  }
  const map = /^map<(.*)>$/.exec(type);
  if (map?.[1] !== undefined) {
    const [key, value, ...more] = splitTop(map[1]).map((part) => fromHive(part, timestampPrecision));
    return key !== undefined && value !== undefined && more.length === 0 ? mapOf(key, value) : undefined;
  }
  const struct = /^struct<(.*)>$/.exec(type);
  if (struct?.[1] !== undefined) {
    const fields: RowField[] = [];
    for (const part of splitTop(struct[1])) {
      const colon = part.indexOf(":");
      const field = colon > 0 ? fromHive(part.slice(colon + 1), timestampPrecision) : undefined;
      if (field === undefined) return undefined;
      fields.push({ name: part.slice(0, colon), type: field });
    }
    return { kind: "row", fields };
  }
  return undefined;
}

/** Of two names for one type, Glue has the other. */
const aliases = new Set(["long", "integer"]);
const hiveNames = new Map(
  Object.entries(simple).flatMap(([name, { kind }]): [string, string][] => (aliases.has(name) ? [] : [[kind, name]])),
);

/** The type as Glue writes it, where Hive has it: `varchar` is `string`, `row(a integer)` is `struct<a:int>`. */
export function toHive(type: TrinoType): string | undefined {
  switch (type.kind) {
    case "varchar":
      return type.length === undefined ? "string" : `varchar(${type.length})`;
    case "decimal":
      return display(type);
    case "timestamp":
      return "timestamp";
    case "array": {
      const element = toHive(type.element);
      return element && `array<${element}>`;
    }
    case "map": {
      const [key, value] = [toHive(type.key), toHive(type.value)];
      return key && value && `map<${key},${value}>`;
    }
    case "row": {
      const fields = type.fields.map((field) => [field.name, toHive(field.type)]);
      return fields.some(([name, hive]) => !name || hive === undefined)
        ? undefined
        : `struct<${fields.map((field) => field.join(":")).join(",")}>`;
    }
    default:
      return hiveNames.get(type.kind);
  }
}
