import type { Static } from "typebox";
import type { Contract } from "./contract.ts";
import type { Envelope } from "./envelope.ts";
import * as clickstream from "./events/clickstream.ts";
import * as content from "./events/content.ts";
import * as customers from "./events/customers.ts";
import * as email from "./events/email.ts";
import * as inventory from "./events/inventory.ts";
import * as orders from "./events/orders.ts";
import * as payments from "./events/payments.ts";
import * as shipping from "./events/shipping.ts";
import * as support from "./events/support.ts";

const modules = {
  ...orders,
  ...payments,
  ...inventory,
  ...shipping,
  ...customers,
  ...support,
  ...email,
  ...clickstream,
  ...content,
};

type Defined = (typeof modules)[keyof typeof modules];

/** Names of all published events, e.g. `OrderPlaced` or `Product Viewed`. */
export type EventName = Defined["type"];

/** The contract of one event, with the exact type of its data. */
export type ContractOf<Name extends EventName> = Extract<Defined, { readonly type: Name }>;

/** `data` of one event. */
export type DataOf<Name extends EventName> = Static<ContractOf<Name>["data"]>;

/** One event as it travels: the envelope with its own name and data. */
export type EventOf<Name extends EventName> = Omit<Envelope, "type" | "data"> & {
  readonly type: Name;
  readonly data: DataOf<Name>;
};

/** Any published event, told apart by `type`. */
export type DomainEvent = { [Name in EventName]: EventOf<Name> }[EventName];

const byName: ReadonlyMap<string, Contract> = new Map(
  Object.values(modules).map((contract): [string, Contract] => [contract.type, contract]),
);

/** Every contract by its event's name. A `null` prototype: a name from outside finds nothing but contracts. */
export const contracts: Readonly<Record<EventName, Contract>> = Object.assign(
  Object.create(null),
  Object.fromEntries(byName),
);

/** The contract of an event by a name from outside, if it is published. */
export const contractNamed = (name: string): Contract | undefined => byName.get(name);

/** The contracts in the order of the documentation. */
export const allContracts: readonly Contract[] = [...byName.values()];
