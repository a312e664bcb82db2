import type { PartitionedBy } from "../format/partition.ts";
import type { NewColumn } from "../format/schema.ts";
import { identifier } from "../format/types.ts";
import { DecodedCache } from "./cache.ts";
import { changeRows } from "./change.ts";
import { createTable } from "./create.ts";
import type { Environment } from "./environment.ts";
import type { Fixture, MemoryEntry } from "./fixture.ts";
import type { Written } from "./insert.ts";
import { type Plan, planScan } from "./plan.ts";
import type { Filter } from "./prune.ts";
import { scanSql } from "./scan.ts";
import { loadTable } from "./state.ts";

/** Tables of tests of the writing side. */

export type TestEnvironment = Environment & { readonly entry: MemoryEntry };

export interface TestTable {
  readonly columns: readonly NewColumn[];
  readonly partitionedBy?: readonly PartitionedBy[];
  readonly properties?: Readonly<Record<string, string>>;
}

/** Columns `id long required`, `name string`, `ts timestamp`. */
export const people: readonly NewColumn[] = [
  { name: "id", type: "long", required: true },
  { name: "name", type: "string" },
  { name: "ts", type: "timestamp" },
];

let tables = 0;

export async function makeTable(fixture: Fixture, table: TestTable): Promise<TestEnvironment> {
  tables += 1;
  const location = `s3://lake/t${tables}`;
  const { metadataLocation } = await createTable(fixture.io, { ...table, location, now: fixture.clock.ms });
  return fixture.environment(metadataLocation);
}

/** The same table for a process that has read nothing yet. */
export function cold<T extends Environment>(env: T): T {
  return { ...env, cache: new DecodedCache() };
}

/** Rows as written, not as remembered; `sql` goes after FROM's relation. */
export async function rowsOf(env: Environment, columns = "*", rest = "ORDER BY ALL"): Promise<unknown[][]> {
  const scan = scanSql(planScan(loadTable(cold(env))));
  const reader = await env.connection.runAndReadAll(`SELECT ${columns} FROM ${scan} AS t ${rest}`);
  return reader.getRowsJson();
}

export interface TestChange {
  /** 0 delete, 1 update. */
  readonly op: 0 | 1;
  readonly where: string;
  /** Expressions of updated columns. */
  readonly set?: Readonly<Record<string, string>>;
  readonly filters?: readonly Filter[];
  /** Default: of the table as it is. */
  readonly plan?: Plan;
}

/** DELETE or UPDATE of the rows that meet a condition. */
export function change(env: Environment, { op, where, set = {}, filters = [], plan }: TestChange): Promise<Written> {
  const planned = plan ?? planScan(loadTable(env), { filters });
  const columns = planned.schema.fields.map(({ name }) => `${set[name] ?? identifier(name)} AS ${identifier(name)}`);
  const scan = scanSql(planned, { positions: true });
  const changes = `SELECT __file, __pos, ${op} AS __op, ${columns.join(", ")} FROM ${scan} AS t WHERE ${where}`;
  return changeRows(env, { plan: planned, changes, filters });
}
