import { createWriteStream, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { onlineRetailEvents } from "../../ingest/sources/online-retail.ts";
import { type Ran, type Running, root, start } from "./command.ts";
import { late, writeLateOrders } from "./late-orders.ts";
import { emptyHome, type Home, oneMonth } from "./one-month.ts";

const dataFile = join(root, "data", "online-retail.parquet");

/** Bytes of all files of a folder: how much the runtime has written there. */
function size(folder: string): number {
  if (!existsSync(folder)) return 0;
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => statSync(join(folder, name), { throwIfNoEntry: false }))
    .reduce((sum, info) => sum + (info?.isFile() === true ? info.size : 0), 0);
}

const command = (home: Home, ...args: readonly string[]): Running => start(["--home", home.path, ...args]);

/** Waits until a replay has put so many bytes on the stream. */
const onStream = (home: Home, running: Running, bytes: number): Promise<void> =>
  running.until(`${bytes} bytes were on the stream`, () => size(join(home.path, "kinesis")) > bytes);

describe("a replay that is cut", { timeout: 120_000 }, () => {
  const source = emptyHome();
  const file = join(source.path, "..", "december.ndjson");
  let events = 0;
  /** About the middle of the file, in the base64 of the stream's log. */
  let middle = 0;

  beforeAll(async () => {
    const lines = async function* () {
      for await (const event of onlineRetailEvents({ dataFile, to: Date.UTC(2010, 11, 13) })) {
        events += 1;
        yield `${event.json}\n`;
      }
    };
    await pipeline(lines, createWriteStream(file));
    middle = (statSync(file).size * 4) / 3 / 2;
  });
  afterAll(() => source.remove());

  async function cut(home: Home, signal: NodeJS.Signals): Promise<Ran> {
    const running = command(home, "replay", file);
    await onStream(home, running, middle);
    running.signal(signal);
    return running.ended;
  }

  /** Replays the rest, and gives after how many records it resumed. */
  async function resume(home: Home): Promise<number> {
    const rest = await home.c360("--json", "replay", file);
    const [, after = ""] = /^Resuming after ([\d,]+) records/.exec(rest.stderr) ?? [];
    const { sent, resumedAfter } = JSON.parse(rest.stdout);
    expect(resumedAfter).toBe(Number(after.replaceAll(",", "")));
    expect(sent).toBe(events - resumedAfter);
    return resumedAfter;
  }

  const lake = (home: Home) =>
    home.rows("SELECT count(*) AS records, count(DISTINCT event_id) AS events FROM raw_events");

  it("by Ctrl-C exits with 130; the next run resumes, says so, and every event is there, once", async () => {
    const home = emptyHome();
    try {
      const { code, stderr } = await cut(home, "SIGINT");
      expect(stderr).toMatch(/Stopping; what has arrived is kept.*records sent; the next replay of this file resumes/s);
      expect(code).toBe(130);
      expect(await resume(home)).toBeGreaterThan(0);
      expect(await lake(home)).toEqual([{ records: events, events }]);
      expect(readdirSync(join(home.path, "replays"))).toEqual([]);
    } finally {
      home.remove();
    }
  });

  it("by SIGKILL leaves a home that the next run takes over; it resumes after what was acknowledged, and that is there", async () => {
    const home = emptyHome();
    try {
      await cut(home, "SIGKILL");
      expect(existsSync(join(home.path, "runtime.lock"))).toBe(true);
      const acknowledged = confirmed(home);
      expect(acknowledged).toBeGreaterThan(0);
      expect(await resume(home)).toBe(acknowledged);
      // What had arrived without an answer is sent again: at least once.
      const [found] = await lake(home);
      expect(found?.["events"]).toBe(events);
    } finally {
      home.remove();
    }
  });
});

/** Records that the cut replay knew to be on the stream. */
function confirmed(home: Home): number {
  const folder = join(home.path, "replays");
  const [name] = readdirSync(folder).filter((entry) => entry.endsWith(".json"));
  return Number(JSON.parse(readFileSync(join(folder, String(name)), "utf8")).confirmed);
}

describe("a demo that is killed", { timeout: 180_000 }, () => {
  it("starts clean the next time, says so, and comes out right", async () => {
    const home = emptyHome();
    try {
      const running = command(home, "demo", "--months", "1");
      await onStream(home, running, 4_000_000);
      running.signal("SIGKILL");
      await running.ended;
      const next = await home.c360("demo", "--months", "1");
      expect(next.stderr).toMatch(/^The demo begun at \S+ did not finish: starting clean\.\n/);
      expect(next.stdout).toMatch(/All 914 figures agree exactly/);
      expect(next.code).toBe(0);
    } finally {
      home.remove();
    }
  });
});

describe("a refresh that is killed", { timeout: 180_000 }, () => {
  let home: Home;
  beforeAll(async () => {
    home = await oneMonth();
    const file = join(home.path, "..", "late.ndjson");
    writeLateOrders(file);
    await home.json("replay", file);
  });
  afterAll(() => home.remove());

  const figures = (): ReturnType<Home["rows"]> =>
    home.rows(`SELECT count(*) AS customers, sum(orders) AS orders, sum(net_value) AS net_value FROM customer_360`);

  /** What the workflows of this home have written down of their steps. */
  const steps = (): string => {
    const folder = join(home.path, "states", "executions");
    return readdirSync(folder)
      .map((name) => readFileSync(join(folder, name), "utf8"))
      .join("");
  };

  it("at any stage publishes nothing or all; the next one does the rest, and gold is right", async () => {
    const before = await figures();
    for (const state of ["Run_silver", "AuditGold", "Run_published"]) {
      const entered = steps().split(`"name":"${state}"`).length;
      const running = command(home, "refresh");
      await running.until(`it was in ${state}`, () => steps().split(`"name":"${state}"`).length > entered);
      running.signal("SIGKILL");
      expect((await running.ended).code).toBe(137);
      if (state !== "Run_published") expect(await figures()).toEqual(before);
    }
    const next = await home.c360("refresh");
    expect(next.stdout).toMatch(/^Refreshed as of 2011-01-01 in .* 3 days/);
    const [was] = before;
    expect(await figures()).toEqual([
      {
        customers: was?.["customers"],
        orders: Number(was?.["orders"]) + late.orders * late.customers.length,
        net_value: expect.closeTo(Number(was?.["net_value"]) + late.orders * late.customers.length * late.value, 6),
      },
    ]);
    expect(await home.json("refresh")).toMatchObject({ status: "NothingNew" });
  });
});
