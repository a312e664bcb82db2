import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { CatalogueTable, SqlEngine, TableStorage } from "../../ports.ts";
import { NotImplementedLocally } from "../../service.ts";
import { fromHive } from "../sql/hive-type.ts";
import { duckType, type TrinoType } from "../sql/types.ts";

const ident = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const SAMPLE_ROWS = 2000;

/** Bytes of one value of a fixed-width type in a column file; text and nested values are measured. */
function fixedWidth(type: TrinoType | undefined): number | undefined {
  switch (type?.kind) {
    case "boolean":
      return 1;
    case "integer":
    case "date":
      return 4;
    case "bigint":
    case "double":
    case "timestamp":
      return 8;
    case "decimal":
      return type.precision <= 18 ? 8 : 16;
    default:
      return undefined;
  }
}

/**
 * Rows of the tables that the catalogue calls Iceberg, kept as native tables of one DuckDB file. A statement is one
 * transaction of that file; its write-ahead log makes a killed process lose nothing that was committed.
 */
export class NativeTables implements TableStorage {
  readonly #file: string;
  readonly #engine: () => SqlEngine;
  readonly #ready = new Map<string, Promise<void>>();
  #attached: Promise<void> | undefined;
  readonly #widths = new Map<string, { readonly rows: number; readonly widths: ReadonlyMap<string, number> }>();

  constructor(home: string, engine: () => SqlEngine) {
    this.#file = join(home, "tables.duckdb");
    this.#engine = engine;
  }

  #attach(): Promise<void> {
    this.#attached ??= this.#engine().use(async (connection) => {
      await connection.run(`ATTACH IF NOT EXISTS '${this.#file.replaceAll("'", "''")}' AS lake_tables`);
    });
    return this.#attached;
  }

  #name(table: CatalogueTable): string {
    return `lake_tables.${ident(table.database)}.${ident(table.name)}`;
  }

  /** Also brings a table of an older schema up to date: columns that are new in the catalogue are added as NULL. */
  ensure(table: CatalogueTable): Promise<void> {
    const name = this.#name(table);
    const known = this.#ready.get(name);
    if (known !== undefined) return known;
    const made = this.#create(table, name);
    this.#ready.set(name, made);
    // A failure is tried again by the next query.
    made.catch(() => this.#ready.delete(name));
    return made;
  }

  async #create(table: CatalogueTable, name: string): Promise<void> {
    await this.#attach();
    const columns = table.columns.map((column) => {
      const type = fromHive(column.type, 6);
      if (type === undefined) throw new NotImplementedLocally(`column type ${column.type} of table ${table.name}`);
      return `${ident(column.name)} ${duckType(type)}`;
    });
    await this.#engine().use(async (connection) => {
      await connection.run(`CREATE SCHEMA IF NOT EXISTS lake_tables.${ident(table.database)}`);
      await connection.run(`CREATE TABLE IF NOT EXISTS ${name} (${columns.join(", ")})`);
      for (const column of columns) await connection.run(`ALTER TABLE ${name} ADD COLUMN IF NOT EXISTS ${column}`);
    });
  }

  async relation(table: CatalogueTable, _connection: DuckDBConnection): Promise<string> {
    await this.ensure(table);
    return this.#name(table);
  }

  /**
   * An estimate: rows times the width of the columns, fixed by type or measured on a sample. Column files would be
   * compressed and pruned by partition, so a real table scans less.
   */
  async bytes(table: CatalogueTable, columns: readonly string[] | undefined): Promise<number> {
    await this.ensure(table);
    const { rows, widths } = await this.#measure(table);
    const read = columns ?? table.columns.map((column) => column.name);
    return Math.round(rows * read.reduce((sum, column) => sum + (widths.get(column) ?? 0), 0));
  }

  #measure(table: CatalogueTable): Promise<{ rows: number; widths: ReadonlyMap<string, number> }> {
    const name = this.#name(table);
    return this.#engine().use(async (connection) => {
      const rows = Number((await connection.runAndReadAll(`SELECT count(*) FROM ${name}`)).getRows()[0]?.[0] ?? 0);
      const before = this.#widths.get(name);
      if (before?.rows === rows) return before;
      const widths = new Map<string, number>();
      const measured: string[] = [];
      for (const column of table.columns) {
        const width = fixedWidth(fromHive(column.type, 6));
        if (width === undefined) measured.push(column.name);
        else widths.set(column.name, width);
      }
      if (measured.length > 0) {
        const averages = measured
          .map((column) => `coalesce(avg(strlen(CAST(${ident(column)} AS VARCHAR))), 0)`)
          .join(", ");
        const result = await connection.runAndReadAll(
          `SELECT ${averages} FROM (SELECT * FROM ${name} LIMIT ${SAMPLE_ROWS})`,
        );
        const [row] = result.getRows();
        for (const [i, column] of measured.entries()) widths.set(column, Number(row?.[i] ?? 0));
      }
      const found = { rows, widths };
      this.#widths.set(name, found);
      return found;
    });
  }

  async drop(table: CatalogueTable): Promise<void> {
    await this.ensure(table);
    const name = this.#name(table);
    await this.#engine().use((connection) => connection.run(`DROP TABLE IF EXISTS ${name}`));
    this.#ready.delete(name);
    this.#widths.delete(name);
  }

  /** Writes the log into the file, so that the next start has nothing to replay. */
  async checkpoint(): Promise<void> {
    if (this.#attached === undefined) return;
    await this.#attached;
    await this.#engine().use((connection) => connection.run("CHECKPOINT lake_tables"));
  }
}
