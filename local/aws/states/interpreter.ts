import type { Activity } from "./activity.ts";
import { StatesError } from "./errors.ts";
import { evaluate } from "./expressions.ts";
import {
  caught,
  countRetry,
  type Frame,
  fieldError,
  limit,
  type Outcome,
  statesError,
  text,
  wholeNumber,
  withItem,
} from "./frames.ts";
import type {
  ChoiceState,
  Machine,
  MapState,
  ParallelState,
  Retrier,
  State,
  StateGraph,
  TaskState,
  WaitState,
} from "./machine.ts";
import { historyNames } from "./resources.ts";
import { retryDelay } from "./retry.ts";
import { inTime } from "./timeout.ts";

/** The outside of one execution. */
export interface Host {
  now(): number;
  readonly activity: Activity;
  /** `Execution` and `StateMachine` of the context object. */
  readonly context: Readonly<Record<string, unknown>>;
  readonly executionArn: string;
  readonly functions: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
  /** Carries a Task out. @throws StatesError */
  task(state: TaskState, input: unknown): Promise<unknown>;
  /** Writes a history event and gives its id. */
  record(type: string, previous: number, details?: Readonly<Record<string, unknown>>): number;
}

/** Iterations of an inline Map that run at once when it does not say. */
const defaultMapLanes = 40;

type Variables = Record<string, unknown>;

/** One line of control: the machine itself, a branch, or an iteration. */
interface Fibre {
  readonly signal: AbortSignal;
  /** Id of the last event in this line. */
  previous: number;
  readonly item: Readonly<Record<string, unknown>> | undefined;
}

/** Runs a checked machine to its end; gives the output or throws StatesError or ExecutionStopped. */
export async function interpret(machine: Machine, input: unknown, host: Host, started: number): Promise<unknown> {
  const fibre: Fibre = { signal: host.signal, previous: started, item: undefined };
  return new Interpreter(host).walk(machine.graph, input, {}, fibre, 0);
}

class Interpreter {
  readonly #host: Host;
  constructor(host: Host) {
    this.#host = host;
  }

  /** @param firstPrevious previous event of the first state; the service counts the first state of a machine from 0. */
  async walk(
    graph: StateGraph,
    input: unknown,
    outer: Variables,
    fibre: Fibre,
    firstPrevious = fibre.previous,
  ): Promise<unknown> {
    const variables = { ...outer };
    fibre.previous = firstPrevious;
    let data = input;
    let name: string | undefined = graph.startAt;
    while (name !== undefined) {
      const state = graph.states.get(name);
      if (state === undefined) throw new StatesError("States.Runtime", `there is no state ${name}`);
      fibre.signal.throwIfAborted();
      const step = await this.#step(state, data, variables, fibre);
      data = step.output;
      name = step.next;
    }
    return data;
  }

