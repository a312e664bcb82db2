import type { ServiceContext, Shape } from "../service.ts";
import { Activity } from "./activity.ts";
import { ExecutionStopped, StatesError } from "./errors.ts";
import type { Ending, Execution } from "./executions.ts";
import { statesFunctions } from "./functions.ts";
import { interpret } from "./interpreter.ts";
import type { StateMachine } from "./machines.ts";
import { runTask } from "./tasks.ts";
import { contextObject } from "./views.ts";

const eventWord = { SUCCEEDED: "Succeeded", FAILED: "Failed", TIMED_OUT: "TimedOut", ABORTED: "Aborted" } as const;

/** Runs executions, and tells the metrics and the default bus how they went. */
export class Runner {
  readonly #context: ServiceContext;
  readonly #announces: boolean;
  readonly #stops = new Map<string, AbortController>();
  readonly #running = new Set<Promise<void>>();

  constructor(context: ServiceContext) {
    this.#context = context;
    this.#announces = context.graph.resources.some(
      (resource) =>
        resource.type === "aws:cloudwatch/eventRule:EventRule" &&
        (resource.inputs["eventBusName"] ?? "default") === "default",
    );
  }

  /** Begins an execution; what becomes of it shows in the execution itself. */
  start(machine: StateMachine, execution: Execution, input: unknown): void {
    this.#count("ExecutionsStarted", execution);
    const running = this.#run(machine, execution, input);
    this.#running.add(running);
    void running.finally(() => this.#running.delete(running));
  }

  /** Stops one execution. False when it does not run. */
  stop(executionArn: string, reason: ExecutionStopped): boolean {
    const stop = this.#stops.get(executionArn);
    stop?.abort(reason);
    return stop !== undefined;
  }

  /** Stops all executions and waits for their ends. */
  async stopAll(reason: ExecutionStopped): Promise<void> {
    for (const stop of this.#stops.values()) stop.abort(reason);
    await Promise.all(this.#running);
  }

  async #run(machine: StateMachine, execution: Execution, input: unknown): Promise<void> {
    const { clock } = this.#context;
    const activity = new Activity(clock);
    activity.enter();
    const stop = new AbortController();
    this.#stops.set(execution.begin.arn, stop);
    const seconds = machine.machine.timeoutSeconds;
    const timer =
      seconds === undefined
        ? undefined
        : clock.at(execution.begin.started + seconds * 1000, () =>
            stop.abort(new ExecutionStopped("TIMED_OUT", "States.Timeout")),
          );
    const record = (type: string, previousEventId: number, details: Shape = {}) =>
      execution.record({ previousEventId, type, timestamp: clock.now(), details });
    const started = record("ExecutionStarted", 0, {
      executionStartedEventDetails: { input: execution.begin.input, roleArn: machine.roleArn },
    });
    let ending: Ending;
    try {
      await this.#announce(execution);
      const call = this.#context.assume(machine.roleArn, "states.amazonaws.com", machine.arn);
      const identity = { machineArn: machine.arn, executionArn: execution.begin.arn };
      const output = await interpret(
        machine.machine,
        input,
        {
          now: () => clock.now(),
          activity,
          context: contextObject(machine, execution, input),
          executionArn: execution.begin.arn,
          functions: statesFunctions(() => clock.now()),
          signal: stop.signal,
          task: (state, taskInput) =>
            runTask(state.integration, taskInput, { dispatch: this.#context.dispatch, call, ...identity }),
          record,
        },
        started,
      );
      ending = { status: "SUCCEEDED", stopped: clock.now(), output: JSON.stringify(output) };
    } catch (error) {
      ending = endingOf(error, clock.now());
    }
    timer?.cancel();
    this.#stops.delete(execution.begin.arn);
    this.finish(execution, execution.events.length, ending);
    if (ending.status !== "SUCCEEDED") {
      this.#context.log("execution did not succeed", {
        execution: execution.begin.arn,
        status: ending.status,
        error: ending.error ?? "",
      });
    }
    await this.#announce(execution);
    activity.leave();
  }

  /** Ends an execution: its last event, its file, its metric. */
  finish(execution: Execution, previousEventId: number, ending: Ending): void {
    const { status, stopped, output, error, cause } = ending;
    const details =
      status === "SUCCEEDED"
        ? { executionSucceededEventDetails: { output } }
        : {
            [`execution${eventWord[status]}EventDetails`]: {
              ...(error === undefined ? {} : { error }),
              ...(cause === undefined ? {} : { cause }),
            },
          };
    execution.record({ previousEventId, type: `Execution${eventWord[status]}`, timestamp: stopped, details });
    execution.end(ending);
    this.#count(`Executions${eventWord[status]}`, execution);
  }

  #count(name: string, execution: Execution): void {
    this.#context.metric("AWS/States", name, { StateMachineArn: execution.begin.machineArn }, 1);
  }

  /** Status changes go to the default bus, for the rules that wait for them. */
  async #announce(execution: Execution): Promise<void> {
    if (!this.#announces) return;
    const { arn, machineArn, name, started, input } = execution.begin;
    const { ending } = execution;
    const detail = {
      executionArn: arn,
      stateMachineArn: machineArn,
      name,
      status: execution.status,
      startDate: started,
      stopDate: ending?.stopped ?? null,
      input,
      output: ending?.output ?? null,
      error: ending?.error ?? null,
      cause: ending?.cause ?? null,
    };
    const entry = {
      Source: "aws.states",
      DetailType: "Step Functions Execution Status Change",
      Resources: [arn],
      Detail: JSON.stringify(detail),
    };
    const call = this.#context.servicePrincipal("states.amazonaws.com", machineArn);
    try {
      await this.#context.dispatch("events", "PutServiceEvents", { Entries: [entry] }, call);
    } catch (error) {
      this.#context.log("status change was not announced", {
        execution: arn,
        error: error instanceof Error ? error.message : String(error),
      });
    }
  }
}

function endingOf(error: unknown, stopped: number): Ending {
  if (error instanceof ExecutionStopped) {
    return {
      status: error.status,
      stopped,
      ...(error.error === undefined ? {} : { error: error.error }),
      ...(error.cause === undefined ? {} : { cause: error.cause }),
    };
  }
  if (error instanceof StatesError) return { status: "FAILED", stopped, error: error.error, cause: error.cause };
  return {
    status: "FAILED",
    stopped,
    error: "States.Runtime",
    cause: error instanceof Error ? error.message : String(error),
  };
}
