import { describe, expect, test } from "vitest";
import { decide, MAX_BYTES } from "./decide.ts";
import { sampleEvent } from "./sample-records.ts";

const ARRIVED = Date.UTC(2011, 11, 9, 12, 50, 1, 7);
const payment = sampleEvent(5);
const bytes = (value: unknown) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value));

describe("decide", () => {
  test("makes a row of an event and names its partition", () => {
    const decision = decide(bytes({ ...payment, time: "2011-12-09T12:50:00.25Z", causationid: "cause-1" }), ARRIVED);
    if (decision.refused) throw new Error(decision.detail);
    expect(decision.partitionKeys).toEqual({ event_date: "2011-12-09", event_type: "PaymentProcessed" });
    expect(JSON.parse(decision.line)).toEqual({
      event_id: "01340005-7c00-7000-8000-000000000005",
      type: "PaymentProcessed",
      source: "/shop/online-retail",
      subject: "536370",
      time: "2011-12-09 12:50:00.250",
      dataschema: "https://contracts.c360.example/PaymentProcessed.v1.json",
      correlationid: "01340005-7c00-7000-8000-000000000005",
      causationid: "cause-1",
      traceparent: "00-00000000000000000000000000000005-0000000000000006-01",
      data: JSON.stringify(payment["data"]),
      ingested_at: "2011-12-09 12:50:01.007",
    });
  });

  test("an event name with blanks makes a partition without", () => {
    const decision = decide(bytes(sampleEvent(12)), ARRIVED);
    if (decision.refused) throw new Error(decision.detail);
    expect(decision.partitionKeys.event_type).toBe("ProductViewed");
    expect(JSON.parse(decision.line).type).toBe("Product Viewed");
  });

  test.each([
    ["no JSON", "{", "malformed-json", "not JSON"],
    ["empty", "", "malformed-json", "not JSON"],
    ["a number", "1", "not-a-cloudevent", undefined],
    ["no envelope", { hello: "world" }, "not-a-cloudevent", undefined],
    [
      "an unknown name",
      { ...payment, type: "PaymentForgotten" },
      "unknown-type",
      "/type is not the name of a published contract",
    ],
    [
      "a member that no contract names",
      { ...payment, data: { ...Object(payment["data"]), card: "4111" } },
      "contract",
      undefined,
    ],
    ["data of another event", { ...payment, data: {} }, "contract", undefined],
    ["a time that is none", { ...payment, time: "2011-02-30T00:00:00Z" }, "not-a-cloudevent", undefined],
  ])("refuses %s", (_case, value, reason, detail) => {
    const decision = decide(bytes(value), ARRIVED);
    expect(decision).toMatchObject({ refused: true, reason });
    if (detail !== undefined) expect(decision).toMatchObject({ detail });
  });

  test("refuses bytes that are no UTF-8 instead of mending them", () => {
    expect(decide(Buffer.from([0x7b, 0xff, 0x7d]), ARRIVED)).toEqual({
      refused: true,
      reason: "malformed-json",
      detail: "not UTF-8",
    });
  });

  test("refuses what is too big by its size alone", () => {
    expect(decide(Buffer.alloc(MAX_BYTES + 1), ARRIVED)).toEqual({
      refused: true,
      reason: "oversized",
      detail: "1000001 bytes, 1000000 at most",
    });
  });

  test("the detail never quotes the record", () => {
    const decision = decide(
      bytes({ ...payment, data: { ...Object(payment["data"]), amount: "secret-value", method: 7 } }),
      ARRIVED,
    );
    if (!decision.refused) throw new Error("accepted");
    expect(decision.detail).not.toContain("secret-value");
    expect(decision.detail).toContain("/data");
  });
});
