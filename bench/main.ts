/**
 * `npm run bench [-- part...] [-- --json] [-- --runs n] [-- --home folder]`: every measurement in a process of its own,
 * one after the other; a table, and the results in `reports/bench.json`. `--home` names the home of a finished demo for
 * those that need one; it is copied.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { fileURLToPath } from "node:url";

/** What a part prints: figures by name. */
type Figures = Readonly<Record<string, unknown>>;

interface Part {
  readonly name: string;
  readonly what: string;
  /** Ratio to the floor that is aimed for. */
  readonly aim?: number;
  /** For the table: a line, or several. */
  readonly show: (figures: Figures) => string;
}

const per = (figures: Figures, measured: string, floor: string, unit: string): string =>
  `${grouped(figures[measured])} ${unit}, floor ${grouped(figures[floor])}, ratio ${String(figures["ratio"])}`;

const parts: readonly Part[] = [
  {
    name: "transform",
    what: "transform on one core",
    aim: 0.6,
    show: (figures) => per(figures, "recordsPerSecond", "floorRecordsPerSecond", "records/s"),
  },
  {
    name: "path",
    what: "replay to queryable Parquet",
    aim: 0.5,
    show: (figures) =>
      `${per(figures, "eventsPerSecond", "floorEventsPerSecond", "events/s")}; floor in the lake's layout ${grouped(figures["partitionedFloorEventsPerSecond"])}, ratio ${String(figures["partitionedRatio"])}`,
  },
  { name: "refresh", what: "refresh, full against 1 % new events", show: showRefresh },
  { name: "iceberg", what: "Iceberg tables against plain DuckDB", show: showIceberg },
  { name: "athena", what: "questions to Athena against DuckDB alone", show: showAthena },
  {
    name: "evaluate",
    what: "evaluating the program",
    show: (figures) =>
      `${String(figures["seconds"])} s for ${String(figures["resources"])} resources, bare run ${String(figures["bareSeconds"])} s, ratio ${String(figures["ratio"])}`,
  },
];

function showRefresh(figures: Figures): string {
  const one = (name: string): string => {
    const { seconds, bytesScanned, days } = object(figures[name]);
    return `${String(seconds)} s, ${grouped(Number(bytesScanned) / 1e6)} MB, ${String(days)} days`;
  };
  return `first ${one("first")}; full ${one("full")}; incremental ${one("incremental")}; ratio ${String(figures["secondsRatio"])} of the time, ${String(figures["bytesRatio"])} of the bytes`;
}

/** What is measured against a floor, and how many times the floor's time it may take. */
const icebergAims: Readonly<Record<string, { readonly what: string; readonly aim?: number }>> = {
  append: { what: "append", aim: 1.5 },
  appendByMonth: { what: "append by month", aim: 2.5 },
  appendByMonthToPartitions: { what: "append by month, floor by month too" },
  merge: { what: "MERGE of 1 %, anywhere", aim: 2 },
  mergeOneMonth: { what: "MERGE of 1 %, in one month", aim: 2 },
  scan: { what: "full scan", aim: 1.3 },
  scanWithDeletes: { what: "full scan, 20 delete files", aim: 2.5 },
  sum: { what: "sum of one column" },
  sumWithDeletes: { what: "sum of one column, 20 delete files" },
};

const PLAN_AIM_MS = 60;
const TRANSLATION_AIM_MS = 5;
const OVERHEAD_AIM_MS = 20;
const OVERHEAD_AIM_RATIO = 1.1;

const verdict = (value: number, aim: number | undefined, unit = ""): string =>
  aim === undefined ? "" : ` (aim ${aim}${unit}: ${value <= aim ? "reached" : "not reached"})`;

