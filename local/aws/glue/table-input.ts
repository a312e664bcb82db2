import { objectIn, onlyMembers } from "../members.ts";
import type { CatalogueTable, TableColumn } from "../ports.ts";
import { AwsError, type Shape } from "../service.ts";
import type { StoredTable } from "./table-store.ts";

const tableMembers = [
  "Name",
  "Description",
  "Owner",
  "Retention",
  "StorageDescriptor",
  "PartitionKeys",
  "ViewOriginalText",
  "ViewExpandedText",
  "TableType",
  "Parameters",
];
const storageMembers = [
  "Columns",
  "Location",
  "InputFormat",
  "OutputFormat",
  "Compressed",
  "NumberOfBuckets",
  "SerdeInfo",
  "BucketColumns",
  "SortColumns",
  "Parameters",
  "SkewedInfo",
  "StoredAsSubDirectories",
];
const columnMembers = ["Name", "Type", "Comment", "Parameters"];
const serdeMembers = ["Name", "SerializationLibrary", "Parameters"];

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** A map of texts; undefined when something in it is no text. */
export function textMap(value: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(objectIn(value) ?? {}).map(([key, item]) => [key, String(item)]));
}

export const invalidInput = (message: string): AwsError => new AwsError("InvalidInputException", message);

function checkColumns(operation: string, value: unknown, member: string): void {
  if (value !== undefined && !Array.isArray(value)) throw invalidInput(`${member} is not a list`);
  for (const item of list(value)) {
    const column = objectIn(item) ?? {};
    onlyMembers(`${operation} Column`, column, columnMembers);
    if (text(column["Name"]) === undefined) throw invalidInput(`${member}: a column has no Name`);
  }
}

/** Checks the `StorageDescriptor` of a table or a partition. @returns it; undefined when there is none. */
export function checkStorage(operation: string, value: unknown): Shape | undefined {
  const storage = objectIn(value);
  if (storage === undefined) return undefined;
  onlyMembers(`${operation} StorageDescriptor`, storage, storageMembers);
  checkColumns(operation, storage["Columns"], "StorageDescriptor.Columns");
  const serde = objectIn(storage["SerdeInfo"]);
  if (serde !== undefined) onlyMembers(`${operation} SerdeInfo`, serde, serdeMembers);
  return storage;
}

/**
 * Checks a `TableInput`: what the catalogue does not know is refused by name, so that nothing is kept that nobody reads.
 * @returns it with the name in lower case, as Glue stores it, and without undefined members.
 * @throws AwsError `InvalidInputException`
 */
export function checkTableInput(operation: string, value: unknown): Shape & { readonly Name: string } {
  const input = objectIn(value);
  if (input === undefined) throw invalidInput("TableInput is missing");
  onlyMembers(`${operation} TableInput`, input, tableMembers);
  const name = text(input["Name"])?.toLowerCase();
  if (name === undefined || name === "" || Buffer.byteLength(name) > 200)
    throw invalidInput("TableInput.Name must have between 1 and 200 bytes");
  checkStorage(operation, input["StorageDescriptor"]);
  checkColumns(operation, input["PartitionKeys"], "PartitionKeys");
  return { ...Object.fromEntries(Object.entries(input).filter(([, member]) => member !== undefined)), Name: name };
}

function columnsOf(value: unknown): TableColumn[] {
  return list(value).flatMap((item): TableColumn[] => {
    const column = objectIn(item) ?? {};
    const name = text(column["Name"]);
    // Columns that an Iceberg table had once stay in its entry, marked so.
    if (name === undefined || textMap(column["Parameters"])["iceberg.field.current"] === "false") return [];
    const comment = text(column["Comment"]);
    return [
      { name: name.toLowerCase(), type: text(column["Type"]) ?? "string", ...(comment !== undefined && { comment }) },
    ];
  });
}

const withSlash = (location: string): string => (location.endsWith("/") ? location : `${location}/`);

function kindOf(type: string | undefined, parameters: Readonly<Record<string, string>>): CatalogueTable["kind"] {
  if (type === "VIRTUAL_VIEW") return "view";
  return parameters["table_type"]?.toUpperCase() === "ICEBERG" ? "iceberg" : "hive";
}

/** Entries never change: another one takes their place. */
const tables = new WeakMap<StoredTable, CatalogueTable>();

/** What the services in this process read of an entry. */
export function catalogueTable(entry: StoredTable): CatalogueTable {
  const known = tables.get(entry) ?? tableOf(entry);
  tables.set(entry, known);
  return known;
}

function tableOf({ database, name, input, version }: StoredTable): CatalogueTable {
  const storage = objectIn(input["StorageDescriptor"]) ?? {};
  const parameters = textMap(input["Parameters"]);
  const serde = text(objectIn(storage["SerdeInfo"])?.["SerializationLibrary"]);
  const inputFormat = text(storage["InputFormat"]);
  return {
    database,
    name,
    kind: kindOf(text(input["TableType"]), parameters),
    columns: columnsOf(storage["Columns"]),
    partitionKeys: columnsOf(input["PartitionKeys"]),
    location: withSlash(text(storage["Location"]) ?? ""),
    parameters,
    input,
    version: String(version),
    ...(serde !== undefined && { serde }),
    ...(inputFormat !== undefined && { inputFormat }),
  };
}
