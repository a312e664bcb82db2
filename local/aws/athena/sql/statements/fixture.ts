import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { fromHive } from "../hive-type.ts";
import { makePrelude } from "../prelude.ts";
import type { Binder, BoundTable, TimeTravel } from "../scope.ts";
import type { Statement } from "../statement-types.ts";
import { place, type Translation, translate } from "../translate.ts";
import { duckType } from "../types.ts";

/** Tables by name, columns by name and Hive type. */
export type Shapes = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface FakeLake {
  readonly connection: DuckDBConnection;
  readonly binder: Binder;
  /** Every table that was asked for, with the state asked for. */
  readonly asked: (readonly [string, TimeTravel | undefined])[];
  /** A statement's translation, without scans and warnings. */
  statement(sql: string): Statement;
  /** What the translation fails with; `translated` when it does not. */
  refusal(sql: string): string;
  /** Rows of the SQL in DuckDB's words, as text. */
  rows(sql: string): Promise<string[]>;
  /** What a statement on rows would hand to the writer: one text a row. */
  changes(sql: string): Promise<string[]>;
}

/**
 * Tables of DuckDB whose rows have places, as an Iceberg scan gives them. It stands for storage in tests of statements:
 * nothing is written, the changes are looked at.
 */
export async function fakeLake(
  shapes: Shapes,
  {
    view = {},
    hive: hiveTables = [],
    partitionColumns = {},
  }: {
    /** Queries by name. */
    readonly view?: Readonly<Record<string, string>>;
    /** Which of the tables are no Iceberg ones. */
    readonly hive?: readonly string[];
    readonly partitionColumns?: Readonly<Record<string, readonly string[]>>;
  } = {},
): Promise<FakeLake> {
  const connection = await (await DuckDBInstance.create(":memory:", { threads: "1" })).connect();
  await connection.run("SET TimeZone = 'UTC'");
  await makePrelude(connection);
  const bound = new Map<string, BoundTable>();
  for (const [name, columns] of Object.entries(shapes)) {
    const typed = Object.entries(columns).map(([column, hive]) => {
      const type = fromHive(hive, 6);
      if (type === undefined) throw new Error(`no type ${hive}`);
      return { name: column, type };
    });
    const kind = hiveTables.includes(name) ? "hive" : "iceberg";
    bound.set(name, { database: "db", name, columns: typed, kind, partitionColumns: partitionColumns[name] ?? [] });
    const list = typed.map((column) => `"${column.name}" ${duckType(column.type)}`);
    await connection.run(`CREATE TABLE "${name}" (${list.join(", ")}, __file BIGINT, __pos BIGINT)`);
  }
  const asked: (readonly [string, TimeTravel | undefined])[] = [];
  const binder: Binder = {
    table(database, name, at) {
      asked.push([`${database ?? ""}.${name}`, at]);
      const query = view[name];
      if (query !== undefined) return { database: "db", name, query };
      const table = bound.get(name);
      if (table === undefined) throw new Error(`no table ${name}`);
      return table;
    },
  };
  const rows = async (sql: string): Promise<string[]> =>
    (await connection.runAndReadAll(sql)).getRowsJson().map((row) => row.map((value) => String(value)).join("|"));
  const changes = async (sql: string): Promise<string[]> => {
    const translation: Translation = translate(sql, binder);
    if (!("sql" in translation) || translation.sql === undefined) throw new Error(`no rows: ${translation.kind}`);
    const placed = (text: string): string => place(text, (scan) => `"${translation.scans[scan]?.table.name ?? ""}"`);
    if ("source" in translation && translation.source !== undefined)
      await connection.run(
        `CREATE OR REPLACE TEMP TABLE ${translation.source.name} AS ${placed(translation.source.sql)}`,
      );
    return rows(`SELECT * FROM (${placed(translation.sql)}) ORDER BY ALL NULLS FIRST`);
  };
  const statement = (sql: string): Statement => {
    const { scans: _scans, warnings: _warnings, ...rest } = translate(sql, binder);
    return rest;
  };
  const refusal = (sql: string): string => {
    try {
      translate(sql, binder);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
    return "translated";
  };
  return { connection, binder, asked, statement, refusal, rows, changes };
}
