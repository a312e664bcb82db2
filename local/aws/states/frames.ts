import { objectIn } from "../members.ts";
import { ExecutionStopped, StatesError } from "./errors.ts";
import { evaluate, queryError, type Scope, type Template } from "./expressions.ts";
import type { Catcher, Effects } from "./machine.ts";
import { matches } from "./retry.ts";

/** What a state passes to the next, in bytes of JSON text. */
const payloadLimit = 262_144;

/** What the expressions of the current state see. */
export interface Frame extends Scope {
  readonly input: unknown;
  readonly states: Record<string, unknown>;
}

/** The frame as a Map's ItemSelector sees it. */
export function withItem(frame: Frame, item: Readonly<Record<string, unknown>>): Scope {
  const { context } = frame.states;
  const states = { ...frame.states, context: { ...(typeof context === "object" ? context : {}), Map: { Item: item } } };
  return { ...frame, bindings: { ...frame.bindings, states } };
}

/** Any failure as Step Functions names it; one that it has no name for ends the execution. */
export function statesError(error: unknown): StatesError {
  if (error instanceof StatesError) return error;
  if (error instanceof ExecutionStopped) throw error;
  return new StatesError("States.Runtime", error instanceof Error ? error.message : String(error));
}

/** @throws StatesError `States.DataLimitExceeded` */
export function limit(value: unknown, state: string): void {
  const json = JSON.stringify(value);
  if (json !== undefined && json.length * 3 > payloadLimit && Buffer.byteLength(json) > payloadLimit) {
    throw new StatesError(
      "States.DataLimitExceeded",
      `The state/task '${state}' returned a result with a size exceeding the maximum number of bytes service limit.`,
    );
  }
}

/** A field that must give a whole number of at least 0. */
export async function wholeNumber(template: Template, frame: Frame): Promise<number> {
  const value = await evaluate(template, frame);
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0)
    throw fieldError(template, "value", frame, "must give a whole number of at least 0.");
  return value;
}

/** A field that must give text. */
export async function text(template: Template, frame: Frame): Promise<string> {
  const value = await evaluate(template, frame);
  if (typeof value !== "string") throw fieldError(template, "value", frame, "must give text.");
  return value;
}

/** `States.QueryEvaluationError` for a value of the wrong kind. */
export function fieldError(template: Template | undefined, field: string, frame: Frame, what: string): StatesError {
  return queryError(template?.kind === "expression" ? template : { text: "(no expression)", field }, frame, what);
}

/** What a state leads to, before its Output and Assign are evaluated. */
export interface Outcome {
  readonly next: string | undefined;
  readonly effects: Effects;
  /** Output when the state says none. */
  readonly fallback: unknown;
}

/** The context object says how often the state was tried again. */
export function countRetry(frame: Frame, retries: number): void {
  const context = objectIn(frame.states["context"]) ?? {};
  frame.states["context"] = { ...context, State: { ...objectIn(context["State"]), RetryCount: retries } };
}

/** Where a caught failure goes on. @throws StatesError the failure itself when nothing catches it */
export function caught(catchers: readonly Catcher[], failure: StatesError, frame: Frame): Outcome {
  const catcher = catchers.find((candidate) => matches(candidate.errorEquals, failure));
  if (catcher === undefined) throw failure;
  const errorOutput = { Error: failure.error, Cause: failure.cause };
  frame.states["errorOutput"] = errorOutput;
  return { next: catcher.next, effects: catcher, fallback: errorOutput };
}
