import { randomOf } from "../random.ts";
import type { Invoice } from "./dataset.ts";
import { type Emit, iso } from "./emit.ts";
import { emailVariant, type Identity, phoneFormat, typo } from "./identities.ts";
import { documentClass } from "./invoice-events.ts";
import type { Truth } from "./truth.ts";

const HOUR = 3_600_000;
const CHANNELS = ["email", "phone", "chat", "form"] as const;
const ORDER_SUBJECTS = ["Where is my order?", "One item is missing", "Invoice wanted", "Change of address"] as const;
const RETURN_SUBJECTS = ["Refund for a return", "Item arrived broken", "Wrong item"] as const;
const RESOLUTIONS = ["answered", "refunded", "replaced", "no-reply"] as const;

/** For some documents, a request for help that names its person only as people do: in variants, with slips. */
export function emitTicket(invoice: Invoice, person: Identity, seed: number, emit: Emit, truth: Truth): void {
  const isReturn = documentClass(invoice) === "return";
  const random = randomOf(seed, "ticket", invoice.number);
  if (!random.chance(isReturn ? 0.25 : 0.12)) return;
  const ticketId = `T-${invoice.number}`;
  const openedAt = invoice.placedAt + random.int(4, 120) * HOUR;
  const channel = random.pick(CHANNELS);
  const byPhone = channel === "phone";
  const slip = random.chance(0.08);
  const email = slip
    ? typo(person.email, random)
    : random.chance(0.5)
      ? emailVariant(person.email, random)
      : person.email;
  const name = `${person.givenName} ${random.chance(0.1) ? typo(person.familyName, random) : person.familyName}`;
  const phone = phoneFormat(person.phone, random);
  const withEmail = !byPhone || random.chance(0.2);
  const withPhone = byPhone || random.chance(0.25);
  const withNumber = person.customerId !== undefined && random.chance(0.2);
  if (withEmail) truth.record("email", email, person.person);
  if (withPhone) truth.record("phone", phone, person.person);
  const opened = emit(
    "TicketOpened",
    {
      ticketId,
      ...(withNumber && person.customerId !== undefined ? { customerId: person.customerId } : {}),
      ...(withEmail ? { email } : {}),
      ...(withPhone ? { phone } : {}),
      ...(random.chance(0.7) ? { name } : {}),
      ...(!isReturn && random.chance(0.5) ? { orderId: invoice.number } : {}),
      channel,
      subject: isReturn ? random.pick(RETURN_SUBJECTS) : random.pick(ORDER_SUBJECTS),
      openedAt: iso(openedAt),
    },
    { time: openedAt, subject: ticketId },
  );
  const resolvedAt = openedAt + random.int(1, 72) * HOUR;
  emit(
    "TicketResolved",
    { ticketId, resolvedAt: iso(resolvedAt), resolution: random.pick(RESOLUTIONS) },
    { time: resolvedAt, subject: ticketId, cause: opened },
  );
}
