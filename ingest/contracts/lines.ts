import { Type } from "typebox";
import { count, id, money, oneOf, signedCount, sku, text, timestamp } from "./fields.ts";

/** What a line of an invoice is for; everything but `product` and `sample` moves money, not goods. */
export const LINE_KINDS = [
  "product",
  "postage",
  "carriage",
  "discount",
  "bank-charge",
  "fee",
  "manual",
  "sample",
  "voucher",
  "bad-debt",
  "commission",
  "donation",
  "other",
] as const;

export type LineKind = (typeof LINE_KINDS)[number];

const fields = {
  lineId: id("Line, unique over all documents: `<document>-<n>`, n counting from 1."),
  sku,
  description: Type.Optional(text("What the document calls it.")),
  kind: oneOf(LINE_KINDS, "What the line is for."),
};
const rest = {
  unitPrice: money("Price of one unit, without sign changes; negative only for adjustments."),
  soldAt: timestamp("When the line was entered; may differ from its document's time."),
};

/** A line whose quantity counts units handed over (orders) or taken back (returns). */
export const line = Type.Object(
  { ...fields, quantity: count("Units."), ...rest },
  { additionalProperties: false, description: "One line of a document." },
);

/** A line that changes stock: negative takes units away. */
export const stockLine = Type.Object(
  { ...fields, quantity: signedCount("Units added (positive) or taken away (negative)."), ...rest },
  { additionalProperties: false, description: "One line of a stock adjustment." },
);

/** Units of a product, without a price. */
export const item = Type.Object(
  { sku, quantity: count("Units.") },
  { additionalProperties: false, description: "Units of one product." },
);
