import { type Check, check } from "./client.ts";
import { type Project, UNTIL } from "./dbt-project.ts";

/** The seed's three lines; an empty cell is NULL. */
const SEED =
  "VALUES ('Channel Islands, all', 'near', NULL, 0.25E0), ('EIRE', 'near', DATE '2010-12-05', NULL), ('United Kingdom', 'home', DATE '2010-12-01', 1.5E0)";

/** The checks of seeds, of models as Hive tables, and of snapshots, after the models that they stand on. */
export async function seedsAndHive({ dbt, rows, compare, schema }: Project): Promise<readonly Check[]> {
  const before = (until: string) => `FROM orders WHERE placed_at < TIMESTAMP '${until}'`;
  const logged = (until: string) =>
    compare(
      `SELECT count(*), count(DISTINCT order_id), sum(total), max(placed_at) FROM ${schema}.order_log`,
      `SELECT count(*), count(*), sum(total), CAST(max(placed_at) AS timestamp(3)) ${before(until)}`,
    );
  const sold = (until: string) =>
    compare(
      `SELECT day, count(*), sum(total) FROM ${schema}.sales_by_day GROUP BY 1 ORDER BY 1`,
      `SELECT CAST(date(placed_at) AS varchar), count(*), sum(total) ${before(until)} GROUP BY 1 ORDER BY 1`,
    );
  const partitions = async () => (await rows(`SELECT day FROM ${schema}."sales_by_day$partitions"`)).flat();
  return [
    await check("dbt seed: a file of three lines, with an empty cell and a comma in quotes", async () => {
      await dbt(["seed"], UNTIL[0]);
      return compare(`SELECT country, region, since, weight FROM ${schema}.regions ORDER BY 1`, SEED);
    }),
    await check("dbt run: two incremental models as Hive tables of Parquet, one by partitions", async () => {
      await dbt(["run", "--select", "order_log", "sales_by_day"], UNTIL[1]);
      return (await logged(UNTIL[1])) ?? sold(UNTIL[1]);
    }),
    await check("dbt run again, later: append", async () => {
      await dbt(["run", "--select", "order_log"], UNTIL[2]);
      return logged(UNTIL[2]);
    }),
    await check(
      "dbt run again, later: insert_overwrite empties the last partition, and writes it and the next",
      async () => {
        const before = await partitions();
        await dbt(["run", "--select", "sales_by_day"], UNTIL[2]);
        const after = await partitions();
        if (before.some((day) => !after.includes(day))) return `partitions ${before.join()}, then ${after.join()}`;
        return sold(UNTIL[2]);
      },
    ),
    await check("dbt snapshot: the days as they are counted so far", async () => {
      await dbt(["snapshot"], UNTIL[1]);
      return compare(
        `SELECT count(*), count(dbt_valid_to), sum(orders) FROM ${schema}.order_totals`,
        `SELECT count(DISTINCT date(placed_at)), 0, count(*) ${before(UNTIL[1])}`,
      );
    }),
    await check("dbt snapshot again, a half day later: what it was counted before is kept, with its end", async () => {
      await dbt(["run", "--select", "daily_orders"], UNTIL[2]);
      await dbt(["snapshot"], UNTIL[2]);
      const [[ended] = []] = await rows(`SELECT count(dbt_valid_to) FROM ${schema}.order_totals`);
      if (ended !== "1") return `${ended} rows have an end`;
      return compare(
        `SELECT day, orders, total FROM ${schema}.order_totals WHERE dbt_valid_to IS NULL ORDER BY 1`,
        `SELECT date(placed_at), count(*), sum(total) ${before(UNTIL[2])} GROUP BY 1 ORDER BY 1`,
      );
    }),
  ];
}
