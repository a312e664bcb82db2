import { fileURLToPath } from "node:url";
import type { PartitionedBy } from "../local/iceberg/format/partition.ts";
import type { NewColumn } from "../local/iceberg/format/schema.ts";
import { changeRows } from "../local/iceberg/table/change.ts";
import { createTable } from "../local/iceberg/table/create.ts";
import type { Environment } from "../local/iceberg/table/environment.ts";
import { type Fixture, openFixture } from "../local/iceberg/table/fixture.ts";
import type { Written } from "../local/iceberg/table/insert.ts";
import { planScan } from "../local/iceberg/table/plan.ts";
import type { Filter } from "../local/iceberg/table/prune.ts";
import { scanSql } from "../local/iceberg/table/scan.ts";
import { loadTable } from "../local/iceberg/table/state.ts";

/** The shipped order lines, typed as the silver table has them. */
const COLUMNS: readonly (NewColumn & { readonly sql: string })[] = [
  { name: "line_id", type: "string", sql: "InvoiceNo || '-' || row_number() OVER (PARTITION BY InvoiceNo ORDER BY n)" },
  { name: "document_id", type: "string", sql: "InvoiceNo" },
  { name: "customer_id", type: "string", sql: "CustomerID::VARCHAR" },
  { name: "country", type: "string", sql: "Country" },
  { name: "sku", type: "string", sql: "StockCode" },
  { name: "description", type: "string", sql: "Description" },
  { name: "quantity", type: "long", sql: "Quantity::BIGINT" },
  { name: "unit_price", type: "decimal(18,3)", sql: "UnitPrice::DECIMAL(18,3)" },
  { name: "value", type: "decimal(18,3)", sql: "(Quantity * UnitPrice)::DECIMAL(18,3)" },
  { name: "sold_at", type: "timestamp", sql: "InvoiceDate" },
];
const NAMES = COLUMNS.map(({ name }) => name).join(", ");

/** What every reader of a whole table must at least decode. */
export const EVERY_COLUMN = COLUMNS.map(({ name }) => `max(${name})`).join(", ");

export type LinesTable = ReturnType<Fixture["environment"]>;

/** The order lines in DuckDB's memory, and a folder for files and tables of them. */
export class OrderLines {
  readonly #fixture: Fixture;
  #files = 0;

  constructor(fixture: Fixture) {
    this.#fixture = fixture;
  }

  async run(sql: string): Promise<void> {
    await this.#fixture.connection.run(sql);
  }

  async count(from: string): Promise<number> {
    const reader = await this.#fixture.connection.runAndReadAll(`SELECT count(*)::INTEGER FROM ${from}`);
    return Number(reader.getRows()[0]?.[0]);
  }

  /** Plain DuckDB's file of the rows of a SELECT, with the codec that tables have. @param layout of COPY, e.g. `PARTITION_BY (sku)`. */
  async copy(select: string, layout?: string): Promise<string> {
    const path = `${this.#fixture.scratch}/plain-${this.#files++}${layout === undefined ? ".parquet" : ""}`;
    const options = ["FORMAT parquet", "COMPRESSION zstd", ...(layout === undefined ? [] : [layout])].join(", ");
    await this.run(`COPY (${select}) TO '${path}' (${options})`);
    return path;
  }

  /** A new table without rows. */
  async table(partitionedBy: readonly PartitionedBy[] = []): Promise<LinesTable> {
    const { io, clock } = this.#fixture;
    const location = `s3://lake/lines-${this.#files++}`;
    const columns = COLUMNS.map(({ name, type }) => ({ name, type }));
    const made = await createTable(io, { location, columns, partitionedBy, now: clock.ms });
    return this.#fixture.environment(made.metadataLocation);
  }

  /** The table as it is, for a change that the next run does not see; what is known of its files stays known. */
  branch(table: LinesTable): LinesTable {
    const { metadataLocation } = table.entry.current();
    return { ...this.#fixture.environment(metadataLocation), cache: table.cache };
  }

  close(): Promise<void> {
    return this.#fixture.close();
  }
}

/** Reads the shipped file into DuckDB's table `lines`. */
export async function openOrderLines(): Promise<OrderLines> {
  const fixture = await openFixture();
  const lines = new OrderLines(fixture);
  const file = fileURLToPath(new URL("../data/online-retail.parquet", import.meta.url));
  const columns = COLUMNS.map(({ name, sql }) => `${sql} AS ${name}`).join(", ");
  await lines.run(
    `CREATE TABLE lines AS SELECT ${columns}, n FROM (SELECT *, file_row_number AS n FROM read_parquet('${file}')) ORDER BY n`,
  );
  return lines;
}

/** Rows of {@link openOrderLines}'s table as a table of ours has them. */
export function linesWhere(condition = "true"): string {
  return `SELECT ${NAMES} FROM lines WHERE ${condition}`;
}

/** Rows to merge: of ten, nine say something else about a line that is there and one is new. */
export function updatesWhere(condition: string): string {
  const replaced =
    "CASE WHEN n % 10 = 0 THEN 'new-' || line_id ELSE line_id END AS line_id, lower(description) AS description";
  return `SELECT ${NAMES} FROM (SELECT * REPLACE (${replaced}) FROM lines WHERE ${condition})`;
}

/** The rows of a table as a statement reads them: planned anew. */
export function rowsOf(table: Environment): string {
  return scanSql(planScan(loadTable(table)));
}

/** `MERGE INTO table USING updates ON line_id`: updates those that are there, inserts the others. */
export function merge(table: Environment, updates: string, filters: readonly Filter[]): Promise<Written> {
  const plan = planScan(loadTable(table), { filters });
  const matched = `SELECT t.__file, t.__pos, CASE WHEN t.__pos IS NULL THEN 2 ELSE 1 END AS __op, s.*
    FROM ${updates} s LEFT JOIN ${scanSql(plan, { columns: ["line_id"], positions: true })} t ON t.line_id = s.line_id`;
  return changeRows(table, { plan, changes: matched, filters });
}

/** `DELETE FROM table WHERE condition`. */
export function deleteWhere(table: Environment, condition: string): Promise<Written> {
  const plan = planScan(loadTable(table));
  const changes = `SELECT __file, __pos, 0 AS __op, ${NAMES} FROM ${scanSql(plan, { positions: true })} WHERE ${condition}`;
  return changeRows(table, { plan, changes, filters: [] });
}
