import { createHash } from "node:crypto";
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import { contracts, type EventName } from "../../ingest/contracts/index.ts";

const at = Type.Object({ timestamp: Type.String() });

const feedback = Type.Object({
  detail: Type.Object({
    eventType: Type.String(),
    mail: Type.Object({
      messageId: Type.String({ minLength: 1 }),
      timestamp: Type.String(),
      destination: Type.Array(Type.String(), { minItems: 1 }),
      tags: Type.Optional(Type.Record(Type.String(), Type.Array(Type.String()))),
    }),
    delivery: Type.Optional(at),
    open: Type.Optional(at),
    click: Type.Optional(Type.Object({ timestamp: Type.String(), link: Type.Optional(Type.String()) })),
    bounce: Type.Optional(Type.Object({ timestamp: Type.String(), bounceType: Type.Optional(Type.String()) })),
    complaint: Type.Optional(at),
  }),
});

type Detail = Static<typeof feedback>["detail"];

/** What SES tells -> our event, and where its time stands. */
const kinds = {
  Delivery: { name: "EmailDelivered", member: "delivery" },
  Open: { name: "EmailOpened", member: "open" },
  Click: { name: "EmailClicked", member: "click" },
  Bounce: { name: "EmailBounced", member: "bounce" },
  Complaint: { name: "EmailComplained", member: "complaint" },
} as const satisfies Record<string, { name: EventName; member: keyof Detail }>;

const isKind = (value: string): value is keyof typeof kinds => Object.hasOwn(kinds, value);

/** A domain event that feedback becomes. */
export interface FeedbackEvent {
  readonly type: EventName;
  readonly [member: string]: unknown;
}

/**
 * Makes a domain event of what SES reports about one message. Its id and time come from the report alone, so the same
 * report twice is the same event twice.
 * @param input an EventBridge event of source `aws.ses`
 * @returns undefined for reports that no contract is for (Send, Reject, RenderingFailure, DeliveryDelay, Subscription)
 * @throws Error when it is no report of SES
 */
export function feedbackEvent(input: unknown): FeedbackEvent | undefined {
  if (!Value.Check(feedback, input))
    throw new Error("Not an event of SES: detail.eventType and detail.mail are expected.");
  const { detail } = input;
  if (!isKind(detail.eventType)) return undefined;
  const { name, member } = kinds[detail.eventType];
  const { mail } = detail;
  const occurredAt = new Date(detail[member]?.timestamp ?? mail.timestamp).toISOString();
  const link = detail.eventType === "Click" ? detail.click?.link : undefined;
  const customerId = mail.tags?.["customer"]?.[0];
  const id = eventId(Date.parse(occurredAt), [mail.messageId, name, occurredAt, link ?? ""]);
  return {
    specversion: "1.0",
    id,
    source: "/engagement/ses",
    type: name,
    subject: mail.messageId,
    time: occurredAt,
    datacontenttype: "application/json",
    dataschema: contracts[name].dataSchema,
    data: {
      messageId: mail.messageId,
      campaign: mail.tags?.["campaign"]?.[0] ?? "unknown",
      ...(customerId !== undefined && { customerId }),
      email: mail.destination[0] ?? "",
      occurredAt,
      ...(link !== undefined && { link: link.slice(0, MAX_LINK) }),
      // Undetermined counts as transient: an address is only given up when its server said so.
      ...(detail.eventType === "Bounce" && {
        bounceType: detail.bounce?.bounceType === "Permanent" ? "Permanent" : "Transient",
      }),
    },
    correlationid: mail.messageId,
  };
}

const MAX_LINK = 2000;

/** A UUIDv7 whose random part is a hash: time-ordered like the others, and the same for the same facts. */
function eventId(time: number, facts: readonly string[]): string {
  const hash = createHash("sha256").update(JSON.stringify(facts)).digest("hex");
  const variant = ((Number.parseInt(hash.slice(3, 4), 16) & 0x3) | 0x8).toString(16);
  const hex = `${time.toString(16).padStart(12, "0")}7${hash.slice(0, 3)}${variant}${hash.slice(4, 19)}`;
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
