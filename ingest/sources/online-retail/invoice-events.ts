import type { DataOf } from "../../contracts/index.ts";
import { randomOf } from "../random.ts";
import type { Invoice, SourceLine } from "./dataset.ts";
import { type Emit, type Emitted, iso } from "./emit.ts";

const SECOND = 1000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export type DocumentClass = "order" | "bad-debt" | "return" | "stock-adjustment";

/** What a document is; every document of the source has lines of one class only. */
export function documentClass(invoice: Invoice): DocumentClass {
  if (invoice.number.startsWith("C")) return "return";
  if (invoice.number.startsWith("A")) return "bad-debt";
  return invoice.lines.some(({ quantity }) => quantity < 0) ? "stock-adjustment" : "order";
}

const money = (micros: number) => ({ currency: "GBP", micros });

/** Sum of quantity x price, exact: both are integers and the sum stays far below 2^53. */
export const totalMicros = (lines: readonly SourceLine[]): number =>
  lines.reduce((sum, { quantity, priceMicros }) => sum + quantity * priceMicros, 0);

/** A document's lines as an event carries them; `sign` -1 turns a credit note's quantities into units returned. */
function eventLines(invoice: Invoice, sign: 1 | -1): DataOf<"OrderPlaced">["lines"] {
  const placedAt = iso(invoice.placedAt);
  return invoice.lines.map((line) => ({
    lineId: `${invoice.number}-${line.number}`,
    sku: line.sku,
    ...(line.description === undefined ? {} : { description: line.description }),
    kind: line.kind,
    quantity: sign * line.quantity,
    unitPrice: money(line.priceMicros),
    soldAt: line.soldAt === invoice.placedAt ? placedAt : iso(line.soldAt),
  }));
}

const METHODS = ["card", "card", "card", "invoice", "paypal"] as const;

/**
 * The events of one document. Its lines are the source's; when it was paid, fulfilled, received and refunded is made up
 * (seeded), because the source does not say.
 * @returns the document's own event, which the made-up ones around it refer to
 */
export function emitInvoice(invoice: Invoice, seed: number, emit: Emit, guestEmail?: string): Emitted {
  switch (documentClass(invoice)) {
    case "return":
      return emitReturn(invoice, seed, emit);
    case "stock-adjustment":
      return emitStockAdjustment(invoice, emit);
    case "bad-debt":
      return emitOrder(invoice, emit, { adjustment: "bad-debt" });
    case "order": {
      const placed = emitOrder(invoice, emit, guestEmail === undefined ? {} : { guestEmail });
      emitSettlement(invoice, seed, emit, placed);
      return placed;
    }
  }
}

const customerOf = ({ customerId }: Invoice) => (customerId === undefined ? {} : { customerId });
const keyOf = ({ customerId, number }: Invoice) => customerId ?? number;

function emitOrder(
  invoice: Invoice,
  emit: Emit,
  extra: Pick<DataOf<"OrderPlaced">, "adjustment" | "guestEmail">,
): Emitted {
  const data: DataOf<"OrderPlaced"> = {
    orderId: invoice.number,
    ...customerOf(invoice),
    country: invoice.country,
    placedAt: iso(invoice.placedAt),
    ...extra,
    lines: eventLines(invoice, 1),
    total: money(totalMicros(invoice.lines)),
  };
  return emit("OrderPlaced", data, { time: invoice.placedAt, subject: invoice.number, partitionKey: keyOf(invoice) });
}

/** Goods are what is handed over or taken back: products, samples and the goods with odd codes. */
const goods = (lines: readonly SourceLine[]): number =>
  lines
    .filter(({ kind }) => kind === "product" || kind === "sample" || kind === "other")
    .reduce((sum, { quantity }) => sum + Math.abs(quantity), 0);

/** Free documents are neither paid nor sent: most of them correct the stock upwards. */
function emitSettlement(invoice: Invoice, seed: number, emit: Emit, cause: Emitted): void {
  const total = totalMicros(invoice.lines);
  if (total <= 0) return;
  const random = randomOf(seed, "settlement", invoice.number);
  const about = { subject: invoice.number, partitionKey: keyOf(invoice), cause };
  const orderId = invoice.number;
  const paidAt = invoice.placedAt + random.int(20, 180) * SECOND;
  emit(
    "PaymentProcessed",
    {
      paymentId: `P-${orderId}`,
      orderId,
      ...customerOf(invoice),
      amount: money(total),
      method: random.pick(METHODS),
      processedAt: iso(paidAt),
    },
    { ...about, time: paidAt },
  );
  if (goods(invoice.lines) === 0) return;
  const fulfilledAt = invoice.placedAt + random.int(6, 72) * HOUR + random.int(0, 3599) * SECOND;
  const fulfilled = { orderId, ...customerOf(invoice), fulfilledAt: iso(fulfilledAt) };
  emit("OrderFulfilled", fulfilled, { ...about, time: fulfilledAt });
}

function emitReturn(invoice: Invoice, seed: number, emit: Emit): Emitted {
  const returnId = invoice.number;
  const total = -totalMicros(invoice.lines);
  const about = { subject: returnId, partitionKey: keyOf(invoice) };
  const requested = emit(
    "ReturnRequested",
    {
      returnId,
      ...customerOf(invoice),
      country: invoice.country,
      requestedAt: iso(invoice.placedAt),
      lines: eventLines(invoice, -1),
      total: money(total),
    },
    { ...about, time: invoice.placedAt },
  );
  const random = randomOf(seed, "return", returnId);
  const units = goods(invoice.lines);
  const receivedAt = invoice.placedAt + random.int(1, 5) * DAY + random.int(0, 7200) * SECOND;
  if (units > 0) {
    const received = { returnId, ...customerOf(invoice), receivedAt: iso(receivedAt), units };
    emit("ReturnReceived", received, { ...about, time: receivedAt, cause: requested });
  }
  if (total > 0) {
    const refundedAt = (units > 0 ? receivedAt : invoice.placedAt) + random.int(1, 24) * HOUR;
    emit(
      "PaymentRefunded",
      {
        refundId: `R-${returnId}`,
        returnId,
        ...customerOf(invoice),
        amount: money(total),
        refundedAt: iso(refundedAt),
      },
      { ...about, time: refundedAt, cause: requested },
    );
  }
  return requested;
}

function emitStockAdjustment(invoice: Invoice, emit: Emit): Emitted {
  const reason = invoice.lines.find(({ description }) => description !== undefined)?.description;
  return emit(
    "StockAdjusted",
    {
      adjustmentId: invoice.number,
      lines: eventLines(invoice, 1),
      country: invoice.country,
      ...(reason === undefined ? {} : { reason }),
      adjustedAt: iso(invoice.placedAt),
    },
    { time: invoice.placedAt, subject: invoice.number },
  );
}
