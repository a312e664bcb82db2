/** A timer that has not fired yet. */
export interface Timer {
  cancel(): void;
}

/**
 * The one source of time of the local runtime. Real: the machine's. Virtual: stands still until it is advanced, and
 * never moves while work is in flight, so that a year of schedules, waits and buffers runs in minutes, in order.
 */
export interface Clock {
  readonly kind: "real" | "virtual";
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs `fire` when the time has come; its promise counts as work in flight. */
  at(epochMs: number, fire: () => void | Promise<void>): Timer;
  /** Resolves when `ms` have passed on this clock. Must not be awaited inside `work`: the clock would never move. */
  sleep(ms: number): Promise<void>;
  /** Marks `task` as work in flight until it settles: a virtual clock does not move meanwhile. */
  work<T>(task: () => Promise<T>): Promise<T>;
  /** Resolves when nothing is in flight. */
  settled(): Promise<void>;
}

/** What the driver of a virtual clock has besides. */
export interface VirtualClock extends Clock {
  readonly kind: "virtual";
  /** Fires every timer up to `epochMs` in its order, letting the work of each settle first; then stands at `epochMs`. */
  advanceTo(epochMs: number): Promise<void>;
  /** Time of the next timer, if any. */
  next(): number | undefined;
}
