import type { Shape } from "../aws/service.ts";

/**
 * - `throttle`: refused with the service's throttling error
 * - `error`: refused with a 500
 * - `timeout`: the connection breaks before the operation runs
 * - `lost`: the operation runs, then the connection breaks, so that the client does it twice
 * - `delay`: the operation runs `delayMs` later
 * - `partial`: of a batch operation only some entries are tried
 * - `kill`: a function's worker dies in the middle of its invocation (`operation` is the function's name)
 */
export type FaultKind = "throttle" | "error" | "timeout" | "lost" | "delay" | "partial" | "kill";

/** How often which fault strikes. */
export interface FaultRule {
  /** Signing name of the service. */
  readonly service: string;
  /** Every operation when absent. */
  readonly operation?: string;
  readonly kind: FaultKind;
  /** 0 to 1, for each call. */
  readonly probability: number;
  /** For `delay`, in milliseconds of real time. Default 50. */
  readonly delayMs?: number;
  /** For `partial`: the share of entries that fail. Default 0.1. */
  readonly share?: number;
}

/** Faults to inject. One seed gives the n-th call of an operation the same fate in every run. */
export interface FaultPlan {
  readonly seed: number;
  readonly rules: readonly FaultRule[];
}

/** The fault of one call. */
export interface Strike {
  readonly rule: FaultRule;
  /** Numbers in [0, 1) that the fault's details are drawn from. */
  readonly random: () => number;
}

export interface Faults {
  strike(service: string, operation: string): Strike | undefined;
  /** Whether a `kill` rule strikes this invocation. */
  kills(functionName: string): boolean;
  /** How many faults struck, by `<kind> <service>:<operation>`. */
  counts(): Readonly<Record<string, number>>;
}

/** @param plan No faults when absent. */
export function createFaults(plan: FaultPlan | undefined): Faults {
  const calls = new Map<string, number>();
  const counts: Record<string, number> = {};
  const draw = (service: string, operation: string, wanted: (rule: FaultRule) => boolean): Strike | undefined => {
    if (plan === undefined) return undefined;
    const rules = plan.rules.filter(
      (rule) =>
        rule.service === service && (rule.operation === undefined || rule.operation === operation) && wanted(rule),
    );
    if (rules.length === 0) return undefined;
    const key = `${service}:${operation}`;
    const count = calls.get(key) ?? 0;
    calls.set(key, count + 1);
    const random = generator(hash(`${plan.seed} ${key} ${count}`));
    const rule = rules.find(({ probability }) => random() < probability);
    if (rule === undefined) return undefined;
    counts[`${rule.kind} ${key}`] = (counts[`${rule.kind} ${key}`] ?? 0) + 1;
    return { rule, random };
  };
  return {
    strike: (service, operation) => draw(service, operation, ({ kind }) => kind !== "kill"),
    kills: (functionName) => draw("lambda", functionName, ({ kind }) => kind === "kill") !== undefined,
    counts: () => ({ ...counts }),
  };
}

interface Batch {
  readonly entries: string;
  readonly results: string;
  readonly failed: string;
  readonly errorCode: string;
}

/** Operations that can fail for single entries. */
const batches: Readonly<Record<string, Batch>> = {
  "kinesis:PutRecords": {
    entries: "Records",
    results: "Records",
    failed: "FailedRecordCount",
    errorCode: "ProvisionedThroughputExceededException",
  },
  "events:PutEvents": {
    entries: "Entries",
    results: "Entries",
    failed: "FailedEntryCount",
    errorCode: "InternalFailure",
  },
};

/** A batch of which some entries are kept from the service. */
export interface SplitBatch {
  readonly input: Shape;
  /** Puts the failures among the service's results, in the order of the entries. */
  merge(output: Shape): Shape;
}

/** @returns undefined when the operation is no batch, or no entry was drawn. */
export function splitBatch(
  service: string,
  operation: string,
  input: Shape,
  { rule, random }: Strike,
): SplitBatch | undefined {
  const batch = batches[`${service}:${operation}`];
  const entries = batch && input[batch.entries];
  if (batch === undefined || !Array.isArray(entries)) return undefined;
  const fails = entries.map(() => random() < (rule.share ?? 0.1));
  const failures = fails.filter(Boolean).length;
  // A batch without entries would be refused, which is another fault.
  if (failures === 0 || failures === entries.length) return undefined;
  return {
    input: { ...input, [batch.entries]: entries.filter((_entry, index) => !fails[index]) },
    merge(output) {
      const results: unknown = output[batch.results];
      const done = Array.isArray(results) ? results.values() : [].values();
      const failure = { ErrorCode: batch.errorCode, ErrorMessage: "Injected by the fault plan" };
      return {
        ...output,
        [batch.results]: fails.map((failed) => (failed ? failure : done.next().value)),
        [batch.failed]: Number(output[batch.failed] ?? 0) + failures,
      };
    },
  };
}

/** Error that clients of the service know as "slow down". */
export function throttlingError(service: string): { readonly code: string; readonly status: number } {
  switch (service) {
    case "kinesis":
      return { code: "ProvisionedThroughputExceededException", status: 400 };
    case "lambda":
      return { code: "TooManyRequestsException", status: 429 };
    case "s3":
      return { code: "SlowDown", status: 503 };
    default:
      return { code: "ThrottlingException", status: 400 };
  }
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return value >>> 0;
}

/** Mulberry32. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
