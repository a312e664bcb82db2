import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { AthenaClient } from "@aws-sdk/client-athena";
import { type Check, check, type Place } from "./client.ts";
import { seedsAndHive } from "./dbt-more.ts";
import { projectOf, UNTIL } from "./dbt-project.ts";

/**
 * The project in `dbt/`, as its author would run it day by day.
 * @param athena reads what dbt has made.
 * @param folder for what dbt writes on this machine.
 */
export async function runProject(
  command: string,
  place: Place,
  athena: AthenaClient,
  folder: string,
): Promise<readonly Check[]> {
  rmSync(folder, { recursive: true, force: true });
  const own = projectOf(command, place, athena, folder);
  const { dbt, rows, compare, schema } = own;
  const models = ["--select", "daily_orders", "monthly_orders"];
  /** The two tables are what the orders say, and nothing else is left. */
  const difference = async (until: string): Promise<string | undefined> => {
    const counted = `SELECT date(placed_at) AS day, count(*) AS orders, sum(total) AS total FROM orders WHERE placed_at < TIMESTAMP '${until}' GROUP BY 1`;
    const days = await compare(
      `SELECT day, orders, total FROM ${schema}.daily_orders ORDER BY 1`,
      `${counted} ORDER BY 1`,
    );
    const months = await compare(
      `SELECT month, days, orders, total FROM ${schema}.monthly_orders ORDER BY 1`,
      `SELECT CAST(date_trunc('month', day) AS date), count(*), sum(orders), sum(total) FROM (${counted}) GROUP BY 1 ORDER BY 1`,
    );
    if (days !== undefined || months !== undefined) return days ?? months;
    const left = (await rows(`SHOW TABLES IN ${schema}`)).flat().filter((name) => name?.includes("orders"));
    return left.join() === "daily_orders,monthly_orders" ? undefined : `tables: ${left.join(", ")}`;
  };
  const merged = async (): Promise<string | undefined> => {
    const [[count] = []] = await rows(`SELECT count(*) FROM ${schema}."daily_orders$snapshots"`);
    return count === "2" ? undefined : `${count} snapshots: the table was made anew`;
  };

  return [
    await check("dbt run: an incremental Iceberg model and an Iceberg table of it", async () => {
      await dbt(["run", ...models], UNTIL[0]);
      return difference(UNTIL[0]);
    }),
    await check("dbt run again, later: MERGE into the one, the other made anew and renamed", async () => {
      await dbt(["run", ...models], UNTIL[1]);
      return (await difference(UNTIL[1])) ?? merged();
    }),
    await check("dbt run --full-refresh: both made anew", async () => {
      await dbt(["run", ...models, "--full-refresh"], UNTIL[1]);
      return difference(UNTIL[1]);
    }),
    ...(await seedsAndHive(own)),
    await check("dbt test: not_null and unique", async () => {
      const said = await dbt(["test"], UNTIL[2]);
      return said.includes("PASS=7 WARN=0 ERROR=0") ? undefined : said.slice(-300);
    }),
    await check("dbt docs generate: the catalogue of models, seeds, snapshots and sources", async () => {
      await dbt(["docs", "generate"], UNTIL[2]);
      const { nodes, sources, errors } = Object(
        JSON.parse(readFileSync(join(folder, "target", "catalog.json"), "utf8")),
      );
      const names = [...Object.keys(nodes), ...Object.keys(sources)].sort().join();
      const wanted = [
        ...["daily_orders", "monthly_orders", "order_log", "sales_by_day"].map((name) => `model.clients.${name}`),
        "seed.clients.regions",
        "snapshot.clients.order_totals",
        "source.clients.lake.orders",
      ].join();
      return errors === null && names === wanted ? undefined : `${names} ${JSON.stringify(errors)}`;
    }),
  ];
}
