import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AthenaClient } from "@aws-sdk/client-athena";
import { KinesisClient } from "@aws-sdk/client-kinesis";
import { runQuery } from "../analytics/client/index.ts";
import { projectDir, runtimeSession, type Session } from "../cli/session.ts";
import { isVirtual } from "../cli/simulated-time.ts";
import { onlineRetailEvents, type SourceEvent } from "../ingest/sources/online-retail.ts";
import { putEvents, type StreamRecord } from "../ingest/stream/producer.ts";
import { startRuntime } from "../local/runtime.ts";

/** Longer than Firehose's longest buffering, for the transform and the destination. */
const FLUSH_MS = 35 * 60 * 1000;

/** An estate of its own in a new folder, with simulated time, that a measurement has to itself. */
export interface Estate {
  readonly session: Session;
  /** Puts events on the stream, a month's after the other, and returns when they are in the lake. */
  replay(events: readonly SourceEvent[]): Promise<void>;
  /** Puts records on the stream and returns when they are in the lake. */
  replayRecords(records: Iterable<StreamRecord>): Promise<void>;
  /** First column of the first row. */
  askNumber(sql: string): Promise<number>;
  close(): Promise<void>;
}

/** @param startAt where simulated time begins, milliseconds since the epoch */
export async function openEstate(startAt: number): Promise<Estate> {
  const home = await mkdtemp(join(tmpdir(), "c360-bench-"));
  const runtime = await startRuntime({ projectDir, stack: "dev", home, clock: "virtual", startAt });
  const session = runtimeSession(runtime);
  const { clock } = runtime;
  if (!isVirtual(clock)) throw new Error("a measurement needs simulated time");
  const stream = new KinesisClient(session.as("producer"));
  const athena = new AthenaClient(session.as("analyst"));
  const { database, workgroup, streamName } = session.outputs;
  const replayRecords = async (records: Iterable<StreamRecord>): Promise<void> => {
    await putEvents(stream, streamName, inOrder(records));
    await clock.advanceTo(clock.now() + FLUSH_MS);
  };
  return {
    session,
    replayRecords,
    async replay(events) {
      for (const month of byMonth(events)) await replayRecords(month);
    },
    async askNumber(sql) {
      const { table } = await session.waitFor(runQuery(athena, { sql, database, workgroup }));
      return Number(table.getChildAt(0)?.get(0));
    },
    async close() {
      stream.destroy();
      athena.destroy();
      await session.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** The shipped events of [from, to), in the order of their time. */
export async function shippedEvents(from: Date, to: Date): Promise<SourceEvent[]> {
  const dataFile = join(projectDir, "data", "online-retail.parquet");
  const events: SourceEvent[] = [];
  for await (const event of onlineRetailEvents({ dataFile, from: from.getTime(), to: to.getTime() }))
    events.push(event);
  return events;
}

function byMonth(events: readonly SourceEvent[]): Iterable<readonly SourceEvent[]> {
  return Map.groupBy(events, ({ time }) => new Date(time).toISOString().slice(0, 7)).values();
}

async function* inOrder(records: Iterable<StreamRecord>): AsyncGenerator<StreamRecord> {
  yield* records;
}
