import { type TProperties, Type } from "typebox";
import { defineContract } from "../contract.ts";
import { customerId, id, oneOf, personal, text, timestamp } from "../fields.ts";

const owner = "engagement";

const about = {
  messageId: id("Message, by the sender's number."),
  campaign: text("Campaign the message belongs to.", 128),
  customerId: Type.Optional(customerId),
  email: personal("email", "Address the message went to."),
  occurredAt: timestamp("When it happened."),
};

const feedback = <const Name extends string, Members extends TProperties>(
  type: Name,
  description: string,
  members: Members,
) => defineContract({ type, owner, description, data: { ...about, ...members } });

export const emailDelivered = feedback("EmailDelivered", "The receiver's server took the message.", {});
export const emailOpened = feedback("EmailOpened", "The message was opened.", {});
export const emailClicked = feedback("EmailClicked", "A link of the message was followed.", {
  link: Type.Optional(text("Link that was followed.", 2000)),
});
export const emailBounced = feedback("EmailBounced", "The message came back.", {
  bounceType: oneOf(["Permanent", "Transient"], "Permanent: never write to this address again."),
});
export const emailComplained = feedback("EmailComplained", "The receiver called the message spam.", {});
