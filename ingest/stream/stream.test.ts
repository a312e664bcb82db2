import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { randomOf } from "../sources/random.ts";
import { type Batch, batches, MAX_BATCH_BYTES, MAX_RECORD_BYTES, type StreamRecord } from "./batches.ts";
import { ndjsonRecords } from "./ndjson.ts";
import { type PutProgress, putAll, putEvents, type SendBatch, StreamUnavailableError } from "./producer.ts";

async function* from<Item>(items: Iterable<Item>): AsyncGenerator<Item> {
  yield* items;
}

const numbered = (count: number): StreamRecord[] =>
  Array.from({ length: count }, (_, index) => ({ partitionKey: "k", json: String(index) }));
const failure = (name: string, httpStatusCode: number) =>
  Object.assign(new Error(name), { name, $metadata: { httpStatusCode } });
const instantly = { sleep: async () => {} };

describe("batches", () => {
  const all = async (records: StreamRecord[]) => {
    const result: Batch[] = [];
    for await (const batch of batches(from(records))) result.push(batch);
    return result;
  };

  test("hold 500 records at most, in order", async () => {
    const result = await all(numbered(1201));
    expect(result.map(({ records, end }) => [records.length, end])).toEqual([
      [500, 500],
      [500, 1000],
      [201, 1201],
    ]);
  });

  test("hold 5 MiB at most, keys included", async () => {
    const record = { partitionKey: "k", bytes: new Uint8Array(MAX_RECORD_BYTES - 1) };
    const result = await all([record, record, record, record, record, record]);
    expect(result.map(({ records, bytes }) => [records.length, bytes])).toEqual([
      [5, MAX_BATCH_BYTES],
      [1, MAX_RECORD_BYTES],
    ]);
  });

  test("leave out what no stream takes, and say which", async () => {
    const tooBig = { partitionKey: "k", bytes: new Uint8Array(MAX_RECORD_BYTES) };
    const result = await all([...numbered(1), tooBig]);
    expect(result).toMatchObject([{ bytes: 2, end: 2, oversized: [1] }]);
  });
});

describe("putAll", () => {
  test("004-8: loses nothing, whatever fails, and sends again only what failed", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 2300 }),
        fc.integer({ min: 1, max: 6 }),
        fc.nat(),
        async (count, concurrency, seed) => {
          const chance = randomOf(seed).next;
          const taken = new Map<string, number>();
          let failed = 0;
          const send: SendBatch = async (records) => {
            await Promise.resolve();
            if (chance() < 0.2) {
              failed += records.length;
              throw failure("ProvisionedThroughputExceededException", 400);
            }
            const bad = Math.floor(chance() * 10);
            return records.map(({ Data }, index) => {
              if (bad < 8 && index % 10 <= bad) {
                failed++;
                return { ErrorCode: "ProvisionedThroughputExceededException" };
              }
              const text = Buffer.from(Data).toString();
              taken.set(text, (taken.get(text) ?? 0) + 1);
              return {};
            });
          };
          const end = await putAll(send, from(numbered(count)), { concurrency, attempts: 10_000, ...instantly });
          expect(taken.size).toBe(count);
          expect([...taken.values()].every((times) => times === 1)).toBe(true);
          expect(end).toMatchObject({ sent: count, confirmed: count, retried: failed, oversized: [] });
        },
      ),
      { numRuns: 40 },
    );
  });

  test("never has more requests in flight than allowed", async () => {
    let open = 0;
    let most = 0;
    const send: SendBatch = async (records) => {
      most = Math.max(most, ++open);
      await new Promise((resolve) => setTimeout(resolve, 1));
      open--;
      return records.map(() => ({}));
    };
    await putAll(send, from(numbered(5000)), { concurrency: 3 });
    expect(most).toBe(3);
  });

  test("backs off exponentially, capped at 5 s, with full jitter", async () => {
    const waits: number[] = [];
    let calls = 0;
    const send: SendBatch = async (records) => {
      if (++calls <= 9) throw failure("InternalFailure", 500);
      return records.map(() => ({}));
    };
    const sleep = async (ms: number) => void waits.push(ms);
    await putAll(send, from(numbered(1)), { sleep, random: () => 0.5 });
    expect(waits).toEqual([25, 50, 100, 200, 400, 800, 1600, 2500, 2500]);
  });

  test("gives up in the end, with the code and where to resume", async () => {
    const progress: PutProgress[] = [];
    const send: SendBatch = async (records) =>
      records.map(({ Data }) => (Buffer.from(Data).toString() === "700" ? { ErrorCode: "InternalFailure" } : {}));
    const run = putAll(send, from(numbered(2000)), {
      attempts: 3,
      concurrency: 4,
      onProgress: (now) => progress.push(now),
      ...instantly,
    });
    await expect(run).rejects.toThrow(new StreamUnavailableError(1, 3, "InternalFailure"));
    expect(progress.at(-1)).toMatchObject({ confirmed: 500 });
  });

  test.each([
    ["AccessDeniedException", 400],
    ["InsufficientStorage", 507],
  ])("does not repeat what repeating cannot cure: %s", async (name, status) => {
    let calls = 0;
    const send: SendBatch = async () => {
      calls++;
      throw failure(name, status);
    };
    await expect(putAll(send, from(numbered(3)), instantly)).rejects.toThrow(name);
    expect(calls).toBe(1);
  });

  test("stops reading when told to, and completes what is in flight", async () => {
    const stop = new AbortController();
    const send: SendBatch = async (records) => {
      stop.abort();
      return records.map(() => ({}));
    };
    const end = await putAll(send, from(numbered(5000)), { concurrency: 1, signal: stop.signal });
    expect(end).toMatchObject({ sent: 500, confirmed: 500 });
  });
});

