import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { AthenaClient } from "@aws-sdk/client-athena";
import { runRows } from "../../analytics/client/index.ts";
import { models, tables } from "../../analytics/models/index.ts";
import { bind } from "../../analytics/models/parameters.ts";
import { savedQuestions } from "../../analytics/queries/index.ts";
import type { Steps } from "../../cli/demo/steps.ts";
import { grouped } from "../../cli/output.ts";
import type { Session } from "../../cli/session.ts";
import { planRefresh, type Watermark } from "../../pipelines/refresh/plan.ts";
import { ownFolder } from "../home.ts";
import { icebergTableSql, rawTableSql } from "./lake-schema.ts";
import { RawFiles } from "./raw-files.ts";
import { TrinoServer } from "./server.ts";
import { type TableText, tableDifference, textOfAthena, textOfTrino } from "./table-text.ts";

/** Where raw files are put for the server, which reads them by the same path. */
export const rawFolder = join(ownFolder, "trino", "raw");

/** Where the models run on the server. */
export interface Place {
  readonly url: string;
  /** Catalogue that shows Hive and Iceberg tables side by side, as Athena's does. */
  readonly hive: string;
  /** The same metastore's Iceberg tables. */
  readonly iceberg: string;
  readonly schema: string;
  /** A folder that the server reads by the same path. */
  readonly folder: string;
}

/** What was compared, and what came of it. */
export interface Comparison {
  readonly name: string;
  readonly rows: number;
  /** Undefined: the same. */
  readonly difference: string | undefined;
}

export interface ModelsResult {
  readonly trino: string;
  readonly refreshes: number;
  readonly statements: number;
  readonly rawFiles: number;
  readonly until: string;
  readonly tables: readonly Comparison[];
  readonly questions: readonly Comparison[];
}

/**
 * Runs every statement of every refresh of a home on a real Trino, from the same raw files, and compares all tables and the
 * answers to the saved questions. A refresh there sees the files that the local one saw.
 */
export async function runModels(session: Session, place: Place, steps: Steps): Promise<ModelsResult> {
  const ask = ours(session);
  const trino = new TrinoServer(place.url, place.hive, place.schema);
  const raw = new RawFiles(session);
  try {
    const days = (await ask("SELECT DISTINCT CAST(as_of AS varchar) AS day FROM rfm ORDER BY 1")).rows.flatMap(
      ([day]) => day ?? [],
    );
    if (days.length === 0) throw new Error("The home has no refresh to repeat.");
    await steps.run(
      "tables on Trino",
      0,
      () => createTables(trino, place),
      () => `${tables.length + 1} made`,
    );
    const objects = await raw.list();
    let watermark: Watermark | undefined;
    let statements = 0;
    let copied = 0;
    for (const asOf of days) {
      const startedAt = Date.parse(asOf);
      const there = objects.filter(({ lastModified }) => lastModified <= startedAt);
      const plan = planRefresh(there, watermark, { asOf, startedAt, full: false });
      for (const object of there.slice(copied)) await raw.copy(object, place.folder);
      copied = there.length;
      watermark = plan.watermark;
      const chosen = plan.dates.length === 0 ? models.filter(({ layer }) => layer === "gold") : models;
      await steps.run(
        `refresh as of ${asOf}`,
        chosen.length,
        async (reached) => {
          await addPartitions(trino, place);
          for (const [at, { sql }] of chosen.entries()) {
            await trino.run(bind(sql, asOf, plan.dates));
            reached(at + 1);
          }
        },
        () => `${plan.dates.length} days of events`,
      );
      statements += chosen.length;
    }
    const read = (sql: string, ordered: boolean) => async (): Promise<Omit<Comparison, "name">> => {
      const wanted = textOfAthena(await ask(sql));
      return { rows: wanted.rows.length, difference: await differenceOn(trino, sql, wanted, ordered) };
    };
    const states = await compared(
      steps,
      "tables",
      tables.map(({ name }) => [name, read(`SELECT * FROM ${name}`, false)]),
    );
    const answers = await compared(
      steps,
      "saved questions",
      savedQuestions.map(({ name, sql }) => [name, read(sql, true)]),
    );
    // Where something differs, the tables stay to look at.
    if ([...states, ...answers].every(({ difference }) => difference === undefined)) await removeTables(trino, place);
    return {
      trino: await trino.version(),
      refreshes: days.length,
      statements,
      rawFiles: copied,
      until: days.at(-1) ?? "",
      tables: states,
      questions: answers,
    };
  } finally {
    raw.close();
  }
}

type Task = readonly [name: string, run: () => Promise<Omit<Comparison, "name">>];

function compared(steps: Steps, what: string, tasks: readonly Task[]): Promise<Comparison[]> {
  const found: Comparison[] = [];
  return steps.run(
    what,
    tasks.length,
    async (reached) => {
      for (const [name, run] of tasks) {
        found.push({ name, ...(await run()) });
        reached(found.length);
      }
      return found;
    },
    () => `${grouped(found.reduce((sum, { rows }) => sum + rows, 0))} rows compared`,
  );
}

function ours(session: Session) {
  const client = new AthenaClient(session.as("analyst"));
  const { database, workgroup } = session.outputs;
  return (sql: string) => session.waitFor(runRows(client, { sql, database, workgroup }));
}

async function differenceOn(
  trino: TrinoServer,
  sql: string,
  wanted: TableText,
  ordered: boolean,
): Promise<string | undefined> {
  return tableDifference(wanted, textOfTrino(await trino.run(sql)), ordered);
}

async function createTables(trino: TrinoServer, place: Place): Promise<void> {
  const { hive, iceberg, schema, folder } = place;
  await removeTables(trino, place);
  mkdirSync(join(folder, "raw_events"), { recursive: true });
  await trino.run(`CREATE SCHEMA ${hive}.${schema}`);
  await trino.run(rawTableSql(`${hive}.${schema}.raw_events`, `local://${join(folder, "raw_events")}`));
  for (const table of tables) await trino.run(icebergTableSql(`${iceberg}.${schema}`, table));
}

/** Nothing is there before a run, whatever an earlier one left. */
async function removeTables(trino: TrinoServer, { hive, iceberg, schema, folder }: Place): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  await trino.run(`CREATE SCHEMA IF NOT EXISTS ${hive}.${schema}`);
  const { rows } = await trino.run(`SHOW TABLES FROM ${hive}.${schema}`);
  for (const [name] of rows) {
    const catalog = name === "raw_events" ? hive : iceberg;
    await trino.run(`DROP TABLE ${catalog}.${schema}.${String(name)}`);
  }
  await trino.run(`DROP SCHEMA ${hive}.${schema}`);
}

const addPartitions = (trino: TrinoServer, { hive, schema }: Place) =>
  trino.run(`CALL ${hive}.system.sync_partition_metadata('${schema}', 'raw_events', 'ADD')`);
