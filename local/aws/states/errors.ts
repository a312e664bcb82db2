/** A failure as Step Functions names it: what Retry and Catch match on, and what a failed execution shows. */
export class StatesError extends Error {
  readonly error: string;
  override readonly cause: string;
  /** Raised by the task itself, so that `States.TaskFailed` matches it. */
  readonly fromTask: boolean;
  constructor(error: string, cause: string, fromTask = false) {
    super(`${error}: ${cause}`);
    this.name = "StatesError";
    this.error = error;
    this.cause = cause;
    this.fromTask = fromTask;
  }
}

/** The execution was stopped from outside; no Retry or Catch sees it. */
export class ExecutionStopped extends Error {
  readonly status: "ABORTED" | "TIMED_OUT";
  readonly error: string | undefined;
  override readonly cause: string | undefined;
  constructor(status: "ABORTED" | "TIMED_OUT", error?: string, cause?: string) {
    super(`${status}${error === undefined ? "" : ` ${error}`}`);
    this.name = "ExecutionStopped";
    this.status = status;
    this.error = error;
    this.cause = cause;
  }
}

/** A definition that Step Functions would refuse at creation, or that the local interpreter does not have. */
export class InvalidDefinition extends Error {
  readonly problems: readonly string[];
  constructor(machine: string, problems: readonly string[]) {
    super(`State machine ${machine} is refused:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
    this.name = "InvalidDefinition";
    this.problems = problems;
  }
}
