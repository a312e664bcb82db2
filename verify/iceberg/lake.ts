import type { Athena } from "./athena.ts";
import type { Engine, Reading } from "./engine.ts";
import { compareStates, difference, type EngineName, type Findings, seenBy } from "./findings.ts";
import type { Trino } from "./trino.ts";

/** Metadata tables of which both engines count the rows. */
const metadataTables = ["snapshots", "files", "history", "manifests", "partitions", "refs"];

/** Reads a table of the lake with every engine and compares with what the local Athena reads. */
export async function readLakeTable(
  table: string,
  athena: Athena,
  foreign: readonly Engine[],
  findings: Findings,
): Promise<void> {
  const wanted = await athena.read(table);
  const seen = new Map<EngineName, string | undefined>();
  for (const engine of foreign)
    seen.set(engine.name, await seenBy(async () => difference(wanted, await engine.read(table))));
  findings.add({ table, by: undefined, what: "all rows", expected: `${wanted.rows} rows`, seen });
}

/** Compares the former states of a table, and what its metadata tables count. */
export async function readHistory(
  table: string,
  athena: Athena,
  foreign: readonly Engine[],
  trino: Trino | undefined,
  findings: Findings,
): Promise<void> {
  const { rows: snapshots } = await athena.run(`SELECT snapshot_id FROM "${table}$snapshots" ORDER BY committed_at`);
  const states = new Map<string, Reading>();
  for (const [snapshot = null] of snapshots)
    if (snapshot !== null) states.set(snapshot, await athena.read(table, snapshot));
  findings.add({
    table,
    by: undefined,
    what: "FOR VERSION AS OF each of its snapshots",
    expected: `${states.size} states`,
    seen: await compareStates(table, states, foreign),
  });
  if (trino === undefined) return;
  const count = metadataTables.map((name) => `SELECT '${name}' AS name, count(*) AS n FROM "${table}$${name}"`);
  const counts = ({ rows }: { readonly rows: readonly (readonly (string | null)[])[] }): string =>
    rows
      .map((row) => row.join(" "))
      .sort()
      .join(", ");
  const sql = count.join("\nUNION ALL\n");
  const wanted = counts(await athena.run(sql));
  const seen = await seenBy(async () => {
    const found = counts(await trino.run(sql));
    return found === wanted ? undefined : `counts ${found}`;
  });
  findings.add({
    table,
    by: undefined,
    what: "rows of its metadata tables",
    expected: wanted,
    seen: new Map([[trino.name, seen]]),
  });
}
