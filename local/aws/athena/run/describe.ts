import type { IcebergType, NestedField, TableMetadata } from "../../../iceberg/format/model.ts";
import { currentSchema, fieldById } from "../../../iceberg/format/schema.ts";
import { decimalOf, isPrimitive } from "../../../iceberg/format/types.ts";
import { hiveTypeOf } from "../../glue/iceberg-entry-input.ts";
import type { CatalogueTable, TableColumn } from "../../ports.ts";
import { viewColumns } from "../views.ts";
import type { Result, Run } from "./run.ts";

/** What is asked about a table. */
export type Question = "SHOW_COLUMNS" | "DESCRIBE";

/** SHOW COLUMNS and DESCRIBE, whose lines Athena writes in another way for each kind of table. */
export function described(question: Question, table: CatalogueTable, { binder }: Run): Result {
  if (table.kind === "view") {
    const lines = viewColumns(table).map(({ name, type }) => `${name}\t${type}`);
    const columns = ["column", "type"].map((name) => ({ name, type: "varchar" }));
    return { lines, columns, substatement: "DESC_VIEW" };
  }
  const names = question === "DESCRIBE" ? ["col_name", "data_type", "comment"] : ["field"];
  const columns = names.map((name) => ({ name, type: "string" }));
  if (table.kind === "hive")
    return { lines: question === "DESCRIBE" ? hiveDescription(table) : hiveColumns(table).map(columnName), columns };
  const { metadata } = binder.iceberg(table.database, table.name).state;
  if (question === "DESCRIBE") return { lines: icebergDescription(metadata), columns };
  return { lines: currentSchema(metadata).fields.map(({ name }) => name), columns };
}

/** Hive fills its columns up to twenty characters. */
const padded = (text: string): string => text.padEnd(20);

const hiveColumns = (table: CatalogueTable): readonly TableColumn[] => [...table.columns, ...table.partitionKeys];
const columnName = ({ name }: TableColumn): string => padded(name);
const hiveLine = ({ name, type, comment = "" }: TableColumn): string => [name, type, comment].map(padded).join("\t");

function hiveDescription(table: CatalogueTable): string[] {
  const lines = hiveColumns(table).map(hiveLine);
  if (table.partitionKeys.length === 0) return lines;
  const heading = hiveLine({ name: "# col_name", type: "data_type", comment: "comment" });
  const blank = "\t \t ";
  return [...lines, blank, "# Partition Information\t \t ", heading, blank, ...table.partitionKeys.map(hiveLine)];
}

/** Types as Iceberg spells them, with a blank after commas and colons. */
function icebergText(type: IcebergType): string {
  const digits = decimalOf(type);
  if (digits !== undefined) return `decimal(${digits.precision}, ${digits.scale})`;
  if (isPrimitive(type)) return hiveTypeOf(type);
  switch (type.type) {
    case "struct":
      return `struct<${type.fields.map((field) => `${field.name}: ${icebergText(field.type)}`).join(", ")}>`;
    case "list":
      return `array<${icebergText(type.element)}>`;
    case "map":
      return `map<${icebergText(type.key)}, ${icebergText(type.value)}>`;
  }
}

function icebergDescription(metadata: TableMetadata): string[] {
  const schema = currentSchema(metadata);
  const spec = metadata["partition-specs"].find((it) => it["spec-id"] === metadata["default-spec-id"]);
  const line = ({ name, type, doc = "" }: NestedField): string => `${name}\t${icebergText(type)}\t${doc}`;
  return [
    "# Table schema:\t\t",
    "# col_name\tdata_type\tcomment",
    ...schema.fields.map(line),
    "\t\t",
    "# Partition spec:\t\t",
    "# field_name\tfield_transform\tcolumn_name",
    ...(spec?.fields ?? [])
      .filter(({ transform }) => transform !== "void")
      .map((field) => `${field.name}\t${field.transform}\t${fieldById(schema, field["source-id"])?.name ?? ""}`),
  ];
}