function showIceberg(figures: Figures): string {
  const ratios = Object.entries(icebergAims).map(([name, { what, aim }]) => {
    const { ms, floorMs, ratio } = object(figures[name]);
    return `${what}: ${grouped(ms)} ms, floor ${grouped(floorMs)} ms, ratio ${String(ratio)}${verdict(Number(ratio), aim)}`;
  });
  const { files, coldMs, warmMs } = object(figures["plan"]);
  const plan = `plan of ${grouped(files)} files: cold ${grouped(coldMs)} ms${verdict(Number(coldMs), PLAN_AIM_MS, " ms")}, warm ${grouped(warmMs)} ms`;
  return below([`${grouped(figures["rows"])} order lines`, ...ratios, plan]);
}

function showAthena(figures: Figures): string {
  const { lines, ms, firstMs } = object(figures["translation"]);
  const translation = `translating ${String(lines)} lines: ${String(ms)} ms${verdict(Number(ms), TRANSLATION_AIM_MS, " ms")}, a process's first ${grouped(firstMs)} ms`;
  const questions = Object.entries(object(figures["questions"])).map(([name, values]) => {
    const { ms: whole, floorMs, overheadMs, httpMs, ratio } = object(values);
    const overhead = `overhead ${grouped(overheadMs)} ms${verdict(Number(overheadMs), name === "all" ? undefined : OVERHEAD_AIM_MS, " ms")}`;
    return `${name}: ${grouped(whole)} ms, floor ${grouped(floorMs)} ms, ${overhead}, ratio ${String(ratio)}${verdict(Number(ratio), OVERHEAD_AIM_RATIO)}; over HTTP ${grouped(httpMs)} ms`;
  });
  const files = `in which the disk takes ${String(figures["filesMs"])} ms a question to make its result's two files`;
  return below([translation, ...questions, files]);
}

/** Lines under each other, right of the part's name. */
const below = (lines: readonly string[]): string => lines.join(`\n${" ".repeat(11)}`);

function grouped(value: unknown): string {
  return Number(value).toLocaleString("en-GB", { maximumFractionDigits: 1 });
}

function object(value: unknown): Figures {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

async function run(part: Part, options: readonly string[]): Promise<Figures> {
  const file = fileURLToPath(new URL(`${part.name}.ts`, import.meta.url));
  const child = spawn(process.execPath, [file, ...options], { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  const [code] = await once(child, "close");
  const last = text.trim().split("\n").at(-1) ?? "";
  if (code !== 0) throw new Error(`bench/${part.name}.ts ended with ${String(code)}`);
  return object(JSON.parse(last));
}

const words = process.argv.slice(2);
const json = words.includes("--json");
const valued = new Set(["--runs", "--home"]);
const isValue = (n: number): boolean => valued.has(words[n - 1] ?? "");
const options = words.filter((word, n) => valued.has(word) || isValue(n));
const names = words.filter((word, n) => !word.startsWith("--") && !isValue(n));
const unknown = names.find((name) => !parts.some((part) => part.name === name));
if (unknown !== undefined) {
  console.error(`There is no measurement ${unknown}. There are: ${parts.map(({ name }) => name).join(", ")}.`);
  process.exit(2);
}

const results: Record<string, Figures> = {};
for (const part of parts.filter(({ name }) => names.length === 0 || names.includes(name))) {
  if (!json) process.stderr.write(`${part.what} ...\n`);
  const figures = await run(part, options);
  results[part.name] = figures;
  if (!json)
    console.log(`${part.name.padEnd(10)} ${part.show(figures)}${part.aim === undefined ? "" : ` (aim ${part.aim})`}`);
}
const machine = {
  cpu: cpus()[0]?.model ?? "unknown",
  cores: cpus().length,
  memoryGB: Math.round(totalmem() / 2 ** 30),
  node: process.version,
};
const report = { measuredAt: new Date().toISOString(), machine, results };
const reports = new URL("../reports/", import.meta.url);
await mkdir(reports, { recursive: true });
await writeFile(new URL("bench.json", reports), `${JSON.stringify(report, undefined, 2)}\n`);
if (json) console.log(JSON.stringify(report));
