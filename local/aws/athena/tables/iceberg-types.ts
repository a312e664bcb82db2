import type { IcebergType, PrimitiveType } from "../../../iceberg/format/model.ts";
import { decimalOf, isPrimitive } from "../../../iceberg/format/types.ts";
import { SqlError } from "../sql/errors.ts";
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
  rowOf,
  type TrinoType,
  timestamp,
  VARBINARY,
  VARCHAR,
  zoned,
} from "../sql/types.ts";

const trinoPrimitive: Readonly<Record<string, TrinoType>> = {
  boolean: BOOLEAN,
  int: INTEGER,
  long: BIGINT,
  float: REAL,
  double: DOUBLE,
  date: DATE,
  time: { kind: "time", precision: 6 },
  timestamp: timestamp(6),
  timestamptz: zoned(6),
  string: VARCHAR,
  binary: VARBINARY,
};

/**
 * The type that Athena gives an Iceberg column.
 * @throws SqlError `NOT_IMPLEMENTED_LOCALLY` for a type that the local engine does not have.
 */
export function trinoType(type: IcebergType): TrinoType {
  if (!isPrimitive(type)) {
    switch (type.type) {
      case "struct":
        return rowOf(type.fields.map((field) => ({ name: field.name, type: trinoType(field.type) })));
      case "list":
        return arrayOf(trinoType(type.element));
      case "map":
        return mapOf(trinoType(type.key), trinoType(type.value));
    }
  }
  const digits = decimalOf(type);
  if (digits !== undefined) return decimal(digits.precision, digits.scale);
  const known = type.startsWith("fixed") ? VARBINARY : trinoPrimitive[type];
  if (known === undefined) throw new SqlError("NOT_IMPLEMENTED_LOCALLY", `Iceberg columns of type ${type}`);
  return known;
}

const icebergPrimitive: Readonly<Record<string, PrimitiveType>> = {
  boolean: "boolean",
  integer: "int",
  bigint: "long",
  real: "float",
  double: "double",
  date: "date",
  varchar: "string",
  varbinary: "binary",
};

const needsMicros = (type: TrinoType, precision: number, word: string): SqlError =>
  new SqlError(
    "NOT_SUPPORTED",
    `Timestamp precision (${precision}) not supported for Iceberg. Use "${word}" instead. (${display(type)})`,
  );

/**
 * The Iceberg type of a column that a statement makes. Ids are given later.
 * @throws SqlError `NOT_SUPPORTED` for types that Iceberg does not have, as Athena refuses them.
 */
export function icebergType(type: TrinoType): IcebergType {
  switch (type.kind) {
    case "decimal":
      return `decimal(${type.precision},${type.scale})`;
    case "timestamp":
      if (type.precision !== 6) throw needsMicros(type, type.precision, "timestamp(6)");
      return "timestamp";
    case "timestamptz":
      if (type.precision !== 6) throw needsMicros(type, type.precision, "timestamp(6) with time zone");
      return "timestamptz";
    case "time":
      if (type.precision !== 6) throw needsMicros(type, type.precision, "time(6)");
      return "time";
    case "array":
      return { type: "list", "element-id": 0, element: icebergType(type.element), "element-required": false };
    case "map":
      return {
        type: "map",
        "key-id": 0,
        key: icebergType(type.key),
        "value-id": 0,
        value: icebergType(type.value),
        "value-required": false,
      };
    case "row":
      return {
        type: "struct",
        fields: type.fields.map((field) => {
          if (field.name === "") throw new SqlError("NOT_SUPPORTED", "Row type field does not have a name");
          return { id: 0, name: field.name, required: false, type: icebergType(field.type) };
        }),
      };
    default: {
      const known = icebergPrimitive[type.kind];
      if (known === undefined) throw new SqlError("NOT_SUPPORTED", `Type not supported for Iceberg: ${display(type)}`);
      return known;
    }
  }
}
