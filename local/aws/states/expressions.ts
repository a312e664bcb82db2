import jsonata from "jsonata";
import { StatesError } from "./errors.ts";

/** A JSON value with every `{% %}` text compiled, evaluated as often as the state is entered. */
export type Template =
  | { readonly kind: "constant"; readonly value: unknown }
  | {
      readonly kind: "expression";
      readonly text: string;
      readonly field: string;
      readonly compiled: jsonata.Expression;
    }
  | { readonly kind: "array"; readonly items: readonly Template[] }
  | { readonly kind: "object"; readonly entries: readonly (readonly [string, Template])[] };

/** What the expressions of one state see, and where its errors say they came from. */
export interface Scope {
  readonly state: string;
  readonly enteredEventId: number;
  /** Variables by name without `$`, functions, and `states`. */
  readonly bindings: Record<string, unknown>;
}

/** The JSONata between `{%` and `%}`, if the text is nothing else. */
export function expressionOf(text: string): string | undefined {
  return text.startsWith("{%") && text.endsWith("%}") && text.length >= 4 ? text.slice(2, -2).trim() : undefined;
}

/**
 * Compiles a payload once.
 * @param field name in error messages, e.g. `Output`; members are appended as `/member` and `[index]`.
 * @throws Error with the position for malformed JSONata and for `$eval`, which Step Functions does not have.
 */
export function compile(value: unknown, field: string): Template {
  if (typeof value === "string") {
    const text = expressionOf(value);
    return text === undefined
      ? { kind: "constant", value }
      : { kind: "expression", text, field, compiled: parse(text, field) };
  }
  if (Array.isArray(value))
    return fold({ kind: "array", items: value.map((item, n) => compile(item, `${field}[${n}]`)) });
  if (typeof value === "object" && value !== null) {
    return fold({
      kind: "object",
      entries: Object.entries(value).map(([name, member]) => [name, compile(member, `${field}/${name}`)] as const),
    });
  }
  return { kind: "constant", value };
}

/** A payload without any expression is a constant as a whole: nothing to evaluate at run time. */
function fold(template: Extract<Template, { kind: "array" | "object" }>): Template {
  const value = constantOf(template);
  return value === undefined ? template : { kind: "constant", value };
}

function constantOf(template: Template): unknown {
  if (template.kind === "constant") return template.value;
  if (template.kind === "array") {
    const items = template.items.map(constantOf);
    return items.includes(undefined) ? undefined : items;
  }
  if (template.kind === "object") {
    const entries = template.entries.map(([name, member]) => [name, constantOf(member)] as const);
    return entries.some(([, value]) => value === undefined) ? undefined : Object.fromEntries(entries);
  }
  return undefined;
}

function parse(text: string, field: string): jsonata.Expression {
  let compiled: jsonata.Expression;
  try {
    compiled = jsonata(text);
  } catch (error) {
    throw new Error(`${field}: the JSONata expression '${text}' does not parse: ${reason(error)}`);
  }
  if (usesVariable(compiled.ast(), "eval"))
    throw new Error(`${field}: $eval is not available in Step Functions; use $parse for JSON text`);
  return compiled;
}

function usesVariable(node: unknown, name: string): boolean {
  if (Array.isArray(node)) return node.some((item) => usesVariable(item, name));
  if (typeof node !== "object" || node === null) return false;
  if ("type" in node && node.type === "variable" && "value" in node && node.value === name) return true;
  return Object.values(node).some((member) => usesVariable(member, name));
}

/**
 * Evaluates a payload.
 * @throws StatesError `States.QueryEvaluationError` in the service's words when an expression fails or gives nothing.
 */
export async function evaluate(template: Template, scope: Scope): Promise<unknown> {
  switch (template.kind) {
    case "constant":
      return template.value;
    case "array": {
      const items: unknown[] = [];
      for (const item of template.items) items.push(await evaluate(item, scope));
      return items;
    }
    case "object": {
      const entries: [string, unknown][] = [];
      for (const [name, member] of template.entries) entries.push([name, await evaluate(member, scope)]);
      return Object.fromEntries(entries);
    }
    case "expression":
      return evaluateExpression(template, scope);
  }
}

async function evaluateExpression(template: Extract<Template, { kind: "expression" }>, scope: Scope): Promise<unknown> {
  let value: unknown;
  try {
    value = await template.compiled.evaluate(undefined, scope.bindings);
  } catch (error) {
    throw queryError(template, scope, `threw an error during evaluation. ${reason(error)}`);
  }
  if (value === undefined) throw queryError(template, scope, "returned nothing (undefined).");
  if (typeof value === "function") throw queryError(template, scope, "returned a function, which is no JSON value.");
  return plain(value);
}

/** `States.QueryEvaluationError` in the service's wording. */
export function queryError(
  at: { readonly text: string; readonly field: string },
  scope: Scope,
  what: string,
): StatesError {
  return new StatesError(
    "States.QueryEvaluationError",
    `An error occurred while executing the state '${scope.state}' (entered at the event id #${scope.enteredEventId}). ` +
      `The JSONata expression '${at.text}' specified for the field '${at.field}' ${what}`,
  );
}

/** JSONata's sequences carry marks of their own; states pass plain JSON on. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => plain(item) ?? null);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) =>
      member === undefined || typeof member === "function" ? [] : [[name, plain(member)]],
    ),
  );
}

function reason(error: unknown): string {
  if (typeof error !== "object" || error === null) return String(error);
  const code = "code" in error && typeof error.code === "string" ? `${error.code}: ` : "";
  const message = "message" in error && typeof error.message === "string" ? error.message : JSON.stringify(error);
  const position = "position" in error && typeof error.position === "number" ? ` (at position ${error.position})` : "";
  return `${code}${message}${position}`;
}
