import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { c360, type Ran, root } from "./command.ts";
import { late, writeLateOrders } from "./late-orders.ts";
import { type Home, oneMonth } from "./one-month.ts";

const preload = ["--import", join(root, "tests", "e2e", "full-disk.ts")];

/** Runs a command on a disk that has room for so many bytes. */
const onSmallDisk = (home: Home, bytes: number, ...args: readonly string[]): Promise<Ran> =>
  c360(["--home", home.path, ...args], { node: preload, environment: { C360_TEST_DISK_BYTES: String(bytes) } });

describe("a full disk", { timeout: 120_000 }, () => {
  let home: Home;
  const file = (): string => join(home.path, "..", "late.ndjson");
  const figures = (): ReturnType<Home["rows"]> =>
    home.rows("SELECT count(*) AS customers, sum(orders) AS orders, sum(net_value) AS net_value FROM customer_360");

  beforeAll(async () => {
    home = await oneMonth();
    writeLateOrders(file());
  });
  afterAll(() => home.remove());

  it("ends a replay with what to do; nothing of it is half there, and the next one brings everything in", async () => {
    const ran = await onSmallDisk(home, readFileSync(file()).length / 2, "replay", file());
    expect(ran.stderr).toMatch(/c360: The disk .*is full.*Free some space and try again/);
    expect(ran.stderr).not.toMatch(/\n\s+at /);
    expect(ran.code).toBe(1);
    const arrived = "SELECT count(*) AS records FROM raw_events WHERE source = '/sources/late'";
    expect(await home.rows(arrived)).toEqual([{ records: 0 }]);
    expect(await home.json("replay", file())).toMatchObject({ sent: late.events });
    expect(await home.rows(arrived)).toEqual([{ records: late.events }]);
  });

  it.each([20_000, 400_000])("after %i bytes fails a refresh, and what is published stays whole", async (bytes) => {
    const before = await figures();
    const ran = await onSmallDisk(home, bytes, "refresh", "--full");
    expect(ran.stderr).toMatch(/disk .*is full.*Free some space and try again/);
    expect(ran.code).toBe(1);
    expect(await figures()).toEqual(before);
  });

  it("hinders nothing once there is room again", async () => {
    const [before] = await figures();
    expect(await home.json("refresh")).toMatchObject({ status: "Refreshed", dates: late.days.length });
    const [after] = await figures();
    expect(Number(after?.["orders"]) - Number(before?.["orders"])).toBe(late.orders * late.customers.length);
  });
});
