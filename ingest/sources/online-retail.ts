import { type Calendar, calendar, monthOf, startOfMonth } from "./online-retail/calendar.ts";
import { emitBrowsing, emitOrderVisit } from "./online-retail/clickstream.ts";
import { DATASET_END, DATASET_SHA256, type Invoice, readInvoices } from "./online-retail/dataset.ts";
import { type Emit, emitter, iso, type SourceEvent } from "./online-retail/emit.ts";
import { emailVariant, type Identity, identityOf, typo } from "./online-retail/identities.ts";
import { documentClass, emitInvoice } from "./online-retail/invoice-events.ts";
import { emitCampaign, emitConsents, type Subscriber, subscriberOf } from "./online-retail/mailing.ts";
import { emitTicket } from "./online-retail/tickets.ts";
import { createTruth, type Truth } from "./online-retail/truth.ts";
import { randomOf } from "./random.ts";

export { DATASET_END, DATASET_SHA256, DataFileError } from "./online-retail/dataset.ts";
export type { SourceEvent } from "./online-retail/emit.ts";
export { createTruth, type IdentifierKind, type Truth } from "./online-retail/truth.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export interface OnlineRetailOptions {
  /** Path of `online-retail.parquet`. */
  readonly dataFile: string;
  /** Events before this time are left out (milliseconds since the epoch). */
  readonly from?: number;
  /** Events from this time on are left out; the day after the last line by default. */
  readonly to?: number;
  /** Chooses the synthetic part; the same seed gives the same events, byte for byte. */
  readonly seed?: number;
  /** Takes who is behind every identifier. */
  readonly truth?: Truth;
  /** Checksum the file must have; that of the shipped file by default, undefined for any file with its columns. */
  readonly sha256?: string | undefined;
}

/**
 * The data set as domain events in the order of their time. Every line is in exactly one `OrderPlaced`,
 * `ReturnRequested` or `StockAdjusted`; people, visits, mail and tickets around them are synthetic, and say so by their
 * `source`. Memory holds about a month of events.
 * @throws DataFileError when the file cannot be used
 */
export async function* onlineRetailEvents(options: OnlineRetailOptions): AsyncGenerator<SourceEvent> {
  const { dataFile, from = 0, seed = 1, truth = createTruth() } = options;
  const to = Math.min(options.to ?? DATASET_END, DATASET_END);
  const sha256 = "sha256" in options ? options.sha256 : DATASET_SHA256;
  const events = calendar(to);
  const shop = createShop(seed, truth, events);
  let month: string | undefined;
  // Whole months are read: campaigns and sign-ups draw on everybody known at the month's end, wherever `to` cuts it.
  for await (const invoice of readInvoices(dataFile, startOfMonth(to - 1, 1), sha256)) {
    const next = monthOf(invoice.placedAt);
    if (month !== undefined && next !== month) {
      shop.closeMonth(month);
      yield* since(events.take(month), from);
    }
    month = next;
    shop.document(invoice);
  }
  if (month !== undefined) shop.closeMonth(month);
  yield* since(events.take("9999"), from);
}

function* since(events: readonly SourceEvent[], from: number): Generator<SourceEvent> {
  for (const event of events) if (event.time >= from) yield event;
}

interface Shop {
  document(invoice: Invoice): void;
  /** What happens in a month beside the documents; called after its last document. */
  closeMonth(month: string): void;
}

