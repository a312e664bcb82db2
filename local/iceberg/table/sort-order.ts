import { UnsupportedIceberg } from "../format/errors.ts";
import type { Schema, TableMetadata } from "../format/model.ts";
import { fieldById } from "../format/schema.ts";
import { identifier, isPrimitive } from "../format/types.ts";
import { transformSql } from "./transform-sql.ts";

/** Iceberg spec "Sorting": the ORDER BY of the table's default sort order, empty when rows are in any order. */
export function orderSql(metadata: TableMetadata, schema: Schema): string {
  const id = metadata["default-sort-order-id"];
  const order = metadata["sort-orders"].find((candidate) => candidate["order-id"] === id);
  const terms = (order?.fields ?? []).flatMap((field) => {
    if (field.transform === "void") return [];
    const column = schema.fields.find((candidate) => candidate.id === field["source-id"]);
    if (!column || !isPrimitive(column.type)) {
      const name = fieldById(schema, field["source-id"])?.name ?? `field ${field["source-id"]}`;
      throw new UnsupportedIceberg(`Sorting by ${name}, which is no column of a primitive type, is not supported`);
    }
    const nulls = field["null-order"] === "nulls-first" ? "NULLS FIRST" : "NULLS LAST";
    return [
      `${transformSql(field.transform, column.type, identifier(column.name))} ${field.direction.toUpperCase()} ${nulls}`,
    ];
  });
  return terms.length === 0 ? "" : ` ORDER BY ${terms.join(", ")}`;
}
