import { day, flag, instant, money, provenance, required, small, text, whole } from "./columns.ts";
import { publishedHistory } from "./retention.ts";
import type { LakeTable } from "./table.ts";

const customerId = text("customer_id", "Customer as in the source; NULL for a guest.");
const country = text("country", "Country of the document.");
const emailKey = text("email_key", "SHA-256 of the trimmed, lower-case address, hex: joins without the address.");
const micros = (name: string, comment: string) => whole(name, `${comment} Millionths of GBP, exact.`);

const orders: LakeTable = {
  name: "orders",
  layer: "silver",
  description: "One row per order as placed, bookkeeping adjustments included and marked.",
  columns: [
    required(text("order_id", "Order, the source's invoice number.")),
    customerId,
    country,
    required(instant("placed_at", "When it was placed, UTC.")),
    text("adjustment", "bad-debt for a bookkeeping entry, else NULL."),
    required(small("line_count", "Lines of the order.")),
    micros("total_micros", "Sum of quantity x unit price."),
    required(money("total", "Sum of quantity x unit price, GBP.")),
    ...provenance,
  ],
  partitionedBy: [{ column: "placed_at", transform: "month" }],
  key: ["order_id"],
  history: publishedHistory,
};

const orderLines: LakeTable = {
  name: "order_lines",
  layer: "silver",
  description: "One row per line of the source: sales, returns and stock adjustments with the source's signs.",
  columns: [
    required(text("line_id", "<document>-<n>.")),
    required(text("document_id", "Invoice, credit note or adjustment.")),
    customerId,
    country,
    required(text("line_class", "sale, free, cancellation, stock-adjustment or bad-debt.")),
    required(text("kind", "What the line is for: product, postage, discount, ...")),
    required(text("sku", "Stock code as in the source.")),
    text("description", "What the document calls it."),
    required(whole("quantity", "Units, negative for what came back or was written off.")),
    required(micros("unit_price_micros", "Price of one unit.")),
    required(money("unit_price", "Price of one unit, GBP.")),
    required(micros("value_micros", "quantity x unit price.")),
    required(money("value", "quantity x unit price, GBP.")),
    required(instant("sold_at", "The line's own time, UTC.")),
    ...provenance,
  ],
  partitionedBy: [{ column: "sold_at", transform: "month" }],
  key: ["line_id"],
  history: publishedHistory,
};

const payments: LakeTable = {
  name: "payments",
  layer: "silver",
  description: "Money taken for orders and given back for returns.",
  columns: [
    required(text("payment_id", "Payment or refund.")),
    required(text("direction", "payment or refund.")),
    required(text("document_id", "Order or return that it belongs to.")),
    customerId,
    required(micros("amount_micros", "Positive in both directions.")),
    required(money("amount", "Positive in both directions, GBP.")),
    text("method", "How it was paid; NULL for refunds."),
    required(instant("booked_at", "When the money moved, UTC.")),
    ...provenance,
  ],
  partitionedBy: [{ column: "booked_at", transform: "month" }],
  key: ["payment_id"],
  history: publishedHistory,
};

const returns: LakeTable = {
  name: "returns",
  layer: "silver",
  description: "One row per return (credit note).",
  columns: [
    required(text("return_id", "Return, the source's credit note number.")),
    text("order_id", "Order it takes back, where known."),
    customerId,
    country,
    required(instant("requested_at", "When it was asked for, UTC.")),
    required(whole("units", "Units to come back.")),
    required(micros("total_micros", "Value given back.")),
    required(money("total", "Value given back, GBP.")),
    ...provenance,
  ],
  partitionedBy: [{ column: "requested_at", transform: "month" }],
  key: ["return_id"],
  history: publishedHistory,
};

const milestones: LakeTable = {
  name: "milestones",
  layer: "silver",
  description:
    "What happened later to an order, a return or a ticket; apart, because it may arrive before its subject.",
  columns: [
    required(text("subject_id", "Order, return or ticket.")),
    required(text("milestone", "order-fulfilled, return-received or ticket-resolved.")),
    required(instant("reached_at", "When, UTC.")),
    ...provenance,
  ],
  partitionedBy: [],
  key: ["subject_id", "milestone"],
  history: publishedHistory,
};

