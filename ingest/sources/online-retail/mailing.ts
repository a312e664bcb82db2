import { randomOf } from "../random.ts";
import { type Emit, iso } from "./emit.ts";
import type { Identity } from "./identities.ts";

const SECOND = 1000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** What the sender knows about one customer. */
export interface Subscriber {
  readonly identity: Identity;
  readonly registeredAt: number;
  /** Consent as given at registration; undefined when never asked. */
  readonly granted: boolean | undefined;
  /** When it is withdrawn, if ever. */
  readonly withdrawnAt: number | undefined;
  /** The address does not exist: the first message comes back for good. */
  readonly deadAddress: boolean;
  /** Never written to again: came back or complained. */
  suppressed: boolean;
}

/** How a customer stands to being written to; most consent, few withdraw later. */
export function subscriberOf(identity: Identity, registeredAt: number, seed: number): Subscriber {
  const random = randomOf(seed, "subscriber", identity.person);
  const answer = random.next();
  const granted = answer < 0.8 ? true : answer < 0.9 ? false : undefined;
  return {
    identity,
    registeredAt,
    granted,
    withdrawnAt: granted === true && random.chance(0.07) ? registeredAt + random.int(5, 300) * DAY : undefined,
    deadAddress: random.chance(0.012),
    suppressed: false,
  };
}

/** The consents of one customer: the answer at registration and, for some, the withdrawal. */
export function emitConsents(subscriber: Subscriber, emit: Emit): void {
  const { identity, granted, withdrawnAt, registeredAt } = subscriber;
  if (granted === undefined || identity.customerId === undefined) return;
  const change = (at: number, value: boolean, origin: string) =>
    emit(
      "ConsentChanged",
      {
        ...(identity.customerId === undefined ? {} : { customerId: identity.customerId }),
        email: identity.email,
        channel: "email",
        purpose: "marketing",
        granted: value,
        changedAt: iso(at),
        origin,
      },
      { time: at, subject: identity.customerId ?? identity.email, occurrence: origin },
    );
  change(registeredAt + 5 * SECOND, granted, "registration");
  if (withdrawnAt !== undefined) change(withdrawnAt, false, "unsubscribe-link");
}

/** One newsletter to those who consent: delivered or not, opened, clicked, complained about. */
export function emitCampaign(
  campaign: string,
  sentAt: number,
  subscribers: Iterable<Subscriber>,
  seed: number,
  emit: Emit,
) {
  for (const subscriber of subscribers) {
    const { granted, withdrawnAt, registeredAt, suppressed } = subscriber;
    const consents = granted === true && registeredAt < sentAt && (withdrawnAt === undefined || withdrawnAt > sentAt);
    const random = randomOf(seed, campaign, subscriber.identity.person);
    // The sender spreads the list: not everybody gets every newsletter.
    if (consents && !suppressed && random.chance(0.6)) emitMessage(subscriber, campaign, sentAt, seed, emit);
  }
}

function emitMessage(subscriber: Subscriber, campaign: string, sentAt: number, seed: number, emit: Emit): void {
  const { customerId, email, person } = subscriber.identity;
  const random = randomOf(seed, "message", campaign, person);
  const messageId = `${campaign}-${customerId ?? person}`;
  let time = sentAt + random.int(1, 600) * SECOND;
  const base = () => ({
    messageId,
    campaign,
    ...(customerId === undefined ? {} : { customerId }),
    email,
    occurredAt: iso(time),
  });
  const about = () => ({ time, subject: messageId, partitionKey: customerId ?? email });
  if (subscriber.deadAddress || random.chance(0.008)) {
    subscriber.suppressed = subscriber.deadAddress;
    emit("EmailBounced", { ...base(), bounceType: subscriber.deadAddress ? "Permanent" : "Transient" }, about());
    return;
  }
  const delivered = emit("EmailDelivered", base(), about());
  if (!random.chance(0.3)) return;
  time += random.int(60, 48 * 3600) * SECOND;
  emit("EmailOpened", base(), { ...about(), cause: delivered });
  if (random.chance(0.006)) {
    time += random.int(5, 60) * SECOND;
    subscriber.suppressed = true;
    emit("EmailComplained", base(), { ...about(), cause: delivered });
  } else if (random.chance(0.25)) {
    time += random.int(5, 120) * SECOND;
    const link = `https://www.shop.example/news/${campaign}`;
    emit("EmailClicked", { ...base(), link }, { ...about(), cause: delivered });
  }
}
