/** `npm run verify:clients`: clients that nobody here wrote, unmodified, against a served home. */
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { AthenaClient } from "@aws-sdk/client-athena";
import { runRows } from "../../analytics/client/index.ts";
import { savedQuestions } from "../../analytics/queries/index.ts";
import { Steps } from "../../cli/demo/steps.ts";
import { progress } from "../../cli/output.ts";
import { projectDir, runtimeSession, type Session } from "../../cli/session.ts";
import type { Runtime } from "../../local/runtime.ts";
import { ownFolder, prepareHome, serve } from "../home.ts";
import { python } from "../python.ts";
import { asAnalyst, asBuilder } from "./aws.ts";
import { type Check, type Place, script } from "./client.ts";
import { runProject } from "./dbt.ts";
import { type ClientResult, page } from "./report.ts";

const usage = `npm run verify:clients -- [options]

  --home <folder>   a home that a demonstration filled; a copy of it is used (default: a new one)
  --months <n>      months of the demonstration in a new home (default: 1)
  --port <n>        loopback port to serve on; 0 takes a free one (default: 0)
  --only <client>   asks one client only, e.g. dbt, and keeps no result

Needs python3 (3.11 or later) with venv, and once the network for PyPI. The result goes to docs/clients.md.
Exit codes: 0 all as expected, 1 a difference or a failure.`;

const beside = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/** Where the clients find what they are pointed at. */
async function placeOf(runtime: Runtime, session: Session): Promise<Place> {
  const { database, workgroup, lakeBucket, resultsBucket, region, roleArns } = session.outputs;
  const analyst = new AthenaClient(session.as("analyst"));
  const questions = [];
  for (const { name, sql } of savedQuestions)
    questions.push({ name, sql, rows: (await runRows(analyst, { sql, database, workgroup })).rows });
  return {
    environment: (role) => ({ ...runtime.environmentFor(roleArns[role]), AWS_DEFAULT_REGION: region }),
    ...{ database, workgroup, lakeBucket, questions },
    results: `s3://${resultsBucket}/`,
    clientsData: `s3://${lakeBucket}/clients/`,
    clientsDatabase: `${database}_clients`,
  };
}

/** Environments of Python, by what they are for: their clients want different versions of the same packages. */
type Environment = "clients" | "ibis" | "dbt";

/** Every client with all it is asked. @param installed their interpreters @param only the one client that is asked */
async function askAll(
  installed: Readonly<Record<Environment, string>>,
  place: Place,
  athena: AthenaClient,
  steps: Steps,
  only: string | undefined,
): Promise<readonly ClientResult[]> {
  const aws = join(dirname(installed.clients), "aws");
  const dbt = join(dirname(installed.dbt), "dbt");
  const { clients, ibis } = installed;
  const tasks: readonly (readonly [client: string, role: string, task: () => Promise<readonly Check[]>])[] = [
    ["aws", "analyst", () => asAnalyst(aws, place)],
    ["aws", "operator + grants", () => asBuilder(aws, place)],
    ["PyAthena", "analyst", () => script(clients, beside("pyathena_client.py"), "analyst", place)],
    ["PyAthena", "operator + grants", () => script(clients, beside("pyathena_builder.py"), "operator", place)],
    ["SQLAlchemy", "analyst", () => script(clients, beside("sqlalchemy_client.py"), "analyst", place)],
    ["SQLAlchemy", "operator + grants", () => script(clients, beside("sqlalchemy_builder.py"), "operator", place)],
    ["ibis", "operator + grants", () => script(ibis, beside("ibis_client.py"), "operator", place)],
    ["awswrangler", "operator + grants", () => script(clients, beside("awswrangler_client.py"), "operator", place)],
    ["dbt", "operator + grants", () => runProject(dbt, place, athena, join(ownFolder, "clients-dbt"))],
  ];
  const results: ClientResult[] = [];
  for (const [client, role, task] of tasks) {
    if (only !== undefined && client.toLowerCase() !== only.toLowerCase()) continue;
    const said = (checks: readonly Check[]) =>
      `${checks.length} checks, ${checks.filter(({ ok }) => !ok).length} differ`;
    results.push({ client, role, checks: await steps.run(`${client}, ${role}`, 0, task, said) });
  }
  return results;
}

/** @returns whether everything was as expected. */
async function verify(
  source: string | undefined,
  months: number,
  port: number,
  only: string | undefined,
): Promise<boolean> {
  const steps = new Steps(progress(false));
  const home = await prepareHome(source, months, "clients-home");
  const install = (name: string, requirements: string) =>
    steps.run(
      name,
      0,
      () => python(join(ownFolder, name), beside(requirements)),
      () => "installed",
    );
  const clients = await install("clients-python", "requirements.txt");
  const ibis = await install("clients-ibis-python", "requirements-ibis.txt");
  const dbt = await install("clients-dbt-python", "requirements-dbt.txt");
  const runtime = await serve(home, new URL("./estate.ts", import.meta.url), port);
  const session = runtimeSession(runtime);
  try {
    const operator = new AthenaClient(session.as("operator"));
    const results = await askAll({ clients, ibis, dbt }, await placeOf(runtime, session), operator, steps, only);
    if (results.length === 0) throw new Error(`There is no client ${only}`);
    if (only === undefined) writeFileSync(join(projectDir, "docs", "clients.md"), page(results));
    const wrong = results.flatMap(({ client, checks }) =>
      checks.filter(({ ok }) => !ok).map(({ what, saw }) => `${client}: ${what}: ${saw}`),
    );
    const checks = results.reduce((sum, result) => sum + result.checks.length, 0);
    const kept = only === undefined ? " docs/clients.md has them all." : "";
    process.stdout.write(`${[...wrong, `${checks} checks, ${wrong.length} differ.${kept}`].join("\n")}\n`);
    return wrong.length === 0;
  } finally {
    await session.close();
  }
}

const { values } = parseArgs({
  options: {
    home: { type: "string" },
    months: { type: "string", default: "1" },
    port: { type: "string", default: "0" },
    only: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) process.stdout.write(`${usage}\n`);
else process.exit((await verify(values.home, Number(values.months), Number(values.port), values.only)) ? 0 : 1);
