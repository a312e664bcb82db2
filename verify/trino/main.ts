/** `npm run verify:trino`: the local Athena's SQL beside a real Trino. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Steps } from "../../cli/demo/steps.ts";
import { progress, textTable } from "../../cli/output.ts";
import { openSession } from "../../cli/session.ts";
import { ownFolder, prepareHome } from "../home.ts";
import { runCases } from "./cases.ts";
import { keepCases } from "./fuzz/findings.ts";
import { isWrong, verdicts } from "./fuzz/judge.ts";
import { OurEngine } from "./fuzz/ours.ts";
import { FuzzRun, loadState } from "./fuzz/run.ts";
import { TheirEngine } from "./fuzz/theirs.ts";
import { runModels } from "./models.ts";
import { fuzzSection, modelsSection } from "./report.ts";
import { writeSection } from "./section.ts";

const usage = `npm run verify:trino -- [options]

  --count <n>      generated queries that both engines are to judge (default: 20000)
  --seed <n>       seed of the generator (default: 1); an interrupted run of a seed goes on where it stopped
  --again          begins the seed's run anew
  --keep           adds what a run found, and what is mended since, to the cases of npm test; runs nothing

  --models         runs every statement of a home's refreshes on Trino instead, and compares all tables and saved questions
  --home <folder>  the home, filled by a demonstration; a copy of it is used (default: a new one)
  --months <n>     months of the demonstration in a new home (default: 2)

  --cases <file>   cases that hold Trino's answers; needs no Trino
  --only <ids>     some of them;  --all  prints those that are equal, too

  TRINO_URL        a real Trino, e.g. http://127.0.0.1:8080, with these catalogues (names in brackets are the defaults):
    TRINO_MEMORY   [memory]          connector memory, for generated tables
    TRINO_CATALOG  [awsdatacatalog]  connector hive with hive.iceberg-catalog-name: Hive and Iceberg tables side by side
    TRINO_HIVE     [hive]            the same metastore: connector hive with fs.native-local.enabled and local.location=/
    TRINO_ICEBERG  [iceberg]         the same metastore: connector iceberg

Results go to docs/trino-verification.md. Exit codes: 0 no difference, 1 a difference.`;

const folder = join(ownFolder, "trino");

function trinoUrl(): string {
  const url = process.env["TRINO_URL"];
  if (url === undefined) throw new Error("TRINO_URL names no Trino; --help says what it must have.");
  return url;
}

async function models(source: string | undefined, months: number): Promise<boolean> {
  const {
    TRINO_CATALOG: catalog = "awsdatacatalog",
    TRINO_HIVE: hive = "hive",
    TRINO_ICEBERG: iceberg = "iceberg",
  } = process.env;
  const url = trinoUrl();
  const home = await prepareHome(source, months, "trino-home");
  const session = await openSession({ target: "local", stack: "dev", home, json: false }, { clock: "resume" });
  try {
    const place = { url, catalog, hive, iceberg, schema: "c360_verify", folder: join(folder, "raw") };
    const result = await runModels(session, place, new Steps(progress(false)));
    writeSection("models", modelsSection(result));
    const different = [...result.tables, ...result.questions].filter(({ difference }) => difference !== undefined);
    for (const { name, difference } of different) console.log(`${name}: ${difference}`);
    console.log(
      `${result.tables.length} tables and ${result.questions.length} questions compared, ${different.length} differ.`,
    );
    return different.length === 0;
  } finally {
    await session.close();
  }
}

async function fuzz(seed: number, count: number, again: boolean, keep: boolean): Promise<boolean> {
  const ours = await OurEngine.open();
  const file = join(folder, `seed-${seed}.json`);
  if (keep) return keepFindings(file, seed, ours);
  const theirs = await TheirEngine.open(trinoUrl(), process.env["TRINO_MEMORY"] ?? "memory", `c360_fuzz_${seed}`);
  const run = new FuzzRun(ours, theirs, file, seed, again);
  await run.until(count, progress(false));
  const { counts, findings } = run.state;
  for (const { verdict, sql, said, trino } of findings)
    console.log(`${verdict}  ${sql}\n    trino  ${JSON.stringify(trino)}\n    here   ${said}`);
  const rows = Object.entries(counts).map(([area, each]) => [area, ...verdicts.map((name) => String(each[name] ?? 0))]);
  console.log(textTable(["area", ...verdicts], rows));
  const runs = readdirSync(folder).filter((name) => /^seed-\d+\.json$/.test(name));
  const states = runs.map((name) => loadState(join(folder, name), Number(/\d+/.exec(name)?.[0])));
  writeSection("queries", fuzzSection(states, await theirs.version()));
  return !Object.values(counts).some((each) => verdicts.some((name) => isWrong(name) && (each[name] ?? 0) > 0));
}

async function keepFindings(file: string, seed: number, ours: OurEngine): Promise<boolean> {
  const wrong = await keepCases(loadState(file, seed).findings, ours);
  for (const { verdict, sql } of wrong) console.log(`not mended: ${verdict}  ${sql}`);
  return wrong.length === 0;
}

async function main(): Promise<boolean> {
  const { values } = parseArgs({
    options: {
      count: { type: "string", default: "20000" },
      seed: { type: "string", default: "1" },
      again: { type: "boolean", default: false },
      keep: { type: "boolean", default: false },
      models: { type: "boolean", default: false },
      home: { type: "string" },
      months: { type: "string", default: "2" },
      cases: { type: "string" },
      only: { type: "string" },
      all: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return true;
  }
  if (values.cases !== undefined) {
    const only = values.only?.split(",");
    return runCases({ file: values.cases, all: values.all, ...(only && { only }) });
  }
  if (values.models) return models(values.home, Number(values.months));
  return fuzz(Number(values.seed), Number(values.count), values.again, values.keep);
}

process.exit((await main()) ? 0 : 1);
