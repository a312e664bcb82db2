import { trinoText } from "../cells.ts";
import { TrinoRefusal, TrinoServer } from "../server.ts";
import { trinoLiteral } from "./literals.ts";
import type { Outcome } from "./ours.ts";
import { type FuzzTable, fuzzTables } from "./tables.ts";

const INTERNAL = new Set(["GENERIC_INTERNAL_ERROR", "COMPILER_ERROR"]);

/** A real Trino with the generated tables. */
export class TheirEngine {
  readonly #server: TrinoServer;
  readonly #schema: string;

  private constructor(server: TrinoServer, schema: string) {
    this.#server = server;
    this.#schema = schema;
  }

  /**
   * Makes the tables anew, in a schema of their own.
   * @param catalog one whose tables keep every type: the memory connector's
   */
  static async open(url: string, catalog: string, schema: string): Promise<TheirEngine> {
    const server = new TrinoServer(url, catalog, schema);
    const engine = new TheirEngine(server, `${catalog}.${schema}`);
    await engine.close();
    await server.run(`CREATE SCHEMA ${catalog}.${schema}`);
    for (const table of fuzzTables) await server.run(createSql(table));
    return engine;
  }

  /** Leaves nothing on the server. */
  async close(): Promise<void> {
    await this.#server.run(`DROP SCHEMA IF EXISTS ${this.#schema} CASCADE`);
  }

  version(): Promise<string> {
    return this.#server.version();
  }

  /** @throws Error when the server, not the statement, is to blame */
  async answer(sql: string): Promise<Outcome> {
    try {
      const { columns, rows } = await this.#server.run(sql);
      return {
        kind: "rows",
        rows: rows.map((row) =>
          row.map((value, at) => {
            const type = columns[at]?.typeSignature;
            if (type === undefined) throw new Error("Trino sent a value without a column");
            return trinoText(value, type);
          }),
        ),
        types: columns.map(({ type }) => type),
      };
    } catch (error) {
      if (error instanceof TrinoRefusal && error.byStatement) return { kind: "failed", message: error.message };
      if (error instanceof TrinoRefusal && INTERNAL.has(error.code)) return { kind: "broken", message: error.message };
      throw error;
    }
  }
}

function createSql({ name, columns, rows }: FuzzTable): string {
  const values = rows.map(
    (row) => `(${columns.map(({ type }, at) => trinoLiteral(row[at] ?? null, type)).join(", ")})`,
  );
  const names = columns.map((column) => `"${column.name}"`).join(", ");
  return `CREATE TABLE ${name} AS SELECT * FROM (VALUES ${values.join(", ")}) AS t (${names})`;
}
