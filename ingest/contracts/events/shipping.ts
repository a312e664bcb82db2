import { Type } from "typebox";
import { defineContract } from "../contract.ts";
import { count, country, customerId, id, money, orderId, text, timestamp } from "../fields.ts";
import { line } from "../lines.ts";

const owner = "shipping";
const shipmentId = id("Shipment.");
const returnId = id("Return, the same as the credit note's number.");

export const shipmentDispatched = defineContract({
  type: "ShipmentDispatched",
  owner,
  description: "A parcel of an order was handed to the carrier.",
  data: {
    shipmentId,
    orderId,
    customerId: Type.Optional(customerId),
    carrier: text("Who carries it.", 64),
    trackingNumber: Type.Optional(id("The carrier's number.")),
    dispatchedAt: timestamp("When it was handed over."),
  },
});

export const shipmentDelivered = defineContract({
  type: "ShipmentDelivered",
  owner,
  description: "A parcel reached the customer.",
  data: { shipmentId, orderId, customerId: Type.Optional(customerId), deliveredAt: timestamp("When it arrived.") },
});

export const returnRequested = defineContract({
  type: "ReturnRequested",
  owner,
  description: "Goods or charges were credited: a credit note with what comes back and its value.",
  data: {
    returnId,
    orderId: Type.Optional(orderId),
    customerId: Type.Optional(customerId),
    country,
    requestedAt: timestamp("When the credit note was made: its earliest line."),
    lines: Type.Array(line, { minItems: 1, description: "What is credited; quantities are positive." }),
    total: money("Sum of quantity x unit price over all lines."),
  },
});

export const returnReceived = defineContract({
  type: "ReturnReceived",
  owner,
  description: "The goods of a return are back in the warehouse.",
  data: {
    returnId,
    customerId: Type.Optional(customerId),
    receivedAt: timestamp("When they arrived."),
    units: count("Units that came back; charges are none.", 0),
  },
});
