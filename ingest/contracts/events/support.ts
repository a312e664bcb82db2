import { Type } from "typebox";
import { defineContract } from "../contract.ts";
import { customerId, id, oneOf, orderId, personal, text, timestamp } from "../fields.ts";

const owner = "support";
const ticketId = id("Ticket.");

export const ticketOpened = defineContract({
  type: "TicketOpened",
  owner,
  description: "Somebody asked for help. Identifiers are as the person gave them: variants and typos included.",
  data: {
    ticketId,
    customerId: Type.Optional(customerId),
    email: Type.Optional(personal("email", "Address as given.")),
    phone: Type.Optional(personal("phone", "Telephone number as given.")),
    name: Type.Optional(personal("name", "Name as given.")),
    orderId: Type.Optional(orderId),
    channel: oneOf(["email", "phone", "chat", "form"], "How the person came."),
    subject: Type.String({ maxLength: 500, description: "What it is about.", "x-pii": "text" }),
    openedAt: timestamp("When it was opened."),
  },
});

export const ticketResolved = defineContract({
  type: "TicketResolved",
  owner,
  description: "A request for help was closed.",
  data: { ticketId, resolvedAt: timestamp("When it was closed."), resolution: text("How, as a code.", 64) },
});
