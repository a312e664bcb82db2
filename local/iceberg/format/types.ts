/**
 * Iceberg spec "Schemas and Data Types" and its appendix C "Schemas": reading types out of JSON, and the DuckDB types
 * that hold them.
 */
import { InvalidIceberg, UnsupportedIceberg } from "./errors.ts";
import { asBoolean, asInteger, asList, asObject, asText, optionalMember, withoutNulls } from "./json-checks.ts";
import type { IcebergType, ListType, MapType, NestedField, PrimitiveType, StructType } from "./model.ts";
import { type DecimalParameters, decimalParameters } from "./type-parameters.ts";

/** DuckDB types of the primitives without parameters. */
const plainTypes = {
  boolean: "BOOLEAN",
  int: "INTEGER",
  long: "BIGINT",
  float: "FLOAT",
  double: "DOUBLE",
  date: "DATE",
  time: "TIME",
  timestamp: "TIMESTAMP",
  timestamptz: "TIMESTAMP WITH TIME ZONE",
  string: "VARCHAR",
  uuid: "UUID",
  binary: "BLOB",
} as const;

/** Format v3 brought them. */
const laterTypes = /^(?:timestamp_ns|timestamptz_ns|unknown|variant|geometry|geography)\b/;

export function isPrimitive(type: IcebergType): type is PrimitiveType {
  return typeof type === "string";
}

/**
 * Reads a primitive type as engines write it (`decimal(18, 3)` with or without the space).
 * @throws UnsupportedIceberg for a type of format v3, InvalidIceberg for anything else that is no type.
 */
export function parsePrimitive(text: string): PrimitiveType {
  if (isPlain(text)) return text;
  const decimal = /^decimal\(\s*(\d+)\s*,\s*(\d+)\s*\)$/.exec(text);
  if (decimal) {
    const [precision, scale] = [Number(decimal[1]), Number(decimal[2])];
    if (precision >= 1 && precision <= 38 && scale <= precision) return `decimal(${precision},${scale})`;
  }
  const fixed = /^fixed\[\s*(\d+)\s*\]$/.exec(text);
  if (fixed) return `fixed[${Number(fixed[1])}]`;
  if (laterTypes.test(text)) throw new UnsupportedIceberg(`Iceberg type ${text} is not supported: it needs format v3`);
  throw new InvalidIceberg(`Iceberg metadata: there is no type ${text}`);
}

function isPlain(text: string): text is keyof typeof plainTypes {
  return Object.hasOwn(plainTypes, text);
}

/** Precision and scale of a decimal type, undefined for every other type. */
export function decimalOf(type: IcebergType): DecimalParameters | undefined {
  return isPrimitive(type) ? decimalParameters(type) : undefined;
}

/**
 * Reads a type out of the JSON of a schema.
 * @param what names the type in messages, e.g. the column.
 */
export function checkType(json: unknown, what = "type"): IcebergType {
  if (typeof json === "string") return parsePrimitive(json);
  const object = asObject(json, what);
  switch (object["type"]) {
    case "struct":
      return { type: "struct", fields: checkFields(object["fields"], what) } satisfies StructType;
    case "list":
      return {
        type: "list",
        "element-id": asInteger(object["element-id"], `${what}.element-id`),
        element: checkType(object["element"], `${what}.element`),
        "element-required": asBoolean(object["element-required"], `${what}.element-required`),
      } satisfies ListType;
    case "map":
      return {
        type: "map",
        "key-id": asInteger(object["key-id"], `${what}.key-id`),
        key: checkType(object["key"], `${what}.key`),
        "value-id": asInteger(object["value-id"], `${what}.value-id`),
        value: checkType(object["value"], `${what}.value`),
        "value-required": asBoolean(object["value-required"], `${what}.value-required`),
      } satisfies MapType;
    default:
      throw new InvalidIceberg(`Iceberg metadata: ${what} is no struct, list or map`);
  }
}

/** Reads the fields of a struct or schema out of JSON. */
export function checkFields(json: unknown, what: string): readonly NestedField[] {
  return asList(json, `${what}.fields`, checkField);
}

function checkField(json: unknown, what: string): NestedField {
  const object = withoutNulls(asObject(json, what));
  const name = asText(object["name"], `${what}.name`);
  for (const member of ["initial-default", "write-default"]) {
    if (member in object) throw new UnsupportedIceberg(`Iceberg column ${name} has ${member}: it needs format v3`);
  }
  return {
    ...object,
    id: asInteger(object["id"], `${what}.id`),
    name,
    required: asBoolean(object["required"], `${what}.required`),
    type: checkType(object["type"], name),
    ...optionalMember(object, "doc", asText),
  };
}

/** An identifier as DuckDB's SQL writes it. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** The DuckDB type that holds a column's values. */
export function duckType(type: IcebergType): string {
  if (isPrimitive(type)) return duckPrimitive(type);
  switch (type.type) {
    case "struct":
      return `STRUCT(${type.fields.map((field) => `${identifier(field.name)} ${duckType(field.type)}`).join(", ")})`;
    case "list":
      return `${duckType(type.element)}[]`;
    case "map":
      return `MAP(${duckType(type.key)}, ${duckType(type.value)})`;
  }
}

function duckPrimitive(type: PrimitiveType): string {
  if (isPlain(type)) return plainTypes[type];
  const decimal = decimalOf(type);
  return decimal ? `DECIMAL(${decimal.precision},${decimal.scale})` : "BLOB";
}

/** The value of COPY's FIELD_IDS option, which puts the ids of columns and of what is nested in them into the file. */
export function duckFieldIds(fields: readonly NestedField[]): string {
  return `{${fields.map((field) => `${identifier(field.name)}: ${fieldIds(field.id, field.type)}`).join(", ")}}`;
}

function fieldIds(id: number, type: IcebergType): string {
  if (isPrimitive(type)) return String(id);
  return `{__duckdb_field_id: ${id}, ${nestedFieldIds(type)}}`;
}

function nestedFieldIds(type: StructType | ListType | MapType): string {
  switch (type.type) {
    case "struct":
      return type.fields.map((field) => `${identifier(field.name)}: ${fieldIds(field.id, field.type)}`).join(", ");
    case "list":
      return `element: ${fieldIds(type["element-id"], type.element)}`;
    case "map":
      return `key: ${fieldIds(type["key-id"], type.key)}, value: ${fieldIds(type["value-id"], type.value)}`;
  }
}
