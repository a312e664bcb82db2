import { describe, expect, test } from "vitest";
import { daysOf, order } from "./events.ts";
import { type TestEvent, TestLake } from "./lake.ts";

/** A step of a case: what arrives, the refresh date, and who then is in the segment. */
interface Step {
  readonly arrives?: readonly TestEvent[];
  readonly asOf: string;
  readonly members: readonly (readonly [customerId: string, change: string, since: string, reason: string])[];
}

const buy = (orderId: string, customerId: string, day: string, price = 10) =>
  order(orderId, customerId, `${day}T10:00:00Z`, { quantity: 1, price });

/** Ten customers who bought once for 1 GBP, so that the fifths are filled. */
const crowd = (day: string) => Array.from({ length: 8 }, (_, n) => buy(`crowd-${n}`, `2000${n}`, day, 1));

const cases: readonly {
  readonly title: string;
  readonly segment: string;
  readonly customers: string;
  readonly steps: readonly Step[];
}[] = [
  {
    title: "a new customer enters, stays while the order is young, leaves with the second one",
    segment: "new-customers",
    customers: "12346",
    steps: [
      {
        arrives: [buy("1", "12346", "2011-01-10")],
        asOf: "2011-01-20",
        members: [["12346", "entered", "2011-01-20", "First order 10 days ago, 10.000 GBP net, 1 units."]],
      },
      {
        asOf: "2011-02-09",
        members: [["12346", "stayed", "2011-01-20", "First order 30 days ago, 10.000 GBP net, 1 units."]],
      },
      {
        arrives: [buy("2", "12346", "2011-02-09")],
        asOf: "2011-02-10",
        members: [
          [
            "12346",
            "left",
            "2011-01-20",
            "No longer meets the rule; before: First order 30 days ago, 10.000 GBP net, 1 units.",
          ],
        ],
      },
      { asOf: "2011-02-11", members: [] },
    ],
  },
  {
    title: "on the 31st day an order is no longer new",
    segment: "new-customers",
    customers: "12346",
    steps: [
      { arrives: [buy("1", "12346", "2011-01-10")], asOf: "2011-02-10", members: [] },
      {
        arrives: [buy("0", "12347", "2011-02-10")],
        asOf: "2011-02-11",
        members: [],
      },
    ],
  },
  {
    title: "win-back: silent for more than 90 days, back with a purchase, silent again as a new membership",
    segment: "win-back",
    customers: "12346",
    steps: [
      { arrives: [...crowd("2011-01-01"), buy("1", "12346", "2011-01-01", 500)], asOf: "2011-04-01", members: [] },
      {
        asOf: "2011-04-02",
        members: [["12346", "entered", "2011-04-02", "500.000 GBP net over 1 orders (M5), but nothing for 91 days."]],
      },
      {
        asOf: "2011-04-03",
        members: [["12346", "stayed", "2011-04-02", "500.000 GBP net over 1 orders (M5), but nothing for 92 days."]],
      },
      {
        arrives: [buy("2", "12346", "2011-04-05", 1)],
        asOf: "2011-05-01",
        members: [
          [
            "12346",
            "left",
            "2011-04-02",
            "No longer meets the rule; before: 500.000 GBP net over 1 orders (M5), but nothing for 92 days.",
          ],
        ],
      },
      { asOf: "2011-06-01", members: [] },
      {
        asOf: "2011-08-01",
        members: [["12346", "entered", "2011-08-01", "501.000 GBP net over 2 orders (M5), but nothing for 118 days."]],
      },
    ],
  },
  {
    title: "champions: best in all three; a late order of an old day puts somebody in at the same refresh date",
    segment: "champions",
    customers: "12346",
    steps: [
      // One order like everybody: the tie goes by customer id, and this one's is the first.
      { arrives: [...crowd("2011-01-01"), buy("1", "12346", "2011-01-20", 100)], asOf: "2011-02-01", members: [] },
      {
        arrives: [buy("2", "12346", "2011-01-05", 100)],
        asOf: "2011-02-01",
        members: [["12346", "entered", "2011-02-01", "2 orders for 200.000 GBP net, the last 12 days ago (R5 F5 M5)."]],
      },
    ],
  },
];

describe.each(cases)("$segment", ({ title, segment, customers, steps }) => {
  test(title, async () => {
    const lake = await TestLake.create();
    for (const { arrives = [], asOf, members } of steps) {
      await lake.deliver(arrives);
      await lake.refresh(asOf, daysOf(arrives));
      const find = `SELECT customer_id, change, since, reason FROM segment_members
        WHERE segment = '${segment}' AND as_of = '${asOf}' AND customer_id = '${customers}'`;
      const found = (await lake.ask(find)).map((row) => Object.values(row));
      expect(found, asOf).toEqual(members);
      // The same refresh again changes nothing.
      const gold = await lake.gold();
      await lake.refresh(asOf, daysOf(arrives));
      expect(await lake.gold()).toEqual(gold);
    }
  });
});
