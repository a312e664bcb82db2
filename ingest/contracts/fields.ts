import { Type } from "typebox";

/** Kinds of personal data a field may hold; governance decides by kind, never by a field's name. */
export const PII_KINDS = ["name", "email", "phone", "text", "device"] as const;

export type PiiKind = (typeof PII_KINDS)[number];

export const isPiiKind = (value: unknown): value is PiiKind => PII_KINDS.some((kind) => kind === value);

/**
 * RFC 3339 in UTC between 1970 and 2099, on a day that exists. A calendar-proof pattern matters: SQL casts these texts,
 * and one 30 February in the lake would fail every query over its partition.
 */
export const TIMESTAMP_PATTERN =
  "^(?:(?:19[7-9]\\d|20\\d\\d)-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)" +
  "|02-(?:0[1-9]|1\\d|2[0-8]))|(?:19(?:7[26]|8[048]|9[26])|20(?:[02468][048]|[13579][26]))-02-29)" +
  "T(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d{1,9})?Z$";

const INT32 = 2_147_483_647;

/** An identifier: opaque, never empty, never parsed. */
export const id = (description: string) => Type.String({ minLength: 1, maxLength: 128, description });

/** A short text that people read. */
export const text = (description: string, maxLength = 1000) => Type.String({ maxLength, description });

/** A point in time, `2011-12-09T12:50:00Z`. */
export const timestamp = (description: string) =>
  Type.String({ pattern: TIMESTAMP_PATTERN, description, "x-time": true });

/** A 32-bit count; negative only where the description says so. */
export const count = (description: string, minimum = 1) => Type.Integer({ minimum, maximum: INT32, description });

/** A quantity with the sign of the source. */
export const signedCount = (description: string) => Type.Integer({ minimum: -INT32, maximum: INT32, description });

/** One of a closed list of words; new words may be added, none removed. */
export const oneOf = <Words extends string[]>(words: readonly [...Words], description: string) =>
  Type.Enum<Words>(words, { description });

/** A field that holds personal data of the kind given. */
export const personal = (kind: PiiKind, description: string, maxLength = 320) =>
  Type.String({ minLength: 1, maxLength, description, "x-pii": kind });

export const customerId = id("Customer as the shop numbers them; absent for guests.");
export const orderId = id("Order, the same as the invoice number.");
export const sku = id("Stock code of the product.");
export const country = Type.String({
  minLength: 1,
  maxLength: 64,
  description: "Country by name, as the source has it.",
});

/** Money is integer micros (millionths) of a currency: never a float, exact in SQL as BIGINT. */
export const money = (description: string) =>
  Type.Object(
    {
      currency: Type.String({ pattern: "^[A-Z]{3}$", description: "ISO 4217 code." }),
      micros: Type.Integer({
        minimum: -Number.MAX_SAFE_INTEGER,
        maximum: Number.MAX_SAFE_INTEGER,
        description: "Millionths of one unit of the currency.",
      }),
    },
    { additionalProperties: false, description },
  );
