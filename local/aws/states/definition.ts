import { InvalidDefinition } from "./errors.ts";
import { compile, type Template } from "./expressions.ts";
import { Fields } from "./fields.ts";
import type { Catcher, ChoiceRule, Effects, Integration, Machine, Retrier, State, StateGraph } from "./machine.ts";
import { integrationOf } from "./resources.ts";
import { specificationProblems } from "./specification.ts";

/**
 * Checks a definition as Step Functions does at creation and compiles it once.
 * @param machine name for messages.
 * @throws InvalidDefinition with every problem found; what the local interpreter lacks is named.
 */
export function parseDefinition(machine: string, text: string): Machine {
  let definition: unknown;
  try {
    definition = JSON.parse(text);
  } catch (error) {
    throw new InvalidDefinition(machine, [`not JSON: ${error instanceof Error ? error.message : String(error)}`]);
  }
  const problems: string[] = [];
  const top = new Fields(definition, "definition", problems);
  if (top.text("QueryLanguage") !== "JSONata") {
    throw new InvalidDefinition(machine, [
      'QueryLanguage JSONPath is not implemented locally; say "QueryLanguage": "JSONata"',
    ]);
  }
  const reader = new Reader(problems);
  const graph = reader.graph(top, "definition", new Set());
  top.text("Comment");
  top.text("Version");
  const timeoutSeconds = top.number("TimeoutSeconds");
  top.refuseRest();
  problems.push(...specificationProblems(definition));
  if (problems.length > 0) throw new InvalidDefinition(machine, problems);
  return { graph, ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }) };
}

class Reader {
  readonly #problems: string[];
  constructor(problems: string[]) {
    this.#problems = problems;
  }

