import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { objectIn } from "../members.ts";
import { AwsError } from "../service.ts";

/** A partition registered for a Hive table that has no projection. */
export interface Partition {
  readonly values: readonly string[];
  /** `s3://bucket/prefix/` */
  readonly location: string;
  /** Milliseconds since the epoch. */
  readonly created: number;
}

function parse(value: unknown): Partition | undefined {
  const item = objectIn(value);
  if (item === undefined || !Array.isArray(item["values"])) return undefined;
  return { values: item["values"].map(String), location: String(item["location"]), created: Number(item["created"]) };
}

const keyOf = (values: readonly string[]): string => values.join("\0");

/** Registered partitions, kept in one small file under the service's home. */
export class PartitionStore {
  readonly #file: string;
  readonly #byTable = new Map<string, Map<string, Partition>>();

  constructor(home: string) {
    this.#file = join(home, "partitions.json");
    if (!existsSync(this.#file)) return;
    const saved = objectIn(JSON.parse(readFileSync(this.#file, "utf8"))) ?? {};
    for (const [table, partitions] of Object.entries(saved)) {
      const read = Array.isArray(partitions) ? partitions.flatMap((item) => parse(item) ?? []) : [];
      this.#byTable.set(table, new Map(read.map((partition) => [keyOf(partition.values), partition])));
    }
  }

  of(database: string, table: string): readonly Partition[] {
    return [...(this.#byTable.get(`${database}.${table}`)?.values() ?? [])];
  }

  get(database: string, table: string, values: readonly string[]): Partition {
    const found = this.#byTable.get(`${database}.${table}`)?.get(keyOf(values));
    if (found === undefined)
      throw new AwsError("EntityNotFoundException", `Cannot find partition [${values.join(", ")}].`);
    return found;
  }

  /**
   * Stays only after {@link save}: hundreds of partitions come with every month of events.
   * @throws AwsError `AlreadyExistsException`
   */
  add(database: string, table: string, partition: Partition): void {
    const name = `${database}.${table}`;
    const known = this.#byTable.get(name) ?? new Map<string, Partition>();
    const key = keyOf(partition.values);
    if (known.has(key)) throw new AwsError("AlreadyExistsException", "Partition already exists.");
    this.#byTable.set(name, known.set(key, partition));
  }

  /**
   * Stays away only after {@link save}.
   * @throws AwsError `EntityNotFoundException`
   */
  remove(database: string, table: string, values: readonly string[]): void {
    this.get(database, table, values);
    this.#byTable.get(`${database}.${table}`)?.delete(keyOf(values));
  }

  /** Of a table that is gone. */
  forget(database: string, table: string): void {
    if (this.#byTable.delete(`${database}.${table}`)) this.save();
  }

  /** The new content replaces the old in one step. */
  save(): void {
    const lists = [...this.#byTable].map(([table, partitions]) => [table, [...partitions.values()]]);
    writeFileSync(`${this.#file}.new`, JSON.stringify(Object.fromEntries(lists)));
    renameSync(`${this.#file}.new`, this.#file);
  }
}
