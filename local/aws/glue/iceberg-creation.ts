import type { NestedField, TableMetadata, Transform } from "../../iceberg/format/model.ts";
import { currentSchema, type NewColumn } from "../../iceberg/format/schema.ts";
import { parseTransform } from "../../iceberg/format/transform.ts";
import { checkType } from "../../iceberg/format/types.ts";
import { fromHive } from "../athena/sql/hive-type.ts";
import { icebergType } from "../athena/tables/iceberg-types.ts";
import { objectIn, onlyMembers } from "../members.ts";
import { NotImplementedLocally, type Shape } from "../service.ts";
import { hiveTypeOf } from "./iceberg-entry-input.ts";
import { invalidInput, textMap } from "./table-input.ts";

/** An Iceberg table that Glue is asked to make. */
export interface IcebergCreation {
  /** Without a last `/`. */
  readonly location: string;
  readonly columns: readonly NewColumn[];
  readonly partitionedBy: readonly { readonly column: string; readonly transform: Transform; readonly name?: string }[];
  readonly properties: Readonly<Record<string, string>>;
}

const operation = "glue:CreateTable OpenTableFormatInput";
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** Properties that say what the metadata's own members say. */
const reserved = new Set(["format-version"]);

function propertiesOf(value: unknown): Record<string, string> {
  const properties = textMap(value);
  const version = properties["format-version"];
  if (version !== undefined && version !== "2") throw new NotImplementedLocally(`Iceberg format version ${version}`);
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !reserved.has(name)));
}

const withoutSlash = (location: string): string => location.replace(/\/+$/, "");

