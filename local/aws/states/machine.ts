import type { Template } from "./expressions.ts";

/** One retrier, as written in the definition. */
export interface Retrier {
  readonly ErrorEquals: readonly string[];
  /** Seconds before the first retry; default 1. */
  readonly IntervalSeconds?: number;
  /** Default 3; 0 means never. */
  readonly MaxAttempts?: number;
  /** Default 2. */
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: "FULL" | "NONE";
}

/** What a state leaves behind. */
export interface Effects {
  readonly output?: Template;
  /** Variable name without `$` -> its value. */
  readonly assign: readonly (readonly [string, Template])[];
}

export interface Catcher extends Effects {
  readonly errorEquals: readonly string[];
  readonly next: string;
}

export interface ChoiceRule extends Effects {
  readonly condition: Template;
  readonly next: string;
}

interface Common extends Effects {
  readonly name: string;
}

interface Continuing extends Common {
  /** Undefined at the end of its graph. */
  readonly next?: string;
}

interface Guarded extends Continuing {
  readonly retry: readonly Retrier[];
  readonly catch: readonly Catcher[];
}

export interface TaskState extends Guarded {
  readonly type: "Task";
  readonly integration: Integration;
  readonly arguments?: Template;
  readonly timeoutSeconds?: Template;
}

export interface MapState extends Guarded {
  readonly type: "Map";
  readonly items?: Template;
  readonly itemSelector?: Template;
  /** 0 or absent: no limit. */
  readonly maxConcurrency?: Template;
  readonly processor: StateGraph;
}

export interface ParallelState extends Guarded {
  readonly type: "Parallel";
  readonly arguments?: Template;
  readonly branches: readonly StateGraph[];
}

export interface PassState extends Continuing {
  readonly type: "Pass";
}

export interface WaitState extends Continuing {
  readonly type: "Wait";
  readonly seconds?: Template;
  readonly timestamp?: Template;
}

export interface ChoiceState extends Common {
  readonly type: "Choice";
  readonly rules: readonly ChoiceRule[];
  readonly default?: string;
}

export interface SucceedState extends Common {
  readonly type: "Succeed";
}

export interface FailState extends Common {
  readonly type: "Fail";
  readonly error?: Template;
  readonly cause?: Template;
}

export type State =
  | TaskState
  | MapState
  | ParallelState
  | PassState
  | WaitState
  | ChoiceState
  | SucceedState
  | FailState;

/** A machine's states, or those of one branch or of a Map's processor. */
export interface StateGraph {
  readonly startAt: string;
  readonly states: ReadonlyMap<string, State>;
}

/** A definition that was checked and compiled. */
export interface Machine {
  readonly graph: StateGraph;
  readonly timeoutSeconds?: number;
}

/** What a Task calls. */
export type Integration =
  | { readonly kind: "lambda" }
  | { readonly kind: "athena-sync" }
  | {
      readonly kind: "call";
      /** Signing name that `dispatch` knows. */
      readonly service: string;
      /** Operation as in the SDK. */
      readonly operation: string;
      /** Prefix of its error names, e.g. `Glue` in `Glue.EntityNotFoundException`. */
      readonly errors: string;
      /** As the history shows it: `aws-sdk:glue` or `sns`. */
      readonly resourceType: string;
      /** Optimised integrations count time in epoch milliseconds, SDK integrations as ISO 8601 text. */
      readonly sdk: boolean;
    };
