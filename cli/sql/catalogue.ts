import { type GlueClient, paginateGetTables, type Table } from "@aws-sdk/client-glue";
import { messageOf } from "../errors.ts";
import { type CatalogueColumn, columnsOf, isIceberg } from "./table-columns.ts";

/** A table as the shell knows it. */
export interface KnownTable {
  readonly name: string;
  readonly kind: "iceberg" | "hive" | "view";
  readonly columns: readonly CatalogueColumn[];
  readonly comment: string;
}

/** The tables of the database, read from Glue when they are first asked for. */
export class Catalogue {
  readonly #client: GlueClient;
  readonly #database: string;
  #tables: Promise<readonly KnownTable[]> | undefined;

  constructor(client: GlueClient, database: string) {
    this.#client = client;
    this.#database = database;
  }

  /** @throws what Glue answers, e.g. that the caller may not list tables. */
  tables(): Promise<readonly KnownTable[]> {
    this.#tables ??= this.#read().catch((error: unknown) => {
      this.#tables = undefined;
      throw new Error(`Cannot list the tables of ${this.#database}: ${messageOf(error)}`, { cause: error });
    });
    return this.#tables;
  }

  /** Something may have changed: the next question reads again. */
  forget(): void {
    this.#tables = undefined;
  }

  async #read(): Promise<readonly KnownTable[]> {
    const found: KnownTable[] = [];
    for await (const { TableList = [] } of paginateGetTables(
      { client: this.#client },
      { DatabaseName: this.#database },
    ))
      found.push(...TableList.map(knownTable));
    return found.sort((a, b) => a.name.localeCompare(b.name));
  }
}

function knownTable(table: Table): KnownTable {
  const plain = table.TableType === "VIRTUAL_VIEW" ? "view" : "hive";
  return {
    name: table.Name ?? "",
    kind: isIceberg(table) ? "iceberg" : plain,
    columns: columnsOf(table),
    comment: table.Description ?? "",
  };
}
