/** Those of `Args` that a component has a default for, present. */
export type WithDefaults<Args, Defaults> = Omit<Args, keyof Defaults> & {
  readonly [K in keyof Defaults & keyof Args]-?: NonNullable<Args[K]>;
};

/** Arguments over defaults. A key that holds `undefined` counts as absent, unlike with a plain spread; 0, "" and false count. */
export function withDefaults<Args extends object, Defaults extends Partial<Args>>(
  args: Args,
  defaults: Defaults,
): WithDefaults<Args, Defaults> {
  const given = Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined));
  return { ...defaults, ...given } as WithDefaults<Args, Defaults>;
}
