import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compareKeys, lowerBound } from "../key-order.ts";
import { objectIn } from "../members.ts";
import { AwsError, type Shape } from "../service.ts";

/** A partition registered for a Hive table that has no projection. */
export interface Partition {
  readonly values: readonly string[];
  /** `s3://bucket/prefix/` */
  readonly location: string;
  /** Milliseconds since the epoch. */
  readonly created: number;
  /** What its `StorageDescriptor` says besides the location; the table's says the rest. */
  readonly storage?: Shape;
  readonly parameters?: Shape;
}

const keyOf = (values: readonly string[]): string => values.join("\0");

function parse(value: unknown, storages: readonly Shape[]): Partition | undefined {
  const item = objectIn(value);
  if (item === undefined || !Array.isArray(item["values"])) return undefined;
  const storage = storages[Number(item["storage"])];
  const parameters = objectIn(item["parameters"]);
  return {
    values: item["values"].map(String),
    location: String(item["location"]),
    created: Number(item["created"]),
    ...(storage !== undefined && { storage }),
    ...(parameters !== undefined && { parameters }),
  };
}

/** The partitions of one table. */
interface Registered {
  readonly byKey: Map<string, Partition>;
  /** Of all of them, in their order; undefined until somebody asks. */
  keys?: readonly string[] | undefined;
}

/** Registered partitions, kept in one file under the service's home. */
export class PartitionStore {
  readonly #file: string;
  readonly #byTable = new Map<string, Registered>();
  /** By their text, each kept once: thousands of partitions are written alike. */
  readonly #storages = new Map<string, Shape>();

  constructor(home: string) {
    this.#file = join(home, "partitions.json");
    if (!existsSync(this.#file)) return;
    const saved = objectIn(JSON.parse(readFileSync(this.#file, "utf8"))) ?? {};
    const storages = (Array.isArray(saved["storages"]) ? saved["storages"] : []).map((it) => this.#only(objectIn(it)));
    // At first there was nothing but the tables.
    for (const [table, partitions] of Object.entries(objectIn(saved["tables"]) ?? saved)) {
      const read = Array.isArray(partitions) ? partitions.flatMap((item) => parse(item, storages) ?? []) : [];
      this.#byTable.set(table, { byKey: new Map(read.map((partition) => [keyOf(partition.values), partition])) });
    }
  }

  /** The one descriptor that says the same. */
  #only(descriptor: Shape = {}): Shape {
    const text = JSON.stringify(descriptor);
    const known = this.#storages.get(text) ?? descriptor;
    this.#storages.set(text, known);
    return known;
  }

  /**
   * In the order of their values.
   * @param after those that come after a partition with these values, which may be gone.
   */
  of(database: string, table: string, after?: readonly string[]): readonly Partition[] {
    const registered = this.#byTable.get(`${database}.${table}`);
    if (registered === undefined) return [];
    registered.keys ??= [...registered.byKey.keys()].sort(compareKeys);
    const { keys, byKey } = registered;
    // No key lies between a key and the key with one more NUL.
    const first = after === undefined ? 0 : lowerBound(keys, `${keyOf(after)}\0`);
    return keys.slice(first).flatMap((key) => byKey.get(key) ?? []);
  }

  find(database: string, table: string, values: readonly string[]): Partition | undefined {
    return this.#byTable.get(`${database}.${table}`)?.byKey.get(keyOf(values));
  }

  /** @throws AwsError `EntityNotFoundException` */
  get(database: string, table: string, values: readonly string[]): Partition {
    const found = this.find(database, table, values);
    if (found === undefined)
      throw new AwsError("EntityNotFoundException", `Cannot find partition [${values.join(", ")}].`);
    return found;
  }

  /**
   * Stays only after {@link save}: hundreds of partitions come with every month of events.
   * @throws AwsError `AlreadyExistsException`
   */
  add(database: string, table: string, partition: Partition): void {
    if (this.find(database, table, partition.values) !== undefined)
      throw new AwsError("AlreadyExistsException", "Partition already exists.");
    this.#set(database, table, partition);
  }

  #set(database: string, table: string, { storage, ...rest }: Partition): void {
    const name = `${database}.${table}`;
    const registered = this.#byTable.get(name) ?? { byKey: new Map<string, Partition>() };
    const key = keyOf(rest.values);
    if (!registered.byKey.has(key)) registered.keys = undefined;
    registered.byKey.set(key, { ...rest, ...(storage && { storage: this.#only(storage) }) });
    this.#byTable.set(name, registered);
  }

  /**
   * Says of a partition something else; its values and its time stay. Stays only after {@link save}.
   * @throws AwsError `EntityNotFoundException`
   */
  replace(database: string, table: string, partition: Partition): void {
    const { created } = this.get(database, table, partition.values);
    this.#set(database, table, { ...partition, created });
  }

  /**
   * Stays away only after {@link save}.
   * @throws AwsError `EntityNotFoundException`
   */
  remove(database: string, table: string, values: readonly string[]): void {
    this.get(database, table, values);
    const registered = this.#byTable.get(`${database}.${table}`);
    if (registered === undefined) return;
    registered.byKey.delete(keyOf(values));
    registered.keys = undefined;
  }

  /** Of a table that is gone. */
  forget(database: string, table: string): void {
    if (this.#byTable.delete(`${database}.${table}`)) this.save();
  }

  /** The new content replaces the old in one step. */
  save(): void {
    const all = [...this.#byTable.values()].flatMap(({ byKey }) => [...byKey.values()]);
    const storages = [...new Set(all.flatMap(({ storage }) => storage ?? []))];
    const places = new Map(storages.map((storage, place) => [storage, place]));
    const saved = ({ storage, ...rest }: Partition): Shape => ({
      ...rest,
      ...(storage && { storage: places.get(storage) }),
    });
    const lists = [...this.#byTable].map(([table, { byKey }]) => [table, [...byKey.values()].map(saved)]);
    const content = { tables: Object.fromEntries(lists), storages };
    writeFileSync(`${this.#file}.new`, JSON.stringify(content));
    renameSync(`${this.#file}.new`, this.#file);
  }
}
