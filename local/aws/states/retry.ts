import { createHash } from "node:crypto";
import type { StatesError } from "./errors.ts";
import type { Retrier } from "./machine.ts";

/** Errors that end an execution whatever its Retry and Catch say. */
const terminal = new Set(["States.DataLimitExceeded", "States.Runtime"]);

/** Whether `ErrorEquals` covers the error. `States.TaskFailed` covers every error of a task but its timeout. */
export function matches(errorEquals: readonly string[], failure: StatesError): boolean {
  return errorEquals.some((name) => {
    if (name === failure.error) return true;
    if (name === "States.ALL") return !terminal.has(failure.error);
    return name === "States.TaskFailed" && failure.fromTask && failure.error !== "States.Timeout";
  });
}

/**
 * How long to wait before the state is tried again, in seconds; undefined when it is not.
 * The first retrier that matches decides, and each counts only the retries that it ordered itself.
 * @param counts retries so far by retrier; updated.
 * @param seed text that makes a FULL jitter repeatable: the same execution waits the same.
 */
export function retryDelay(
  retriers: readonly Retrier[],
  failure: StatesError,
  counts: Map<Retrier, number>,
  seed: string,
): number | undefined {
  const retrier = retriers.find((candidate) => matches(candidate.ErrorEquals, failure));
  if (retrier === undefined) return undefined;
  const done = counts.get(retrier) ?? 0;
  if (done >= (retrier.MaxAttempts ?? 3)) return undefined;
  counts.set(retrier, done + 1);
  const delay = Math.min(
    (retrier.IntervalSeconds ?? 1) * (retrier.BackoffRate ?? 2) ** done,
    retrier.MaxDelaySeconds ?? Number.POSITIVE_INFINITY,
  );
  return retrier.JitterStrategy === "FULL" ? delay * fraction(`${seed}#${done}`) : delay;
}

function fraction(seed: string): number {
  return createHash("sha256").update(seed).digest().readUInt32BE(0) / 2 ** 32;
}
