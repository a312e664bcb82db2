/** `npm run verify:iceberg`: the lake's tables, read and written by engines that nobody here wrote. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { AthenaClient } from "@aws-sdk/client-athena";
import { tables } from "../../analytics/models/index.ts";
import { Steps } from "../../cli/demo/steps.ts";
import { messageOf } from "../../cli/errors.ts";
import { grouped, progress } from "../../cli/output.ts";
import { projectDir, runtimeSession, type Session } from "../../cli/session.ts";
import { ownFolder, prepareHome, serve } from "../home.ts";
import { python } from "../python.ts";
import { Athena } from "./athena.ts";
import { Findings } from "./findings.ts";
import { readHistory, readLakeTable } from "./lake.ts";
import { PyIceberg } from "./pyiceberg.ts";
import { page } from "./report.ts";
import { writeOwnTables } from "./tables.ts";
import { openTrino } from "./trino-catalog.ts";

const usage = `npm run verify:iceberg -- [options]

  --home <folder>   a home that a demonstration filled; a copy of it is used (default: a new one)
  --months <n>      months of the demonstration in a new home (default: 2)
  --port <n>        loopback port to serve on; 0 takes a free one (default: 0)

  TRINO_URL         a real Trino, e.g. http://127.0.0.1:8080; without it its part is reported as not run
  TRINO_CATALOG     its Iceberg catalogue over this endpoint; without it one is made, where the server allows that

Needs python3 (3.11 or later) with venv, and once the network for PyPI. The result goes to docs/iceberg-verification.md.
Exit codes: 0 all the same, 1 a difference or a failure.`;

interface Options {
  readonly home: string | undefined;
  readonly months: number;
  readonly port: number;
}

function options(): Options | undefined {
  const { values } = parseArgs({
    options: {
      home: { type: "string" },
      months: { type: "string", default: "2" },
      port: { type: "string", default: "0" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  return { home: values.home, months: Number(values.months), port: Number(values.port) };
}

/** @returns whether everything was the same. */
async function verify({ home: source, months, port }: Options): Promise<boolean> {
  const steps = new Steps(progress(false));
  const home = await prepareHome(source, months);
  const interpreter = await steps.run(
    "PyIceberg",
    0,
    () => python(join(ownFolder, "python"), fileURLToPath(new URL("./requirements.txt", import.meta.url))),
    () => "installed",
  );
  const runtime = await serve(home, new URL("./estate.ts", import.meta.url), port);
  const session = runtimeSession(runtime);
  try {
    return await compare(session, interpreter, steps);
  } finally {
    await session.close();
  }
}

async function compare(session: Session, interpreter: string, steps: Steps): Promise<boolean> {
  const { database, workgroup, lakeBucket } = session.outputs;
  const athenaAs = (role: "analyst" | "operator") =>
    new Athena(new AthenaClient(session.as(role)), { database, workgroup });
  const [reading, writing] = [athenaAs("analyst"), athenaAs("operator")];
  const { client: reader, versions } = await PyIceberg.connect(interpreter, session.as("analyst"), database);
  const { client: writer } = await PyIceberg.connect(interpreter, session.as("operator"), database);
  const url = process.env["TRINO_URL"];
  const trino =
    url === undefined
      ? undefined
      : await openTrino(url, process.env["TRINO_CATALOG"], session.as("operator"), database);
  const [lake, own] = [new Findings(), new Findings()];
  const foreign = [reader, ...(trino === undefined ? [] : [trino])];
  const said = (findings: Findings) => () => `${grouped(findings.checks)} checks so far`;

  await steps.run(
    "tables of the lake",
    tables.length,
    async (reached) => {
      for (const [at, { name }] of tables.entries()) {
        await readLakeTable(name, reading, foreign, lake);
        await readHistory(name, reading, foreign, trino, lake);
        reached(at + 1);
      }
    },
    said(lake),
  );
  await writeOwnTables({ athena: writing, pyiceberg: writer, trino }, `s3://${lakeBucket}/verify`, own, steps);
  await Promise.all([reader.close(), writer.close()]);

  const until = (await reading.run("SELECT CAST(max(as_of) AS varchar) AS day FROM rfm")).rows[0]?.[0] ?? "nothing";
  const text = page(lake, own, {
    dataUntil: until,
    versions: [...Object.entries(versions), ["trino", trino === undefined ? "not run" : await trino.version()]],
    trino: trino !== undefined,
  });
  writeFileSync(join(projectDir, "docs", "iceberg-verification.md"), text);
  const differences = [...lake.differences, ...own.differences];
  process.stdout.write(
    [
      ...differences,
      `${lake.checks + own.checks} checks, ${differences.length} differences.${trino === undefined ? " Trino: not run (no TRINO_URL)." : ""} docs/iceberg-verification.md has them all.\n`,
    ].join("\n"),
  );
  return differences.length === 0;
}

try {
  const given = options();
  if (given === undefined) process.stdout.write(`${usage}\n`);
  else process.exitCode = (await verify(given)) ? 0 : 1;
} catch (error) {
  process.stderr.write(`verify:iceberg: ${messageOf(error)}\n`);
  process.exit(1);
}
