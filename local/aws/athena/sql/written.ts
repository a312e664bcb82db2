/** A rule and how what it stands for is written: that is what `docs/sql.md` is made of. */
export interface Written {
  /** `(varchar, bigint) → varchar` where the rule's name comes in front, else the whole construct: `x + y`. */
  readonly forms?: readonly string[];
  /** Its doubles may differ from Trino's in the last digits. */
  readonly nearly?: true;
}

/** A rule with its forms. */
export function written<R extends object>(forms: string | readonly string[], rule: R): R & Written {
  return Object.assign(rule, { forms: typeof forms === "string" ? [forms] : forms });
}

/** A rule whose doubles agree with Trino's but for the last digits: Java's library promises no more of its own. */
export const nearly = <R extends Written>(rule: R): R & Written => Object.assign(rule, { nearly: true as const });
