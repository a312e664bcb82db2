import type { Timer, VirtualClock } from "./clock.ts";
import { InFlight } from "./in-flight.ts";
import { TimerQueue } from "./timer-queue.ts";

/**
 * A clock that stands at `startMs` until it is advanced. A timer set for a time that has come fires at once, also
 * without an advance; all others fire in order of time, then of creation, each after the work of the one before.
 */
export function createVirtualClock(startMs: number): VirtualClock {
  const timers = new TimerQueue();
  const inFlight = new InFlight();
  let now = startMs;
  let advancing: Promise<void> = Promise.resolve();
  let advances = 0;

  const fireUpTo = async (epochMs: number): Promise<void> => {
    for (;;) {
      await inFlight.none();
      const next = timers.peek();
      if (next === undefined || next.at > epochMs) break;
      timers.pop();
      now = Math.max(now, next.at);
      await inFlight.run(async () => next.fire());
    }
    now = Math.max(now, epochMs);
  };

  const advance = (epochMs: () => number): Promise<void> => {
    advances += 1;
    const turn = advancing
      .then(() => fireUpTo(epochMs()))
      .finally(() => {
        advances -= 1;
      });
    // A timer that throws fails the advance that fired it, not the ones after.
    advancing = turn.catch(() => undefined);
    return turn;
  };

  const clock: VirtualClock = {
    kind: "virtual",
    now: () => now,
    at(epochMs, fire): Timer {
      const cancel = timers.add(epochMs, fire);
      // Nobody may be about to advance; one that is fires it in its turn.
      if (epochMs <= now && advances === 0) advance(() => now).catch(rethrow);
      return { cancel };
    },
    sleep: (ms) =>
      new Promise((resolve) => {
        clock.at(now + ms, resolve);
      }),
    work: (task) => inFlight.run(task),
    async settled() {
      do await inFlight.none();
      while ((timers.peek()?.at ?? Number.POSITIVE_INFINITY) <= now);
    },
    async advanceTo(epochMs) {
      if (epochMs < now) {
        throw new RangeError(
          `A clock at ${new Date(now).toISOString()} does not go back to ${new Date(epochMs).toISOString()}`,
        );
      }
      await advance(() => epochMs);
    },
    next: () => timers.peek()?.at,
  };
  return clock;
}

/** Makes an error that nobody awaits visible, as one thrown in a `setTimeout` is. */
function rethrow(error: unknown): void {
  setImmediate(() => {
    throw error;
  });
}
