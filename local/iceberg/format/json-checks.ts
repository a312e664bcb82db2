/** Checks for values out of JSON: each says which member is wrong and what it should be. */
import { InvalidIceberg } from "./errors.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

/** @param what name of the value for the message, e.g. `snapshot`. */
export function asObject(value: unknown, what: string): JsonObject {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new InvalidIceberg(`Iceberg metadata: ${what} is not an object`);
  }
  return value as JsonObject;
}

export function asText(value: unknown, what: string): string {
  if (typeof value !== "string") throw new InvalidIceberg(`Iceberg metadata: ${what} is not text`);
  return value;
}

export function asBoolean(value: unknown, what: string): boolean {
  if (typeof value !== "boolean") throw new InvalidIceberg(`Iceberg metadata: ${what} is not true or false`);
  return value;
}

/** An integer that a JavaScript number holds exactly. */
export function asInteger(value: unknown, what: string): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value)) {
    throw new InvalidIceberg(`Iceberg metadata: ${what} is not an integer`);
  }
  return value;
}

/** A 64-bit integer, such as a snapshot id. */
export function asLong(value: unknown, what: string): bigint {
  const long = typeof value === "bigint" ? value : BigInt(asInteger(value, what));
  if (BigInt.asIntN(64, long) !== long) throw new InvalidIceberg(`Iceberg metadata: ${what} has more than 64 bits`);
  return long;
}

/** @param read makes each element; its second argument names the element for messages. */
export function asList<T>(value: unknown, what: string, read: (element: unknown, what: string) => T): readonly T[] {
  if (!Array.isArray(value)) throw new InvalidIceberg(`Iceberg metadata: ${what} is not a list`);
  return value.map((element: unknown, index) => read(element, `${what}[${index}]`));
}

export function asTextMap(value: unknown, what: string): Readonly<Record<string, string>> {
  return asMap(value, what, asText);
}

export function asMap<T>(
  value: unknown,
  what: string,
  read: (element: unknown, what: string) => T,
): Readonly<Record<string, T>> {
  const entries = Object.entries(asObject(value, what));
  return Object.fromEntries(entries.map(([key, element]) => [key, read(element, `${what}.${key}`)]));
}

/** What `read` makes of a member, or an empty object when the member is absent or null, to be spread. */
export function optionalMember<K extends string, T>(
  object: JsonObject,
  key: K,
  read: (element: unknown, what: string) => T,
): { readonly [P in K]?: T } {
  const value = object[key];
  if (value === undefined || value === null) return {};
  return { [key]: read(value, key) } as { readonly [P in K]?: T };
}

/** The object without the members that are null: writers differ in leaving absent members out. */
export function withoutNulls(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));
}
