import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../../home.ts";
import { objectIn, onlyMembers } from "../members.ts";
import { AwsError } from "../service.ts";
import { invalidInput, textMap } from "./table-input.ts";

/** A database that a client made. */
export interface StoredDatabase {
  readonly name: string;
  readonly description?: string;
  readonly location?: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly created: number;
}

/**
 * Checks a `DatabaseInput`.
 * @returns the database, its name in lower case, as Glue stores it.
 * @throws AwsError `InvalidInputException`
 */
export function databaseOf(operation: string, value: unknown, created: number): StoredDatabase {
  const input = objectIn(value) ?? {};
  // Rights on tables to come are Lake Formation's; clients send the empty default along.
  onlyMembers(`${operation} DatabaseInput`, input, [
    "Name",
    "Description",
    "LocationUri",
    "Parameters",
    "CreateTableDefaultPermissions",
  ]);
  const { Name: name, Description: description, LocationUri: location } = input;
  if (typeof name !== "string" || name === "" || Buffer.byteLength(name) > 255)
    throw invalidInput("DatabaseInput.Name must have between 1 and 255 bytes");
  return {
    name: name.toLowerCase(),
    ...(typeof description === "string" && { description }),
    ...(typeof location === "string" && { location }),
    parameters: textMap(input["Parameters"]),
    created,
  };
}

function parse(value: unknown): StoredDatabase[] {
  const { name, description, location, parameters, created } = objectIn(value) ?? {};
  if (typeof name !== "string" || typeof created !== "number") return [];
  return [
    {
      name,
      created,
      parameters: textMap(parameters),
      ...(typeof description === "string" && { description }),
      ...(typeof location === "string" && { location }),
    },
  ];
}

/** Databases that clients made, in one small file. Those of the graph are not among them. */
export class DatabaseStore {
  readonly #file: string;
  readonly #databases = new Map<string, StoredDatabase>();

  constructor(home: string) {
    this.#file = join(home, "databases.json");
    if (!existsSync(this.#file)) return;
    const saved: unknown = JSON.parse(readFileSync(this.#file, "utf8"));
    for (const database of Array.isArray(saved) ? saved.flatMap(parse) : [])
      this.#databases.set(database.name, database);
  }

  get(name: string): StoredDatabase | undefined {
    return this.#databases.get(name);
  }

  all(): readonly StoredDatabase[] {
    return [...this.#databases.values()];
  }

  put(database: StoredDatabase): void {
    this.#databases.set(database.name, database);
    this.#save();
  }

  /** @throws AwsError `EntityNotFoundException` */
  remove(name: string): void {
    if (!this.#databases.delete(name)) throw new AwsError("EntityNotFoundException", `Database ${name} not found.`);
    this.#save();
  }

  #save(): void {
    writeWhole(this.#file, JSON.stringify(this.all()));
  }
}
