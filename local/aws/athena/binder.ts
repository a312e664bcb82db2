import type { DuckDBConnection } from "@duckdb/node-api";
import type { Catalogue, CatalogueTable } from "../ports.ts";
import { AwsError, type Call } from "../service.ts";
import { SqlError } from "./sql/errors.ts";
import type { Binder, BoundTable, BoundView, Scan, TimeTravel } from "./sql/scope.ts";
import type { IcebergTable } from "./tables/iceberg-table.ts";
import type { OpenTable, TableReader } from "./tables/reader.ts";
import { viewQuery } from "./views.ts";

/**
 * The tables of one statement under its caller's permissions. A table named twice is opened once: the statement sees
 * one state of it.
 */
export class StatementBinder implements Binder {
  readonly #catalogue: Catalogue;
  readonly #reader: TableReader;
  readonly #connection: DuckDBConnection;
  readonly #call: Call;
  readonly #database: string | undefined;
  readonly #opened = new Map<string, OpenTable>();

  /** @param database of names that say none. */
  constructor(
    catalogue: Catalogue,
    reader: TableReader,
    session: { readonly connection: DuckDBConnection; readonly call: Call; readonly database: string | undefined },
  ) {
    this.#catalogue = catalogue;
    this.#reader = reader;
    this.#connection = session.connection;
    this.#call = session.call;
    this.#database = session.database;
  }

  get schema(): string | undefined {
    return this.#database;
  }

  table(database: string | undefined, name: string, at?: TimeTravel): BoundTable | BoundView {
    const inside = this.database(database, name);
    const known = this.#opened.get(`${inside}.${name}`);
    if (known !== undefined) return known.bound(at);
    const [base = name, metadata] = name.split("$", 2);
    const table = this.find(inside, base);
    if (table === undefined)
      throw new SqlError("TABLE_NOT_FOUND", `Table 'awsdatacatalog.${inside}.${base}' does not exist`);
    if (table.kind === "view") return { database: inside, name, query: viewQuery(table) };
    const opened = this.#reader.open(table, metadata, this.#connection, this.#call);
    this.#opened.set(`${inside}.${name}`, opened);
    return opened.bound(at);
  }

  /** The database that a name means. @throws SqlError when the statement says none and the session has none. */
  database(database: string | undefined, name: string): string {
    const inside = database ?? this.#database;
    if (inside === undefined)
      throw new SqlError("SYNTAX_ERROR", `Schema must be specified when session schema is not set: ${name}`);
    return inside;
  }

  /** A table's entry, asked for as glue:GetTable; undefined when there is none. */
  find(database: string, name: string): CatalogueTable | undefined {
    try {
      return this.#catalogue.table(database, name, this.#call);
    } catch (error) {
      if (error instanceof AwsError && error.code === "EntityNotFoundException") return undefined;
      throw error;
    }
  }

  /** A table that has been bound. */
  opened({ database, name }: Pick<Scan["table"], "database" | "name">): OpenTable {
    const table = this.#opened.get(`${database}.${name}`);
    if (table === undefined) throw new SqlError("TABLE_NOT_FOUND", `Table '${database}.${name}' was not bound`);
    return table;
  }

  /** An Iceberg table by its name, for statements that change it. */
  iceberg(database: string | undefined, name: string): IcebergTable {
    const bound = this.table(database, name);
    const { iceberg } = "query" in bound ? { iceberg: undefined } : this.opened(bound);
    if (iceberg === undefined)
      throw new SqlError("NOT_IMPLEMENTED_LOCALLY", `changing ${name}, which is not an Iceberg table`);
    return iceberg;
  }
}
