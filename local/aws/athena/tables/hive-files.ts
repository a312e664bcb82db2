import type { CatalogueTable, ObjectInfo, ObjectStore } from "../../ports.ts";
import { type Call, NotImplementedLocally, type Shape } from "../../service.ts";
import type { Predicate } from "../sql/scope.ts";
import { hiveFolder, partitionIn } from "./hive-folders.ts";
import { checkReadAsTable } from "./partition-storage.ts";
import { isNumber, meets, pinned, projectionOf } from "./projection.ts";

/** A file of a Hive table, and the values of its partition. */
export interface TableFile {
  readonly info: ObjectInfo;
  readonly partition: readonly string[];
}

/** A partition as the catalogue has it. */
export interface RegisteredPartition {
  readonly values: readonly string[];
  /** `s3://bucket/prefix/` */
  readonly location: string;
  /** Its `StorageDescriptor`. */
  readonly storage: Shape;
}

/** Registered partitions of a table that has no projection, under the caller's permissions. */
export type Partitions = (table: CatalogueTable, call: Call) => Promise<readonly RegisteredPartition[]>;

/** Listing one folder a pinned value pays up to this many; beyond, the whole table is listed once. */
const MAX_FOLDERS = 400;

export function splitLocation(location: string): { bucket: string; prefix: string } {
  const match = /^s3:\/\/([^/]+)\/(.*)$/.exec(location);
  if (match?.[1] === undefined || match[2] === undefined) throw new NotImplementedLocally(`table location ${location}`);
  return { bucket: match[1], prefix: match[2] };
}

/** Hive's rule: names that begin with `_` or `.` are not data; neither are empty objects. */
function isData(info: ObjectInfo): boolean {
  const name = info.key.slice(info.key.lastIndexOf("/") + 1);
  return info.size > 0 && !name.startsWith("_") && !name.startsWith(".");
}

/**
 * The files that a query with these predicates reads: partitions are pruned before anything is listed or opened. Asks
 * IAM for s3:ListBucket on each prefix listed.
 */
export async function tableFiles(
  table: CatalogueTable,
  predicates: readonly Predicate[],
  now: number,
  objects: ObjectStore,
  partitions: Partitions,
  call: Call,
): Promise<readonly TableFile[]> {
  const { bucket, prefix } = splitLocation(table.location);
  const keys = table.partitionKeys;
  if (keys.length === 0)
    return objects
      .list(bucket, prefix, call)
      .filter(isData)
      .map((info) => ({ info, partition: [] }));
  const expected = projectionOf(table, now);
  if (expected === undefined) {
    const registered = await partitions(table, call);
    const wanted = registered.filter(({ values }) => keys.every((key, i) => meets(values[i] ?? "", key, predicates)));
    checkReadAsTable(table, wanted);
    return wanted.flatMap(({ values, location }) => {
      const folder = splitLocation(location);
      return objects
        .list(folder.bucket, folder.prefix, call)
        .filter(isData)
        .map((info) => ({ info, partition: values }));
    });
  }
  return folders(prefix, keys, predicates)
    .flatMap((folder) => objects.list(bucket, folder, call))
    .flatMap((info): TableFile[] => {
      const partition = partitionIn(
        info.key.slice(prefix.length),
        keys.map((key) => key.name),
      );
      const wanted =
        partition !== undefined &&
        isData(info) &&
        keys.every((key, i) => {
          const value = partition[i] ?? "";
          return expected[i]?.(value) === true && meets(value, key, predicates);
        });
      return wanted ? [{ info, partition }] : [];
    });
}

/** Prefixes to list: one a combination of the leading keys' pinned values, or the table's own. */
function folders(prefix: string, keys: CatalogueTable["partitionKeys"], predicates: readonly Predicate[]): string[] {
  let list = [prefix];
  for (const key of keys) {
    const values = pinned(key, predicates);
    if (values === undefined || list.length * values.length > MAX_FOLDERS) break;
    // A number's folder may be filled up with zeros.
    if (isNumber(key.type)) break;
    // A value that Hive writes in another way may lie under both names.
    if (values.some((value) => hiveFolder([key.name], [value]) !== `${key.name}=${value}/`)) break;
    list = list.flatMap((folder) => [...new Set(values)].map((value) => `${folder}${key.name}=${value}/`));
  }
  return list;
}
