import { sampleRecords } from "../pipelines/to-lake/sample-records.ts";
import { transform } from "../pipelines/to-lake/transform.ts";

const RUNS = 7;
const records = sampleRecords(20_000).map((data, index) => ({
  recordId: String(index),
  data,
  approximateArrivalTimestamp: 1_323_435_000_000,
}));

/** The work that no transform can avoid. */
function floor(): number {
  let bytes = 0;
  for (const { data } of records) {
    const event: unknown = JSON.parse(Buffer.from(data, "base64").toString("utf8"));
    bytes += Buffer.from(`${JSON.stringify(event)}\n`).toString("base64").length;
  }
  return bytes;
}

function whole(): number {
  const { records: answers, failed } = batches.reduce(
    (sum, batch) => {
      const done = transform({ records: batch }, 1_323_435_000_000);
      return {
        records: sum.records + done.records.filter(({ result }) => result === "Ok").length,
        failed: sum.failed + done.failed.length,
      };
    },
    { records: 0, failed: 0 },
  );
  if (failed > 0 || answers !== records.length)
    throw new Error(`${failed} refused, ${answers} of ${records.length} transformed`);
  return answers;
}

const batches = Array.from({ length: Math.ceil(records.length / 500) }, (_, n) =>
  records.slice(n * 500, (n + 1) * 500),
);

function rate(task: () => number): number {
  const started = performance.now();
  task();
  return (records.length / (performance.now() - started)) * 1000;
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

floor();
whole();
const floors: number[] = [];
const wholes: number[] = [];
// Interleaved: whatever else the machine does hits both alike.
for (let run = 0; run < RUNS; run++) {
  floors.push(rate(floor));
  wholes.push(rate(whole));
}
const floorRecordsPerSecond = Math.round(median(floors));
const recordsPerSecond = Math.round(median(wholes));
const ratio = Number((recordsPerSecond / floorRecordsPerSecond).toFixed(3));
console.log(JSON.stringify({ recordsPerSecond, floorRecordsPerSecond, ratio }));
