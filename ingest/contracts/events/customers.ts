import { Type } from "typebox";
import { defineContract } from "../contract.ts";
import { country, customerId, oneOf, personal, text, timestamp } from "../fields.ts";

const owner = "user";

export const customerRegistered = defineContract({
  type: "CustomerRegistered",
  owner,
  description: "A person opened an account.",
  data: {
    customerId,
    registeredAt: timestamp("When the account was opened."),
    givenName: personal("name", "Given name."),
    familyName: personal("name", "Family name."),
    email: personal("email", "Address of the account."),
    phone: Type.Optional(personal("phone", "Telephone number as typed.")),
    country,
    synthetic: Type.Optional(Type.Boolean({ description: "True when the identity was made by a generator." })),
  },
});

export const customerProfileUpdated = defineContract({
  type: "CustomerProfileUpdated",
  owner,
  description: "A customer changed the profile; absent members stay as they were.",
  data: {
    customerId,
    updatedAt: timestamp("When it was changed."),
    givenName: Type.Optional(personal("name", "New given name.")),
    familyName: Type.Optional(personal("name", "New family name.")),
    email: Type.Optional(personal("email", "New address.")),
    phone: Type.Optional(personal("phone", "New telephone number as typed.")),
    country: Type.Optional(country),
  },
});

export const consentChanged = defineContract({
  type: "ConsentChanged",
  owner,
  description: "A person granted or withdrew the consent to be written to.",
  data: {
    customerId: Type.Optional(customerId),
    email: personal("email", "Address the consent is about."),
    channel: oneOf(["email", "sms"], "Channel the consent is for."),
    purpose: oneOf(["marketing"], "Purpose the consent is for."),
    granted: Type.Boolean({ description: "True: granted. False: withdrawn." }),
    changedAt: timestamp("When it was changed."),
    origin: text("Where it was given, e.g. `checkout`, `newsletter-form`, `unsubscribe-link`.", 64),
  },
});