  async #step(
    state: State,
    input: unknown,
    variables: Variables,
    fibre: Fibre,
  ): Promise<{ readonly output: unknown; readonly next: string | undefined }> {
    const entered = this.#host.record(`${state.type}StateEntered`, fibre.previous, {
      stateEnteredEventDetails: { name: state.name, input: JSON.stringify(input) },
    });
    fibre.previous = entered;
    const context = {
      ...this.#host.context,
      State: {
        Name: state.name,
        EnteredTime: new Date(this.#host.now()).toISOString(),
        ...("retry" in state ? { RetryCount: 0 } : {}),
      },
      ...(fibre.item === undefined ? {} : { Map: { Item: fibre.item } }),
    };
    const states: Record<string, unknown> = { input, context };
    const frame: Frame = {
      state: state.name,
      enteredEventId: entered,
      input,
      states,
      bindings: { ...this.#host.functions, ...variables, states },
    };

    const outcome = await this.#outcome(state, frame, variables, fibre);
    const { output: template, assign } = outcome.effects;
    const output = template === undefined ? outcome.fallback : await evaluate(template, frame);
    const assigned: Variables = {};
    for (const [name, value] of assign) assigned[name] = await evaluate(value, frame);
    limit(output, state.name);
    fibre.previous = this.#host.record(`${state.type}StateExited`, fibre.previous, {
      stateExitedEventDetails: {
        name: state.name,
        output: JSON.stringify(output),
        ...(assign.length === 0
          ? {}
          : {
              assignedVariables: Object.fromEntries(
                Object.entries(assigned).map(([name, value]) => [name, JSON.stringify(value)]),
              ),
            }),
      },
    });
    Object.assign(variables, assigned);
    return { output, next: outcome.next };
  }

  async #outcome(state: State, frame: Frame, variables: Variables, fibre: Fibre): Promise<Outcome> {
    switch (state.type) {
      case "Pass":
        return { next: state.next, effects: state, fallback: frame.input };
      case "Succeed":
        return { next: undefined, effects: state, fallback: frame.input };
      case "Wait":
        await this.#host.activity.pause(await this.#until(state, frame), fibre.signal);
        return { next: state.next, effects: state, fallback: frame.input };
      case "Choice":
        return this.#choose(state, frame);
      case "Fail": {
        const error = state.error === undefined ? "" : await text(state.error, frame);
        throw new StatesError(error, state.cause === undefined ? "" : await text(state.cause, frame));
      }
      case "Task":
        return this.#guarded(state, frame, fibre, () => this.#task(state, frame, fibre));
      case "Map":
        return this.#guarded(state, frame, fibre, () => this.#map(state, frame, variables, fibre));
      case "Parallel":
        return this.#guarded(state, frame, fibre, () => this.#parallel(state, frame, variables, fibre));
    }
  }

  /** Retry and Catch around the states that have them. */
  async #guarded(
    state: TaskState | MapState | ParallelState,
    frame: Frame,
    fibre: Fibre,
    attempt: () => Promise<unknown>,
  ): Promise<Outcome> {
    const counts = new Map<Retrier, number>();
    for (let retries = 0; ; retries++) {
      try {
        const result = await attempt();
        limit(result, state.name);
        frame.states["result"] = result;
        return { next: state.next, effects: state, fallback: result };
      } catch (error) {
        fibre.signal.throwIfAborted();
        const failure = statesError(error);
        const delay = retryDelay(state.retry, failure, counts, `${this.#host.executionArn}/${state.name}`);
        if (delay === undefined) return caught(state.catch, failure, frame);
        await this.#host.activity.pause(this.#host.now() + delay * 1000, fibre.signal);
        countRetry(frame, retries + 1);
      }
    }
  }

  async #task(state: TaskState, frame: Frame, fibre: Fibre): Promise<unknown> {
    const input = state.arguments === undefined ? frame.input : await evaluate(state.arguments, frame);
    const seconds = state.timeoutSeconds === undefined ? undefined : await wholeNumber(state.timeoutSeconds, frame);
    const names = historyNames(state.integration);
    const record = (type: string, member: string, details: Readonly<Record<string, unknown>> = {}) => {
      fibre.previous = this.#host.record(type, fibre.previous, { [member]: { ...names, ...details } });
    };
    record("TaskScheduled", "taskScheduledEventDetails", {
      parameters: JSON.stringify(input),
      ...(seconds === undefined ? {} : { timeoutInSeconds: seconds }),
    });
    record("TaskStarted", "taskStartedEventDetails");
    try {
      const result = await inTime(this.#host.task(state, input), seconds, fibre.signal, this.#host);
      record("TaskSucceeded", "taskSucceededEventDetails", { output: JSON.stringify(result) });
      return result;
    } catch (error) {
      fibre.signal.throwIfAborted();
      const failure = statesError(error);
      if (failure.error === "States.Timeout")
        record("TaskTimedOut", "taskTimedOutEventDetails", { error: failure.error, cause: failure.cause });
      else record("TaskFailed", "taskFailedEventDetails", { error: failure.error, cause: failure.cause });
      throw failure;
    }
  }

  async #map(state: MapState, frame: Frame, variables: Variables, fibre: Fibre): Promise<unknown> {
    const items = state.items === undefined ? frame.input : await evaluate(state.items, frame);
    if (!Array.isArray(items)) throw fieldError(state.items, "Items", frame, "must give an array.");
    const asked = state.maxConcurrency === undefined ? 0 : await wholeNumber(state.maxConcurrency, frame);
    fibre.previous = this.#host.record("MapStateStarted", fibre.previous, {
      mapStateStartedEventDetails: { length: items.length },
    });
    const started = fibre.previous;
    const results = await this.#host.activity.fork(
      items.length,
      asked === 0 ? defaultMapLanes : asked,
      fibre.signal,
      async (index, signal) => {
        const item = { Index: index, Value: items[index] };
        const details = { name: state.name, index };
        const iteration: Fibre = {
          signal,
          item,
          previous: this.#host.record("MapIterationStarted", started, { mapIterationStartedEventDetails: details }),
        };
        try {
          const input =
            state.itemSelector === undefined ? items[index] : await evaluate(state.itemSelector, withItem(frame, item));
          const output = await this.walk(state.processor, input, variables, iteration);
          this.#host.record("MapIterationSucceeded", iteration.previous, {
            mapIterationSucceededEventDetails: details,
          });
          return output;
        } catch (error) {
          if (!signal.aborted)
            this.#host.record("MapIterationFailed", iteration.previous, { mapIterationFailedEventDetails: details });
          throw error;
        }
      },
    );
    fibre.previous = this.#host.record("MapStateSucceeded", fibre.previous);
    return results;
  }

  async #parallel(state: ParallelState, frame: Frame, variables: Variables, fibre: Fibre): Promise<unknown> {
    const input = state.arguments === undefined ? frame.input : await evaluate(state.arguments, frame);
    fibre.previous = this.#host.record("ParallelStateStarted", fibre.previous);
    const started = fibre.previous;
    const results = await this.#host.activity.fork(
      state.branches.length,
      state.branches.length,
      fibre.signal,
      async (index, signal) => {
        const branch = state.branches[index];
        if (branch === undefined) throw new StatesError("States.Runtime", `there is no branch ${index}`);
        return this.walk(branch, input, variables, { signal, previous: started, item: fibre.item });
      },
    );
    fibre.previous = this.#host.record("ParallelStateSucceeded", fibre.previous);
    return results;
  }

  async #choose(state: ChoiceState, frame: Frame): Promise<Outcome> {
    for (const rule of state.rules) {
      const holds = await evaluate(rule.condition, frame);
      if (typeof holds !== "boolean") throw fieldError(rule.condition, "Condition", frame, "must give a boolean.");
      if (holds) return { next: rule.next, effects: rule, fallback: frame.input };
    }
    if (state.default === undefined)
      throw new StatesError(
        "States.NoChoiceMatched",
        `no choice of the state '${state.name}' matched and it has no Default`,
      );
    return { next: state.default, effects: state, fallback: frame.input };
  }

  async #until(state: WaitState, frame: Frame): Promise<number> {
    if (state.seconds !== undefined) return this.#host.now() + (await wholeNumber(state.seconds, frame)) * 1000;
    if (state.timestamp === undefined)
      throw new StatesError("States.Runtime", `the state '${state.name}' does not say how long to wait`);
    const time = Date.parse(await text(state.timestamp, frame));
    if (Number.isNaN(time)) throw fieldError(state.timestamp, "Timestamp", frame, "must give an ISO 8601 time.");
    return time;
  }
}
