import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { consent, daysOf, event, order, registered, returned } from "./events.ts";
import { type TestEvent, TestLake } from "./lake.ts";

let lake: TestLake;
beforeEach(async () => {
  lake = await TestLake.create();
});

/** Delivers and refreshes for the days delivered. */
async function take(asOf: string, ...events: readonly TestEvent[]): Promise<void> {
  await lake.deliver(events);
  await lake.refresh(asOf, daysOf(events));
}

describe("silver", () => {
  test("classes and signs of lines follow the source's definitions", async () => {
    const adjustment = {
      ...order("A563185", undefined, "2011-08-12T14:50:00Z", { sku: "B", quantity: 1, price: 11062.06 }),
    };
    const stock = event("StockAdjusted", "2011-01-06T10:00:00Z", {
      adjustmentId: "540001",
      country: "France",
      adjustedAt: "2011-01-06T10:00:00Z",
      lines: [
        {
          lineId: "540001-1",
          sku: "22",
          kind: "product",
          quantity: -7,
          unitPrice: { currency: "GBP", micros: 0 },
          soldAt: "2011-01-06T10:00:00Z",
        },
      ],
    });
    await take(
      "2011-12-10",
      order("536365", "12346", "2011-01-05T10:00:00Z", { quantity: 6, price: 2.55 }, { quantity: 1, price: 0 }),
      returned("C536379", "12346", "2011-01-06T09:41:00Z", { quantity: 2, price: 2.55 }),
      stock,
      { ...adjustment, data: { ...adjustment.data, adjustment: "bad-debt" } },
    );
    expect(
      await lake.rows(
        "order_lines",
        "line_id, customer_id, line_class, quantity, unit_price, value, value_micros, sold_at",
      ),
    ).toEqual([
      line("536365-1", "12346", "sale", "6", "2.550", "15.300", "15300000", "2011-01-05 10:00:00"),
      line("536365-2", "12346", "free", "1", "0.000", "0.000", "0", "2011-01-05 10:00:00"),
      line("540001-1", null, "stock-adjustment", "-7", "0.000", "0.000", "0", "2011-01-06 10:00:00"),
      line("A563185-1", null, "bad-debt", "1", "11062.060", "11062.060", "11062060000", "2011-08-12 14:50:00"),
      line("C536379-1", "12346", "cancellation", "-2", "2.550", "-5.100", "-5100000", "2011-01-06 09:41:00"),
    ]);
    expect(await lake.rows("orders", "order_id, adjustment, line_count, total")).toEqual([
      { order_id: "536365", adjustment: null, line_count: 2, total: "15.300" },
      { order_id: "A563185", adjustment: "bad-debt", line_count: 1, total: "11062.060" },
    ]);
    expect(await lake.rows("returns", "return_id, units, total")).toEqual([
      { return_id: "C536379", units: "2", total: "5.100" },
    ]);
  });

  test("a correction wins by its own time, not by its arrival (002-10)", async () => {
    const first = order("1", "12346", "2011-01-05T10:00:00Z", { quantity: 6, price: 2 });
    const corrected = {
      ...order("1", "12346", "2011-01-05T10:00:00Z", { quantity: 5, price: 2 }),
      time: "2011-01-07T08:00:00Z",
    };
    await take("2011-12-10", corrected);
    await take("2011-12-10", first);
    expect(await lake.rows("order_lines", "quantity, event_date")).toEqual([
      { quantity: "5", event_date: "2011-01-07" },
    ]);
    expect(await lake.rows("rfm", "monetary")).toEqual([{ monetary: "10.000" }]);
  });

  test("of every profile field the latest known value stays", async () => {
    const update = (at: string, data: object) =>
      event("CustomerProfileUpdated", at, { customerId: "12346", updatedAt: at, ...data });
    await take("2011-12-10", update("2011-03-01T00:00:00Z", { email: "New@Example.org" }));
    await take("2011-12-10", update("2011-02-01T00:00:00Z", { email: "old@example.org", phone: "1" }));
    await take("2011-12-10", registered("12346", "2011-01-01T00:00:00Z", "first@example.org"));
    expect(await lake.rows("customers", "email, email_key, phone, given_name, registered_at")).toEqual([
      {
        email: "New@Example.org",
        // sha256("new@example.org")
        email_key: "73A752537285573831FE4911DC2BCFD1D05C7E57243A403A7EC76CA481BC4C87",
        phone: "1",
        given_name: "Ada",
        registered_at: "2011-01-01 00:00:00",
      },
    ]);
  });

  test("visits of a day are counted anew when one comes late or twice", async () => {
    const view = (at: string, sessionId: string) =>
      event("Product Viewed", at, { anonymousId: "a", customerId: "12346", sessionId, occurredAt: at, sku: "1" });
    const morning = view("2011-01-05T10:00:00Z", "s1");
    await take("2011-12-10", morning, view("2011-01-05T11:00:00Z", "s1"));
    await take("2011-12-10", morning, view("2011-01-05T09:00:00Z", "s2"));
    expect(await lake.rows("engagement", "sessions, product_views, last_seen_at")).toEqual([
      { sessions: "2", product_views: "3", last_seen_at: "2011-01-05 11:00:00" },
    ]);
  });
});

