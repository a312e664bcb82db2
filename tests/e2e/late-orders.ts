import { writeFileSync } from "node:fs";
import { validateEvent } from "../../ingest/contracts/index.ts";

/** Orders that arrive late: about one percent of the events of December 2010. */
export const late = {
  days: ["2010-12-10", "2010-12-13", "2010-12-14"],
  customers: ["13047", "17850"],
  /** Of each customer. */
  orders: 23,
  /** Of each order, GBP. */
  value: 5.1,
  events: 3 * 2 * 23,
} as const;

/** Writes the events of these orders, one a line: placed, paid and fulfilled. */
export function writeLateOrders(file: string): void {
  const events = late.customers.flatMap((customerId, which) =>
    Array.from({ length: late.orders }, (_, number) => order(customerId, which * late.orders + number)).flat(),
  );
  for (const event of events) {
    const checked = validateEvent(event);
    if (!checked.ok) throw new Error(`${checked.reason}: ${checked.detail}`);
  }
  writeFileSync(file, events.map((event) => `${JSON.stringify(event)}\n`).join(""));
}

function order(customerId: string, number: number): object[] {
  const day = late.days[number % late.days.length];
  const at = (hour: number) => `${day}T${hour}:00:00Z`;
  const orderId = String(900_000 + number);
  const id = (step: number) => `012d0000-0000-7000-8000-${String(number * 10 + step).padStart(12, "0")}`;
  const total = { currency: "GBP", micros: 5_100_000 };
  const line = {
    lineId: `${orderId}-1`,
    sku: "85123A",
    description: "WHITE HANGING HEART T-LIGHT HOLDER",
    kind: "product",
    quantity: 2,
    unitPrice: { currency: "GBP", micros: 2_550_000 },
    soldAt: at(10),
  };
  const envelope = (step: number, type: string, time: string, data: object) => ({
    specversion: "1.0",
    id: id(step),
    source: "/sources/late",
    type,
    subject: orderId,
    time,
    datacontenttype: "application/json",
    dataschema: `https://contracts.c360.example/${type}.v1.json`,
    correlationid: id(1),
    ...(step > 1 && { causationid: id(1) }),
    data,
  });
  return [
    envelope(1, "OrderPlaced", at(10), {
      orderId,
      customerId,
      country: "United Kingdom",
      placedAt: at(10),
      lines: [line],
      total,
    }),
    envelope(2, "PaymentProcessed", at(11), {
      paymentId: `P-${orderId}`,
      orderId,
      customerId,
      amount: total,
      method: "card",
      processedAt: at(11),
    }),
    envelope(3, "OrderFulfilled", at(15), { orderId, customerId, fulfilledAt: at(15) }),
  ];
}