const profileChanges: LakeTable = {
  name: "profile_changes",
  layer: "silver",
  description: "Every registration and profile change, as it was. Personal data.",
  columns: [
    required(text("customer_id", "Customer.")),
    instant("registered_at", "Set by the registration only, UTC."),
    text("given_name", "PII. NULL: unchanged."),
    text("family_name", "PII. NULL: unchanged."),
    text("email", "PII. NULL: unchanged."),
    text("phone", "PII, as typed. NULL: unchanged."),
    text("country", "NULL: unchanged."),
    flag("synthetic", "True when a generator made the identity."),
    ...provenance,
  ],
  partitionedBy: [],
  key: ["event_id"],
  history: publishedHistory,
};

const customers: LakeTable = {
  name: "customers",
  layer: "silver",
  description: "One row per customer: of every field the latest value known. Personal data.",
  columns: [
    required(text("customer_id", "Customer.")),
    instant("registered_at", "When the account was opened, UTC."),
    text("given_name", "PII."),
    text("family_name", "PII."),
    text("email", "PII."),
    emailKey,
    text("phone", "PII, as typed."),
    text("country", "Country of the profile."),
    flag("synthetic", "True when a generator made the identity."),
  ],
  partitionedBy: [],
  key: ["customer_id"],
  history: publishedHistory,
};

const consents: LakeTable = {
  name: "consents",
  layer: "silver",
  description: "Latest decision per address, customer, channel and purpose.",
  columns: [
    required(text("consent_key", "email_key:customer:channel:purpose.")),
    required(emailKey),
    customerId,
    required(text("channel", "email or sms.")),
    required(text("purpose", "marketing.")),
    required(flag("granted", "False: withdrawn.")),
    text("origin", "Where it was given."),
    ...provenance,
  ],
  partitionedBy: [],
  key: ["consent_key"],
  history: publishedHistory,
};

const suppressions: LakeTable = {
  name: "suppressions",
  layer: "silver",
  description: "Addresses never to be written to again: a permanent bounce or a complaint.",
  columns: [required(emailKey), required(text("reason", "bounce or complaint: what happened first.")), ...provenance],
  partitionedBy: [],
  key: ["email_key"],
  history: publishedHistory,
};

const tickets: LakeTable = {
  name: "tickets",
  layer: "silver",
  description: "Requests for help; whose they are is known by customer id or by an address that a customer has.",
  columns: [
    required(text("ticket_id", "Ticket.")),
    customerId,
    text("email_key", "SHA-256 of the address given, as in customers."),
    text("order_id", "Order it is about."),
    required(text("channel", "How the person came.")),
    required(instant("opened_at", "When, UTC.")),
    ...provenance,
  ],
  partitionedBy: [],
  key: ["ticket_id"],
  history: publishedHistory,
};

const engagement: LakeTable = {
  name: "engagement",
  layer: "silver",
  description: "What a known customer did on one day, counted from all events of the day.",
  columns: [
    required(text("customer_id", "Customer.")),
    required(text("event_date", "UTC day, YYYY-MM-DD.")),
    required(day("seen_on", "The same day as a date.")),
    required(whole("sessions", "Visits seen that day; one over midnight counts on both days.")),
    required(whole("product_views", "Products looked at.")),
    required(whole("products_added", "Products put into the basket.")),
    required(whole("emails_delivered", "Messages delivered.")),
    required(whole("emails_opened", "Messages opened.")),
    required(whole("emails_clicked", "Links followed.")),
    instant("last_seen_at", "Last visit, opening or click of the day, UTC; NULL if the person did nothing."),
  ],
  partitionedBy: [{ column: "seen_on", transform: "month" }],
  key: ["customer_id", "event_date"],
  history: publishedHistory,
};

/** Silver: cleaned, typed, one row per fact, still event by event. */
export const silverTables: readonly LakeTable[] = [
  orders,
  orderLines,
  payments,
  returns,
  milestones,
  profileChanges,
  customers,
  consents,
  suppressions,
  tickets,
  engagement,
];