test("putEvents names the stream and passes the records on", async () => {
  const inputs: unknown[] = [];
  const client = {
    send: async (command: { input: { Records?: unknown[] } }) => {
      inputs.push(command.input);
      return { Records: command.input.Records?.map(() => ({})) };
    },
  };
  const end = await putEvents(client as never, "events", from(numbered(1)));
  expect(end.sent).toBe(1);
  expect(inputs).toEqual([{ StreamName: "events", Records: [{ PartitionKey: "k", Data: Buffer.from("0") }] }]);
});

describe("ndjsonRecords", () => {
  const home = mkdtempSync(join(tmpdir(), "c360-ndjson-"));
  afterAll(() => rmSync(home, { recursive: true }));
  const read = async (contents: string | Buffer, skip?: number) => {
    const path = join(home, "events.ndjson");
    writeFileSync(path, contents);
    const texts: string[] = [];
    for await (const record of ndjsonRecords(path, skip)) {
      if ("bytes" in record) texts.push(Buffer.from(record.bytes).toString("latin1"));
    }
    return texts;
  };

  test("sends every line as it is, malformed ones too, and no blank one", async () => {
    expect(await read('{"a":1}\r\n\n  \nnot json\n\xff\xfe{"b":2}')).toEqual([
      '{"a":1}',
      "not json",
      Buffer.from('\xff\xfe{"b":2}').toString("latin1"),
    ]);
    expect(await read(Buffer.from([0xff, 0x0a, 0xfe]))).toEqual(["\xff", "\xfe"]);
  });

  test("resumes after the records of an earlier run", async () => {
    expect(await read("a\n\nb\nc\n", 2)).toEqual(["c"]);
  });

  test("keeps lines that are longer than a read of the file", async () => {
    const long = "x".repeat(200_000);
    expect(await read(`${long}\ny\n`)).toEqual([long, "y"]);
  });

  test("says which file is missing", async () => {
    const missing = async () => {
      for await (const _ of ndjsonRecords(join(home, "nothing"))) expect.unreachable();
    };
    await expect(missing()).rejects.toThrow(/nothing cannot be read/);
  });
});
