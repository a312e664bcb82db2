import { type TProperties, Type } from "typebox";
import { defineContract } from "../contract.ts";
import { customerId, id, orderId, personal, sku, text, timestamp } from "../fields.ts";

const owner = "collector";

/** What the browser knows about every hit; names of the events are the Segment specification's. */
const hit = {
  anonymousId: Type.String({
    minLength: 1,
    maxLength: 128,
    description: "Browser, by the collector's first-party cookie.",
    "x-pii": "device",
  }),
  customerId: Type.Optional(customerId),
  sessionId: id("Visit."),
  deviceId: Type.Optional(personal("device", "Device, where an app tells it.", 128)),
  occurredAt: timestamp("When it happened, by the collector's clock."),
  url: Type.Optional(text("Page, without query.", 2000)),
  userAgent: Type.Optional(text("Browser's own description.", 500)),
};

const track = <const Name extends string, Members extends TProperties>(
  type: Name,
  description: string,
  members: Members,
) => defineContract({ type, owner, description, data: { ...hit, ...members } });

export const productViewed = track("Product Viewed", "A visitor looked at a product.", { sku });
export const productAdded = track("Product Added", "A visitor put a product into the basket.", { sku });
export const productListViewed = track("Product List Viewed", "A visitor looked at a list of products.", {
  list: Type.Optional(text("Name of the list or category.", 200)),
});
export const productsSearched = track("Products Searched", "A visitor searched the shop.", {
  query: Type.String({ maxLength: 500, description: "What was searched for.", "x-pii": "text" }),
});
export const checkoutStarted = track("Checkout Started", "A visitor went to the checkout.", {});
export const orderCompleted = track("Order Completed", "A visitor's browser saw the order confirmed.", { orderId });
export const page = track("Page", "A visitor opened a page.", {
  title: Type.Optional(text("Title of the page.", 300)),
});
export const identify = track("Identify", "A browser told who its visitor is.", {
  email: Type.Optional(personal("email", "Address the visitor gave.")),
});
