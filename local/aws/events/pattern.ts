import { isObject } from "../members.ts";
import { compileOperator, InvalidPattern, soleEntry, type Test } from "./leaf.ts";

/** Whether an event (its whole envelope, or the body of a message) matches. */
export type Matcher = (event: unknown) => boolean;

/** One node of a pattern: does it hold for this object of the event? The whole event is at hand for `exists`. */
type Node = (object: Readonly<Record<string, unknown>>, event: unknown) => boolean;

/**
 * Compiles an event pattern of EventBridge (the same language as in Pipes and in SNS message filters).
 * @param pattern JSON text or the parsed object.
 * @throws InvalidPattern for whatever the service refuses, operators unknown here included.
 */
export function compilePattern(pattern: unknown): Matcher {
  const node = compileObject(typeof pattern === "string" ? parse(pattern) : pattern, "");
  return (event) => isObject(event) && node(event, event);
}

/** What is wrong with a pattern; undefined when it would be accepted. */
export function validatePattern(pattern: unknown): string | undefined {
  try {
    compilePattern(pattern);
    return undefined;
  } catch (error) {
    if (error instanceof InvalidPattern) return error.message;
    throw error;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InvalidPattern("", `not JSON (${error instanceof Error ? error.message : String(error)})`);
  }
}

function compileObject(pattern: unknown, path: string): Node {
  if (!isObject(pattern)) throw new InvalidPattern(path, "Filter is not an object");
  const entries = Object.entries(pattern);
  if (entries.length === 0) throw new InvalidPattern(path, "Empty objects are not allowed");
  const parts = entries.map(([key, value]) =>
    key === "$or" ? compileOr(value, path) : compileField(key, value, path === "" ? key : `${path}.${key}`),
  );
  return (object, event) => parts.every((part) => part(object, event));
}

function compileOr(branches: unknown, path: string): Node {
  if (!Array.isArray(branches) || branches.length < 2)
    throw new InvalidPattern(path, "$or needs at least two branches");
  const nodes = branches.map((branch) => compileObject(branch, path));
  return (object, event) => nodes.some((node) => node(object, event));
}

function compileField(key: string, value: unknown, path: string): Node {
  if (Array.isArray(value)) {
    if (value.length === 0) throw new InvalidPattern(path, "Empty arrays are not allowed");
    const tests = value.map((wanted) => compileTest(wanted, path));
    return (object, event) => tests.some((test) => test(object[key], event));
  }
  if (!isObject(value)) throw new InvalidPattern(path, `"${key}" must be an object or an array`);
  const node = compileObject(value, path);
  return (object, event) => {
    const inner = object[key];
    // A branch that is not there may still be asked for by `exists: false`; all fields of one object of a list must agree.
    if (Array.isArray(inner)) {
      const objects = flat(inner).filter(isObject);
      return objects.length === 0 ? node({}, event) : objects.some((element) => node(element, event));
    }
    return node(isObject(inner) ? inner : {}, event);
  };
}

function compileTest(wanted: unknown, path: string): (value: unknown, event: unknown) => boolean {
  if (Array.isArray(wanted)) throw new InvalidPattern(path, "Match value must be String, number, true, false, or null");
  if (!isObject(wanted)) return onLeaves((value) => value === wanted);
  const [operator, argument] = soleEntry(wanted, path);
  if (operator !== "exists") return onLeaves(compileOperator(operator, argument, path));
  if (typeof argument !== "boolean")
    throw new InvalidPattern(path, "exists match pattern must be either true or false");
  const steps = path.split(".");
  return (_value, event) => hasLeaf(event, steps, 0) === argument;
}

/** A list matches when any of its leaves does; what is missing or an object never does. */
function onLeaves(test: Test): (value: unknown) => boolean {
  return (value) => {
    if (!Array.isArray(value)) return value !== undefined && !isObject(value) && test(value);
    return flat(value).some((leaf) => !isObject(leaf) && test(leaf));
  };
}

/** Whether anything but objects and empty lists stands at this path anywhere in the event. */
function hasLeaf(value: unknown, steps: readonly string[], at: number): boolean {
  if (Array.isArray(value)) return value.some((element) => hasLeaf(element, steps, at));
  const step = steps[at];
  if (step === undefined) return value !== undefined && !isObject(value);
  return isObject(value) && hasLeaf(value[step], steps, at + 1);
}

function flat(values: readonly unknown[]): unknown[] {
  return values.flatMap((value) => (Array.isArray(value) ? flat(value) : [value]));
}
