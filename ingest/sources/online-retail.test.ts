import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type DomainEvent, validateEvent } from "../contracts/index.ts";
import { createTruth, onlineRetailEvents } from "./online-retail.ts";

const dataFile = join(import.meta.dirname, "../../data/online-retail.parquet");
const home = mkdtempSync(join(tmpdir(), "c360-retail-"));
afterAll(() => rmSync(home, { recursive: true }));

async function query(sql: string): Promise<unknown[][]> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** Signed lines of an event in the sense of the source, or undefined when it holds none. */
function sourceLines(event: DomainEvent) {
  switch (event.type) {
    case "OrderPlaced":
      return { document: event.data.orderId, lines: event.data.lines, sign: 1, data: event.data };
    case "ReturnRequested":
      return { document: event.data.returnId, lines: event.data.lines, sign: -1, data: event.data };
    case "StockAdjusted":
      return { document: event.data.adjustmentId, lines: event.data.lines, sign: 1, data: event.data };
    default:
      return undefined;
  }
}

const add = (sums: Map<string, number>, key: string, value: number) => sums.set(key, (sums.get(key) ?? 0) + value);
const gbp = (micros: number) => (micros / 1_000_000).toFixed(3);

describe("the whole year", () => {
  const truth = createTruth();
  const counts = new Map<string, number>();
  const byMonth = new Map<string, number>();
  const byCountry = new Map<string, number>();
  const byKind = new Map<string, number>();
  const ids = new Set<string>();
  const lineIds = new Set<string>();
  const documents = new Set<string>();
  const buyers = new Set<string>();
  const seenCustomers = new Set<string>();
  const registered = new Set<string>();
  const early: string[] = [];
  const refused: string[] = [];
  const digest = createHash("sha256");
  let last = 0;
  let disorder = 0;
  let longest = 0;
  let micros = 0;
  let identifiers = 0;

  beforeAll(async () => {
    for await (const { json, time, type } of onlineRetailEvents({ dataFile, truth })) {
      digest.update(json);
      add(counts, type, 1);
      if (time < last) disorder++;
      last = time;
      longest = Math.max(longest, Buffer.byteLength(json));
      const verdict = validateEvent(JSON.parse(json));
      if (!verdict.ok) {
        refused.push(verdict.detail);
        continue;
      }
      const { event } = verdict;
      ids.add(event.id);
      if ("customerId" in event.data && event.data.customerId !== undefined) {
        if (event.type === "CustomerRegistered") registered.add(event.data.customerId);
        else if (!registered.has(event.data.customerId)) early.push(event.id);
        seenCustomers.add(event.data.customerId);
      }
      const part = sourceLines(event);
      if (part === undefined) continue;
      documents.add(part.document);
      if ("customerId" in part.data && part.data.customerId !== undefined) buyers.add(part.data.customerId);
      for (const line of part.lines) {
        lineIds.add(line.lineId);
        const value = part.sign * line.quantity * line.unitPrice.micros;
        micros += value;
        add(byMonth, line.soldAt.slice(0, 7), value);
        add(byCountry, part.data.country, value);
        add(byKind, line.kind, 1);
      }
    }
    identifiers = truth.persons.size;
  });

  test("004-8: holds every line, document and customer of the source, once", () => {
    expect(lineIds.size).toBe(541_909);
    expect([...byKind.values()].reduce((sum, n) => sum + n, 0)).toBe(541_909);
    expect(documents.size).toBe(25_900);
    expect(buyers.size).toBe(4_372);
    expect(seenCustomers).toEqual(buyers);
    expect(gbp(micros)).toBe("9747747.934");
  });

  test("equals the source by month and by country", async () => {
    const months = await query(`SELECT strftime(InvoiceDate, '%Y-%m'), sum(Quantity * UnitPrice)::DECIMAL(18,3)::VARCHAR
                                FROM '${dataFile}' GROUP BY 1 ORDER BY 1`);
    expect(months).toHaveLength(13);
    expect([...byMonth].toSorted().map(([month, value]) => [month, gbp(value)])).toEqual(months);
    const countries = await query(`SELECT Country, sum(Quantity * UnitPrice)::DECIMAL(18,3)::VARCHAR
                                   FROM '${dataFile}' GROUP BY 1 ORDER BY 1`);
    expect(countries).toHaveLength(38);
    expect([...byCountry].toSorted().map(([country, value]) => [country, gbp(value)])).toEqual(countries);
  });

  test("counts each kind of event", () => {
    expect(Object.fromEntries(counts)).toMatchObject({
      OrderPlaced: 25_900 - 3_836 - 1_336,
      ReturnRequested: 3_836,
      StockAdjusted: 1_336,
      CustomerRegistered: 4_372,
      PaymentProcessed: 19_959,
    });
    const total = [...counts.values()].reduce((sum, n) => sum + n, 0);
    expect(total).toBe(179_984);
    expect(ids.size).toBe(total);
  });

  test("names every line that is no product for what it is", () => {
    expect(Object.fromEntries([...byKind].toSorted())).toEqual({
      "bad-debt": 3,
      "bank-charge": 37,
      carriage: 144,
      commission: 16,
      discount: 77,
      fee: 34,
      manual: 572,
      other: 49,
      postage: 1_966,
      product: 538_914,
      sample: 63,
      voucher: 34,
    });
  });

  test("every event fits its contract and a Kinesis record, in the order of time", () => {
    expect(refused).toEqual([]);
    expect(disorder).toBe(0);
    expect(longest).toBeLessThan(1024 * 1024);
    expect(new Date(last).toISOString() < "2011-12-10").toBe(true);
  });

  test("nothing names a customer before the registration", () => {
    expect(early).toEqual([]);
  });

  test("the truth never merges two customers, and shares nothing but devices and browsers", () => {
    const customersOf = new Map<string, string[]>();
    for (const [identifier, persons] of truth.persons) {
      const kind = identifier.slice(0, identifier.indexOf(":"));
      if (kind === "browser" || kind === "device") expect(persons.size).toBeLessThanOrEqual(2);
      else expect([identifier, persons.size]).toEqual([identifier, 1]);
      if (kind !== "customer") continue;
      for (const person of persons) customersOf.set(person, [...(customersOf.get(person) ?? []), identifier]);
    }
    expect(customersOf.size).toBe(4_372);
    expect([...customersOf.values()].every((customers) => customers.length === 1)).toBe(true);
    expect(identifiers).toBeGreaterThan(15_000);
    expect([...truth.persons.values()].some((persons) => persons.size === 2)).toBe(true);
  });

  test("002-10, 003-14: a second run gives the same bytes, ids included", async () => {
    const again = createHash("sha256");
    for await (const { json } of onlineRetailEvents({ dataFile })) again.update(json);
    expect(again.digest("hex")).toBe(digest.digest("hex"));
  });
});

