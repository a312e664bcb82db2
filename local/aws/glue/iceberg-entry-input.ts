import type { IcebergType, NestedField, PrimitiveType, TableMetadata } from "../../iceberg/format/model.ts";
import { isPrimitive } from "../../iceberg/format/types.ts";
import { objectIn } from "../members.ts";
import type { Shape } from "../service.ts";
import { textMap } from "./table-input.ts";

function hivePrimitive(type: PrimitiveType): string {
  switch (type) {
    case "long":
      return "bigint";
    case "time":
    case "uuid":
      return "string";
    case "timestamptz":
      return "timestamp";
    default:
      return type.startsWith("fixed") ? "binary" : type;
  }
}

/** The Hive type text that the catalogue shows for an Iceberg type, as Java Iceberg's GlueCatalog writes it. */
export function hiveTypeOf(type: IcebergType): string {
  if (isPrimitive(type)) return hivePrimitive(type);
  switch (type.type) {
    case "struct":
      return `struct<${type.fields.map((field) => `${field.name}:${hiveTypeOf(field.type)}`).join(",")}>`;
    case "list":
      return `array<${hiveTypeOf(type.element)}>`;
    case "map":
      return `map<${hiveTypeOf(type.key)},${hiveTypeOf(type.value)}>`;
  }
}

function column(field: NestedField, current: boolean): Shape {
  return {
    Name: field.name,
    Type: hiveTypeOf(field.type),
    ...(field.doc !== undefined && { Comment: field.doc }),
    Parameters: {
      "iceberg.field.current": String(current),
      "iceberg.field.id": String(field.id),
      "iceberg.field.optional": String(!field.required),
    },
  };
}

/** Columns of the current schema, then those that only former schemas have. */
function columns(metadata: TableMetadata): Shape[] {
  const currentId = metadata["current-schema-id"];
  const current = metadata.schemas.filter((schema) => schema["schema-id"] === currentId);
  const former = metadata.schemas.filter((schema) => schema["schema-id"] !== currentId);
  const byName = new Map<string, Shape>();
  for (const [schemas, isCurrent] of [
    [current, true],
    [former, false],
  ] as const)
    for (const field of schemas.flatMap(({ fields }) => fields))
      if (!byName.has(field.name)) byName.set(field.name, column(field, isCurrent));
  return [...byName.values()];
}

/**
 * The catalogue's entry of an Iceberg table that is at this metadata.
 * @param before the entry so far; what Iceberg does not say is kept.
 */
export function icebergTableInput(
  before: Shape,
  metadataLocation: string,
  metadata: TableMetadata,
): Shape & { readonly Name: string } {
  const parameters = textMap(before["Parameters"]);
  const previous = parameters["metadata_location"];
  return {
    ...before,
    Name: String(before["Name"]),
    TableType: "EXTERNAL_TABLE",
    StorageDescriptor: {
      ...objectIn(before["StorageDescriptor"]),
      Columns: columns(metadata),
      Location: metadata.location,
    },
    Parameters: {
      ...parameters,
      table_type: "ICEBERG",
      metadata_location: metadataLocation,
      ...(previous !== undefined && previous !== metadataLocation && { previous_metadata_location: previous }),
    },
  };
}
