/** Where a state puts its result and goes on. */
export interface Flow {
  /** Variable of the state machine. */
  readonly variable: string;
  readonly next: string;
}

/** Calls are idempotent: throttles and passing faults are tried again, 2, 4, 8, 16 s apart. */
export const retryCalls = [
  { ErrorEquals: ["States.ALL"], IntervalSeconds: 2, MaxAttempts: 4, BackoffRate: 2, JitterStrategy: "FULL" },
] as const;

/** A statement may meet a throttle or another writer's commit. Each is a MERGE that may run again. */
export const retryQueries = [
  { ErrorEquals: ["States.ALL"], IntervalSeconds: 5, MaxAttempts: 2, BackoffRate: 3, JitterStrategy: "FULL" },
] as const;
