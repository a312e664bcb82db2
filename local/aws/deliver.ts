import type { Clock } from "../clock/clock.ts";
import { AwsError } from "./service.ts";

/** How long a service goes on trying to reach a target. */
export interface RetryPolicy {
  /** Retries after the first attempt. */
  readonly retries: number;
  /** Age of the event, in milliseconds, beyond which it is not tried again. */
  readonly maxAgeMs: number;
}

/** Why a target was given up. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  /** Retries made. */
  readonly retries: number;
}

/** Errors that no retry will mend. */
const final =
  /^(AccessDenied|ResourceNotFound|Validation|NotImplementedLocally|NotFound|NoSuchEntity|QueueDoesNotExist|StateMachineDoesNotExist|InvalidParameter)/;
/** Waits double from one second up to this. */
const maxBackoffMs = 600_000;

/**
 * Sends until it works, retries are used up, or the error is one that stays; waits on the clock between attempts.
 * @param since time of the event in epoch milliseconds.
 * @param end called once, with the failure if there was no success.
 * @returns when the first attempt is over; later ones are the clock's.
 */
export async function deliver(
  clock: Clock,
  policy: RetryPolicy,
  since: number,
  send: (retry: number) => Promise<void>,
  end: (failure: Failure | undefined) => Promise<void> | void,
  retry = 0,
): Promise<void> {
  try {
    await send(retry);
  } catch (error) {
    const code = error instanceof AwsError ? error.code : "InternalFailure";
    const next = clock.now() + Math.min(1000 * 2 ** retry, maxBackoffMs);
    if (!final.test(code) && retry < policy.retries && next <= since + policy.maxAgeMs) {
      clock.at(next, () => deliver(clock, policy, since, send, end, retry + 1));
      return;
    }
    await end({ code, message: error instanceof Error ? error.message : String(error), retries: retry });
    return;
  }
  await end(undefined);
}
