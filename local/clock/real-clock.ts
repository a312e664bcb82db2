import type { Clock } from "./clock.ts";
import { InFlight } from "./in-flight.ts";

/** The longest that `setTimeout` can wait; longer waits are made of several. */
const longestTimeout = 2 ** 31 - 1;

/**
 * A clock that runs at real speed.
 * @param startMs Instant at which it starts, e.g. where a virtual clock stopped; the machine's time by default.
 */
export function createRealClock(startMs: number = Date.now()): Clock {
  const inFlight = new InFlight();
  const started = performance.now();
  const now = (): number => Math.floor(startMs + (performance.now() - started));
  const clock: Clock = {
    kind: "real",
    now,
    at(epochMs, fire) {
      let handle: NodeJS.Timeout;
      const arm = (): void => {
        const wait = Math.max(0, epochMs - now());
        handle = setTimeout(
          () => {
            if (now() < epochMs) arm();
            else void inFlight.run(async () => fire());
          },
          Math.min(wait, longestTimeout),
        );
        // What serves requests keeps the process alive, not a schedule of next month.
        handle.unref();
      };
      arm();
      return { cancel: () => clearTimeout(handle) };
    },
    sleep: (ms) =>
      new Promise((resolve) => {
        clock.at(now() + ms, resolve);
      }),
    work: (task) => inFlight.run(task),
    settled: () => inFlight.none(),
  };
  return clock;
}
