import type { Clock } from "../../clock/clock.ts";
import type { ResourceGraph } from "../../graph/resource.ts";
import type { Catalogue, CatalogueTable } from "../ports.ts";
import { AwsError, type Call, NotImplementedLocally, type Shape } from "../service.ts";
import { DatabaseStore, databaseOf, type StoredDatabase } from "./database-store.ts";
import { PartitionStore } from "./partitions.ts";
import { catalogueTable, checkTableInput, invalidInput } from "./table-input.ts";
import { type StoredTable, TableStore } from "./table-store.ts";

/** How an update treats what was there. */
export interface UpdateOptions {
  /** Version that the entry must still have; any when undefined. */
  readonly version: string | undefined;
  /** Does not keep the version that is replaced. */
  readonly skipArchive: boolean;
}

/**
 * Glue's catalogue: databases of the graph; tables that the graph declares and those that clients make. Every look and
 * every change asks IAM on the catalogue, the database and the table.
 */
export class StoredCatalogue implements Catalogue {
  /** Databases that the graph declares. */
  readonly #declaredDatabases: ReadonlyMap<string, StoredDatabase>;
  readonly #databases: DatabaseStore;
  readonly store: TableStore;
  readonly partitions: PartitionStore;
  readonly #clock: Clock;
  readonly #arnPrefix: string;
  /** `database.name` that the graph declares. Of tables it made, only those are there. */
  readonly #declared: ReadonlySet<string>;

