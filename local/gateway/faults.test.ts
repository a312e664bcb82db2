import { KinesisClient, PutRecordsCommand } from "@aws-sdk/client-kinesis";
import { afterEach, describe, expect, test } from "vitest";
import type { Service } from "../aws/service.ts";
import { createFaults, type FaultRule } from "./faults.ts";
import { kinesis, start, stopAll } from "./fixture.ts";

afterEach(stopAll);

describe("faults", () => {
  const counting = (): { service: Service; calls: () => number } => {
    let calls = 0;
    const service = kinesis({
      PutRecords(input, call) {
        call.authorize("kinesis:PutRecords", "*");
        calls += 1;
        const records = Array.isArray(input["Records"]) ? input["Records"] : [];
        return {
          FailedRecordCount: 0,
          Records: records.map(({ PartitionKey }) => ({ SequenceNumber: PartitionKey, ShardId: "s" })),
        };
      },
    });
    return { service, calls: () => calls };
  };
  const Records = Array.from({ length: 10 }, (_, index) => ({ Data: Buffer.from("x"), PartitionKey: String(index) }));
  const put = new PutRecordsCommand({ StreamName: "x", Records });

  test("what the client retries succeeds in the end, and may have happened twice", async () => {
    const { service, calls } = counting();
    // Not throttled: the SDK then waits for seconds.
    const kinds = ["error", "timeout", "lost", "delay"] as const;
    const rules = kinds.map(
      (kind): FaultRule => ({ service: "kinesis", kind, probability: kind === "lost" ? 0.3 : 0.1, delayMs: 1 }),
    );
    const { config } = await start([service], { rules, maxAttempts: 12 });
    const client = new KinesisClient(config);
    for (let index = 0; index < 6; index++) expect((await client.send(put)).FailedRecordCount).toBe(0);
    client.destroy();
    expect(calls()).toBeGreaterThan(6);
  });

  test("each fault has its face", async () => {
    const outcome = async (kind: FaultRule["kind"]): Promise<unknown> => {
      const { service } = counting();
      const { config } = await start([service], {
        rules: [{ service: "kinesis", operation: "PutRecords", kind, probability: 1 }],
      });
      const client = new KinesisClient(config);
      const error: unknown = await client.send(put).catch((cause) => cause);
      client.destroy();
      return error instanceof Error ? error.name : "answered";
    };
    expect(await outcome("throttle")).toBe("ProvisionedThroughputExceededException");
    expect(await outcome("error")).toBe("InternalFailure");
    expect(await outcome("delay")).toBe("answered");
    expect(await outcome("kill")).toBe("answered");
  });

  test("a partial fault keeps single entries from the service, each in its place", async () => {
    const { service } = counting();
    const { config } = await start([service], {
      rules: [{ service: "kinesis", kind: "partial", probability: 1, share: 0.3 }],
    });
    const client = new KinesisClient(config);
    const answer = await client.send(put);
    client.destroy();
    const failed =
      answer.Records?.filter(({ ErrorCode }) => ErrorCode === "ProvisionedThroughputExceededException") ?? [];
    expect(failed.length).toBe(answer.FailedRecordCount);
    expect(failed.length).toBeGreaterThan(0);
    for (const [index, record] of answer.Records?.entries() ?? []) {
      if (record.ErrorCode === undefined) expect(record.SequenceNumber).toBe(String(index));
    }
  });

  test("one seed, one fate", () => {
    const rules: FaultRule[] = [{ service: "lambda", kind: "kill", probability: 0.3 }];
    const fate = (seed: number): boolean[] => {
      const faults = createFaults({ seed, rules });
      return Array.from({ length: 200 }, () => faults.kills("f"));
    };
    expect(fate(1)).toEqual(fate(1));
    expect(fate(1)).not.toEqual(fate(2));
    expect(fate(1).filter(Boolean).length).toBeGreaterThan(40);
    expect(fate(1).filter(Boolean).length).toBeLessThan(80);
  });
});
