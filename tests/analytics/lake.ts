import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance, type Json } from "@duckdb/node-api";
import { type Model, models, tables } from "../../analytics/models/index.ts";
import { bind } from "../../analytics/models/parameters.ts";
import { contractNamed, rawEventColumns, rawPartitionKeys } from "../../ingest/contracts/index.ts";
import { fromHive } from "../../local/aws/athena/sql/hive-type.ts";
import { makePrelude } from "../../local/aws/athena/sql/prelude.ts";
import type { Binder, Scan } from "../../local/aws/athena/sql/scope.ts";
import type { Change } from "../../local/aws/athena/sql/statement-types.ts";
import { place, translate } from "../../local/aws/athena/sql/translate.ts";

const rawColumns = [...rawEventColumns, ...rawPartitionKeys];
const shapes: readonly {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}[] = [{ name: "raw_events", columns: rawColumns }, ...tables];

const duckType = (hive: string): string => hive.replace(/^string$/, "varchar").replace(/^int$/, "integer");

/** One event as a test states it. */
export interface TestEvent {
  readonly id: string;
  readonly type: string;
  /** RFC 3339. */
  readonly time: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const binder: Binder = {
  table: (_database, name) => {
    const shape = shapes.find((one) => one.name === name);
    if (shape === undefined) throw new Error(`no table ${name}`);
    const columns = shape.columns.map((column) => {
      const type = fromHive(column.type, 6);
      if (type === undefined) throw new Error(`no type ${column.type}`);
      return { name: column.name, type };
    });
    return { database: "test", name, columns };
  },
};

/**
 * The lake's tables as plain DuckDB tables, changed by the real models through the real translation. It has no storage,
 * no permissions and no state machine: those are tested where they live.
 */
export class TestLake {
  readonly connection: DuckDBConnection;
  private constructor(connection: DuckDBConnection) {
    this.connection = connection;
  }

  static async create(): Promise<TestLake> {
    const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
    const connection = await instance.connect();
    await connection.run("SET TimeZone = 'UTC'");
    await makePrelude(connection);
    for (const { name, columns } of shapes) {
      await connection.run(
        `CREATE TABLE ${name} (${columns.map((c) => `"${c.name}" ${duckType(c.type)}`).join(", ")})`,
      );
    }
    return new TestLake(connection);
  }

  /** Runs Athena SQL. */
  async run(sql: string): Promise<Record<string, Json>[]> {
    const translation = translate(sql, binder);
    const relation = (scan: Scan | undefined): string =>
      scan?.positions ? `(SELECT 0 AS __file, rowid AS __pos, * FROM "${scan.table.name}")` : `"${scan?.table.name}"`;
    const placed = (text: string) => place(text, (scan) => relation(translation.scans[scan]));
    switch (translation.kind) {
      case "SELECT":
        return this.ask(placed(translation.sql));
      case "INSERT":
        return this.ask(`INSERT INTO "${translation.target.name}" BY NAME ${placed(translation.sql)}`);
      case "DELETE":
      case "UPDATE":
      case "MERGE":
        return this.#change(translation, placed);
      default:
        throw new Error(`no model runs ${translation.kind}`);
    }
  }

  /** Takes the changed rows away and puts their new state in. */
  async #change({ source, sql, target }: Change, placed: (text: string) => string): Promise<Record<string, Json>[]> {
    const { name } = target.table;
    if (source !== undefined)
      await this.connection.run(`CREATE OR REPLACE TEMP TABLE "${source.name}" AS ${placed(source.sql)}`);
    await this.connection.run(`CREATE OR REPLACE TEMP TABLE changes AS ${placed(sql)}`);
    const twice = "SELECT __pos FROM changes WHERE __op <> 2 GROUP BY __pos HAVING count(*) > 1";
    if ((await this.ask(twice)).length > 0)
      throw new Error("One MERGE target table row matched more than one source row");
    await this.connection.run(`DELETE FROM "${name}" WHERE rowid IN (SELECT __pos FROM changes WHERE __op <> 2)`);
    return this.ask(
      `INSERT INTO "${name}" BY NAME SELECT * EXCLUDE (__file, __pos, __op) FROM changes WHERE __op <> 0`,
    );
  }

  /** Runs DuckDB SQL. */
  async ask(sql: string): Promise<Record<string, Json>[]> {
    return (await this.connection.runAndReadAll(sql)).getRowObjectsJson();
  }

  /** Puts events into `raw_events`, as the transform and Firehose would. */
  deliver(events: readonly TestEvent[]): Promise<void> {
    return this.load(
      events.map(({ id, type, time, data }) => {
        const at = time.replace("T", " ").replace("Z", "");
        const envelope = {
          event_id: id,
          type,
          source: "/test",
          subject: "s",
          time: at,
          dataschema: "schema",
          correlationid: id,
        };
        const keys = { event_date: time.slice(0, 10), event_type: contractNamed(type)?.partition };
        return JSON.stringify({ ...envelope, data: JSON.stringify(data), ingested_at: at, ...keys });
      }),
    );
  }

  /** Puts rows into `raw_events`, one JSON object each, partition keys among them. */
  async load(lines: readonly string[]): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), "lake-"));
    const file = join(folder, "rows.ndjson");
    writeFileSync(file, lines.join("\n"));
    const columns = rawColumns.map(({ name, type }) => `${name}: '${duckType(type)}'`).join(", ");
    const options = "format = 'newline_delimited', maximum_object_size = 4000000";
    await this.connection.run(
      `INSERT INTO raw_events SELECT * FROM read_json('${file}', columns = {${columns}}, ${options})`,
    );
    rmSync(folder, { recursive: true });
  }

  /** Runs models for some days and one refresh date. */
  async refresh(asOf: string, eventDates: readonly string[], chosen: readonly Model[] = models): Promise<void> {
    for (const model of chosen) {
      try {
        await this.run(bind(model.sql, asOf, eventDates));
      } catch (error) {
        throw new Error(`model ${model.name}: ${error instanceof Error ? error.message : String(error)}`, {
          cause: error,
        });
      }
    }
  }

  /** Rows of a table in the order of its key. */
  rows(table: string, columns = "*"): Promise<Record<string, Json>[]> {
    const key = tables.find(({ name }) => name === table)?.key ?? [];
    return this.ask(`SELECT ${columns} FROM ${table} ORDER BY ${key.join(", ")}`);
  }

  /** All published gold tables, to be compared as a whole. */
  async gold(): Promise<unknown> {
    return {
      customers: await this.rows("customer_360"),
      rfm: await this.rows("rfm"),
      members: await this.rows("segment_members"),
    };
  }
}
