import { day, flag, instant, money, required, small, text, whole } from "./columns.ts";
import { candidateHistory, publishedHistory } from "./retention.ts";
import type { LakeTable } from "./table.ts";

const customer360: LakeTable = {
  name: "customer_360",
  layer: "gold",
  description: "One row per customer: who it is, what was bought, what may be sent. Personal data.",
  columns: [
    required(text("customer_id", "Customer as in the source.")),
    text("given_name", "PII."),
    text("family_name", "PII."),
    text("email", "PII."),
    text("email_key", "SHA-256 of the trimmed, lower-case address, hex."),
    text("country", "Of the profile, else of the latest document."),
    flag("synthetic", "True when a generator made the identity."),
    instant("registered_at", "When the account was opened, UTC."),
    instant("first_purchase_at", "First purchase line, UTC."),
    instant("last_purchase_at", "Last purchase line, UTC."),
    required(whole("orders", "Distinct purchase invoices.")),
    required(whole("purchase_lines", "Purchase lines.")),
    required(whole("units", "Units on purchase lines.")),
    required(money("gross", "Value of the purchase lines, GBP.")),
    required(money("refunds", "Value of the credit notes' lines, positive, GBP.")),
    required(money("net_value", "Value of all the customer's lines, GBP.")),
    money("average_order_value", "gross / orders, half up to 0.001 GBP; NULL without an order."),
    text("favourite_sku", "Product with the most units on purchase lines; ties by code."),
    required(flag("email_consent", "Latest decision on e-mail marketing; false when none is known.")),
    required(flag("email_suppressed", "The address bounced permanently or complained.")),
    required(whole("sessions", "Visits, by day.")),
    required(whole("product_views", "Products looked at.")),
    required(whole("emails_opened", "Messages opened.")),
    required(whole("emails_clicked", "Links followed.")),
    required(whole("tickets", "Requests for help.")),
    required(whole("tickets_open", "Those not yet resolved.")),
    instant("last_seen_at", "Last purchase, visit, opening or click, UTC."),
  ],
  partitionedBy: [],
  key: ["customer_id"],
  history: publishedHistory,
};

const rfm: LakeTable = {
  name: "rfm",
  layer: "gold",
  description: "Recency, frequency and monetary value of every customer with a purchase, one row per refresh date.",
  columns: [
    required(day("as_of", "Lines before this day count.")),
    required(text("customer_id", "Customer as in the source.")),
    required(small("recency_days", "Whole days from the last purchase day to as_of.")),
    required(small("frequency", "Distinct purchase invoices.")),
    required(money("monetary", "Net of all the customer's lines, GBP.")),
    required(small("r", "Fifth by recency, 5 best.")),
    required(small("f", "Fifth by frequency, 5 best.")),
    required(small("m", "Fifth by monetary value, 5 best.")),
  ],
  partitionedBy: [{ column: "as_of", transform: "identity" }],
  key: ["as_of", "customer_id"],
  history: publishedHistory,
};

const segmentMembers: LakeTable = {
  name: "segment_members",
  layer: "gold",
  description: "Who is in which segment at each refresh, who left, and why.",
  columns: [
    required(day("as_of", "Refresh date.")),
    required(text("segment", "Segment.")),
    required(text("customer_id", "Customer as in the source.")),
    required(text("change", "entered, stayed or left, against the refresh before.")),
    required(text("reason", "One sentence with the figures.")),
    required(day("since", "Refresh date of the entry into this unbroken membership.")),
  ],
  partitionedBy: [{ column: "as_of", transform: "identity" }],
  key: ["as_of", "segment", "customer_id"],
  history: publishedHistory,
};

/** The candidate of a published table: written and audited first, the whole of it, for one refresh date. */
const candidate = (table: LakeTable): LakeTable => ({
  ...table,
  name: `${table.name}_next`,
  description: `Candidate of ${table.name}, audited before it is published. ${table.description}`,
  partitionedBy: [],
  key: table.key.filter((column) => column !== "as_of"),
  history: candidateHistory,
});

const published: readonly LakeTable[] = [customer360, rfm, segmentMembers];

/** Gold: what is asked and exported, each published table with its candidate. */
export const goldTables: readonly LakeTable[] = published.flatMap((table) => [table, candidate(table)]);
