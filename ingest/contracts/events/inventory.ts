import { Type } from "typebox";
import { defineContract } from "../contract.ts";
import { count, country, id, orderId, sku, text, timestamp } from "../fields.ts";
import { item, stockLine } from "../lines.ts";

const owner = "inventory";
const reservationId = id("Reservation.");

export const inventoryReserved = defineContract({
  type: "InventoryReserved",
  owner,
  description: "Stock was set aside for an order.",
  data: {
    reservationId,
    orderId,
    items: Type.Array(item, { minItems: 1, description: "What was set aside." }),
    reservedAt: timestamp("When it was set aside."),
  },
});

const shortage = Type.Object(
  { sku, requested: count("Units asked for."), available: count("Units there were.", 0) },
  { additionalProperties: false, description: "A product there was too little of." },
);

export const inventoryReservationFailed = defineContract({
  type: "InventoryReservationFailed",
  owner,
  description: "There was not enough stock for an order; nothing was set aside.",
  data: {
    orderId,
    shortages: Type.Array(shortage, { minItems: 1, description: "Products there was too little of." }),
    failedAt: timestamp("When it failed."),
  },
});

export const inventoryReleased = defineContract({
  type: "InventoryReleased",
  owner,
  description: "Stock that was set aside is for sale again.",
  data: {
    reservationId,
    orderId,
    reason: text("Why, in the shop's words."),
    releasedAt: timestamp("When it was released."),
  },
});

export const stockAdjusted = defineContract({
  type: "StockAdjusted",
  owner,
  description: "Stock was corrected outside any sale: damaged, lost, found, counted again.",
  data: {
    adjustmentId: id("Document of the adjustment."),
    lines: Type.Array(stockLine, { minItems: 1, description: "Lines in the order of the document." }),
    country,
    reason: Type.Optional(text("Why, as the warehouse noted it.")),
    adjustedAt: timestamp("When it was corrected."),
  },
});
