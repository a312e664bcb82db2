import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DemoReport } from "../../cli/demo/report.ts";
import { c360, folder } from "./command.ts";

// One month of the real data through the whole path, calm and chaotic, by the command a user types.
// It does not prove the other months: `npm run demo` reconciles all thirteen periods in the same way.
const home = folder();
const at = ["--home", `${home.path}/home`];

async function demo(...more: string[]): Promise<DemoReport> {
  const ran = await c360([...at, "--json", "demo", "--months", "1", ...more]);
  if (ran.code !== 0) throw new Error(ran.stderr);
  return JSON.parse(ran.stdout);
}

describe("c360 demo --months 1", () => {
  let calm: DemoReport;
  beforeAll(async () => {
    calm = await demo();
  });
  afterAll(() => home.remove());

  it("brings every line of the source into the lake, exactly (P14)", () => {
    expect(calm.reconciliation.differences).toEqual([]);
    expect(calm.lake).toEqual({ lines: 42481, invoices: 2025, customers: 948, value: calm.source.value });
    expect(calm.source).toEqual(calm.lake);
  });

  it("holds every rule, refuses nothing, and sends to every member exactly one of: message, no consent, suppressed", () => {
    expect(calm.quality.failed).toEqual([]);
    expect(calm.quality.rules).toBeGreaterThan(20);
    expect(calm.refused.events).toBe(0);
    for (const each of calm.exports) {
      expect(each.sent + each.withoutConsent + each.suppressed + each.inDoubt + each.alreadySent).toBe(each.members);
      expect(each.remaining).toBe(0);
    }
  });

  it("uses every grant of every role, or knows why not (003-17)", () => {
    expect(calm.unusedGrants.filter((each) => each.reason === undefined)).toEqual([]);
  });

  it("changes nothing when refreshed again, and nothing when every partition is done again", async () => {
    const before = await c360([...at, "query", "--format", "csv", "SELECT * FROM customer_360 ORDER BY customer_id"]);
    const again = await c360([...at, "--json", "refresh", "--as-of", "2011-01-01", "--full"]);
    expect(again.stderr).toBe("");
    expect(JSON.parse(again.stdout).status).toBe("Refreshed");
    const after = await c360([...at, "query", "--format", "csv", "SELECT * FROM customer_360 ORDER BY customer_id"]);
    expect(after.stdout).toBe(before.stdout);
    const nothing = await c360([...at, "--json", "refresh", "--as-of", "2011-01-01"]);
    expect(JSON.parse(nothing.stdout).status).toBe("NothingNew");
  });

  it("sends nobody a campaign twice", async () => {
    const sent = calm.exports.find((each) => each.sent > 0);
    if (sent === undefined) throw new Error("no segment sent anything");
    const again = await c360([...at, "--json", "segments", "export", sent.segment]);
    expect(JSON.parse(again.stdout)).toMatchObject({ members: sent.members, sent: 0, alreadySent: sent.sent });
  });

  it("gives the same gold under chaos, and keeps every malformed event (001-14, P5, P8)", async () => {
    const chaotic = await demo("--chaos");
    expect(chaotic.chaos?.duplicates).toBeGreaterThan(100);
    expect(chaotic.chaos?.malformed).toBeGreaterThan(0);
    // Each kind that the path must survive has struck; the seed gives the n-th call the same fate in every run.
    expect(Object.keys(chaotic.chaos?.faults ?? {})).toEqual(
      expect.arrayContaining([
        "throttle kinesis:PutRecords",
        "partial kinesis:PutRecords",
        "lost kinesis:PutRecords",
        "error s3:PutObject",
        "kill lambda:c360-dev-to-lake",
      ]),
    );
    expect(chaotic.gold).toEqual(calm.gold);
    expect(chaotic.refused.events).toBe(chaotic.chaos?.malformed);
    expect(chaotic.reconciliation.differences).toEqual([]);
  });
});