function createShop(seed: number, truth: Truth, events: Calendar): Shop {
  const real = emitter(seed, "/sources/online-retail", events.add);
  const synthetic = emitter(seed, "/sources/online-retail/synthetic", events.add);
  const customers = new Map<string, Subscriber>();
  const numbers: string[] = [];

  const customer = (customerId: string, invoice: Invoice): Identity => {
    const known = customers.get(customerId);
    if (known !== undefined) return known.identity;
    const identity = identityOf(seed, customerId);
    // Before the visit that leads to the first order, on the same day: the shop opens at six.
    const registeredAt = invoice.placedAt - randomOf(seed, "registered", customerId).int(25, 90) * MINUTE;
    const subscriber = subscriberOf(identity, registeredAt, seed);
    customers.set(customerId, subscriber);
    numbers.push(customerId);
    emitRegistration(identity, registeredAt, invoice.country, synthetic, truth);
    emitConsents(subscriber, synthetic);
    return identity;
  };

  const guest = (invoice: Invoice): Identity => {
    const random = randomOf(seed, "guest", invoice.number);
    const someone = numbers[random.int(0, Math.max(0, numbers.length - 1))];
    const account = someone === undefined ? undefined : customers.get(someone);
    const isCustomer = account !== undefined && random.chance(0.4);
    return isCustomer ? account.identity : identityOf(seed, `guest-${invoice.number}`);
  };

  return {
    document(invoice) {
      const { customerId } = invoice;
      const kind = documentClass(invoice);
      const isShopping = kind === "order" && invoice.lines.some(({ priceMicros }) => priceMicros > 0);
      if (customerId === undefined && !isShopping) {
        emitInvoice(invoice, seed, real);
        return;
      }
      const person = customerId === undefined ? guest(invoice) : customer(customerId, invoice);
      const guestEmail = customerId === undefined ? guestAddress(invoice, person, seed) : undefined;
      if (guestEmail !== undefined) truth.record("email", guestEmail, person.person);
      emitInvoice(invoice, seed, real, guestEmail);
      emitTicket(invoice, person, seed, synthetic, truth);
      if (!isShopping) return;
      emitOrderVisit(invoice, person, seed, synthetic, truth);
      const registeredAt = customerId === undefined ? undefined : customers.get(customerId)?.registeredAt;
      emitBrowsing({ invoice, visitor: person, registeredAt }, seed, synthetic, truth);
    },
    closeMonth(month) {
      const start = Date.parse(`${month}-01T00:00:00Z`);
      emitCampaign(`newsletter-${month}`, start + 4 * 24 * HOUR + 10 * HOUR, customers.values(), seed, synthetic);
      emitSignUps(month, start, [...customers.values()], seed, synthetic, truth);
    },
  };
}

function emitRegistration(identity: Identity, at: number, country: string, emit: Emit, truth: Truth): void {
  const { customerId, givenName, familyName, email, phone, person } = identity;
  if (customerId === undefined) return;
  const withPhone = randomOf(customerId, "phone").chance(0.6);
  truth.record("customer", customerId, person);
  truth.record("email", email, person);
  if (withPhone) truth.record("phone", phone, person);
  emit(
    "CustomerRegistered",
    {
      customerId,
      registeredAt: iso(at),
      givenName,
      familyName,
      email,
      ...(withPhone ? { phone } : {}),
      country,
      synthetic: true,
    },
    { time: at, subject: customerId },
  );
}

/** Most guests leave an address; people with an account leave it in variants and with slips. */
function guestAddress(invoice: Invoice, person: Identity, seed: number): string | undefined {
  const random = randomOf(seed, "guest-address", invoice.number);
  if (!random.chance(0.8)) return undefined;
  if (person.customerId === undefined || random.chance(0.5)) return person.email;
  return random.chance(0.7) ? emailVariant(person.email, random) : typo(person.email, random);
}

const SIGN_UPS_A_MONTH = 40;

/** Newsletter sign-ups without an account: half of them by people who have one, under another spelling. */
function emitSignUps(
  month: string,
  start: number,
  subscribers: readonly Subscriber[],
  seed: number,
  emit: Emit,
  truth: Truth,
): void {
  for (let number = 0; number < SIGN_UPS_A_MONTH; number++) {
    const random = randomOf(seed, "sign-up", month, number);
    const at = start + random.int(7 * 60, 8 * 24 * 60) * MINUTE;
    const someone = subscribers[random.int(0, Math.max(0, subscribers.length - 1))];
    const known = someone !== undefined && someone.registeredAt < at && someone.granted !== false && random.chance(0.5);
    const person = known ? someone.identity : identityOf(seed, `lead-${month.replace("-", "")}${number}`);
    const email = known ? emailVariant(person.email, random) : person.email;
    truth.record("email", email, person.person);
    emit(
      "ConsentChanged",
      { email, channel: "email", purpose: "marketing", granted: true, changedAt: iso(at), origin: "newsletter-form" },
      { time: at, subject: email },
    );
  }
}
