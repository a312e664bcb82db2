import { describe, expect, it } from "vitest";
import { type ChaosCount, disturb, type TimedRecord } from "./chaos.ts";

const events: TimedRecord[] = Array.from({ length: 5000 }, (_, at) => ({
  partitionKey: String(at),
  json: JSON.stringify({ id: at, text: "x".repeat(at % 7) }),
  day: at < 2500 ? "2011-01-01" : "2011-01-02",
}));

async function disturbed(
  seed: number,
): Promise<{ records: { partitionKey: string; text: string }[]; count: ChaosCount }> {
  const count = { duplicates: 0, malformed: 0 };
  const records = [];
  for await (const record of disturb(source(), count, seed))
    records.push({ partitionKey: record.partitionKey, text: "json" in record ? record.json : "" });
  return { records, count };
}

async function* source(): AsyncGenerator<TimedRecord> {
  yield* events;
}

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe("disturb", () => {
  it("keeps every event, and counts exactly what it added", async () => {
    const { records, count } = await disturbed(1);
    const whole = records.filter((record) => isJson(record.text));
    expect(new Set(whole.map((record) => record.text))).toEqual(new Set(events.map((event) => event.json)));
    expect(whole.length).toBe(events.length + count.duplicates);
    expect(records.length - whole.length).toBe(count.malformed);
    expect(count.duplicates).toBeGreaterThan(50);
    expect(count.malformed).toBeGreaterThan(0);
  });

  it("changes the order within a day only", async () => {
    const { records } = await disturbed(1);
    const days = records.map((record) => (Number(record.partitionKey) < 2500 ? 1 : 2));
    expect(days.indexOf(2)).toBeGreaterThan(days.lastIndexOf(1));
    expect(records.map((record) => record.partitionKey)).not.toEqual(
      records.map((record) => record.partitionKey).toSorted((a, b) => Number(a) - Number(b)),
    );
  });

  it("does the same for the same seed", async () => {
    expect(await disturbed(7)).toEqual(await disturbed(7));
  });
});
