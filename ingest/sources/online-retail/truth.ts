/** Kinds of identifiers that events carry. */
export type IdentifierKind = "customer" | "email" | "phone" | "browser" | "device";

/**
 * Who is behind an identifier, as the generator knows it: what identity resolution is measured by. A person is
 * `person-<CustomerID>` or, for somebody who never opened an account, `person-<kind>-<number>`.
 */
export interface Truth {
  /** @param value the identifier exactly as the event carries it */
  record(kind: IdentifierKind, value: string, person: string): void;
  /** `<kind>:<value>` -> persons; more than one only for shared devices and browsers. */
  readonly persons: ReadonlyMap<string, ReadonlySet<string>>;
}

/** An empty truth, filled while the events are made. */
export function createTruth(): Truth {
  const persons = new Map<string, Set<string>>();
  return {
    persons,
    record(kind, value, person) {
      const key = `${kind}:${value}`;
      const known = persons.get(key);
      if (known === undefined) persons.set(key, new Set([person]));
      else known.add(person);
    },
  };
}
