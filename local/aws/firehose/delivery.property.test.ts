import { cpSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createVirtualClock } from "../../clock/virtual-clock.ts";
import { createSqlEngine } from "../../sql-engine/sql-engine.ts";
import { type Started, startServices } from "../kinesis/fixture.ts";
import { kinesis } from "../kinesis/index.ts";
import type { SqlEngine } from "../ports.ts";
import { s3 } from "../s3/index.ts";
import type { ServiceFactory } from "../service.ts";
import { deliveryGraph, glueWith, lambdaWith } from "./fixture.ts";
import { firehose } from "./index.ts";

/** What the transform does with a record. */
type Fate = "ok" | "dropped" | "failed" | "forgotten" | "unconvertible" | "keyless";
interface Sent {
  readonly id: string;
  readonly fate: Fate;
  readonly size: number;
}

const start = Date.UTC(2011, 0, 1);
let root: string;
let engine: SqlEngine & { close(): Promise<void> };

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "delivery-"));
  engine = await createSqlEngine({ scratch: join(root, "scratch"), memoryLimit: "512MB" });
});
afterAll(async () => {
  await engine.close();
  await rm(root, { recursive: true, force: true });
});

const fates: readonly Fate[] = ["ok", "ok", "ok", "ok", "dropped", "failed", "forgotten", "unconvertible", "keyless"];
const batchesArbitrary = fc.array(
  fc.record({
    records: fc.array(fc.record({ fate: fc.constantFrom(...fates), size: fc.constantFrom(1, 100, 200_000) }), {
      minLength: 1,
      maxLength: 12,
    }),
    waitSeconds: fc.constantFrom(0, 30, 120, 400),
  }),
  { minLength: 1, maxLength: 6 },
);

const decode = (data: string): Sent => JSON.parse(Buffer.from(data, "base64").toString());

function transformWith(dies: () => boolean): ServiceFactory {
  return lambdaWith(({ records }) => {
    if (dies()) throw new Error("killed in the middle of the batch");
    return {
      records: records.flatMap(({ recordId, data }) => {
        const { id, fate } = decode(data);
        const partitionKeys = { day: "2011-01-01", kind: fate === "keyless" ? "" : `k${Number(id.slice(1)) % 3}` };
        if (fate === "forgotten") return [];
        if (fate === "dropped") return [{ recordId, result: "Dropped" }];
        if (fate === "failed") return [{ recordId, result: "ProcessingFailed" }];
        const made = fate === "unconvertible" ? Buffer.from(`{"id":"${id}","n":"none"}`).toString("base64") : data;
        return [{ recordId, result: "Ok", data: made, metadata: { partitionKeys } }];
      }),
    };
  });
}

function run(home: string, now: number, dies: () => boolean, options: { shards: number; bufferMb: number }) {
  const clock = createVirtualClock(now);
  const services = { s3, kinesis, glue: glueWith({ id: "string", n: "int" }), lambda: transformWith(dies), firehose };
  return startServices({ home, clock, resources: deliveryGraph(options), ports: { sql: engine }, services }).then(
    (started) => ({ started, clock }),
  );
}

/** Ids in the lake and in the error prefix, each as often as it is there. */
async function delivered(home: string, started: Started): Promise<{ lake: string[]; errors: string[] }> {
  const objects = started.ports.objects.list("lake", "", started.call).map(({ key }) => key);
  const lake = objects.some((key) => key.startsWith("raw/"))
    ? await engine.use(async (connection) =>
        (
          await connection.runAndReadAll(`SELECT id FROM read_parquet('${home}/s3/lake/raw/**/*.parquet') ORDER BY id`)
        ).getRowsJson(),
      )
    : [];
  const errors: string[] = [];
  for (const key of objects.filter((candidate) => candidate.startsWith("errors/"))) {
    const { body } = await started.ports.objects.get({ bucket: "lake", key }, started.call);
    for (const line of body.toString().trim().split("\n")) errors.push(decode(JSON.parse(line).rawData).id);
  }
  return { lake: lake.map(([id]) => String(id)), errors: errors.sort() };
}

