/**
 * Events as the shop sends them, base64 as Firehose hands them over: of twenty, five orders of 1 to 40 lines, five
 * payments, two fulfilments and eight product views. Deterministic.
 */
export function sampleRecords(count: number): string[] {
  return Array.from({ length: count }, (_, n) => Buffer.from(JSON.stringify(sampleEvent(n))).toString("base64"));
}

/** The n-th event, as a producer prints it. */
export function sampleEvent(n: number): Readonly<Record<string, unknown>> {
  const kind = n % 20;
  const orderId = String(536_365 + n);
  const customerId = String(12_346 + (n % 4_372));
  const at = `2011-${pad(1 + (n % 11), 2)}-${pad(1 + (n % 28), 2)}T${pad(8 + (n % 10), 2)}:${pad(n % 60, 2)}:00Z`;
  if (kind < 5) {
    const lines = Array.from({ length: 1 + ((n * 7) % 40) }, (_, line) => sampleLine(orderId, line + 1, at));
    const micros = lines.reduce((sum, line) => sum + line.quantity * line.unitPrice.micros, 0);
    const total = { currency: "GBP", micros };
    return envelope(n, "OrderPlaced", orderId, at, {
      orderId,
      customerId,
      country: "United Kingdom",
      placedAt: at,
      lines,
      total,
    });
  }
  if (kind < 10) {
    const amount = { currency: "GBP", micros: 15_300_000 + n };
    const payment = { paymentId: `pay-${orderId}`, orderId, customerId, amount, method: "card", processedAt: at };
    return envelope(n, "PaymentProcessed", orderId, at, payment);
  }
  if (kind < 12) return envelope(n, "OrderFulfilled", orderId, at, { orderId, customerId, fulfilledAt: at });
  return envelope(n, "Product Viewed", customerId, at, {
    anonymousId: `a-${n % 9_000}`,
    customerId,
    sessionId: `s-${n}`,
    occurredAt: at,
    url: `https://shop.example/p/${22_000 + (n % 900)}`,
    userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:9.0) Gecko/20111201 Firefox/9.0",
    sku: String(22_000 + (n % 900)),
  });
}

const pad = (value: number, width: number): string => String(value).padStart(width, "0");

const sampleLine = (orderId: string, line: number, soldAt: string) => ({
  lineId: `${orderId}-${line}`,
  sku: `${22_000 + line}`,
  description: "WHITE HANGING HEART T-LIGHT HOLDER",
  kind: "product",
  quantity: 1 + (line % 12),
  unitPrice: { currency: "GBP", micros: 2_550_000 },
  soldAt,
});

function envelope(n: number, type: string, subject: string, time: string, data: Readonly<Record<string, unknown>>) {
  const id = `0134${pad(n, 4).slice(-4)}-7c00-7000-8000-${pad(n, 12)}`;
  return {
    specversion: "1.0",
    id,
    source: "/shop/online-retail",
    type,
    subject,
    time,
    datacontenttype: "application/json",
    dataschema: `https://contracts.c360.example/${type.replaceAll(" ", "")}.v1.json`,
    data,
    correlationid: id,
    traceparent: `00-${pad(n, 32)}-${pad(n + 1, 16)}-01`,
  };
}
