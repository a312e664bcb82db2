import { type Random, randomOf, uuidV7 } from "../random.ts";
import { startOfMonth } from "./calendar.ts";
import type { Invoice } from "./dataset.ts";
import { type Emit, iso } from "./emit.ts";
import type { Identity } from "./identities.ts";
import type { Truth } from "./truth.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const SHOP = "https://www.shop.example";

const AGENTS = [
  "Mozilla/5.0 (Windows NT 6.1; rv:8.0) Gecko/20100101 Firefox/8.0",
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_7_2) AppleWebKit/535.1 Safari/534.51.22",
  "Mozilla/5.0 (iPad; CPU OS 5_0 like Mac OS X) AppleWebKit/534.46 Mobile/9A334 Safari/7534.48.3",
  "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0)",
] as const;
const LISTS = ["home", "kitchen", "christmas", "garden", "bags", "candles", "gift-wrap"] as const;
const SEARCHES = ["t-light holder", "bunting", "lunch bag", "cake stand", "hot water bottle", "jumbo bag"] as const;

interface Visit {
  readonly visitor: Identity;
  readonly start: number;
  /** What tells this visit apart, e.g. its order. */
  readonly key: string;
  /** Products looked at. */
  readonly skus: readonly string[];
  /** Set when the visit ends in an order. */
  readonly order?: { readonly orderId: string; readonly placedAt: number };
  /** Whether the visitor logs in before the checkout. */
  readonly login: boolean;
}

/** One visit of the shop's pages, hit by hit; the customer is known only from the log-in on. */
export function emitVisit(visit: Visit, seed: number, emit: Emit, truth: Truth): void {
  const { visitor, key, skus, order } = visit;
  const random = randomOf(seed, "visit", key);
  const browser = random.pick(visitor.browsers);
  const sessionId = uuidV7(visit.start, seed, "session", key);
  const withDevice = visitor.device !== undefined && (visitor.shared || random.chance(0.4));
  const base = {
    anonymousId: browser,
    sessionId,
    ...(withDevice ? { deviceId: visitor.device } : {}),
    userAgent: random.pick(AGENTS),
  };
  truth.record("browser", browser, visitor.person);
  if (withDevice && visitor.device !== undefined) truth.record("device", visitor.device, visitor.person);
  let time = visit.start;
  let hits = 0;
  let known: { customerId?: string } = {};
  const hit = (url: string) => ({ ...base, ...known, occurredAt: iso(time), url: `${SHOP}${url}` });
  const about = () => ({
    time,
    subject: browser,
    occurrence: `${key}-${hits++}`,
    partitionKey: browser,
    correlationId: sessionId,
  });
  const pause = () => {
    time += random.int(5, 90) * SECOND;
  };

  if (random.chance(0.6)) emit("Product List Viewed", { ...hit("/list"), list: random.pick(LISTS) }, about());
  else emit("Products Searched", { ...hit("/search"), query: random.pick(SEARCHES) }, about());
  for (const sku of skus) {
    pause();
    emit("Product Viewed", { ...hit(`/product/${encodeURIComponent(sku)}`), sku }, about());
    if (order !== undefined && random.chance(0.5)) {
      pause();
      emit("Product Added", { ...hit("/basket"), sku }, about());
    }
  }
  if (visit.login && visitor.customerId !== undefined) {
    pause();
    known = { customerId: visitor.customerId };
    emit("Identify", { ...hit("/login"), email: visitor.email }, about());
  }
  if (order === undefined) return;
  pause();
  emit("Checkout Started", hit("/checkout"), about());
  time = Math.max(time, order.placedAt) + random.int(1, 10) * SECOND;
  emit("Order Completed", { ...hit("/thanks"), orderId: order.orderId }, about());
}

/** The visit that led to an order, for those that came through the pages. */
export function emitOrderVisit(invoice: Invoice, visitor: Identity, seed: number, emit: Emit, truth: Truth): void {
  const random = randomOf(seed, "order-visit", invoice.number);
  if (!random.chance(0.5)) return;
  const skus = productsOf(invoice, random);
  emitVisit(
    {
      visitor,
      start: invoice.placedAt - random.int(8, 20) * MINUTE,
      key: invoice.number,
      skus,
      order: { orderId: invoice.number, placedAt: invoice.placedAt },
      login: visitor.customerId === invoice.customerId && random.chance(0.7),
    },
    seed,
    emit,
    truth,
  );
}

interface Browsing {
  readonly invoice: Invoice;
  readonly visitor: Identity;
  /** Undefined for guests, who cannot log in. */
  readonly registeredAt: number | undefined;
}

/** Looking around in the days before an order, in the same month, mostly without logging in. */
export function emitBrowsing(browsing: Browsing, seed: number, emit: Emit, truth: Truth): void {
  const { invoice, visitor, registeredAt } = browsing;
  const random = randomOf(seed, "browsing", invoice.number);
  if (!random.chance(0.15)) return;
  const start = invoice.placedAt - random.int(3, 240) * 60 * MINUTE;
  if (start < startOfMonth(invoice.placedAt)) return;
  const login = random.chance(0.15) && registeredAt !== undefined && registeredAt < start;
  const skus = productsOf(invoice, random);
  emitVisit({ visitor, start, key: `${invoice.number}-before`, skus, login }, seed, emit, truth);
}

function productsOf(invoice: Invoice, random: Random): string[] {
  const products = invoice.lines.filter(({ kind }) => kind === "product");
  const first = random.int(0, Math.max(0, products.length - 1));
  return products.slice(first, first + random.int(1, 3)).map(({ sku }) => sku);
}
