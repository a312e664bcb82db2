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

/** Registered partitions, kept in one small file under the service's home. */
export class PartitionStore {
  readonly #file: string;
  readonly #byTable = new Map<string, Partition[]>();

  constructor(home: string) {
    this.#file = join(home, "partitions.json");
    if (!existsSync(this.#file)) return;
    const saved = objectIn(JSON.parse(readFileSync(this.#file, "utf8"))) ?? {};
    for (const [table, partitions] of Object.entries(saved))
      this.#byTable.set(table, Array.isArray(partitions) ? partitions.flatMap((item) => parse(item) ?? []) : []);
  }

  of(database: string, table: string): readonly Partition[] {
    return this.#byTable.get(`${database}.${table}`) ?? [];
  }

  get(database: string, table: string, values: readonly string[]): Partition {
    const found = this.of(database, table).find((partition) => partition.values.join("\0") === values.join("\0"));
    if (found === undefined)
      throw new AwsError("EntityNotFoundException", `Cannot find partition [${values.join(", ")}].`);
    return found;
  }

  /** @throws AwsError `AlreadyExistsException` */
  add(database: string, table: string, partition: Partition): void {
    const known = this.of(database, table);
    if (known.some((other) => other.values.join("\0") === partition.values.join("\0")))
      throw new AwsError("AlreadyExistsException", "Partition already exists.");
    this.#byTable.set(`${database}.${table}`, [...known, partition]);
    this.#save();
  }

  /** Of a table that is gone. */
  forget(database: string, table: string): void {
    if (this.#byTable.delete(`${database}.${table}`)) this.#save();
  }

  /** The new content replaces the old in one step. */
  #save(): void {
    writeFileSync(`${this.#file}.new`, JSON.stringify(Object.fromEntries(this.#byTable)));
    renameSync(`${this.#file}.new`, this.#file);
  }
}
