/**
 * Replaces `Date` of this thread: without arguments it shows `now`, otherwise it is the Date it was.
 * A plain function rather than a proxy, since handlers make dates for every record.
 */
export function installRuntimeDate(now: () => number): void {
  const RealDate = Date;
  const RuntimeDate = function (this: unknown, ...args: readonly unknown[]): unknown {
    if (new.target === undefined) return new RealDate(now()).toString();
    return Reflect.construct(RealDate, args.length === 0 ? [now()] : args, new.target);
  };
  Object.defineProperties(RuntimeDate, {
    ...Object.getOwnPropertyDescriptors(RealDate),
    now: { value: () => Math.floor(now()), configurable: true, writable: true },
  });
  Object.defineProperty(RealDate.prototype, "constructor", { value: RuntimeDate, configurable: true, writable: true });
  Reflect.set(globalThis, "Date", RuntimeDate);
}
