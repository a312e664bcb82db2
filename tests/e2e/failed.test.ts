import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { c360, type Ran } from "./command.ts";
import { writeLateOrders } from "./late-orders.ts";
import { emptyHome, type Home } from "./one-month.ts";

interface Failed {
  readonly failedId: string;
  readonly reason: string;
  readonly detail: string;
  readonly replayed: boolean;
}

describe("a file with events that no contract accepts", { timeout: 120_000 }, () => {
  let home: Home;
  let replayed: Ran;
  let list: readonly Failed[];
  /** Two events as they should be. */
  let good: { readonly data: { readonly orderId: string }; readonly id: string }[];
  const inFolder = (name: string): string => join(home.path, "..", name);
  const ofReason = (reason: string): Failed => {
    const found = list.find((each) => each.reason === reason);
    if (found === undefined) throw new Error(`nothing was refused as ${reason}`);
    return found;
  };

  beforeAll(async () => {
    home = emptyHome();
    const orders = inFolder("orders.ndjson");
    writeLateOrders(orders);
    good = readFileSync(orders, "utf8")
      .split("\n", 2)
      .map((line) => JSON.parse(line));
    const [first, second] = good;
    const lines = [
      JSON.stringify(first),
      '{"specversion": "1.0", "id": ',
      JSON.stringify({ ...first, id: "012d0000-0000-7000-8000-999999999991", type: "OrderImagined" }),
      JSON.stringify({ ...second, data: { ...second?.data, amount: "five pounds" } }),
      JSON.stringify({ ...first, id: "012d0000-0000-7000-8000-999999999992", subject: "x".repeat(1_000_001) }),
      JSON.stringify({ ...first, subject: "x".repeat(1_100_000) }),
    ];
    writeFileSync(inFolder("mixed.ndjson"), `${lines.join("\n")}\n`);
    replayed = await c360(["--home", home.path, "replay", inFolder("mixed.ndjson")]);
    list = await home.json<Failed[]>("failed", "list");
  });
  afterAll(() => home.remove());

  it("brings in what is right, and names the record that no stream takes", async () => {
    expect(replayed.stdout).toMatch(/^5 records are on the stream/);
    expect(replayed.stderr).toMatch(/1 records are over 1 MiB and no stream takes them; counted from 1: 6\.\n$/);
    expect(replayed.code).toBe(3);
    expect(await home.rows("SELECT event_id FROM raw_events")).toEqual([{ event_id: good[0]?.id }]);
  });

  it("keeps each of the others with its reason and place, and no value of it (000-13)", async () => {
    expect(list.map(({ reason, detail, replayed }) => ({ reason, detail, replayed }))).toHaveLength(4);
    expect(ofReason("malformed-json").detail).toBe("not JSON");
    expect(ofReason("unknown-type").detail).toMatch(/type/);
    expect(ofReason("contract").detail).toMatch(/\/data\/amount/);
    expect(ofReason("contract").detail).not.toContain("five pounds");
    expect(ofReason("oversized").detail).toMatch(/^1000\d{3} bytes, 1000000 at most$/);
    const only = await home.c360("failed", "list", "--reason", "unknown-type");
    expect(only.stdout.trimEnd().split("\n")).toHaveLength(3);
  });

  it("shows one as it arrived, byte for byte", async () => {
    const shown = await home.c360("failed", "show", ofReason("malformed-json").failedId);
    expect(shown.stdout).toBe('{"specversion": "1.0", "id": \n');
    const none = await home.c360("failed", "show", "0".repeat(32));
    expect(none.stderr).toMatch(/No refused event has the id 0{32}/);
    expect(none.code).toBe(2);
  });

  it("does not send again what still breaks its contract", async () => {
    const { failedId } = ofReason("contract");
    const ran = await home.c360("--json", "failed", "replay", failedId);
    expect(JSON.parse(ran.stdout)).toMatchObject([{ failedId, outcome: "still refused" }]);
    expect(ran.code).toBe(3);
  });

  it("takes the repaired event in, once", async () => {
    const { failedId } = ofReason("contract");
    writeFileSync(inFolder("fixed.json"), JSON.stringify(good[1], undefined, 2));
    const repair = (): Promise<unknown> => home.json("failed", "replay", failedId, "--with", inFolder("fixed.json"));
    expect(await repair()).toEqual([{ failedId, outcome: "sent" }]);
    expect(await repair()).toEqual([{ failedId, outcome: "already replayed" }]);
    expect(await home.rows("SELECT event_id FROM raw_events ORDER BY event_id")).toEqual(
      good.map(({ id }) => ({ event_id: id })),
    );
    const after = await home.json<Failed[]>("failed", "list", "--reason", "contract");
    expect(after).toMatchObject([{ failedId, replayed: true }]);
  });
});
