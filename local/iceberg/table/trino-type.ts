import type { IcebergType, NestedField } from "../format/model.ts";
import { decimalOf, identifier, isPrimitive } from "../format/types.ts";

/** How Trino's Iceberg connector, and Athena, write a column's type (Trino documentation, "Iceberg to Trino type mapping"). */
export function trinoType(type: IcebergType): string {
  if (!isPrimitive(type)) {
    switch (type.type) {
      case "struct":
        return `row(${type.fields.map(({ name, type: inner }) => `${fieldName(name)} ${trinoType(inner)}`).join(", ")})`;
      case "list":
        return `array(${trinoType(type.element)})`;
      case "map":
        return `map(${trinoType(type.key)}, ${trinoType(type.value)})`;
    }
  }
  switch (type) {
    case "boolean":
    case "date":
    case "double":
    case "uuid":
      return type;
    case "int":
      return "integer";
    case "long":
      return "bigint";
    case "float":
      return "real";
    case "time":
      return "time(6)";
    case "timestamp":
      return "timestamp(6)";
    case "timestamptz":
      return "timestamp(6) with time zone";
    case "string":
      return "varchar";
    default:
      return decimalOf(type) === undefined ? "varbinary" : type;
  }
}

function fieldName(name: string): string {
  return /^[a-z_][a-z0-9_]*$/i.test(name) ? name : identifier(name);
}

/** A ROW for {@link trinoType} and `duckType`, which do not look at ids. */
export function rowOf(fields: readonly (readonly [name: string, type: IcebergType])[]): IcebergType {
  const nested = fields.map(([name, type]): NestedField => ({ id: 0, name, required: false, type }));
  return { type: "struct", fields: nested };
}

export function arrayOf(element: IcebergType): IcebergType {
  return { type: "list", "element-id": 0, element, "element-required": false };
}

export function mapOf(key: IcebergType, value: IcebergType): IcebergType {
  return { type: "map", "key-id": 0, key, "value-id": 0, value, "value-required": false };
}