describe("a part of the year", () => {
  const ids = async (options: { from?: number; to?: number; seed?: number }) => {
    const texts: string[] = [];
    for await (const { json } of onlineRetailEvents({ dataFile, ...options })) texts.push(json.slice(0, 63));
    return texts;
  };
  const [december, mid, january] = [Date.UTC(2010, 11, 1), Date.UTC(2010, 11, 10), Date.UTC(2011, 0, 1)];

  test("two parts are the whole", async () => {
    const parts = [...(await ids({ from: december, to: mid })), ...(await ids({ from: mid, to: january }))];
    const whole = await ids({ to: january });
    expect(parts).toEqual(whole);
  });

  test("another seed gives other identifiers", async () => {
    const one = new Set(await ids({ to: mid }));
    expect((await ids({ to: mid, seed: 2 })).filter((id) => one.has(id))).toEqual([]);
  });
});

describe("a data file that cannot be used", () => {
  const read = async (path: string, options: { sha256?: string | undefined } = {}) => {
    for await (const _ of onlineRetailEvents({ dataFile: path, ...options })) expect.unreachable();
  };

  test("is missing", async () => {
    await expect(read(join(home, "none.parquet"))).rejects.toThrow(/none\.parquet cannot be read\. Restore it/);
  });

  test("is not the file that is shipped", async () => {
    const path = join(home, "corrupt.parquet");
    writeFileSync(path, "PAR1");
    await expect(read(path)).rejects.toThrow(/is corrupt: SHA-256 is [0-9a-f]{64}, expected dfd36eda/);
    await expect(read(path, { sha256: undefined })).rejects.toThrow(/is not a Parquet file/);
  });

  test("has other columns", async () => {
    const path = join(home, "columns.parquet");
    await query(`COPY (SELECT * EXCLUDE (Country), 1 AS Colour FROM '${dataFile}' LIMIT 5) TO '${path}'`);
    await expect(read(path, { sha256: undefined })).rejects.toThrow(
      /column Country is missing, column Colour is unknown/,
    );
  });
});
