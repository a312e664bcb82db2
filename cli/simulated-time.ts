import { setTimeout as sleep } from "node:timers/promises";
import type { Clock, VirtualClock } from "../local/clock/clock.ts";

/** How far simulated time may run on while a command waits for something: no monthly schedule fires by accident. */
const HORIZON_MS = 60 * 60 * 1000;

export function isVirtual(clock: Clock): clock is VirtualClock {
  return clock.kind === "virtual";
}

/**
 * Waits for `task`, and lets a virtual clock move on to its next timers meanwhile (waits of a workflow, buffers of a
 * delivery stream): nobody else would. A real clock needs no help.
 */
export async function passTimeWhile<T>(clock: Clock, task: Promise<T>): Promise<T> {
  if (!isVirtual(clock)) return task;
  let pending = true;
  const watched = task.finally(() => {
    pending = false;
  });
  // The loop below may still be in a turn of its own when the task fails: the caller sees the failure, once.
  watched.catch(() => undefined);
  const limit = clock.now() + HORIZON_MS;
  while (pending) {
    await Promise.race([watched.catch(() => undefined), clock.settled()]);
    const next = clock.next();
    if (pending && next !== undefined && next <= limit) await clock.advanceTo(next);
    else await Promise.race([watched.catch(() => undefined), sleep(5)]);
  }
  return watched;
}
