import { trinoText } from "../cells.ts";
import { TrinoRefusal, TrinoServer } from "../server.ts";
import { trinoLiteral } from "./literals.ts";
import type { Outcome } from "./ours.ts";
import { type FuzzTable, fuzzTables } from "./tables.ts";

const INTERNAL = new Set(["GENERIC_INTERNAL_ERROR", "COMPILER_ERROR"]);

/** A real Trino with the generated tables. */
export class TheirEngine {
  readonly #server: TrinoServer;

  private constructor(server: TrinoServer) {
    this.#server = server;
  }

  /** @param catalog one whose tables keep every type: the memory connector's */
  static async open(url: string, catalog: string, schema: string): Promise<TheirEngine> {
    const server = new TrinoServer(url, catalog, schema);
    await server.run(`CREATE SCHEMA IF NOT EXISTS ${catalog}.${schema}`);
    for (const table of fuzzTables) {
      await server.run(`DROP TABLE IF EXISTS ${table.name}`);
      await server.run(createSql(table));
    }
    return new TheirEngine(server);
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
