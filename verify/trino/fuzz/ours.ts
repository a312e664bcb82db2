import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { failureOf } from "../../../local/aws/athena/failure.ts";
import { SqlError } from "../../../local/aws/athena/sql/errors.ts";
import { makePrelude } from "../../../local/aws/athena/sql/prelude.ts";
import type { Binder } from "../../../local/aws/athena/sql/scope.ts";
import { place, translateQuery } from "../../../local/aws/athena/sql/translate.ts";
import { display } from "../../../local/aws/athena/sql/types.ts";
import { ourText } from "../cells.ts";
import { duckLiteral } from "./literals.ts";
import { type FuzzTable, fuzzTables } from "./tables.ts";

/** What an engine makes of a query. */
export type Outcome =
  | { readonly kind: "rows"; readonly rows: readonly (readonly string[])[]; readonly types: readonly string[] }
  /** By name: the local engine does not have it. */
  | { readonly kind: "refused"; readonly message: string }
  /** As Trino would, by the statement's own fault. */
  | { readonly kind: "failed"; readonly message: string }
  /** It took more of the machine than it may. */
  | { readonly kind: "exhausted"; readonly message: string }
  /** By an internal error, which says nothing about the statement. */
  | { readonly kind: "broken"; readonly message: string };

/** What answers queries here. */
export interface Engine {
  answer(sql: string): Promise<Outcome>;
}

const REFUSED = "NOT_IMPLEMENTED_LOCALLY";

const binder: Binder = {
  table(_database, name) {
    const table = fuzzTables.find((each) => each.name === name);
    if (table === undefined) throw new SqlError("TABLE_NOT_FOUND", `Table '${name}' does not exist`);
    return { database: "fuzz", name, columns: table.columns };
  },
};

/** The translation over DuckDB, with the generated tables. */
export class OurEngine implements Engine {
  readonly #connection: DuckDBConnection;

  private constructor(connection: DuckDBConnection) {
    this.#connection = connection;
  }

  static async open(): Promise<OurEngine> {
    const connection = await (await DuckDBInstance.create(":memory:", { threads: "1", memory_limit: "1GB" })).connect();
    await connection.run("SET TimeZone='UTC'");
    await makePrelude(connection);
    for (const table of fuzzTables) await connection.run(createSql(table));
    return new OurEngine(connection);
  }

  async answer(sql: string): Promise<Outcome> {
    try {
      const { sql: text, columns, scans } = translateQuery(sql, binder);
      const duck = place(text, (at) => scans[at]?.table.name ?? "");
      const rows = (await this.#connection.runAndReadAll(duck)).getRows();
      return {
        kind: "rows",
        rows: rows.map((row) => row.map((value, at) => ourText(value, columns[at]?.type ?? { kind: "unknown" }))),
        types: columns.map(({ type }) => display(type)),
      };
    } catch (error) {
      const { reason: message } = failureOf(error);
      return { kind: message.startsWith(REFUSED) ? "refused" : "failed", message };
    }
  }
}

function createSql({ name, columns, rows }: FuzzTable): string {
  const values = rows.map((row) => `(${columns.map(({ type }, at) => duckLiteral(row[at] ?? null, type)).join(", ")})`);
  const names = columns.map((column) => `"${column.name}"`).join(", ");
  return `CREATE TABLE ${name} AS SELECT * FROM (VALUES ${values.join(", ")}) AS t (${names})`;
}
