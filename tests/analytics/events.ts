import type { TestEvent } from "./lake.ts";

let next = 0;
const id = (): string => `e${String(++next).padStart(6, "0")}`;

interface OrderLine {
  readonly sku?: string;
  readonly quantity: number;
  /** GBP. */
  readonly price: number;
}

const lines = (document: string, at: string, given: readonly OrderLine[]) =>
  given.map(({ sku = "85123A", quantity, price }, index) => ({
    lineId: `${document}-${index + 1}`,
    sku,
    description: "LANTERN",
    kind: "product",
    quantity,
    unitPrice: { currency: "GBP", micros: Math.round(price * 1_000_000) },
    soldAt: at,
  }));

const total = (given: readonly OrderLine[]) => ({
  currency: "GBP",
  micros: given.reduce((sum, { quantity, price }) => sum + quantity * Math.round(price * 1_000_000), 0),
});

/** An order of a customer, or of a guest where `customerId` is undefined. */
export const order = (
  orderId: string,
  customerId: string | undefined,
  at: string,
  ...given: readonly OrderLine[]
): TestEvent => ({
  id: id(),
  type: "OrderPlaced",
  time: at,
  data: {
    orderId,
    ...(customerId && { customerId }),
    country: "France",
    placedAt: at,
    lines: lines(orderId, at, given),
    total: total(given),
  },
});

/** A return; quantities positive. */
export const returned = (
  returnId: string,
  customerId: string,
  at: string,
  ...given: readonly OrderLine[]
): TestEvent => ({
  id: id(),
  type: "ReturnRequested",
  time: at,
  data: {
    returnId,
    customerId,
    country: "France",
    requestedAt: at,
    lines: lines(returnId, at, given),
    total: total(given),
  },
});

export const registered = (customerId: string, at: string, email: string): TestEvent => ({
  id: id(),
  type: "CustomerRegistered",
  time: at,
  data: {
    customerId,
    registeredAt: at,
    givenName: "Ada",
    familyName: "Byron",
    email,
    country: "France",
    synthetic: true,
  },
});

/** Any other event. */
export const event = (type: string, at: string, data: Readonly<Record<string, unknown>>): TestEvent => ({
  id: id(),
  type,
  time: at,
  data,
});

export const consent = (at: string, email: string, granted: boolean, customerId?: string): TestEvent =>
  event("ConsentChanged", at, {
    ...(customerId && { customerId }),
    email,
    channel: "email",
    purpose: "marketing",
    granted,
    changedAt: at,
    origin: "test",
  });

/** The days of events, each once, ascending. */
export const daysOf = (events: readonly TestEvent[]): string[] =>
  [...new Set(events.map(({ time }) => time.slice(0, 10)))].sort();
