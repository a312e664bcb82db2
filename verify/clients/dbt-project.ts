import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { AthenaClient } from "@aws-sdk/client-athena";
import { runRows } from "../../analytics/client/index.ts";
import { type Place, say } from "./client.ts";

const project = fileURLToPath(new URL("./dbt", import.meta.url));

/** Until when each run counts orders. The first ends with a day; the second in the middle of one, which the third ends. */
export const UNTIL = ["2010-12-11 00:00:00", "2010-12-15 12:00:00", "2010-12-16 00:00:00"] as const;

type Cell = string | null;

/** dbt with the project in `dbt/`, and what it has made. */
export interface Project {
  readonly database: string;
  /** The database that it fills. */
  readonly schema: string;
  /** Runs dbt to its end. @returns what it says. @throws Error with the end of that, when it fails. */
  dbt(args: readonly string[], until: string): Promise<string>;
  /** Reads by the project's own client. */
  rows(sql: string): Promise<readonly (readonly Cell[])[]>;
  /** How what a query reads differs from what another one does; undefined when it does not, and has rows. */
  compare(made: string, wanted: string): Promise<string | undefined>;
}

/** What dbt says of a failure, without its times and places. */
function failureIn(out: string): string {
  const lines = out.split("\n").map((line) => line.replace(/^\d\d:\d\d:\d\d\s*/, "").trim());
  const start = lines.findIndex((line) => line.startsWith("Failure in"));
  const told = start === -1 ? lines.slice(-12) : lines.slice(start);
  return told.filter((line) => line !== "" && !line.startsWith("compiled code at")).join(" ");
}

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
 * @param athena reads what dbt has made.
 * @param folder for what dbt writes on this machine.
 */
export function projectOf(command: string, place: Place, athena: AthenaClient, folder: string): Project {
  const environment = settings(place, folder);
  const { database, workgroup, clientsDatabase } = place;
  const rows: Project["rows"] = async (sql) => (await runRows(athena, { sql, database, workgroup })).rows;
  return {
    database,
    schema: clientsDatabase,
    rows,
    async dbt(args, until) {
      const all = ["--no-use-colors", ...args, "--vars", JSON.stringify({ until })];
      const { code, out } = await say(command, all, environment);
      if (code !== 0) throw new Error(failureIn(out));
      return out;
    },
    async compare(made, wanted) {
      const [saw, expected] = [await rows(made), await rows(wanted)];
      if (saw.length > 0 && JSON.stringify(saw) === JSON.stringify(expected)) return undefined;
      return `${made}: ${JSON.stringify(saw)}, not ${JSON.stringify(expected)}`;
    },
  };
}
