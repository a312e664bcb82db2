import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { rulesets } from "../../governance/quality/index.ts";
import { allContracts } from "../../ingest/contracts/index.ts";
import { eventArbitrary } from "../../ingest/contracts/test-support.ts";
import { evaluateRuleset } from "../../local/aws/glue/dqdl/evaluate.ts";
import { parseRuleset } from "../../local/aws/glue/dqdl/parser.ts";
import { decide } from "../../pipelines/to-lake/decide.ts";
import { daysOf, event, order, registered } from "./events.ts";
import { TestLake } from "./lake.ts";

/*
 * A rule that forbids what a contract allows stops the refresh for one valid event of somebody else's, on that day and on
 * every later one that audits the table. Not shown here: that rules catch what they are for (see the refresh's tests).
 */

let lake: TestLake;
beforeEach(async () => {
  lake = await TestLake.create();
});
afterEach(() => lake.connection.closeSync());

/** Rules that do not hold: `<ruleset>: <rule>: <why>`. */
async function broken(layer: "raw" | "silver"): Promise<string[]> {
  const failed: string[] = [];
  for (const { name, table, dqdl } of rulesets.filter((ruleset) => ruleset.name.startsWith(`${layer}-`))) {
    const ruleset = parseRuleset(dqdl);
    const judged = { connection: lake.connection, relation: table, now: Date.UTC(2011, 11, 10) };
    for (const { passed, rule } of await evaluateRuleset(ruleset, judged)) if (!passed) failed.push(`${name}: ${rule}`);
  }
  return failed;
}

test("whatever the contracts allow passes the audit of raw events", async () => {
  const events = fc.array(fc.oneof(...allContracts.map(eventArbitrary)), { minLength: 1, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(events, async (published) => {
      const lines = published.flatMap((one) => {
        const judged = decide(Buffer.from(JSON.stringify(one)), Date.UTC(2011, 0, 1));
        return judged.refused ? [] : [JSON.stringify({ ...JSON.parse(judged.line), ...judged.partitionKeys })];
      });
      expect(lines).toHaveLength(published.length);
      await lake.run("DELETE FROM raw_events");
      await lake.load(lines);
      expect(await broken("raw")).toEqual([]);
    }),
    { numRuns: 20 },
  );
});

test("another shop's identifiers and prices pass the audits of raw events and silver", async () => {
  const at = "2011-01-05T10:00:00Z";
  const published = [
    registered("shop-7/C", at, "ada@example.org"),
    // Prices in millionths that no thousandth of a pound shows exactly.
    order(
      "ORD 1",
      "shop-7/C",
      at,
      { sku: "x", quantity: 3, price: 0.001234 },
      { sku: "y", quantity: 1, price: 0.0005 },
    ),
    event("PaymentProcessed", at, {
      paymentId: "p",
      orderId: "ORD 1",
      amount: { currency: "GBP", micros: 4202 },
      method: "card",
      processedAt: at,
    }),
  ];
  await lake.deliver(published);
  await lake.refresh("2011-12-10", daysOf(published));
  expect(await broken("raw")).toEqual([]);
  expect(await broken("silver")).toEqual([]);
});
