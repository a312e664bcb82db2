/**
 * (b) Replay to queryable Parquet through the whole path: stream, delivery stream, transform, Parquet in the lake;
 * against the unavoidable work alone: base64 and JSON both ways on one core, then DuckDB's own read_json -> COPY of the
 * same events into one file. One month is a flush: every run replays the month of most events once more into the same
 * estate. Path and floors alike have done it once before they are measured; the path's first time is told apart.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { rawEventColumns, rawPartitionKeys } from "../ingest/contracts/glue.ts";
import type { StreamRecord } from "../ingest/stream/producer.ts";
import { transform } from "../pipelines/to-lake/transform.ts";
import { type Estate, openEstate, shippedEvents } from "./estate.ts";
import { median, numberOption, rounded, timed } from "./measure.ts";

const runs = numberOption("runs", 5);
const from = new Date("2011-11-01T00:00:00Z");
const to = new Date("2011-12-01T00:00:00Z");

/** The month as a producer has it: lines of one buffer, so that no pile of events burdens the garbage collector. */
const { lines, keys } = await month();
const folder = await mkdtemp(join(tmpdir(), "c360-bench-floor-"));
const ndjson = join(folder, "events.ndjson");
await writeFile(ndjson, transformed());

async function month(): Promise<{ readonly lines: readonly Buffer[]; readonly keys: readonly string[] }> {
  const events = await shippedEvents(from, to);
  const bytes = Buffer.from(events.map(({ json }) => json).join(""));
  let start = 0;
  const cut = events.map(({ json }) => {
    const line = bytes.subarray(start, start + Buffer.byteLength(json));
    start += line.length;
    return line;
  });
  return { lines: cut, keys: events.map(({ partitionKey }) => partitionKey) };
}

function* records(): Generator<StreamRecord> {
  for (const [index, bytes] of lines.entries()) yield { partitionKey: keys[index] ?? "", bytes };
}

/** The events as the transform leaves them, one a line, with their partition keys. */
function transformed(): string {
  const given = lines.map((line, n) => ({
    recordId: String(n),
    data: line.toString("base64"),
    approximateArrivalTimestamp: to.getTime(),
  }));
  // In invocations of Firehose's size: an answer may hold 6 MB.
  const starts = Array.from({ length: Math.ceil(given.length / 200) }, (_, n) => n * 200);
  return starts
    .flatMap((start) => transform({ records: given.slice(start, start + 200) }, to.getTime()).records)
    .map((answer) => {
      if (answer.result !== "Ok") throw new Error(`the transform refused record ${answer.recordId}`);
      const event: unknown = JSON.parse(Buffer.from(answer.data, "base64").toString("utf8"));
      return `${JSON.stringify(Object.assign({}, event, answer.metadata.partitionKeys))}\n`;
    })
    .join("");
}

/**
 * The work that no path can avoid, one part after the other.
 * @param partitioned writes the lake's layout, a file a day and event type, instead of one file.
 */
async function floor(connection: DuckDBConnection, encoded: readonly string[], partitioned: boolean): Promise<void> {
  let bytes = 0;
  for (const data of encoded) {
    const event: unknown = JSON.parse(Buffer.from(data, "base64").toString("utf8"));
    bytes += Buffer.from(`${JSON.stringify(event)}\n`).toString("base64").length;
  }
  if (bytes === 0) throw new Error("there are no events");
  const columns = [...rawEventColumns, ...rawPartitionKeys].map(
    ({ name, type }) => `"${name}": '${type === "string" ? "VARCHAR" : type}'`,
  );
  const source = `read_json('${ndjson}', format='newline_delimited', columns={${columns.join(", ")}})`;
  const output = join(folder, partitioned ? "partitioned" : "floor.parquet");
  const layout = partitioned ? ", PARTITION_BY (event_date, event_type), OVERWRITE" : "";
  await connection.run(`COPY (SELECT * FROM ${source}) TO '${output}' (FORMAT parquet${layout})`);
}

async function wholePath(estate: Estate, times: number): Promise<number> {
  const { seconds } = await timed(() => estate.replayRecords(records()));
  const found = await estate.askNumber("SELECT count(*) FROM raw_events");
  if (found !== times * lines.length) throw new Error(`${found} of ${times * lines.length} events are in the lake`);
  return seconds;
}

const floors: number[] = [];
const partitionedFloors: number[] = [];
const wholes: number[] = [];
const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
const connection = await instance.connect();
const estate = await openEstate(to.getTime()); // the table shows days up to now
try {
  const first = await wholePath(estate, 1);
  for (let run = 0; run <= runs; run++) {
    // Interleaved: whatever else the machine does hits all alike.
    const encoded = lines.map((line) => line.toString("base64"));
    const one = await timed(() => floor(connection, encoded, false));
    const many = await timed(() => floor(connection, encoded, true));
    const whole = await wholePath(estate, run + 2);
    if (run === 0) continue;
    floors.push(one.seconds);
    partitionedFloors.push(many.seconds);
    wholes.push(whole);
  }
  report(first);
} finally {
  await estate.close();
  connection.closeSync();
  instance.closeSync();
  await rm(folder, { recursive: true, force: true });
}

function report(first: number): void {
  const rate = (seconds: number): number => Math.round(lines.length / seconds);
  const [whole, one, many] = [median(wholes), median(floors), median(partitionedFloors)];
  console.log(
    JSON.stringify({
      events: lines.length,
      runs,
      eventsPerSecond: rate(whole),
      floorEventsPerSecond: rate(one),
      ratio: rounded(one / whole, 3),
      partitionedFloorEventsPerSecond: rate(many),
      partitionedRatio: rounded(many / whole, 3),
      firstTimeEventsPerSecond: rate(first),
    }),
  );
}