  constructor(graph: ResourceGraph, home: string, clock: Clock, declared: ReadonlySet<string>) {
    this.#arnPrefix = `arn:aws:glue:${graph.region}:${graph.account}`;
    this.#clock = clock;
    this.#declared = declared;
    this.store = new TableStore(home);
    this.partitions = new PartitionStore(home);
    this.#databases = new DatabaseStore(home);
    const created = clock.now();
    this.#declaredDatabases = new Map(
      graph.resources
        .filter(({ type }) => type === "aws:glue/catalogDatabase:CatalogDatabase")
        .map(({ inputs, outputs }) => {
          const name = String(outputs["name"] ?? inputs["name"]);
          const { description } = inputs;
          const database = { name, parameters: {}, created };
          return [name, typeof description === "string" ? { ...database, description } : database];
        }),
    );
  }

  /** Asks for `action` on the catalogue, then on the database, then on the table, as Glue does. */
  authorize(call: Call, action: string, database?: string, table?: string): void {
    call.authorize(action, `${this.#arnPrefix}:catalog`);
    if (database === undefined) return;
    call.authorize(action, `${this.#arnPrefix}:database/${database}`);
    if (table !== undefined) call.authorize(action, `${this.#arnPrefix}:table/${database}/${table}`);
  }

  databaseNames(call: Call): readonly string[] {
    this.authorize(call, "glue:GetDatabases");
    const names = [...this.#declaredDatabases.keys(), ...this.#databases.all().map(({ name }) => name)].sort();
    for (const name of names) this.authorize(call, "glue:GetDatabases", name);
    return names;
  }

  table(database: string, name: string, call: Call): CatalogueTable {
    this.authorize(call, "glue:GetTable", database, name);
    return catalogueTable(this.find(database, name));
  }

  tables(database: string, call: Call): readonly CatalogueTable[] {
    return this.stored(database, call).map(catalogueTable);
  }

  /** The entries of a database, authorised as GetTables. */
  stored(database: string, call: Call): readonly StoredTable[] {
    this.authorize(call, "glue:GetTables", database);
    this.database(database);
    return this.store.all().filter((table) => {
      if (table.database !== database || !this.#visible(table)) return false;
      call.authorize("glue:GetTables", `${this.#arnPrefix}:table/${database}/${table.name}`);
      return true;
    });
  }

  /** @throws AwsError `EntityNotFoundException` */
  database(name: string): StoredDatabase {
    const database = this.#declaredDatabases.get(name) ?? this.#databases.get(name);
    if (database === undefined) throw new AwsError("EntityNotFoundException", `Database ${name} not found.`);
    return database;
  }

  createDatabase(databaseInput: Shape, call: Call): void {
    const database = databaseOf("glue:CreateDatabase", databaseInput, this.#clock.now());
    const { name } = database;
    this.authorize(call, "glue:CreateDatabase", name);
    if (this.#declaredDatabases.has(name) || this.#databases.get(name) !== undefined)
      throw new AwsError("AlreadyExistsException", "Database already exists.");
    this.#databases.put(database);
  }

  /** Replaces what is said of a database that a client made. */
  updateDatabase(databaseInput: Shape, call: Call): void {
    const next = databaseOf("glue:UpdateDatabase", databaseInput, this.#clock.now());
    this.authorize(call, "glue:UpdateDatabase", next.name);
    const { created } = this.#made(next.name, "changing");
    this.#databases.put({ ...next, created });
  }

  /** Its tables go with it; their files stay. */
  dropDatabase(name: string, call: Call): void {
    this.authorize(call, "glue:DeleteDatabase", name);
    this.#made(name, "dropping");
    for (const table of this.store.all()) if (table.database === name) this.#forget(table);
    this.#databases.remove(name);
  }

  /** A database that a client made. */
  #made(name: string, doing: string): StoredDatabase {
    if (this.#declaredDatabases.has(name))
      throw new NotImplementedLocally(`${doing} database ${name}, which the stack declares: change it there`);
    return this.database(name);
  }

  /** Without asking IAM. @throws AwsError `EntityNotFoundException` */
  find(database: string, name: string): StoredTable {
    const table = this.store.get(database, name);
    if (table === undefined || !this.#visible(table))
      throw new AwsError("EntityNotFoundException", `Table ${name} not found.`);
    return table;
  }

  /** A table that the graph made and no longer declares is gone, as in AWS; declared again, its rows are there again. */
  #visible({ database, name, declared }: StoredTable): boolean {
    return declared === undefined || this.#declared.has(`${database}.${name}`);
  }

  create(database: string, tableInput: Shape, call: Call): void {
    const input = checkTableInput("glue:CreateTable", tableInput);
    this.authorizeCreation(database, input.Name, call);
    this.#add(database, input, undefined);
  }

  /**
   * Asks whether the caller may create the table, and whether there is room for it.
   * @param next actions on the table that the caller needs besides.
   * @throws AwsError `AlreadyExistsException`, `EntityNotFoundException` for the database
   */
  authorizeCreation(database: string, name: string, call: Call, next: readonly string[] = []): void {
    for (const action of ["glue:CreateTable", ...next]) this.authorize(call, action, database, name);
    this.database(database);
    const there = this.store.get(database, name);
    if (there !== undefined && this.#visible(there))
      throw new AwsError("AlreadyExistsException", "Table already exists.");
  }

  #add(database: string, input: Shape & { readonly Name: string }, declared: string | undefined): void {
    const now = this.#clock.now();
    const table = { database, name: input.Name, input, version: 0, created: now, updated: now };
    this.store.put(declared === undefined ? table : { ...table, declared });
  }

  /** Makes or replaces a table as the graph declares it: nobody is asked, whoever deploys may. */
  declare(database: string, tableInput: Shape, declared: string): void {
    const input = checkTableInput("aws:glue/catalogTable:CatalogTable", tableInput);
    const there = this.store.get(database, input.Name);
    if (there === undefined) this.#add(database, input, declared);
    else this.#replace(there, input, false, declared);
  }

  update(database: string, tableInput: Shape, options: UpdateOptions, call: Call): CatalogueTable {
    const input = checkTableInput("glue:UpdateTable", tableInput);
    this.authorize(call, "glue:UpdateTable", database, input.Name);
    const table = this.find(database, input.Name);
    if (options.version !== undefined && options.version !== String(table.version))
      throw new AwsError("ConcurrentModificationException", "Update table failed due to concurrent modifications.");
    return catalogueTable(this.#replace(table, input, options.skipArchive, table.declared));
  }

  #replace(table: StoredTable, input: Shape, skipArchive: boolean, declared: string | undefined): StoredTable {
    if (!skipArchive) this.store.archive(table);
    const { declared: _former, ...rest } = table;
    const next = { ...rest, input, version: table.version + 1, updated: this.#clock.now() };
    const stored = declared === undefined ? next : { ...next, declared };
    this.store.put(stored);
    return stored;
  }

  drop(database: string, name: string, call: Call, action = "glue:DeleteTable"): void {
    this.authorize(call, action, database, name);
    this.#forget(this.find(database, name));
  }

  #forget(table: StoredTable): void {
    this.store.remove(table);
    this.partitions.forget(table.database, table.name);
  }

  /** The version of that number. @throws AwsError `EntityNotFoundException`, `InvalidInputException` */
  version(table: StoredTable, version: string | undefined): StoredTable {
    if (version === undefined) return table;
    if (!/^\d+$/.test(version)) throw invalidInput("Version id is not a number");
    const found = this.store.versions(table).find((stored) => String(stored.version) === version);
    if (found === undefined)
      throw new AwsError("EntityNotFoundException", `Version ${version} of table ${table.name} not found.`);
    return found;
  }
}
