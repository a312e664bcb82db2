import type { Steps } from "../../cli/demo/steps.ts";
import type { EngineName, Findings } from "./findings.ts";
import { athenaColumns, furtherColumns, readOnlyColumns, type Table } from "./model.ts";
import { type Engines, Scenario } from "./scenario.ts";
import { vacuum, widen, writeByTrino, writeInTurn } from "./turns.ts";

interface OwnTable extends Table {
  readonly madeBy: EngineName;
  /** Several engines write it in turn, and its past is read; else it is filled and looked up. */
  readonly writtenInTurn: boolean;
}

const [all, every] = [athenaColumns, [...athenaColumns, ...furtherColumns]];

/** Between them every transform of the specification, each over files of each writer. */
const ownTables: readonly OwnTable[] = [
  { name: "verify_plain", madeBy: "Athena", columns: all, partitionedBy: [], writtenInTurn: true },
  {
    name: "verify_athena",
    madeBy: "Athena",
    columns: all,
    partitionedBy: [
      { column: "flag", transform: "identity" },
      { column: "at", transform: "month" },
      { column: "id", transform: "bucket[4]" },
    ],
    writtenInTurn: true,
  },
  {
    name: "verify_years",
    madeBy: "Athena",
    columns: all,
    partitionedBy: [
      { column: "day", transform: "year" },
      { column: "at", transform: "hour" },
      { column: "code", transform: "truncate[2]" },
    ],
    writtenInTurn: false,
  },
  {
    name: "verify_days",
    madeBy: "Athena",
    columns: all,
    partitionedBy: [
      { column: "at", transform: "day" },
      { column: "name", transform: "bucket[8]" },
      { column: "small", transform: "truncate[8]" },
      { column: "amount", transform: "truncate[50]" },
    ],
    writtenInTurn: false,
  },
  {
    name: "verify_pyiceberg",
    madeBy: "PyIceberg",
    columns: every,
    partitionedBy: [
      { column: "instant", transform: "day" },
      { column: "exact", transform: "bucket[4]" },
      { column: "code", transform: "truncate[3]" },
    ],
    writtenInTurn: true,
  },
  {
    name: "verify_read",
    madeBy: "PyIceberg",
    columns: [...every, ...readOnlyColumns],
    partitionedBy: [{ column: "flag", transform: "identity" }],
    writtenInTurn: false,
  },
  {
    name: "verify_trino",
    madeBy: "Trino",
    columns: every,
    partitionedBy: [
      { column: "at", transform: "month" },
      { column: "id", transform: "bucket[4]" },
      { column: "name", transform: "truncate[2]" },
    ],
    writtenInTurn: true,
  },
];

/** Makes tables by each engine, fills and changes them by all of them in turn, and removes them. */
export async function writeOwnTables(
  engines: Engines,
  folder: string,
  findings: Findings,
  steps: Steps,
): Promise<void> {
  for (const table of ownTables) {
    if (table.madeBy === "Trino" && engines.trino === undefined) continue;
    const scenario = new Scenario(table, folder, engines, findings);
    await steps.run(
      table.name,
      0,
      () => play(scenario, table),
      () => `${findings.checks} checks so far`,
    );
  }
}

async function play(scenario: Scenario, { madeBy, writtenInTurn }: OwnTable): Promise<void> {
  await scenario.create(madeBy);
  await scenario.fill(madeBy);
  await scenario.lookUps();
  if (writtenInTurn) {
    await writeInTurn(scenario);
    await widen(scenario);
    await writeByTrino(scenario);
    await scenario.lookUps();
    await scenario.timeTravel();
    await vacuum(scenario);
  }
  await scenario.drop(madeBy);
}
