import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HomeFiles, homeTables } from "./home-files.ts";
import { currentSnapshot } from "./iceberg/format/snapshots.ts";
import { DecodedCache } from "./iceberg/table/cache.ts";
import { checkTable, type Problem } from "./iceberg/table/check.ts";
import type { Environment } from "./iceberg/table/environment.ts";
import { loadTable } from "./iceberg/table/state.ts";
import { createSqlEngine } from "./sql-engine/sql-engine.ts";

/** How an Iceberg table of a home is. */
export interface TableHealth {
  readonly name: string;
  /** What its newest snapshot says of itself; undefined for a table with problems. */
  readonly rows: number | undefined;
  readonly snapshots: number | undefined;
  /** What is wrong with it: its rows are missing, others or unreadable. */
  readonly problems: readonly string[];
  /** What can be cleaned up; the rows are right. */
  readonly notices: readonly string[];
}

/** A table that is written while it is looked at is looked at again. */
const attempts = 3;

/**
 * Checks every Iceberg table of a home: that what the catalogue points at can be read, that every file that is listed is
 * there, as large and with as many rows as it is said to have. Reads the folder alone and takes no lock, so it works on
 * a home that is stopped and on one that is served.
 * @param now milliseconds since the epoch, by the home's clock
 */
export async function tablesHealth(home: string, now: number): Promise<readonly TableHealth[]> {
  const scratch = await mkdtemp(join(tmpdir(), "doctor-"));
  const sql = await createSqlEngine({ scratch });
  const cache = new DecodedCache();
  try {
    const found: TableHealth[] = [];
    for (const entry of homeTables(home)) {
      const look = () =>
        sql.use((connection) =>
          tableHealth(entry.name, { io: new HomeFiles(home), entry, now: () => now, scratch, connection, cache }),
        );
      found.push(await undisturbed(look, () => JSON.stringify(pointerOf(entry))));
    }
    return found;
  } finally {
    await sql.close();
    await rm(scratch, { recursive: true, force: true });
  }
}

/** What a look finds, once nobody has changed the table meanwhile. */
async function undisturbed(look: () => Promise<TableHealth>, pointer: () => string): Promise<TableHealth> {
  for (let attempt = 1; ; attempt += 1) {
    const before = pointer();
    const health = await look();
    if (health.problems.length === 0 || attempt === attempts || pointer() === before) return health;
  }
}

function pointerOf(entry: Environment["entry"]): unknown {
  try {
    return entry.current();
  } catch (error) {
    return String(error);
  }
}

async function tableHealth(name: string, env: Environment): Promise<TableHealth> {
  try {
    const found = await checkTable(env);
    const said = (severity: Problem["severity"]): readonly string[] => [
      ...new Set(
        found.flatMap((each) => (each.severity === severity ? [`${each.uri} ${firstLine(each.message)}`] : [])),
      ),
    ];
    const problems = said("error");
    return { name, ...(problems.length === 0 ? size(env) : unknownSize), problems, notices: said("notice") };
  } catch (error) {
    // A table that cannot even be read is what a doctor is for.
    const problem = error instanceof Error ? error.message : String(error);
    return { name, ...unknownSize, problems: [firstLine(problem)], notices: [] };
  }
}

/** DuckDB goes on with the place in the query. */
const firstLine = (text: string): string => text.split("\n", 1)[0] ?? "";

const unknownSize = { rows: undefined, snapshots: undefined };

function size(env: Environment): Pick<TableHealth, "rows" | "snapshots"> {
  const { metadata } = loadTable(env);
  const { summary = {} } = currentSnapshot(metadata) ?? {};
  const count = (member: string): number => Number(Object(summary)[member] ?? 0);
  return { rows: count("total-records") - count("total-position-deletes"), snapshots: metadata.snapshots.length };
}
