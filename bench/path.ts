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

/** The events as the transform leaves them, one a line. */
function transformed(): string {
  const records = encoded.map((data, n) => ({ recordId: String(n), data, approximateArrivalTimestamp: to.getTime() }));
  const answers = transform({ records }, to.getTime()).records;
  return answers
    .map((answer) => ("data" in answer ? Buffer.from(answer.data, "base64").toString("utf8") : ""))
    .join("");
}

/** The work that no path can avoid, one part after the other. */
async function floor(): Promise<void> {
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
  await connection.run(
    `COPY (SELECT * FROM read_json('${ndjson}', format='newline_delimited', columns={${columns.join(", ")}})) TO '${join(folder, "floor.parquet")}' (FORMAT parquet)`,
  );
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
const wholes: number[] = [];
try {
  await floor();
  // Interleaved: whatever else the machine does hits both alike.
  for (let run = 0; run < runs; run++) {
    floors.push((await timed(floor)).seconds);
    wholes.push(await wholePath(events));
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
const eventsPerSecond = Math.round(events.length / median(wholes));
const floorEventsPerSecond = Math.round(events.length / median(floors));
console.log(
  JSON.stringify({
    events: events.length,
    runs,
    eventsPerSecond,
    floorEventsPerSecond,
    ratio: rounded(eventsPerSecond / floorEventsPerSecond, 3),
  }),
);
