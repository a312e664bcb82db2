/**
 * (e) The lake's tables against plain DuckDB: the shipped order lines, typed as in silver, written and read as Iceberg and
 * as bare Parquet by the same DuckDB with the same codec, out of the same table in memory. A floor has no statistics to
 * keep, no older version to leave readable, no other writer to look out for and nothing to commit: a table cannot be
 * faster but by writing less, as MERGE does, which marks rows instead of copying their neighbours.
 */
import type { PartitionedBy } from "../local/iceberg/format/partition.ts";
import { insertRows } from "../local/iceberg/table/insert.ts";
import { planScan } from "../local/iceberg/table/plan.ts";
import { scanSql } from "../local/iceberg/table/scan.ts";
import { loadTable } from "../local/iceberg/table/state.ts";
import { cold } from "../local/iceberg/table/writing-fixture.ts";
import { againstFloors, median, numberOption, type Pair, rounded, timed } from "./measure.ts";
import {
  deleteWhere,
  EVERY_COLUMN,
  type LinesTable,
  linesWhere,
  merge,
  type OrderLines,
  openOrderLines,
  rowsOf,
  updatesWhere,
} from "./order-lines.ts";

const runs = numberOption("runs", 7);
/** Scans take milliseconds: a few of them tell nothing. */
const scans = 3 * runs;
const byMonth: readonly PartitionedBy[] = [{ column: "sold_at", transform: "month" }];
const byDay: readonly PartitionedBy[] = [{ column: "sold_at", transform: "day" }];
const MONTH_LAYOUT = "PARTITION_BY (month)";
const withMonth = (rows: string): string => `SELECT *, date_trunc('month', sold_at)::DATE AS month FROM (${rows})`;

/** Whole tables: the floor of both layouts is one file, since plain DuckDB would need no partitions to be fast. */
async function appends(lines: OrderLines): Promise<readonly Pair[]> {
  const floor = () => lines.copy(linesWhere());
  return [
    { name: "append", floor, whole: async () => insertRows(await lines.table(), linesWhere()) },
    { name: "appendByMonth", floor, whole: async () => insertRows(await lines.table(byMonth), linesWhere()) },
    {
      name: "appendByMonthToPartitions",
      floor: () => lines.copy(withMonth(linesWhere()), MONTH_LAYOUT),
      whole: async () => insertRows(await lines.table(byMonth), linesWhere()),
    },
  ];
}

/** Every column of every row, so that all pages are decoded; and the sum of one, where only deletes cost. */
async function reads(lines: OrderLines): Promise<readonly Pair[]> {
  const table = await lines.table();
  await insertRows(table, linesWhere());
  const deleted = lines.branch(table);
  // The floor has no deletes to apply: its file holds the rows that are left.
  for (let part = 0; part < 20; part++) await deleteWhere(deleted, `hash(line_id) % 1000 = ${part}`);
  const plain = await lines.copy(linesWhere());
  const plainLeft = await lines.copy(linesWhere("hash(line_id) % 1000 >= 20"));
  await mustAgree(lines, rowsOf(deleted), `'${plainLeft}'`);
  const pair = (name: string, file: string, of: LinesTable, select: string): Pair => ({
    name,
    floor: () => lines.run(`SELECT ${select} FROM '${file}'`),
    whole: () => lines.run(`SELECT ${select} FROM ${rowsOf(of)}`),
  });
  return [
    pair("scan", plain, table, EVERY_COLUMN),
    pair("scanWithDeletes", plainLeft, deleted, EVERY_COLUMN),
    pair("sum", plain, table, "sum(quantity)"),
    pair("sumWithDeletes", plainLeft, deleted, "sum(quantity)"),
  ];
}

/**
 * Updates and new lines together of 1 % of the rows, anywhere in all months or all of them in one; the floor writes the
 * months in question again.
 */
async function merges(lines: OrderLines): Promise<readonly Pair[]> {
  const table = await lines.table(byMonth);
  await insertRows(table, linesWhere());
  const plain = await lines.copy(withMonth(linesWhere()), MONTH_LAYOUT);
  const november = new Date("2011-11-01T00:00:00Z");
  await lines.run(`CREATE TABLE anywhere AS ${updatesWhere("hash(line_id) % 100 = 0")}`);
  await lines.run(
    `CREATE TABLE in_november AS ${updatesWhere("sold_at >= '2011-11-01' AND sold_at < '2011-12-01' AND n % 31 < 2")}`,
  );
  const rewritten = (files: string, updates: string): string =>
    `SELECT * EXCLUDE (month) FROM '${files}' ANTI JOIN ${updates} USING (line_id) UNION ALL SELECT * FROM ${updates}`;
  const merged = lines.branch(table);
  await merge(merged, "anywhere", []);
  await mustAgree(lines, rowsOf(merged), `(${rewritten(`${plain}/*/*.parquet`, "anywhere")})`);
  return [
    {
      name: "merge",
      floor: () => lines.copy(withMonth(rewritten(`${plain}/*/*.parquet`, "anywhere")), MONTH_LAYOUT),
      whole: () => merge(lines.branch(table), "anywhere", []),
    },
    {
      name: "mergeOneMonth",
      floor: () => lines.copy(rewritten(`${plain}/month=2011-11-01/*.parquet`, "in_november")),
      whole: () =>
        merge(lines.branch(table), "in_november", [
          { column: "sold_at", operator: ">=", values: [BigInt(november.getTime()) * 1000n] },
        ]),
    },
  ];
}

async function mustAgree(lines: OrderLines, ours: string, plain: string): Promise<void> {
  const [rows, floor] = [await lines.count(ours), await lines.count(plain)];
  if (rows !== floor) throw new Error(`the table has ${rows} rows, its floor ${floor}`);
}

/** From the catalogue's pointer to the SQL that DuckDB gets, by a process that has read nothing yet, and once more. */
async function plans(
  lines: OrderLines,
): Promise<{ readonly files: number; readonly coldMs: number; readonly warmMs: number }> {
  const table = await lines.table(byDay);
  const everyDay = { openPartitions: 1000 };
  for (let part = 0; part < 4; part++) await insertRows(table, linesWhere(`n % 4 = ${part}`), everyDay);
  const times: { cold: number; warm: number }[] = [];
  let files = 0;
  for (let run = 0; run <= runs; run++) {
    const fresh = cold(table);
    const first = await timed(() => scanSql(planScan(loadTable(fresh))));
    const second = await timed(() => scanSql(planScan(loadTable(fresh))));
    files = planScan(loadTable(fresh)).files.length;
    if (run > 0) times.push({ cold: first.seconds * 1000, warm: second.seconds * 1000 });
  }
  return {
    files,
    coldMs: rounded(median(times.map((time) => time.cold)), 1),
    warmMs: rounded(median(times.map((time) => time.warm)), 1),
  };
}

const lines = await openOrderLines();
try {
  const written = await againstFloors([...(await appends(lines)), ...(await merges(lines))], runs);
  const read = await againstFloors(await reads(lines), scans);
  const rows = await lines.count("lines");
  console.log(JSON.stringify({ rows, runs, ...Object.fromEntries([...written, ...read]), plan: await plans(lines) }));
} finally {
  await lines.close();
}
