import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sampleEvent } from "./sample-records.ts";
import { failedKey, transform, withoutStore } from "./transform.ts";

const NOW = Date.UTC(2011, 11, 9, 13);
const record = (recordId: string, body: Uint8Array | string) => ({
  recordId,
  data: Buffer.from(body).toString("base64"),
  approximateArrivalTimestamp: NOW - 1000,
});
const good = (recordId: string, n: number) => record(recordId, JSON.stringify(sampleEvent(n)));

describe("transform", () => {
  test("a bad record is kept with its reason and its neighbours pass", () => {
    const { records, failed } = transform({ records: [good("a", 5), record("b", "{oops"), good("c", 12)] }, NOW);
    expect(records.map(({ recordId, result }) => [recordId, result])).toEqual([
      ["a", "Ok"],
      ["b", "Dropped"],
      ["c", "Ok"],
    ]);
    expect(failed).toEqual([
      {
        failed_id: "935aaf3a54c0648c74df48a8025f2008",
        reason: "malformed-json",
        detail: "not JSON",
        raw: "e29vcHM=",
        record_id: "b",
        arrived_at: "2011-12-09 12:59:59.000",
        refused_at: "2011-12-09 13:00:00.000",
      },
    ]);
  });

  test("an accepted record ends with one line break, for Firehose joins them", () => {
    const [answer] = transform({ records: [good("a", 5)] }, NOW).records;
    if (answer?.result !== "Ok") throw new Error("not accepted");
    const text = Buffer.from(answer.data, "base64").toString();
    expect(text.endsWith("}\n")).toBe(true);
    expect(text.trimEnd()).not.toContain("\n");
    expect(answer.metadata.partitionKeys).toEqual({ event_date: "2011-06-06", event_type: "PaymentProcessed" });
  });

  test("answers every record once, in order, whatever the bytes are; what is refused is stored whole", () => {
    const bodies = fc.array(
      fc.oneof(
        fc.uint8Array({ maxLength: 60 }),
        fc.nat({ max: 40 }).map((n) => Buffer.from(JSON.stringify(sampleEvent(n)))),
      ),
      {
        maxLength: 12,
      },
    );
    fc.assert(
      fc.property(bodies, (all) => {
        const request = { records: all.map((body, index) => record(`r${index}`, body)) };
        const done = transform(request, NOW);
        expect(done.records.map(({ recordId }) => recordId)).toEqual(request.records.map(({ recordId }) => recordId));
        const dropped = done.records.filter(({ result }) => result === "Dropped").map(({ recordId }) => recordId);
        expect(done.failed.map(({ record_id }) => record_id)).toEqual(dropped);
        for (const { record_id, raw } of done.failed)
          expect(raw).toBe(request.records.find(({ recordId }) => recordId === record_id)?.data);
      }),
      { numRuns: 500 },
    );
  });

  test("what does not fit Lambda's answer is left to Firehose's error prefix", () => {
    const big = JSON.stringify({
      ...sampleEvent(12),
      traceparent: undefined,
      subject: "s",
      data: { ...Object(sampleEvent(12)["data"]), url: "u".repeat(2000) },
    });
    const { records } = transform({ records: Array.from({ length: 2200 }, (_, n) => record(String(n), big)) }, NOW);
    expect(records).toHaveLength(2200);
    expect(records.filter(({ result }) => result === "ProcessingFailed").length).toBeGreaterThan(0);
    expect(records.filter(({ result }) => result === "Ok").length).toBeGreaterThan(1000);
    const LAMBDA_LIMIT = 6 * 1024 * 1024;
    expect(JSON.stringify({ records }).length).toBeLessThan(LAMBDA_LIMIT);
  });

  test("a batch that is tried again names the same object; another batch another (002-10)", () => {
    const batch = { records: [record("a", "{oops"), record("b", "x")] };
    const key = failedKey("failed_events/", transform(batch, NOW).failed, NOW);
    expect(key).toMatch(/^failed_events\/refused_date=2011-12-09\/[0-9a-f]{32}\.ndjson$/);
    expect(failedKey("failed_events/", transform(batch, NOW + 5000).failed, NOW + 5000)).toBe(key);
    expect(failedKey("failed_events/", transform({ records: [record("c", "{oops")] }, NOW).failed, NOW)).not.toBe(key);
  });

  test("when the store fails, the refused records go to Firehose and the good ones stay good", () => {
    const done = transform({ records: [good("a", 5), record("b", "{oops")] }, NOW);
    const answers = withoutStore(done);
    expect(answers[0]).toEqual(done.records[0]);
    expect(answers[1]).toEqual({ recordId: "b", result: "ProcessingFailed" });
  });
});
