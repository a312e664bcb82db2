/**
 * (b) Replay to queryable Parquet through the whole path: stream, delivery stream, transform, Parquet in the lake;
 * against the unavoidable work alone: base64 and JSON both ways, then DuckDB's own read_json -> COPY of the same events.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { rawEventColumns, rawPartitionKeys } from "../ingest/contracts/glue.ts";
import type { SourceEvent } from "../ingest/sources/online-retail.ts";
import { transform } from "../pipelines/to-lake/transform.ts";
import { openEstate, shippedEvents } from "./estate.ts";
import { median, numberOption, rounded, timed } from "./measure.ts";

const runs = numberOption("runs", 3);
const from = new Date("2010-12-01T00:00:00Z");
const to = new Date(Date.UTC(2010, 11 + numberOption("months", 3), 1));
const events = await shippedEvents(from, to);
const encoded = events.map(({ json }) => Buffer.from(json).toString("base64"));
const folder = await mkdtemp(join(tmpdir(), "c360-bench-floor-"));
const ndjson = join(folder, "events.ndjson");
await writeFile(ndjson, transformed());

/** The events as the transform leaves them, one a line, with their partition keys. */
function transformed(): string {
  const records = encoded.map((data, n) => ({ recordId: String(n), data, approximateArrivalTimestamp: to.getTime() }));
  // In invocations of Firehose's size: an answer may hold 6 MB.
  const starts = Array.from({ length: Math.ceil(records.length / 200) }, (_, n) => n * 200);
  return starts
    .flatMap((start) => transform({ records: records.slice(start, start + 200) }, to.getTime()).records)
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
async function floor(partitioned: boolean): Promise<void> {
  let bytes = 0;
  for (const data of encoded) {
    const event: unknown = JSON.parse(Buffer.from(data, "base64").toString("utf8"));
    bytes += Buffer.from(`${JSON.stringify(event)}\n`).toString("base64").length;
  }
  if (bytes === 0) throw new Error("there are no events");
  const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
  const connection = await instance.connect();
  const columns = [...rawEventColumns, ...rawPartitionKeys].map(
    ({ name, type }) => `"${name}": '${type === "string" ? "VARCHAR" : type}'`,
  );
  const source = `read_json('${ndjson}', format='newline_delimited', columns={${columns.join(", ")}})`;
  const output = join(folder, partitioned ? "partitioned" : "floor.parquet");
  const layout = partitioned ? ", PARTITION_BY (event_date, event_type), OVERWRITE" : "";
  await connection.run(`COPY (SELECT * FROM ${source}) TO '${output}' (FORMAT parquet${layout})`);
  connection.closeSync();
  instance.closeSync();
}

async function wholePath(records: readonly SourceEvent[]): Promise<number> {
  const estate = await openEstate(to.getTime()); // the table shows days up to now
  try {
    const { seconds } = await timed(() => estate.replay(records));
    const found = await estate.askNumber("SELECT count(*) FROM raw_events");
    if (found !== records.length) throw new Error(`${found} of ${records.length} events are in the lake`);
    return seconds;
  } finally {
    await estate.close();
  }
}

const floors: number[] = [];
const partitionedFloors: number[] = [];
const wholes: number[] = [];
try {
  await floor(false);
  // Interleaved: whatever else the machine does hits both alike.
  for (let run = 0; run < runs; run++) {
    floors.push((await timed(() => floor(false))).seconds);
    partitionedFloors.push((await timed(() => floor(true))).seconds);
    wholes.push(await wholePath(events));
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
const rate = (seconds: readonly number[]): number => Math.round(events.length / median(seconds));
const eventsPerSecond = rate(wholes);
const floorEventsPerSecond = rate(floors);
const partitionedFloorEventsPerSecond = rate(partitionedFloors);
console.log(
  JSON.stringify({
    events: events.length,
    runs,
    eventsPerSecond,
    floorEventsPerSecond,
    ratio: rounded(eventsPerSecond / floorEventsPerSecond, 3),
    partitionedFloorEventsPerSecond,
    partitionedRatio: rounded(eventsPerSecond / partitionedFloorEventsPerSecond, 3),
  }),
);
