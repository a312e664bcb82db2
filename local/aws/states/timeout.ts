import type { Activity } from "./activity.ts";
import { StatesError } from "./errors.ts";

/** The task, or its timeout, or the end of the execution, whichever comes first. */
export async function inTime(
  task: Promise<unknown>,
  seconds: number | undefined,
  signal: AbortSignal,
  clock: { readonly activity: Activity; now(): number },
): Promise<unknown> {
  const cut = Promise.withResolvers<never>();
  const done = new AbortController();
  const stop = () => cut.reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  if (seconds !== undefined) {
    // The task itself keeps the execution active; its timer is one more branch that only waits.
    clock.activity.enter();
    void clock.activity
      .pause(clock.now() + seconds * 1000, done.signal)
      .then(
        () => cut.reject(new StatesError("States.Timeout", `the task did not end within ${seconds} s`, true)),
        () => undefined,
      )
      .finally(() => clock.activity.leave());
  }
  try {
    return await Promise.race([task, cut.promise]);
  } finally {
    signal.removeEventListener("abort", stop);
    done.abort();
    task.catch(() => undefined); // a task that was given up may fail unheard
  }
}
