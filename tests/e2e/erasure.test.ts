import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AthenaClient } from "@aws-sdk/client-athena";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runRows } from "../../analytics/client/index.ts";
import { publishedHistory } from "../../analytics/models/retention.ts";
import { maintainTable } from "../../cli/operations/maintain.ts";
import { runtimeSession, type Session } from "../../cli/session.ts";
import type { VirtualClock } from "../../local/clock/clock.ts";
import { decodeContainer } from "../../local/iceberg/format/avro.ts";
import type { Codec } from "../../local/iceberg/format/avro-schema.ts";
import { type Runtime, startRuntime } from "../../local/runtime.ts";
import { root } from "./command.ts";

/*
 * A row that is deleted leaves the bucket for good: not one file of S3 holds it once maintenance has run, the table's
 * history has passed and the bucket's days for deleted objects are over. Not shown here: that it leaves raw events,
 * which have no maintenance.
 */
const DAY = 24 * 60 * 60 * 1000;
const start = Date.UTC(2011, 0, 1);
/** Bounds in manifests keep 16 characters of it. */
const secret = "Zzyzx-Unforgotten-Hill";
const trace = secret.slice(0, 14);

const home = mkdtempSync(join(tmpdir(), "erasure-"));
let runtime: Runtime;
let session: Session;
let duckdb: DuckDBInstance;

beforeAll(async () => {
  runtime = await startRuntime({
    projectDir: root,
    stack: "dev",
    home,
    clock: "virtual",
    startAt: start,
    only: ["kms", "s3", "glue", "athena"],
  });
  session = runtimeSession(runtime);
  duckdb = await DuckDBInstance.create();
});

afterAll(async () => {
  await runtime.stop();
  duckdb.closeSync();
  rmSync(home, { recursive: true, force: true });
});

const run = (sql: string) => {
  const { database, workgroup } = session.outputs;
  return runRows(new AthenaClient(session.as("operator")), { sql, database, workgroup });
};

const maintain = () => maintainTable(session, "customers", ["OPTIMIZE", "VACUUM"]);

const passDays = (days: number): Promise<void> => {
  const clock = runtime.clock as VirtualClock;
  return clock.advanceTo(clock.now() + days * DAY);
};

/** Files of S3, former versions among them, that hold a trace of the person, compressed or not. */
async function holders(): Promise<string[]> {
  const files = readdirSync(join(home, "s3"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.endsWith(".index"))
    .map((entry) => join(entry.parentPath, entry.name));
  const found: string[] = [];
  for (const file of files) if ((await textOf(file)).includes(trace)) found.push(file);
  return found;
}

async function textOf(file: string): Promise<string> {
  const bytes = readFileSync(file);
  const magic = bytes.toString("latin1", 0, 4);
  if (magic === "PAR1") {
    const connection = await duckdb.connect();
    try {
      const rows = await connection.runAndReadAll(`SELECT * FROM read_parquet('${file}')`);
      return JSON.stringify(rows.getRowsJson()) + bytes.toString("latin1");
    } finally {
      connection.closeSync();
    }
  }
  if (magic !== "Obj\u0001") return bytes.toString("latin1");
  return decodeContainer(bytes, () => inflated).records.join("");
}

/** Gives the bytes of a block, decompressed, for its first record. */
const inflated: Codec = {
  read(block) {
    const bytes: Buffer[] = [];
    while (!block.atEnd()) bytes.push(block.take(1));
    return Buffer.concat(bytes).toString("latin1");
  },
  skip: () => undefined,
  write: () => undefined,
};

it("of an erased row no byte is left after history and deleted objects have had their days", async () => {
  const people = Array.from({ length: 5 }, (_, n) => `('c${n}', ${n === 3 ? `'${secret}'` : `'Person ${n}'`})`);
  await run(`INSERT INTO customers (customer_id, family_name) VALUES ${people.join(", ")}`);
  // The data file, and the manifest with its bounds.
  expect((await holders()).length).toBe(2);

  await passDays(1);
  await run("DELETE FROM customers WHERE customer_id = 'c3'");
  expect((await run("SELECT count(*) FROM customers")).rows).toEqual([["4"]]);
  const first = await maintain();
  expect([first.before.deleteFiles, first.after.deleteFiles, first.failed]).toEqual([1, 0, undefined]);
  // The snapshots of before are kept: that is the table's history.
  expect(await holders()).not.toEqual([]);
  expect(
    (await run(`SELECT count(*) FROM customers FOR TIMESTAMP AS OF TIMESTAMP '2011-01-01 12:00:00.000 UTC'`)).rows,
  ).toEqual([["5"]]);

  await passDays(publishedHistory.days + 1);
  const second = await maintain();
  expect([second.before.snapshots, second.after.snapshots]).toEqual([3, 1]);
  const deleted = await holders();
  expect(deleted.length).toBeGreaterThan(0);
  expect(deleted.filter((file) => !file.includes("/.versions/"))).toEqual([]);

  await passDays(15);
  expect(await holders()).toEqual([]);
  expect((await run("SELECT count(*) FROM customers")).rows).toEqual([["4"]]);
});