describe("customer_360", () => {
  test("says who it is, what was bought and what may be sent", async () => {
    await take(
      "2011-12-10",
      registered("12346", "2011-01-01T08:00:00Z", "ada@example.org"),
      order(
        "1",
        "12346",
        "2011-01-05T10:00:00Z",
        { sku: "A", quantity: 6, price: 2.55 },
        { sku: "B", quantity: 6, price: 1 },
      ),
      order(
        "2",
        "12346",
        "2011-02-05T10:00:00Z",
        { sku: "C", quantity: 1, price: 0.001 },
        { sku: "C", quantity: 1, price: 0 },
      ),
      returned("C3", "12346", "2011-02-06T10:00:00Z", { sku: "A", quantity: 1, price: 2.55 }),
      consent("2011-01-01T08:00:00Z", "ada@example.org", true, "12346"),
      event("TicketOpened", "2011-03-01T10:00:00Z", {
        ticketId: "t1",
        email: " ADA@example.org",
        channel: "email",
        subject: "?",
        openedAt: "2011-03-01T10:00:00Z",
      }),
      event("TicketOpened", "2011-03-02T10:00:00Z", {
        ticketId: "t2",
        customerId: "12346",
        channel: "chat",
        subject: "?",
        openedAt: "2011-03-02T10:00:00Z",
      }),
      event("TicketResolved", "2011-03-03T10:00:00Z", {
        ticketId: "t2",
        resolvedAt: "2011-03-03T10:00:00Z",
        resolution: "done",
      }),
    );
    const [row] = await lake.rows("customer_360", "* EXCLUDE (email_key)");
    expect(row).toEqual({
      customer_id: "12346",
      given_name: "Ada",
      family_name: "Byron",
      email: "ada@example.org",
      country: "France",
      synthetic: true,
      registered_at: "2011-01-01 08:00:00",
      first_purchase_at: "2011-01-05 10:00:00",
      last_purchase_at: "2011-02-05 10:00:00",
      orders: "2",
      purchase_lines: "3",
      units: "13",
      gross: "21.301",
      refunds: "2.550",
      net_value: "18.751",
      // 10.6505 half up
      average_order_value: "10.651",
      favourite_sku: "A",
      email_consent: true,
      email_suppressed: false,
      sessions: "0",
      product_views: "0",
      emails_opened: "0",
      emails_clicked: "0",
      tickets: "2",
      tickets_open: "1",
      last_seen_at: "2011-02-05 10:00:00",
    });
  });

  test("the latest decision on consent counts, by customer or by address; a complaint silences the address for good", async () => {
    const flags = () => lake.rows("customer_360", "email_consent, email_suppressed");
    await take(
      "2011-01-01",
      registered("12346", "2010-12-02T08:00:00Z", "ada@example.org"),
      consent("2010-12-02T08:00:00Z", "ada@example.org", true, "12346"),
    );
    expect(await flags()).toEqual([{ email_consent: true, email_suppressed: false }]);
    await take("2011-02-01", consent("2011-01-10T08:00:00Z", "Ada@Example.org ", false));
    expect(await flags()).toEqual([{ email_consent: false, email_suppressed: false }]);
    // An older grant that arrives late changes nothing.
    await take("2011-02-01", consent("2011-01-09T08:00:00Z", "ada@example.org", true, "12346"));
    expect(await flags()).toEqual([{ email_consent: false, email_suppressed: false }]);
    const about = { messageId: "m", campaign: "c", email: "ada@example.org", occurredAt: "2011-02-02T08:00:00Z" };
    await take("2011-03-01", event("EmailBounced", "2011-02-01T08:00:00Z", { ...about, bounceType: "Transient" }));
    expect(await flags()).toEqual([{ email_consent: false, email_suppressed: false }]);
    await take("2011-03-01", event("EmailComplained", "2011-02-02T08:00:00Z", about));
    expect(await flags()).toEqual([{ email_consent: false, email_suppressed: true }]);
  });
});

