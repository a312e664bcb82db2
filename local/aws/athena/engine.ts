import { randomBytes } from "node:crypto";
import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { CatalogueTable } from "../ports.ts";
import { AwsError, type Call, NotImplementedLocally, type ServiceContext } from "../service.ts";
import { csvRow } from "./csv.ts";
import type { ResultColumn } from "./executions.ts";
import { SqlError } from "./sql/errors.ts";
import { fromHive } from "./sql/hive-type.ts";
import { preparePrelude } from "./sql/prelude.ts";
import type { Binder } from "./sql/scope.ts";
import { place, type Translation, translate } from "./sql/translate.ts";
import { display } from "./sql/types.ts";
import { createTableReader, type TableReader } from "./tables/reader.ts";
import { valueText } from "./values.ts";

/** What a finished statement leaves. */
export interface Outcome {
  readonly statement: Translation["kind"];
  readonly bytesScanned: number;
  readonly planningMs: number;
  readonly engineMs: number;
  readonly columns: readonly ResultColumn[];
  /** SELECT: the rows as CSV. */
  readonly file?: string;
  /** DML: rows changed. */
  readonly changed?: number;
}

/** A query that may read more than its workgroup allows. */
export class ScanLimitExceeded extends Error {}

export interface Query {
  readonly sql: string;
  readonly database: string | undefined;
  readonly parameters: readonly string[];
  /** Bytes it may scan. */
  readonly cutoff: number | undefined;
}

/** Runs Athena SQL on the runtime's DuckDB, under a caller's permissions. */
export class QueryEngine {
  readonly #context: ServiceContext;
  readonly #reader: TableReader;
  /** One writer a table at a time, as Iceberg's commits would allow one. */
  readonly #writers = new Map<string, Promise<unknown>>();

  constructor(context: ServiceContext) {
    this.#context = context;
    this.#reader = createTableReader(context);
  }

  /** The macros that translated queries stand on. */
  prepare(): Promise<void> {
    return preparePrelude(this.#context.ports.sql);
  }

  /** Translates under the caller's permissions: each table named asks for glue:GetTable. */
  #translate(query: Query, call: Call): { translation: Translation; tables: ReadonlyMap<string, CatalogueTable> } {
    const tables = new Map<string, CatalogueTable>();
    const binder: Binder = {
      table: (schema, name) => {
        const database = schema ?? query.database;
        if (database === undefined)
          throw new SqlError("SYNTAX_ERROR", `Schema must be specified when session schema is not set: ${name}`);
        const table = this.#find(database, name, call);
        tables.set(`${database}.${name}`, table);
        const columns = [...table.columns, ...table.partitionKeys].map((column) => {
          const type = fromHive(column.type, table.kind === "iceberg" ? 6 : 3);
          if (type === undefined)
            throw new SqlError("NOT_IMPLEMENTED_LOCALLY", `column type ${column.type} of ${name}.${column.name}`);
          return { name: column.name, type };
        });
        return { database, name, columns };
      },
    };
    return { translation: translate(query.sql, binder, query.parameters), tables };
  }

  #find(database: string, name: string, call: Call): CatalogueTable {
    try {
      return this.#context.ports.catalogue.table(database, name, call);
    } catch (error) {
      if (error instanceof AwsError && error.code === "EntityNotFoundException")
        throw new SqlError("TABLE_NOT_FOUND", `Table 'awsdatacatalog.${database}.${name}' does not exist`);
      throw error;
    }
  }

  /**
   * Runs one statement to its end.
   * @param started gets the connection, for interrupting it.
   */
  async run(query: Query, call: Call, started: (connection: DuckDBConnection) => void): Promise<Outcome> {
    const begin = performance.now();
    await this.prepare();
    const { translation, tables } = this.#translate(query, call);
    const target = translation.target?.table;
    const work = () =>
      this.#context.ports.sql.use((connection) => {
        started(connection);
        return this.#execute(translation, tables, query, call, connection, begin);
      });
    return target === undefined ? work() : this.#exclusively(`${target.database}.${target.name}`, work);
  }

  async #exclusively<T>(table: string, work: () => Promise<T>): Promise<T> {
    const before = this.#writers.get(table) ?? Promise.resolve();
    const mine = before.then(work, work);
    this.#writers.set(
      table,
      mine.catch(() => undefined),
    );
    return mine;
  }

  async #execute(
    translation: Translation,
    tables: ReadonlyMap<string, CatalogueTable>,
    query: Query,
    call: Call,
    connection: DuckDBConnection,
    begin: number,
  ): Promise<Outcome> {
    const relations: string[] = [];
    let bytesScanned = 0;
    for (const scan of translation.scans) {
      const table = tables.get(`${scan.table.database}.${scan.table.name}`);
      if (table === undefined) throw new NotImplementedLocally(`table ${scan.table.name}`);
      const target = scan === translation.target;
      if (target) relations.push(await this.#reader.write(table, connection, call));
      if (target && translation.kind === "INSERT") continue;
      const relation = await this.#reader.read(
        table,
        { columns: [...scan.columns], predicates: scan.predicates },
        connection,
        call,
      );
      bytesScanned += relation.bytes;
      if (!target) relations.push(relation.sql);
    }
    if (query.cutoff !== undefined && bytesScanned > query.cutoff)
      throw new ScanLimitExceeded(`Bytes scanned limit was exceeded: ${bytesScanned} of ${query.cutoff}`);
    const placed = (sql: string): string => place(sql, (scan) => relations[scan] ?? "");
    const planned = performance.now();
    const outcome =
      translation.kind === "SELECT"
        ? await this.#select(translation, placed, connection)
        : await this.#change(translation, placed, connection);
    return {
      ...outcome,
      statement: translation.kind,
      bytesScanned,
      planningMs: Math.round(planned - begin),
      engineMs: Math.round(performance.now() - planned),
      columns: translation.columns.map(({ name, type }) => ({ name, type: display(type) })),
    };
  }

  async #select(
    { sql, columns }: Translation,
    placed: (sql: string) => string,
    connection: DuckDBConnection,
  ): Promise<{ file: string }> {
    const file = join(this.#context.ports.sql.scratch, `athena-${randomBytes(9).toString("hex")}.csv`);
    const result = await connection.stream(placed(sql));
    const handle = openSync(file, "wx");
    try {
      writeSync(handle, csvRow(columns.map(({ name }) => name)));
      for await (const rows of result.yieldRows()) {
        writeSync(
          handle,
          rows
            .map((row) => csvRow(row.map((value, i) => valueText(value, columns[i]?.type ?? { kind: "unknown" }))))
            .join(""),
        );
      }
    } finally {
      closeSync(handle);
    }
    return { file };
  }

  /** The statement itself is one transaction; no other writer of its table runs between the check and it. */
  async #change(
    translation: Translation,
    placed: (sql: string) => string,
    connection: DuckDBConnection,
  ): Promise<{ changed: number }> {
    const { source, check } = translation;
    if (source !== undefined)
      await connection.run(`CREATE OR REPLACE TEMP TABLE ${source.name} AS ${placed(source.sql)}`);
    if (check !== undefined) {
      const duplicates = await connection.runAndReadAll(placed(check));
      if (duplicates.currentRowCount > 0)
        throw new Error(
          "Invalid Input Error: MERGE_TARGET_ROW_MULTIPLE_MATCHES: One MERGE target table row matched more than one source row",
        );
    }
    const result = await connection.runAndReadAll(placed(translation.sql));
    if (source !== undefined) await connection.run(`DROP TABLE ${source.name}`);
    return { changed: Number(result.getRows()[0]?.[0] ?? 0) };
  }
}
