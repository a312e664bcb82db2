import { faker } from "@faker-js/faker/locale/en_GB";
import { type Random, randomOf, uuidV7 } from "../random.ts";

/** A synthetic person. Nothing of it is in the source; all of it follows from the seed and the number. */
export interface Identity {
  /** Name in the truth. */
  readonly person: string;
  /** Absent for people without an account. */
  readonly customerId: string | undefined;
  readonly givenName: string;
  readonly familyName: string;
  readonly email: string;
  /** National form, `01632 912346`. */
  readonly phone: string;
  /** Cookies of the browsers this person uses. */
  readonly browsers: readonly [string, ...string[]];
  /** The app's device, for some; a few are shared by two people of one household. */
  readonly device: string | undefined;
  readonly shared: boolean;
}

const DOMAINS = ["example.com", "example.org", "example.net"] as const;
const SHARED_HOUSEHOLDS = 0.02;
const APP_USERS = 0.3;
/** Cookies' ids are UUIDv7 of some time; this one is before the data set. */
const COOKIE_EPOCH = Date.UTC(2010, 10, 30);

const letters = (name: string) => name.toLowerCase().replaceAll(/[^a-z]/g, "");

/**
 * The identity of a customer, or with `guest-7` of somebody without an account. Addresses and numbers hold the number
 * they are made for, so no two persons ever share one by chance.
 */
export function identityOf(seed: number, number: string): Identity {
  const customerId = /^\d+$/.test(number) ? number : undefined;
  const random = randomOf(seed, "identity", number);
  faker.seed(random.int(0, 2 ** 31));
  const givenName = faker.person.firstName();
  const familyName = faker.person.lastName();
  // Two neighbours in the numbering share a household, so that a shared device has exactly two people.
  const household = customerId === undefined ? undefined : Math.floor(Number(customerId) / 2);
  const shared = household !== undefined && randomOf(seed, "household", household).chance(SHARED_HOUSEHOLDS);
  const cookie = (owner: string | number, n: number) => uuidV7(COOKIE_EPOCH, seed, "browser", owner, n);
  const own = (n: number) => cookie(number, n);
  const browsers: [string, ...string[]] = random.chance(0.35) ? [own(0), own(1)] : [own(0)];
  const suffix = number.replaceAll(/\D/g, "");
  return {
    person: `person-${number}`,
    customerId,
    givenName,
    familyName,
    email: `${letters(givenName)}.${letters(familyName)}${customerId === undefined ? "0" : ""}${suffix}@${random.pick(DOMAINS)}`,
    phone: phoneOf(customerId, Number(suffix)),
    browsers: shared ? [cookie(`household-${household}`, 0), ...browsers] : browsers,
    device: shared ? `tablet-${household}` : random.chance(APP_USERS) ? `phone-${number}` : undefined,
    shared,
  };
}

/** Area code 01632 belongs to no place in the United Kingdom: it is kept for fiction. Guests have a range of their own. */
function phoneOf(customerId: string | undefined, suffix: number): string {
  const range = customerId === undefined ? 800_000 : 900_000;
  return `01632 ${range + (suffix % 100_000)}`;
}

/** The same address as another form or another keyboard writes it; still this person's mailbox. */
export function emailVariant(email: string, random: Random): string {
  const [local = "", domain = ""] = email.split("@");
  switch (random.int(0, 3)) {
    case 0:
      return email.toUpperCase();
    case 1:
      return `${local.charAt(0).toUpperCase()}${local.slice(1)}@${domain}`;
    case 2:
      return `${local}+${random.pick(["shop", "gifts", "news"])}@${domain}`;
    default:
      return `${local.replaceAll(".", "")}@${domain}`;
  }
}

/** A slip of the finger in the letters: two of them swapped, or one left out. Digits stay, so it is nobody else's. */
export function typo(text: string, random: Random): string {
  const places = text.search(/[^\p{L}.]|$/u);
  if (places < 3) return text;
  const at = random.int(1, places - 2);
  const [a, b] = [text.charAt(at), text.charAt(at + 1)];
  return text.slice(0, at) + (random.chance(0.5) ? b + a : b) + text.slice(at + 2);
}

/** A telephone number as people type it. */
export function phoneFormat(phone: string, random: Random): string {
  const [area = "", number = ""] = phone.split(" ");
  return random.pick([
    phone,
    `${area}${number}`,
    `+44 ${area.slice(1)} ${number}`,
    `+44${area.slice(1)}${number}`,
    `0044 ${area.slice(1)} ${number}`,
    `(${area}) ${number.slice(0, 3)}-${number.slice(3)}`,
    `+44 (0)${area.slice(1)} ${number.slice(0, 3)} ${number.slice(3)}`,
  ]);
}