test("every record lands exactly once, in the lake or among the errors; after a kill at least once", async () => {
  await fc.assert(
    fc.asyncProperty(
      batchesArbitrary,
      fc.record({ shards: fc.integer({ min: 1, max: 3 }), bufferMb: fc.constantFrom(1, 64) }),
      // At which invocation or put the process is killed, and which invocations die.
      fc.record({ at: fc.constantFrom("invocation", "put"), count: fc.integer({ min: 1, max: 6 }) }),
      fc.array(fc.boolean(), { maxLength: 6 }),
      async (batches, options, kill, deaths) => {
        const home = await mkdtemp(join(root, "run-"));
        const afterKill = `${home}-after-kill`;
        const sent: Sent[] = [];
        let answered = 0;
        let killed: { readonly answered: number; readonly now: number } | undefined;
        const countdown = { invocation: kill.count, put: kill.count };
        let clockNow = () => start;
        const passing = (point: "invocation" | "put") => {
          if (kill.at !== point || --countdown[point] !== 0) return;
          // What a kill leaves: the files as they are at this very moment.
          cpSync(home, afterKill, { recursive: true });
          killed = { answered, now: clockNow() };
        };
        let deathsInARow = 0;
        const dies = () => {
          passing("invocation");
          // Never as often in a row as Firehose tries: then the whole batch would be set aside, rightly.
          const dead = deaths.shift() === true && deathsInARow < 2;
          deathsInARow = dead ? deathsInARow + 1 : 0;
          return dead;
        };
        const { started, clock } = await run(home, start, dies, options);
        clockNow = clock.now;
        const { objects } = started.ports;
        const realPut = objects.put.bind(objects);
        objects.put = (...args) => {
          passing("put");
          return realPut(...args);
        };
        for (const { records, waitSeconds } of batches) {
          const fresh = records.map((record, index) => ({
            ...record,
            id: `r${String(sent.length + index).padStart(4, "0")}`,
          }));
          sent.push(...fresh);
          await putAll(started, fresh);
          answered = sent.length;
          await clock.advanceTo(clock.now() + waitSeconds * 1000);
        }
        await clock.advanceTo(clock.now() + 361_000);
        const idsOf = (some: readonly Sent[], ...wanted: Fate[]) =>
          some.filter(({ fate }) => wanted.includes(fate)).map(({ id }) => id);
        const calm = await delivered(home, started);
        expect(calm).toEqual({
          lake: idsOf(sent, "ok"),
          errors: idsOf(sent, "failed", "forgotten", "unconvertible", "keyless"),
        });
        await started.stop();

        if (killed !== undefined) {
          const again = await run(afterKill, killed.now, () => false, options);
          await again.clock.advanceTo(killed.now + 361_000);
          const { lake, errors } = await delivered(afterKill, again.started);
          const there = sent.slice(0, killed.answered);
          expect([...new Set(lake)]).toEqual(expect.arrayContaining(idsOf(there, "ok")));
          expect([...new Set(errors)]).toEqual(
            expect.arrayContaining(idsOf(there, "failed", "forgotten", "unconvertible", "keyless")),
          );
          await again.started.stop();
          await rm(afterKill, { recursive: true, force: true });
        }
        await rm(home, { recursive: true, force: true });
      },
    ),
    { numRuns: 25 },
  );
});

async function putAll(started: Started, records: readonly Sent[]): Promise<void> {
  await started.dispatch(
    "kinesis",
    "PutRecords",
    {
      StreamName: "events",
      Records: records.map((record) => ({
        Data: Buffer.from(JSON.stringify({ ...record, padding: "x".repeat(record.size) })),
        PartitionKey: record.id,
      })),
    },
    started.call,
  );
}
