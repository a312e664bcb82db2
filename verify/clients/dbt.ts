import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AthenaClient } from "@aws-sdk/client-athena";
import { runRows } from "../../analytics/client/index.ts";
import { type Check, check, type Place, say } from "./client.ts";

const project = fileURLToPath(new URL("./dbt", import.meta.url));

/** Until when each run counts orders. The first ends with a day; the second in the middle of one. */
const UNTIL = ["2010-12-11 00:00:00", "2010-12-15 12:00:00"] as const;

/** What dbt is told besides the role's environment. */
const settings = (place: Place, folder: string): Readonly<Record<string, string>> => ({
  ...place.environment("operator"),
  DBT_PROJECT_DIR: project,
  DBT_PROFILES_DIR: project,
  DBT_TARGET_PATH: join(folder, "target"),
  DBT_LOG_PATH: join(folder, "logs"),
  DBT_SEND_ANONYMOUS_USAGE_STATS: "false",
  C360_DATABASE: place.database,
  C360_DBT_SCHEMA: place.clientsDatabase,
  C360_WORKGROUP: place.workgroup,
  C360_STAGING: place.results,
  C360_DATA: `${place.clientsData}dbt/`,
});

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
  const environment = settings(place, folder);
  const { database, workgroup, clientsDatabase } = place;
  const rows = async (sql: string) => (await runRows(athena, { sql, database, workgroup })).rows;
  const dbt = async (args: readonly string[], until: string): Promise<string> => {
    const all = ["--no-use-colors", ...args, "--vars", JSON.stringify({ until })];
    const { code, out } = await say(command, all, environment);
    if (code !== 0) throw new Error(out.split("\n").slice(-12).join(" ").replaceAll(/\s+/g, " "));
    return out;
  };
  /** The two tables are what the orders say, and nothing else is left. */
  const difference = async (until: string): Promise<string | undefined> => {
    const counted = `SELECT date(placed_at) AS day, count(*) AS orders, sum(total) AS total FROM orders WHERE placed_at < TIMESTAMP '${until}' GROUP BY 1`;
    const pairs = [
      [`SELECT day, orders, total FROM ${clientsDatabase}.daily_orders ORDER BY 1`, `${counted} ORDER BY 1`],
      [
        `SELECT month, days, orders, total FROM ${clientsDatabase}.monthly_orders ORDER BY 1`,
        `SELECT CAST(date_trunc('month', day) AS date), count(*), sum(orders), sum(total) FROM (${counted}) GROUP BY 1 ORDER BY 1`,
      ],
    ] as const;
    for (const [made, wanted] of pairs) {
      const [saw, expected] = [await rows(made), await rows(wanted)];
      if (saw.length === 0 || JSON.stringify(saw) !== JSON.stringify(expected))
        return `${made}: ${JSON.stringify(saw)}, not ${JSON.stringify(expected)}`;
    }
    const left = (await rows(`SHOW TABLES IN ${clientsDatabase}`)).flat().filter((name) => name?.includes("orders"));
    return left.join() === "daily_orders,monthly_orders" ? undefined : `tables: ${left.join(", ")}`;
  };
  const merged = async (): Promise<string | undefined> => {
    const [[count] = []] = await rows(`SELECT count(*) FROM ${clientsDatabase}."daily_orders$snapshots"`);
    return count === "2" ? undefined : `${count} snapshots: the table was made anew`;
  };

  return [
    await check("dbt run: an incremental Iceberg model and an Iceberg table of it", async () => {
      await dbt(["run"], UNTIL[0]);
      return difference(UNTIL[0]);
    }),
    await check("dbt run again, later: MERGE into the one, the other made anew and renamed", async () => {
      await dbt(["run"], UNTIL[1]);
      return (await difference(UNTIL[1])) ?? merged();
    }),
    await check("dbt run --full-refresh: both made anew", async () => {
      await dbt(["run", "--full-refresh"], UNTIL[1]);
      return difference(UNTIL[1]);
    }),
    await check("dbt test: not_null and unique", async () => {
      const said = await dbt(["test"], UNTIL[1]);
      return said.includes("PASS=4 WARN=0 ERROR=0") ? undefined : said.slice(-300);
    }),
    await check("dbt docs generate: the catalogue of models and sources", async () => {
      await dbt(["docs", "generate"], UNTIL[1]);
      const { nodes, sources, errors } = Object(
        JSON.parse(readFileSync(join(folder, "target", "catalog.json"), "utf8")),
      );
      const names = [...Object.keys(nodes), ...Object.keys(sources)].sort().join();
      const wanted = "model.clients.daily_orders,model.clients.monthly_orders,source.clients.lake.orders";
      return errors === null && names === wanted ? undefined : `${names} ${JSON.stringify(errors)}`;
    }),
  ];
}