  /** @param outer variables of the enclosing scopes: an inner scope reads them but may not assign them. */
  graph(fields: Fields, at: string, outer: ReadonlySet<string>): StateGraph {
    const startAt = fields.requiredText("StartAt");
    const states = Object.entries(fields.object("States") ?? {});
    const visible = new Set([...outer, ...states.flatMap(([, state]) => assignedNames(state))]);
    const parsed = new Map(
      states.map(([name, state]) => {
        for (const variable of assignedNames(state)) {
          if (outer.has(variable))
            this.#problems.push(`${at}: state ${name} assigns $${variable}, which belongs to an outer scope`);
        }
        return [name, this.#state(name, state, visible)] as const;
      }),
    );
    for (const target of [startAt, ...[...parsed.values()].flatMap(targets)]) {
      if (!parsed.has(target)) this.#problems.push(`${at}: there is no state ${target} in this scope`);
    }
    return { startAt, states: parsed };
  }

  #state(name: string, value: unknown, variables: ReadonlySet<string>): State {
    const at = `state ${name}`;
    const fields = new Fields(value, at, this.#problems);
    const type = fields.requiredText("Type");
    fields.text("Comment");
    const language = fields.text("QueryLanguage");
    if (language !== undefined && language !== "JSONata")
      fields.problem(`QueryLanguage ${language} is refused in a JSONata machine`);
    const common = { name, ...this.#effects(fields) };
    const state = this.#typed(type, common, fields, at, variables);
    fields.refuseRest();
    return state;
  }

  #typed(
    type: string,
    common: { name: string } & Effects,
    fields: Fields,
    at: string,
    variables: ReadonlySet<string>,
  ): State {
    const graph = (inner: unknown, where: string): StateGraph => {
      const members = new Fields(inner, where, this.#problems);
      const parsed = this.graph(members, where, variables);
      members.text("Comment");
      const mode = members.object("ProcessorConfig")?.["Mode"] ?? "INLINE";
      if (mode !== "INLINE") members.problem(`a Map in mode ${String(mode)} is not implemented locally`);
      members.refuseRest();
      return parsed;
    };
    switch (type) {
      case "Pass":
        return { type, ...common, ...this.#next(fields) };
      case "Succeed":
        return { type, ...common };
      case "Fail":
        return {
          type,
          ...common,
          ...optional("error", this.#template(fields, "Error")),
          ...optional("cause", this.#template(fields, "Cause")),
        };
      case "Wait":
        return {
          type,
          ...common,
          ...this.#next(fields),
          ...optional("seconds", this.#template(fields, "Seconds")),
          ...optional("timestamp", this.#template(fields, "Timestamp")),
        };
      case "Choice": {
        const fallback = fields.text("Default");
        const rules = fields.list("Choices").map((rule, n) => this.#rule(rule, `${at} Choices[${n}]`, n));
        return { type, ...common, rules, ...optional("default", fallback) };
      }
      case "Task":
        return {
          type,
          ...common,
          ...this.#guarded(fields),
          integration: this.#integration(fields),
          ...optional("arguments", this.#template(fields, "Arguments")),
          ...optional("timeoutSeconds", this.#template(fields, "TimeoutSeconds")),
        };
      case "Map":
        return {
          type,
          ...common,
          ...this.#guarded(fields),
          ...optional("items", this.#template(fields, "Items")),
          ...optional("itemSelector", this.#template(fields, "ItemSelector")),
          ...optional("maxConcurrency", this.#template(fields, "MaxConcurrency")),
          processor: graph(fields.any("ItemProcessor"), `${at} ItemProcessor`),
        };
      case "Parallel":
        return {
          type,
          ...common,
          ...this.#guarded(fields),
          ...optional("arguments", this.#template(fields, "Arguments")),
          branches: fields.list("Branches").map((branch, n) => graph(branch, `${at} Branches[${n}]`)),
        };
      default:
        fields.problem(`Type ${type} is not implemented locally`);
        return { type: "Succeed", ...common };
    }
  }

  #integration(fields: Fields): Integration {
    try {
      return integrationOf(fields.requiredText("Resource"));
    } catch (error) {
      fields.problem(error instanceof Error ? error.message : String(error));
      return { kind: "lambda" };
    }
  }

  #next(fields: Fields): { readonly next?: string } {
    const end = fields.any("End");
    const next = fields.text("Next");
    if ((end === true) === (next !== undefined)) fields.problem("exactly one of Next and End is needed");
    return optional("next", next);
  }

  #guarded(fields: Fields): {
    readonly next?: string;
    readonly retry: readonly Retrier[];
    readonly catch: readonly Catcher[];
  } {
    const retry = fields.list("Retry").map((value, n) => this.#retrier(value, `Retry[${n}]`));
    const catchers = fields.list("Catch").map((value, n): Catcher => {
      const members = new Fields(value, `Catch[${n}]`, this.#problems);
      const catcher = {
        errorEquals: members.texts("ErrorEquals"),
        next: members.requiredText("Next"),
        ...this.#effects(members, `Catch[${n}]/`),
      };
      members.refuseRest();
      return catcher;
    });
    return { ...this.#next(fields), retry, catch: catchers };
  }

  #retrier(value: unknown, at: string): Retrier {
    const members = new Fields(value, at, this.#problems);
    const jitter = members.text("JitterStrategy");
    if (jitter !== undefined && jitter !== "FULL" && jitter !== "NONE")
      members.problem(`JitterStrategy ${jitter} does not exist`);
    const retrier: Retrier = {
      ErrorEquals: members.texts("ErrorEquals"),
      ...optional("IntervalSeconds", members.number("IntervalSeconds")),
      ...optional("MaxAttempts", members.number("MaxAttempts")),
      ...optional("BackoffRate", members.number("BackoffRate")),
      ...optional("MaxDelaySeconds", members.number("MaxDelaySeconds")),
      ...(jitter === "FULL" ? { JitterStrategy: "FULL" } : {}),
    };
    members.text("Comment");
    members.refuseRest();
    return retrier;
  }

  #rule(value: unknown, at: string, index: number): ChoiceRule {
    const members = new Fields(value, at, this.#problems);
    const condition = this.#template(members, "Condition", `Choices[${index}]/`) ?? { kind: "constant", value: false };
    const rule = { condition, next: members.requiredText("Next"), ...this.#effects(members, `Choices[${index}]/`) };
    members.text("Comment");
    members.refuseRest();
    return rule;
  }

  #effects(fields: Fields, prefix = ""): Effects {
    const assign = Object.entries(fields.object("Assign") ?? {}).map(
      ([name, value]) => [name, this.#compile(fields, value, `${prefix}Assign/${name}`)] as const,
    );
    return { assign, ...optional("output", this.#template(fields, "Output", prefix)) };
  }

  #template(fields: Fields, name: string, prefix = ""): Template | undefined {
    const value = fields.any(name);
    return value === undefined ? undefined : this.#compile(fields, value, `${prefix}${name}`);
  }

  #compile(fields: Fields, value: unknown, field: string): Template {
    try {
      return compile(value, field);
    } catch (error) {
      fields.problem(error instanceof Error ? error.message : String(error));
      return { kind: "constant", value: null };
    }
  }
}

/** Names a state assigns, in its own Assign and those of its rules and catchers. */
function assignedNames(state: unknown): string[] {
  if (typeof state !== "object" || state === null) return [];
  const own =
    "Assign" in state && typeof state.Assign === "object" && state.Assign !== null ? Object.keys(state.Assign) : [];
  const inner = ["Choices", "Catch"].flatMap((name) =>
    Object.entries(state).flatMap(([key, value]) => (key === name && Array.isArray(value) ? value : [])),
  );
  return [...own, ...inner.flatMap(assignedNames)];
}

function targets(state: State): string[] {
  const own = "next" in state && state.next !== undefined ? [state.next] : [];
  if (state.type === "Choice")
    return [...state.rules.map((rule) => rule.next), ...(state.default === undefined ? [] : [state.default])];
  return "catch" in state ? [...own, ...state.catch.map((catcher) => catcher.next)] : own;
}

function optional<K extends string, V>(name: K, value: V | undefined): { readonly [P in K]?: V } {
  const result: { [P in K]?: V } = {};
  if (value !== undefined) result[name] = value;
  return result;
}