/** A type as the API's document gives it: `"long"`, `{"type":"list",...}`; the provider has it as JSON text. */
function typeOf(value: unknown, column: string): NewColumn["type"] {
  const document: unknown = typeof value === "string" && /^\s*["{]/.test(value) ? JSON.parse(value) : value;
  return checkType(document, column);
}

function newColumn(value: unknown): NewColumn & { readonly id: unknown } {
  const field = objectIn(value) ?? {};
  onlyMembers(`${operation} Field`, field, ["Id", "Name", "Type", "Required", "Doc"]);
  const name = text(field["Name"]);
  if (name === undefined) throw invalidInput("Schema: a field has no name");
  const doc = text(field["Doc"]);
  return {
    id: field["Id"],
    name: name.toLowerCase(),
    type: typeOf(field["Type"], name),
    required: field["Required"] === true,
    ...(doc !== undefined && { doc }),
  };
}

function fromIcebergInput(input: Shape): IcebergCreation {
  onlyMembers(operation, input, ["Location", "Schema", "PartitionSpec", "WriteOrder", "Properties"]);
  if (list(objectIn(input["WriteOrder"])?.["Fields"]).length > 0)
    throw new NotImplementedLocally(`${operation} with WriteOrder`);
  const location = text(input["Location"]);
  if (location === undefined) throw invalidInput("Location information cannot be null while creating an iceberg table");
  const schema = objectIn(input["Schema"]) ?? {};
  onlyMembers(`${operation} Schema`, schema, ["SchemaId", "Type", "Fields"]);
  const fields = list(schema["Fields"]).map(newColumn);
  if (fields.length === 0) throw invalidInput("Schema: an Iceberg table needs fields");
  const partitionedBy = list(objectIn(input["PartitionSpec"])?.["Fields"]).map((value) => {
    const part = objectIn(value) ?? {};
    onlyMembers(`${operation} PartitionField`, part, ["SourceId", "Transform", "Name", "FieldId"]);
    const column = fields.find(({ id }) => id === part["SourceId"]);
    if (column === undefined) throw invalidInput(`PartitionSpec: no field has the id ${String(part["SourceId"])}`);
    const name = text(part["Name"])?.toLowerCase();
    return {
      column: column.name,
      transform: parseTransform(String(part["Transform"])),
      ...(name !== undefined && { name }),
    };
  });
  return {
    location: withoutSlash(location),
    columns: fields.map(({ id: _id, ...column }) => column),
    partitionedBy,
    properties: propertiesOf(input["Properties"]),
  };
}

/** Glue's older form: columns in Hive's types, no partitions. */
function fromTableInput(tableInput: Shape): IcebergCreation {
  const storage = objectIn(tableInput["StorageDescriptor"]) ?? {};
  const location = text(storage["Location"]);
  if (location === undefined) throw invalidInput("Location information cannot be null while creating an iceberg table");
  if (list(tableInput["PartitionKeys"]).length > 0)
    throw invalidInput("Iceberg tables with PartitionKeys need CreateIcebergTableInput");
  const columns = list(storage["Columns"]).map((value): NewColumn => {
    const column = objectIn(value) ?? {};
    const hive = String(column["Type"]);
    const type = fromHive(hive, 6);
    if (type === undefined) throw new NotImplementedLocally(`column type ${hive} of an Iceberg table`);
    const doc = text(column["Comment"]);
    return { name: String(column["Name"]).toLowerCase(), type: icebergType(type), ...(doc !== undefined && { doc }) };
  });
  return { location: withoutSlash(location), columns, partitionedBy: [], properties: {} };
}

/**
 * What `OpenTableFormatInput` asks for: a table whose first metadata Glue writes.
 * @throws AwsError `InvalidInputException`, or by name what the local catalogue does not know.
 */
export function icebergCreation(openTableFormat: Shape, tableInput: Shape): IcebergCreation {
  onlyMembers(operation, openTableFormat, ["IcebergInput"]);
  const iceberg = objectIn(openTableFormat["IcebergInput"]) ?? {};
  onlyMembers(`${operation} IcebergInput`, iceberg, ["MetadataOperation", "Version", "CreateIcebergTableInput"]);
  if (iceberg["MetadataOperation"] !== "CREATE") throw invalidInput("MetadataOperation must be CREATE");
  const version = text(iceberg["Version"]) ?? "2";
  if (version !== "2") throw new NotImplementedLocally(`${operation} with Version ${version}`);
  const input = objectIn(iceberg["CreateIcebergTableInput"]);
  return input === undefined ? fromTableInput(tableInput) : fromIcebergInput(input);
}

/**
 * What a declaration asks for that the table is not, each with what to do. AWS changes an Iceberg table's metadata only
 * when it makes it: a declaration that has changed afterwards reaches the catalogue's entry at most.
 */
export function drift(creation: IcebergCreation, metadata: TableMetadata, table: string): readonly string[] {
  const known = new Map(currentSchema(metadata).fields.map((field) => [field.name, field]));
  const problems = creation.columns.flatMap((column) => columnDrift(column, known.get(column.name), table));
  const names = new Map(currentSchema(metadata).fields.map((field) => [field.id, field.name]));
  const spec = metadata["partition-specs"].find((it) => it["spec-id"] === metadata["default-spec-id"]);
  const partitions = (spec?.fields ?? [])
    .filter(({ transform }) => transform !== "void")
    .map((field) => `${field.transform} of ${names.get(field["source-id"])}`);
  const wanted = creation.partitionedBy.map(({ column, transform }) => `${transform} of ${column}`);
  if (wanted.join() !== partitions.join())
    problems.push(
      `it is partitioned by ${partitions.join(", ") || "nothing"}, not by ${wanted.join(", ") || "nothing"}: make a new table and copy the rows`,
    );
  const properties = Object.entries(creation.properties).filter(([name, value]) => metadata.properties[name] !== value);
  if (properties.length > 0) {
    const pairs = properties.map(([name, value]) => `'${name}'='${value}'`).join(", ");
    problems.push(`its properties are others: ALTER TABLE ${table} SET TBLPROPERTIES (${pairs})`);
  }
  return problems;
}

function columnDrift(column: NewColumn, field: NestedField | undefined, table: string): string[] {
  const type = hiveTypeOf(column.type);
  if (field === undefined)
    return [`it has no column ${column.name}: ALTER TABLE ${table} ADD COLUMNS (${column.name} ${type})`];
  if (hiveTypeOf(field.type) !== type)
    return [
      `column ${column.name} is ${hiveTypeOf(field.type)}, not ${type}: if that is wider, ALTER TABLE ${table} CHANGE COLUMN ${column.name} ${column.name} ${type}`,
    ];
  if (field.required !== (column.required ?? false))
    return [`column ${column.name} is ${field.required ? "" : "not "}required: that cannot be changed in place`];
  return [];
}
