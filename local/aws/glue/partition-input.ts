import { hiveFolder } from "../athena/tables/hive-folders.ts";
import { objectIn, onlyMembers } from "../members.ts";
import { AwsError, type Shape } from "../service.ts";
import type { Partition } from "./partitions.ts";
import { catalogueTable, checkStorage, invalidInput } from "./table-input.ts";
import type { StoredTable } from "./table-store.ts";

/** What a request says of a list that is too long, too short or none. */
export function listIn(input: Shape, member: string, least: number, most: number): readonly unknown[] {
  const list = input[member];
  if (!Array.isArray(list)) throw invalidInput(`${member} is missing`);
  if (list.length >= least && list.length <= most) return list;
  const [bound, limit] = list.length > most ? ["less", most] : ["greater", least];
  const name = `${member.slice(0, 1).toLowerCase()}${member.slice(1)}`;
  throw new AwsError(
    "ValidationException",
    `1 validation error detected: Value at '${name}' failed to satisfy constraint: Member must have length ${bound} than or equal to ${limit}`,
  );
}

/** The values of a partition: one for each of the table's keys. @throws AwsError `InvalidInputException` */
export function partitionValues(table: StoredTable, value: unknown): string[] {
  if (!Array.isArray(value) || value.length !== catalogueTable(table).partitionKeys.length)
    throw invalidInput("The number of partition keys do not match the number of partition values");
  return value.map(String);
}

/**
 * Reads a `PartitionInput`: what the catalogue does not keep is refused by name. Without a location its folder is that
 * of its values, below the table's.
 * @throws AwsError `InvalidInputException`
 */
export function partitionOf(operation: string, table: StoredTable, value: unknown, now: number): Partition {
  const input = objectIn(value) ?? {};
  onlyMembers(`${operation} PartitionInput`, input, ["Values", "StorageDescriptor", "Parameters"]);
  const values = partitionValues(table, input["Values"]);
  const { Location, ...storage } = checkStorage(operation, input["StorageDescriptor"]) ?? {};
  const parameters = objectIn(input["Parameters"]);
  const { partitionKeys, location: root } = catalogueTable(table);
  const names = partitionKeys.map(({ name }) => name);
  return {
    values,
    location: typeof Location === "string" ? Location.replace(/\/?$/, "/") : `${root}${hiveFolder(names, values)}`,
    created: now,
    ...(Object.keys(storage).length > 0 && { storage }),
    ...(parameters !== undefined && { parameters }),
  };
}
