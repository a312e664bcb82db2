import { Type } from "typebox";
import { defineContract } from "../contract.ts";
import { country, customerId, id, money, oneOf, orderId, personal, text, timestamp } from "../fields.ts";
import { line } from "../lines.ts";

const owner = "order";

export const orderPlaced = defineContract({
  type: "OrderPlaced",
  owner,
  description: "A customer or guest placed an order. Its lines are the invoice's, service charges included.",
  data: {
    orderId,
    customerId: Type.Optional(customerId),
    guestEmail: Type.Optional(personal("email", "Address a guest gave at checkout.")),
    country,
    placedAt: timestamp("When the order was placed: its earliest line."),
    adjustment: Type.Optional(oneOf(["bad-debt"], "Set when the document is a bookkeeping entry and not a sale.")),
    lines: Type.Array(line, { minItems: 1, description: "Lines in the order of the document." }),
    total: money("Sum of quantity x unit price over all lines."),
  },
});

export const orderConfirmed = defineContract({
  type: "OrderConfirmed",
  owner,
  description: "Stock and payment of an order are secured.",
  data: { orderId, customerId: Type.Optional(customerId), confirmedAt: timestamp("When it was confirmed.") },
});

export const orderCancelled = defineContract({
  type: "OrderCancelled",
  owner,
  description: "An order was given up before it was fulfilled.",
  data: {
    orderId,
    customerId: Type.Optional(customerId),
    reason: text("Why, in the shop's words."),
    cancelledAt: timestamp("When it was cancelled."),
  },
});

export const orderFulfilled = defineContract({
  type: "OrderFulfilled",
  owner,
  description: "Every line of an order left the warehouse.",
  data: { orderId, customerId: Type.Optional(customerId), fulfilledAt: timestamp("When the last parcel left.") },
});

export const wishlistItemAdded = defineContract({
  type: "WishlistItemAdded",
  owner: "user",
  description: "A customer put a product on the wish list.",
  data: { customerId, sku: id("Stock code of the product."), addedAt: timestamp("When it was added.") },
});
