import { Type } from "typebox";
import { defineContract } from "../contract.ts";
import { customerId, id, money, orderId, text, timestamp } from "../fields.ts";

const owner = "payment";
const paymentId = id("Payment.");

export const paymentProcessed = defineContract({
  type: "PaymentProcessed",
  owner,
  description: "The money for an order was taken.",
  data: {
    paymentId,
    orderId,
    customerId: Type.Optional(customerId),
    amount: money("What was taken."),
    method: text("How it was paid, e.g. `card`.", 64),
    processedAt: timestamp("When it was taken."),
  },
});

export const paymentFailed = defineContract({
  type: "PaymentFailed",
  owner,
  description: "The money for an order could not be taken.",
  data: {
    paymentId,
    orderId,
    customerId: Type.Optional(customerId),
    amount: money("What was asked."),
    reason: text("The provider's reason code."),
    failedAt: timestamp("When it failed."),
  },
});

export const paymentRefunded = defineContract({
  type: "PaymentRefunded",
  owner,
  description: "Money of a return was given back.",
  data: {
    refundId: id("Refund."),
    returnId: id("Return that it belongs to."),
    customerId: Type.Optional(customerId),
    amount: money("What was given back."),
    refundedAt: timestamp("When it was given back."),
  },
});