describe("rfm", () => {
  test("counts lines before the day, credit notes in the value, and breaks ties by customer id", async () => {
    await take(
      "2011-02-01",
      order("1", "12346", "2011-01-30T23:59:00Z", { quantity: 1, price: 10 }),
      order("2", "12347", "2011-01-30T00:01:00Z", { quantity: 1, price: 10 }),
      order("3", "12347", "2011-02-01T00:00:00Z", { quantity: 1, price: 99 }),
      returned("C4", "12346", "2011-01-31T10:00:00Z", { quantity: 1, price: 2.5 }),
      returned("C5", "12348", "2011-01-31T10:00:00Z", { quantity: 1, price: 2.5 }),
      order("6", undefined, "2011-01-31T10:00:00Z", { quantity: 1, price: 2.5 }),
    );
    expect(await lake.rows("rfm")).toEqual([
      { as_of: "2011-02-01", customer_id: "12346", recency_days: 2, frequency: 1, monetary: "7.500", r: 1, f: 1, m: 1 },
      {
        as_of: "2011-02-01",
        customer_id: "12347",
        recency_days: 2,
        frequency: 1,
        monetary: "10.000",
        r: 2,
        f: 2,
        m: 2,
      },
    ]);
  });

  test("a row that the same day no longer has is taken out of the published table", async () => {
    const bought = order("1", "12346", "2011-01-30T10:00:00Z", { quantity: 1, price: 10 });
    await take("2011-02-01", bought, order("2", "12347", "2011-01-30T10:00:00Z", { quantity: 1, price: 10 }));
    // The order turns out to be for free: no purchase any more.
    const free = {
      ...bought,
      id: "z-later",
      time: "2011-01-31T10:00:00Z",
      data: order("1", "12346", "2011-01-30T10:00:00Z", { quantity: 1, price: 0 }).data,
    };
    await take("2011-02-01", free);
    expect(await lake.rows("rfm", "customer_id")).toEqual([{ customer_id: "12347" }]);
  });
});

test("any order of arrival, in any number of deliveries, some twice, gives the same gold (002-10)", async () => {
  const day = (n: number) => `2011-01-${String(n).padStart(2, "0")}T10:00:00Z`;
  const events: readonly TestEvent[] = [
    registered("12346", day(1), "ada@example.org"),
    registered("12347", day(2), "bob@example.org"),
    order("1", "12346", day(3), { quantity: 6, price: 2.55 }, { sku: "22", quantity: 1, price: 4 }),
    { ...order("1", "12346", day(3), { quantity: 4, price: 2.55 }), time: day(9) },
    order("2", "12347", day(5), { quantity: 1, price: 100 }),
    returned("C3", "12346", day(6), { quantity: 2, price: 2.55 }),
    consent(day(2), "ada@example.org", true, "12346"),
    consent(day(8), "ada@example.org", false),
    consent(day(4), "bob@example.org", true, "12347"),
    event("EmailBounced", day(7), {
      messageId: "m",
      campaign: "c",
      email: "bob@example.org",
      occurredAt: day(7),
      bounceType: "Permanent",
    }),
    event("TicketResolved", day(4), { ticketId: "t", resolvedAt: day(4), resolution: "done" }),
    event("TicketOpened", day(3), {
      ticketId: "t",
      email: "bob@example.org",
      channel: "form",
      subject: "?",
      openedAt: day(3),
    }),
    event("CustomerProfileUpdated", day(6), { customerId: "12346", updatedAt: day(6), email: "ada@example.net" }),
  ];
  await take("2011-02-01", ...events);
  const expected = await lake.gold();
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray([...events], { minLength: events.length }),
      fc.array(fc.constantFrom(...events), { maxLength: 4 }),
      fc.integer({ min: 1, max: 4 }),
      async (shuffled, again, parts) => {
        lake = await TestLake.create();
        const all = [...shuffled, ...again];
        const size = Math.ceil(all.length / parts);
        for (let start = 0; start < all.length; start += size)
          await take("2011-02-01", ...all.slice(start, start + size));
        expect(await lake.gold()).toEqual(expected);
      },
    ),
    { numRuns: 8 },
  );
});

const line = (
  id: string,
  customer: string | null,
  lineClass: string,
  quantity: string,
  unitPrice: string,
  value: string,
  micros: string,
  at: string,
) => ({
  line_id: id,
  customer_id: customer,
  line_class: lineClass,
  quantity,
  unit_price: unitPrice,
  value,
  value_micros: micros,
  sold_at: at,
});
