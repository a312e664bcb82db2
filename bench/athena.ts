/**
 * (f) A query through Athena's API against the same work by DuckDB alone, over the whole data set: the floor runs the
 * translated text over the files that were found, on a DuckDB of its own. What lies between is the parser, the rules, the
 * catalogue, the table's metadata, every question to IAM, and the result in S3 as Athena writes it. And what translating
 * alone takes. `--home` names the home of a finished demo, which is copied; without it the demo runs first.
 */
import { execFile } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import {
  AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
} from "@aws-sdk/client-athena";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { models } from "../analytics/models/index.ts";
import { savedQuestions } from "../analytics/queries/index.ts";
import { projectDir, runtimeSession } from "../cli/session.ts";
import { StatementBinder } from "../local/aws/athena/binder.ts";
import { Relations } from "../local/aws/athena/run/relations.ts";
import { makePrelude } from "../local/aws/athena/sql/prelude.ts";
import { translate } from "../local/aws/athena/sql/translate.ts";
import type { Call, ServiceContext } from "../local/aws/service.ts";
import { services } from "../local/aws/services.ts";
import { type Runtime, startRuntime } from "../local/runtime.ts";
import { median, numberOption, rounded, timed } from "./measure.ts";

const runs = numberOption("runs", 15);
/** Of about a hundred lines: the lines of all orders out of the raw events' JSON. */
const LONG_QUERY = "order-lines";
/** Before they count and then counted, however few runs: V8 compiles the parser's WebAssembly again while it is used. */
const TRANSLATIONS = 200;

async function home(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "c360-bench-athena-"));
  const at = process.argv.indexOf("--home");
  const given = process.argv[at + 1];
  if (at >= 0 && given !== undefined) {
    await cp(given, folder, { recursive: true, filter: (file) => basename(file) !== "runtime.lock" });
    return folder;
  }
  const demo = [join(projectDir, "cli", "main.ts"), "demo", "--json", "--home", folder];
  await promisify(execFile)(process.execPath, demo, { maxBuffer: 64 * 1024 * 1024 });
  return folder;
}

/** What one statement goes through. */
interface Ways {
  /** DuckDB alone. */
  readonly floor: () => Promise<unknown>;
  /** From StartQueryExecution to the query's end, in process. */
  readonly engine: () => Promise<unknown>;
  /** The same over HTTP, and the rows; told of the end when it comes, so that no pause between questions counts. */
  readonly http: () => Promise<unknown>;
}

class Bench {
  readonly #runtime: Runtime;
  readonly #context: ServiceContext;
  readonly #bare: DuckDBConnection;
  readonly #client: AthenaClient;
  readonly #database: string;
  readonly #scope: { readonly WorkGroup: string; readonly QueryExecutionContext: { readonly Database: string } };
  readonly #caller: Call;

  constructor(runtime: Runtime, context: ServiceContext, bare: DuckDBConnection) {
    const { as, outputs } = runtimeSession(runtime);
    this.#runtime = runtime;
    this.#context = context;
    this.#bare = bare;
    this.#client = new AthenaClient(as("analyst"));
    this.#database = outputs.database;
    this.#scope = { WorkGroup: outputs.workgroup, QueryExecutionContext: { Database: outputs.database } };
    this.#caller = runtime.callAs(outputs.roleArns.analyst);
  }

