import type { NewColumn } from "../format/schema.ts";
import { changeRows } from "./change.ts";
import { createTable, type NewTable } from "./create.ts";
import type { Environment } from "./environment.ts";
import { type Fixture, type MemoryEntry, openFixture } from "./fixture.ts";
import { insertRows } from "./insert.ts";
import { type MetadataTableName, metadataTable } from "./metadata-tables.ts";
import { planScan } from "./plan.ts";
import { scanSql } from "./scan.ts";
import { loadTable } from "./state.ts";

type TestTable = Environment & { readonly entry: MemoryEntry };

/** A fixture with what the tests of the reading side do over and over. */
export interface ReadingFixture extends Fixture {
  /** An empty table at a place of its own. */
  newTable(columns: readonly NewColumn[], more?: Partial<NewTable>): Promise<TestTable>;
  deleteWhere(env: Environment, condition: string): Promise<void>;
  metadataRows(env: Environment, name: MetadataTableName): Promise<Record<string, unknown>[]>;
  /**
   * A table by month of `day` and by `sku`, with two files in a partition, one in that of no day, and a row that a delete
   * file took.
   */
  orderLines(): Promise<TestTable>;
}

const orderLineColumns: readonly NewColumn[] = [
  { name: "day", type: "date" },
  { name: "sku", type: "string" },
  { name: "price", type: "decimal(18,3)" },
  { name: "tags", type: { type: "list", "element-id": 0, element: "string", "element-required": false } },
];

export async function openReadingFixture(): Promise<ReadingFixture> {
  const fixture = await openFixture();
  let tables = 0;
  const newTable: ReadingFixture["newTable"] = async (columns, more = {}) => {
    tables += 1;
    const table = { location: `s3://lake/t${tables}`, columns, now: fixture.clock.ms, ...more };
    const { metadataLocation } = await createTable(fixture.io, table);
    return fixture.environment(metadataLocation);
  };
  const deleteWhere: ReadingFixture["deleteWhere"] = async (env, condition) => {
    const plan = planScan(loadTable(env));
    const columns = "__file, __pos, 0 AS __op, * EXCLUDE (__file, __pos)";
    const changes = `SELECT ${columns} FROM ${scanSql(plan, { positions: true })} WHERE ${condition}`;
    await changeRows(env, { plan, changes, filters: [] });
  };
  return {
    ...fixture,
    newTable,
    deleteWhere,
    metadataRows: (env, name) => fixture.rows(`SELECT * FROM ${metadataTable(loadTable(env), name).sql}`),
    async orderLines() {
      const env = await emptyOrderLines(newTable);
      await insertOrderLines(
        env,
        "(DATE '2010-12-01', '85123A', 2.55, ['a', 'b'])",
        "(DATE '2010-12-09', '85123A', NULL, NULL)",
      );
      await insertOrderLines(env, "(DATE '2010-12-02', '85123A', 3.39, [])", "(NULL, '71053', -0.5, ['c'])");
      await deleteWhere(env, "day = DATE '2010-12-09'");
      return env;
    },
  };
}

/** The table of {@link ReadingFixture.orderLines} before its first row. */
export function emptyOrderLines(newTable: ReadingFixture["newTable"]): Promise<TestTable> {
  return newTable(orderLineColumns, {
    partitionedBy: [
      { column: "day", transform: "month" },
      { column: "sku", transform: "identity" },
    ],
  });
}

export async function insertOrderLines(env: Environment, ...values: string[]): Promise<void> {
  await insertRows(env, `SELECT * FROM (VALUES ${values.join(", ")}) AS v(day, sku, price, tags)`);
}
