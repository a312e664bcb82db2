import { isObject, objectIn } from "../members.ts";

/** Reads members of one JSON object, noting every problem instead of stopping at the first. */
export class Fields {
  readonly #value: Readonly<Record<string, unknown>>;
  readonly #at: string;
  readonly #problems: string[];
  readonly #known = new Set<string>();

  constructor(value: unknown, at: string, problems: string[]) {
    this.#at = at;
    this.#problems = problems;
    if (!isObject(value)) problems.push(`${at}: an object is expected`);
    this.#value = objectIn(value) ?? {};
  }

  problem(what: string): void {
    this.#problems.push(`${this.#at}: ${what}`);
  }

  any(name: string): unknown {
    this.#known.add(name);
    return this.#value[name];
  }

  text(name: string): string | undefined {
    return this.#typed(name, "text", (value) => (typeof value === "string" ? value : undefined));
  }

  requiredText(name: string): string {
    const value = this.text(name);
    if (value === undefined && this.#value[name] === undefined) this.problem(`${name} is missing`);
    return value ?? "";
  }

  number(name: string): number | undefined {
    return this.#typed(name, "a number", (value) => (typeof value === "number" ? value : undefined));
  }

  list(name: string): readonly unknown[] {
    return this.#typed(name, "a list", (value) => (Array.isArray(value) ? value : undefined)) ?? [];
  }

  texts(name: string): readonly string[] {
    return this.list(name).filter((item) => typeof item === "string");
  }

  object(name: string): Readonly<Record<string, unknown>> | undefined {
    return this.#typed(name, "an object", objectIn);
  }

  /** Everything nobody asked for is refused by name. Call last. */
  refuseRest(): void {
    for (const name of Object.keys(this.#value)) {
      if (!this.#known.has(name)) this.problem(`field ${name} is not implemented locally or does not belong here`);
    }
  }

  #typed<T>(name: string, kind: string, read: (value: unknown) => T | undefined): T | undefined {
    const value = this.any(name);
    if (value === undefined) return undefined;
    const result = read(value);
    if (result === undefined) this.problem(`${name} is not ${kind}`);
    return result;
  }
}
