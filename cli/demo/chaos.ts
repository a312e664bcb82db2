import type { StreamRecord } from "../../ingest/stream/producer.ts";
import type { FaultPlan } from "../../local/gateway/faults.ts";
import { seededRandom } from "./random.ts";

/** How hostile `c360 demo --chaos` is. Shares of all events; one seed, so that a failure can be replayed. */
export const chaos = {
  seed: 20111209,
  duplicates: 0.02,
  malformed: 0.001,
  /** Faults of the gateway, per call; partial failures per record of a PutRecords. */
  faults: {
    seed: 20111209,
    rules: [
      { service: "kinesis", kind: "throttle", probability: 0.03 },
      { service: "kinesis", kind: "lost", probability: 0.02 },
      { service: "kinesis", operation: "PutRecords", kind: "partial", probability: 0.1, share: 0.05 },
      { service: "athena", kind: "error", probability: 0.03 },
      { service: "s3", kind: "error", probability: 0.01 },
      { service: "glue", kind: "throttle", probability: 0.03 },
      { service: "states", kind: "timeout", probability: 0.02 },
      { service: "lambda", kind: "kill", probability: 0.05 },
    ],
  } satisfies FaultPlan,
} as const;

/** An event of a source with what chaos needs to know of it. */
export interface TimedRecord {
  readonly partitionKey: string;
  /** The CloudEvent as JSON text. */
  readonly json: string;
  /** UTC day of the event, `YYYY-MM-DD`. */
  readonly day: string;
}

/** What chaos did to a replay. */
export interface ChaosCount {
  duplicates: number;
  malformed: number;
}

/**
 * Disturbs a replay: within each day records arrive in any order, some twice, and besides them records that no contract
 * accepts. No event is lost by it: what is malformed is an extra copy, cut short.
 */
export async function* disturb(
  records: AsyncIterable<TimedRecord>,
  count: ChaosCount,
  seed: number = chaos.seed,
): AsyncGenerator<StreamRecord> {
  const random = seededRandom(seed);
  let day: string | undefined;
  let batch: StreamRecord[] = [];
  for await (const record of records) {
    if (record.day !== day) {
      yield* shuffled(batch, random);
      batch = [];
      day = record.day;
    }
    batch.push(record);
    if (random() < chaos.duplicates) {
      batch.push(record);
      count.duplicates += 1;
    }
    if (random() < chaos.malformed) {
      batch.push({ partitionKey: record.partitionKey, json: cutShort(record.json, random) });
      count.malformed += 1;
    }
  }
  yield* shuffled(batch, random);
}

/** Longer than `{"specversion":"1.0","id":"<UUID>"`: what is left still tells one event from another. */
const LEAST_LEFT = 64;

/** A cut anywhere before the last brace is never valid JSON. */
function cutShort(json: string, random: () => number): string {
  const least = Math.min(LEAST_LEFT, json.length - 1);
  return json.slice(0, least + Math.floor(random() * (json.length - least)));
}

function shuffled<T>(items: T[], random: () => number): T[] {
  for (let at = items.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    const [a, b] = [items[at], items[other]];
    if (a !== undefined && b !== undefined) [items[at], items[other]] = [b, a];
  }
  return items;
}
