import { AwsError, NotImplementedLocally, type Shape } from "./service.ts";

/** Refuses by name every member of a request that the operation does not know. */
export function onlyMembers(operation: string, input: Shape, known: readonly string[]): void {
  const unknown = Object.entries(input).find(([name, value]) => value !== undefined && !known.includes(name));
  if (unknown !== undefined) throw new NotImplementedLocally(`${operation} with ${unknown[0]}`);
}

/** A member that must be text. @throws AwsError `ValidationException` */
export function requiredText(input: Shape, name: string): string {
  const value = input[name];
  if (typeof value !== "string") throw new AwsError("ValidationException", `${name} is missing or not text`);
  return value;
}

/** A member that is text or absent. @throws AwsError `ValidationException` */
export function optionalText(input: Shape, name: string): string | undefined {
  return input[name] === undefined ? undefined : requiredText(input, name);
}

/**
 * One page of a list. Pages are cut by position; the token is the position of the next.
 * @param most items a page has when `limit` asks for none or more.
 * @throws AwsError `InvalidToken` for a token that no page gave.
 */
export function pageOf<T>(
  items: readonly T[],
  limit: unknown,
  token: unknown,
  most: number,
): { readonly items: readonly T[]; readonly next: string | undefined } {
  const size = typeof limit === "number" && limit > 0 ? Math.min(limit, most) : most;
  const from = token === undefined ? 0 : Number(token);
  if (!Number.isInteger(from) || from < 0)
    throw new AwsError("InvalidToken", "Invalid Token: the page token was not given by this service");
  return { items: items.slice(from, from + size), next: from + size < items.length ? String(from + size) : undefined };
}

/** Whether it has members: neither a list nor nothing. */
export const isObject = (value: unknown): value is Shape =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A nested object of a request or of a resource's inputs; undefined for anything else. */
export const objectIn = (value: unknown): Shape | undefined => (isObject(value) ? value : undefined);
