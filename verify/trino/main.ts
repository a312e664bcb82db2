/** `npm run verify:trino`: the local Athena's SQL beside a real Trino. */
import { parseArgs } from "node:util";
import { Steps } from "../../cli/demo/steps.ts";
import { CliError, exitCodes, messageOf } from "../../cli/errors.ts";
import { progress } from "../../cli/output.ts";
import { openSession } from "../../cli/session.ts";
import { prepareHome } from "../home.ts";
import { runCases } from "./cases.ts";
import { catalogFiles, demandCatalogs } from "./catalogs.ts";
import { fuzz, keepFindings } from "./fuzz/command.ts";
import { rawFolder, runModels } from "./models.ts";
import { modelsSection } from "./report.ts";
import { writeSection } from "./section.ts";

const usage = `npm run verify:trino -- [options]

Generated queries, on both engines (TRINO_URL names the real one):
  --count <n>      queries to judge (default: 20000)
  --seed <n>       seed of the generator (default: 1); a run that was stopped (Ctrl-C) goes on where it was
  --only <name>    queries about one area (--only joins) or one function (--only date_add); any other word lists the areas
  --again          begins the run anew
  --keep           adds what the run found, and what is mended since, to the cases of npm test; asks no Trino

Every statement of a home's refreshes, on both engines:
  --models         compares all tables and the answers to all saved questions
  --home <folder>  the home, filled by a demonstration; a copy of it is used (default: a new one)
  --months <n>     months of the demonstration in a new home (default: 2)

Cases that hold Trino's answers; asks no Trino:
  --cases <file>   prints how the answers here compare, by area
  --only <ids>     some of them, with commas between;  --all  prints those that are equal, too

A finished run's result goes to docs/trino-verification.md, unless --only or --cases made it.
Exit codes: 0 no difference, 1 a difference, 2 it could not run, 130 stopped.

TRINO_URL=http://127.0.0.1:8080 names a Trino with these files in etc/catalog; <folder> is any of the server's own. It runs on
this machine: it reads the raw files where they are. TRINO_MEMORY, TRINO_HIVE and TRINO_ICEBERG say other names of catalogues.

${catalogFiles("<folder>")}`;

/** What is asked for on the command line. */
function options() {
  try {
    return parseArgs({
      options: {
        count: { type: "string", default: "20000" },
        seed: { type: "string", default: "1" },
        only: { type: "string" },
        again: { type: "boolean", default: false },
        keep: { type: "boolean", default: false },
        models: { type: "boolean", default: false },
        home: { type: "string" },
        months: { type: "string", default: "2" },
        cases: { type: "string" },
        all: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    throw new CliError(`${messageOf(error)} (--help lists the options.)`, exitCodes.usage);
  }
}

function wholeNumber(option: string, text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new CliError(`${option} ${text}: a whole number from 1 is asked for.`);
  return Number(text);
}

/** A catalogue's name, by the variable that may say another. */
const catalogue = (variable: "TRINO_MEMORY" | "TRINO_HIVE" | "TRINO_ICEBERG", name: string): string =>
  process.env[variable] ?? name;

async function trinoWith(...catalogs: readonly string[]): Promise<string> {
  const url = process.env["TRINO_URL"];
  if (url === undefined || !URL.canParse(url))
    throw new CliError("TRINO_URL names no Trino, e.g. http://127.0.0.1:8080; --help says what it must have.");
  await demandCatalogs(url, catalogs);
  return url;
}

/** @returns whether nothing differed */
async function models(source: string | undefined, months: number): Promise<boolean> {
  const [hive, iceberg] = [catalogue("TRINO_HIVE", "hive"), catalogue("TRINO_ICEBERG", "iceberg")];
  const url = await trinoWith(hive, iceberg);
  const home = await prepareHome(source, months, "trino-home");
  const session = await openSession({ target: "local", stack: "dev", home, json: false }, { clock: "resume" });
  try {
    const place = { url, hive, iceberg, schema: "c360_verify", folder: rawFolder };
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

async function main(): Promise<number> {
  const values = options();
  if (values.help) {
    console.log(usage);
    return exitCodes.ok;
  }
  const code = (same: boolean): number => (same ? exitCodes.ok : exitCodes.failed);
  if (values.cases !== undefined) {
    const only = values.only?.split(",");
    return code(await runCases({ file: values.cases, all: values.all, ...(only && { only }) }));
  }
  if (values.models) return code(await models(values.home, wholeNumber("--months", values.months)));
  const run = { seed: wholeNumber("--seed", values.seed), only: values.only };
  if (values.keep) return code(await keepFindings(run));
  const memory = catalogue("TRINO_MEMORY", "memory");
  const url = await trinoWith(memory);
  return fuzz({ ...run, url, catalog: memory, count: wholeNumber("--count", values.count), again: values.again });
}

try {
  process.exit(await main());
} catch (error) {
  console.error(messageOf(error));
  process.exit(exitCodes.usage);
}
