import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { late, writeLateOrders } from "./late-orders.ts";
import { type Home, oneMonth } from "./one-month.ts";

interface Summary {
  readonly status: string;
  readonly dates: number;
  readonly bytesScanned: number;
  readonly statements: readonly { readonly name: string; readonly bytesScanned: number }[];
}

type Rows = Awaited<ReturnType<Home["rows"]>>;

describe("a refresh after one percent of new events, late by weeks", { timeout: 120_000 }, () => {
  let home: Home;
  let before: Rows;
  let refreshed: Summary;
  const customers = (): Promise<Rows> => home.rows("SELECT * FROM customer_360 ORDER BY customer_id");

  beforeAll(async () => {
    home = await oneMonth();
    before = await customers();
    const file = join(home.path, "..", "late.ndjson");
    writeLateOrders(file);
    expect(await home.json("replay", file)).toMatchObject({ sent: late.events });
    refreshed = await home.json<Summary>("refresh");
  });
  afterAll(() => home.remove());

  it("takes the days of these events and no others", () => {
    expect(refreshed).toMatchObject({ status: "Refreshed", dates: late.days.length });
  });

  it("changes the rows of their customers, exactly, and of nobody else", async () => {
    const after = await customers();
    const changed = after.filter((row, at) => JSON.stringify(row) !== JSON.stringify(before[at]));
    expect(changed.map((row) => row["customer_id"])).toEqual(late.customers);
    expect(after.length).toBe(before.length);
    for (const row of changed) {
      const was = before.find((other) => other["customer_id"] === row["customer_id"]);
      expect(Number(row["orders"]) - Number(was?.["orders"])).toBe(late.orders);
      expect(Number(row["net_value"]) - Number(was?.["net_value"])).toBeCloseTo(late.orders * late.value, 6);
    }
  });

  it("has nothing to do the second time", async () => {
    const again = await home.c360("refresh");
    expect(again.stdout).toBe("Nothing new as of 2011-01-01: nothing changed.\n");
    expect(again.code).toBe(0);
  });

  it("scans less than a full one, which changes nothing and says what it scanned", async () => {
    const incremental = await customers();
    const full = await home.json<Summary>("refresh", "--full");
    expect(full.dates).toBe(31);
    expect(refreshed.bytesScanned).toBeLessThan(full.bytesScanned);
    expect(refreshed.bytesScanned).toBe(refreshed.statements.reduce((sum, each) => sum + each.bytesScanned, 0));
    // Silver reads its partitions of raw_events by name: there the difference is plain.
    const orders = (summary: Summary) => summary.statements.find((each) => each.name === "orders")?.bytesScanned ?? 0;
    expect(orders(refreshed)).toBeLessThan(orders(full) / 2);
    expect(await customers()).toEqual(incremental);
  });
});