  #binder(connection: DuckDBConnection): StatementBinder {
    const { catalogue, tables } = this.#context.ports;
    return new StatementBinder(catalogue, tables, { connection, call: this.#caller, database: this.#database });
  }

  /** Milliseconds of one translation after the other, each with the tables bound anew. */
  async translations(sql: string, times: number): Promise<readonly number[]> {
    return this.#context.ports.sql.use(async (connection) =>
      Array.from({ length: times }, (_, n) => {
        // Another text each time: trees of the last texts are kept.
        const text = `${sql}\n-- ${n}`;
        const begin = performance.now();
        translate(text, this.#binder(connection));
        return performance.now() - begin;
      }),
    );
  }

  async #placed(sql: string): Promise<string> {
    return this.#context.ports.sql.use(async (connection) => {
      const binder = this.#binder(connection);
      const translation = translate(sql, binder);
      if (translation.kind !== "SELECT") throw new Error(`${translation.kind} is no query`);
      const relations = new Relations(translation.scans, binder, undefined, new AbortController().signal);
      await relations.open();
      return relations.place(translation.sql);
    });
  }

  async ways(sql: string): Promise<Ways> {
    const placed = await this.#placed(sql);
    return {
      floor: () => this.#bare.runAndReadAll(placed),
      engine: () => this.#inProcess(sql),
      http: () => this.#overHttp(sql),
    };
  }

  async #inProcess(sql: string): Promise<void> {
    const { dispatch } = this.#runtime;
    const started = await dispatch("athena", "StartQueryExecution", { QueryString: sql, ...this.#scope }, this.#caller);
    const ended = await dispatch("athena", "AwaitQueryExecution", started, this.#caller);
    mustHaveSucceeded(JSON.stringify(ended));
  }

  async #overHttp(sql: string): Promise<void> {
    const id = await this.#client.send(new StartQueryExecutionCommand({ QueryString: sql, ...this.#scope }));
    const { QueryExecutionId } = id;
    await this.#runtime.dispatch("athena", "AwaitQueryExecution", { QueryExecutionId }, this.#caller);
    mustHaveSucceeded(JSON.stringify(await this.#client.send(new GetQueryExecutionCommand({ QueryExecutionId }))));
    await this.#client.send(new GetQueryResultsCommand({ QueryExecutionId }));
  }

  close(): void {
    this.#client.destroy();
  }
}

function mustHaveSucceeded(execution: string): void {
  if (!execution.includes('"State":"SUCCEEDED"')) throw new Error(execution);
}

const WAYS = ["floor", "engine", "http"] as const;

/** Milliseconds. */
type Times = Readonly<Record<(typeof WAYS)[number], number>>;

/**
 * All ways of all questions in every run, and each way first in its turn: whatever else the machine does hits all alike.
 * A first run is not counted.
 */
async function measured(ways: readonly Ways[]): Promise<readonly (readonly Times[])[]> {
  const times = ways.map((): Times[] => []);
  for (let run = 0; run <= runs; run++)
    for (const [index, question] of ways.entries()) {
      const one = { floor: 0, engine: 0, http: 0 };
      for (let turn = 0; turn < WAYS.length; turn++) {
        const way = WAYS[(run + turn) % WAYS.length] ?? "floor";
        one[way] = (await timed(question[way])).seconds * 1000;
      }
      if (run > 0) times[index]?.push(one);
    }
  return times;
}

/**
 * Milliseconds for making the two files of a result where S3 makes its own: next to nothing, or as much as all the rest
 * on a file system where thousands were deleted a moment ago.
 */
function makingFiles(folder: string): number {
  const begin = performance.now();
  for (const name of ["rows", "metadata"]) closeSync(openSync(join(folder, "s3", ".tmp", `${name}-${begin}`), "wx"));
  return performance.now() - begin;
}

function figures(times: readonly Times[]): Readonly<Record<string, number>> {
  const of = (way: keyof Times) => times.map((each) => each[way]);
  const least = (way: keyof Times) => Math.min(...of(way));
  return {
    floorMs: rounded(median(of("floor")), 1),
    ms: rounded(median(of("engine")), 1),
    httpMs: rounded(median(of("http")), 1),
    overheadMs: rounded(median(times.map(({ floor, engine }) => engine - floor)), 1),
    ratio: rounded(median(times.map(({ floor, engine }) => engine / floor)), 2),
    leastFloorMs: rounded(least("floor"), 1),
    leastMs: rounded(least("engine"), 1),
    leastHttpMs: rounded(least("http"), 1),
    leastRatio: rounded(least("engine") / least("floor"), 2),
  };
}

/** The times of all questions of a run, one after the other. */
function together(times: readonly (readonly Times[])[]): Times[] {
  return Array.from({ length: runs }, (_, run) => {
    const sum = (way: keyof Times) => times.reduce((total, question) => total + (question[run]?.[way] ?? 0), 0);
    return { floor: sum("floor"), engine: sum("engine"), http: sum("http") };
  });
}

const folder = await home();
let context: ServiceContext | undefined;
const runtime = await startRuntime({
  projectDir,
  stack: "dev",
  home: folder,
  clock: "serve",
  // The floor is given what the service finds, through the service's own doors.
  services: {
    ...services,
    athena(given) {
      context = given;
      return services["athena"]?.(given) ?? raise();
    },
  },
});
function raise(): never {
  throw new Error("there is no Athena");
}
const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
const bare = await instance.connect();
try {
  await bare.run("SET TimeZone = 'UTC'");
  await makePrelude(bare);
  if (context === undefined) raise();
  const bench = new Bench(runtime, context, bare);
  const long = models.find(({ name }) => name === LONG_QUERY);
  if (long === undefined) throw new Error(`there is no model ${LONG_QUERY}`);
  const all = await bench.translations(long.sql, 2 * TRANSLATIONS);
  const warm = all.slice(TRANSLATIONS);
  const ways: Ways[] = [];
  for (const { sql } of savedQuestions) ways.push(await bench.ways(sql));
  const times = await measured(ways);
  const files = Array.from({ length: TRANSLATIONS }, () => makingFiles(folder));
  bench.close();
  console.log(
    JSON.stringify({
      runs,
      translation: {
        lines: long.sql.trimEnd().split("\n").length,
        firstMs: rounded(all[0] ?? 0, 1),
        ms: rounded(median(warm), 2),
        leastMs: rounded(Math.min(...warm), 2),
      },
      filesMs: rounded(median(files), 2),
      questions: {
        ...Object.fromEntries(savedQuestions.map(({ name }, i) => [name, figures(times[i] ?? [])])),
        all: figures(together(times)),
      },
    }),
  );
} finally {
  bare.closeSync();
  instance.closeSync();
  await runtime.stop();
  await rm(folder, { recursive: true, force: true });
}
