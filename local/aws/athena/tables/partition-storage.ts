import { isDeepStrictEqual } from "node:util";
import { objectIn } from "../../members.ts";
import type { CatalogueTable } from "../../ports.ts";
import { NotImplementedLocally, type Shape } from "../../service.ts";
import type { RegisteredPartition } from "./hive-files.ts";
import { formatOf } from "./hive-serde.ts";

/** What an entry's storage says of its columns, in one spelling. */
function columnsIn(storage: Shape | undefined): readonly string[] {
  const columns: readonly unknown[] = Array.isArray(storage?.["Columns"]) ? storage["Columns"] : [];
  return columns.map((it) => {
    const { Name, Type } = objectIn(it) ?? {};
    return `${String(Name).toLowerCase()} ${String(Type).toLowerCase().replaceAll(/\s/g, "")}`;
  });
}

const MEMBERS = ["Columns", "InputFormat", "SerdeInfo"];

/**
 * A partition's files are read by what the partition itself says of them; here only as the table says.
 * @throws AwsError `NotImplementedLocally` where the two differ.
 */
export function checkReadAsTable(table: CatalogueTable, partitions: readonly RegisteredPartition[]): void {
  // What thousands of partitions have in common the catalogue gives as the same objects.
  let former: Shape | undefined;
  for (const { values, storage } of partitions) {
    if (former === undefined || MEMBERS.some((it) => storage[it] !== former?.[it])) check(table, values, storage);
    former = storage;
  }
}

function check(table: CatalogueTable, values: readonly string[], storage: Shape): void {
  const tables = objectIn(table.input["StorageDescriptor"]) ?? {};
  if (MEMBERS.every((it) => isDeepStrictEqual(storage[it], tables[it]))) return;
  const differ = (what: string): NotImplementedLocally =>
    new NotImplementedLocally(
      `reading partition [${values.join(", ")}] of ${table.name}, whose ${what} not the table's`,
    );
  if (!isDeepStrictEqual(columnsIn(storage), columnsIn(tables))) throw differ("columns are");
  const library = objectIn(storage["SerdeInfo"])?.["SerializationLibrary"];
  const { serde: _, ...rest } = table;
  const asPartition: CatalogueTable = {
    ...rest,
    ...(typeof library === "string" && { serde: library }),
    input: { ...table.input, StorageDescriptor: storage },
  };
  const isSame = storage["InputFormat"] === tables["InputFormat"];
  if (!isSame || !isDeepStrictEqual(formatOf(asPartition), formatOf(table))) throw differ("file format is");
}
