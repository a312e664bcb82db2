import type { Shape } from "../service.ts";
import { invalidRequest } from "./invalid-request.ts";

/** What a batch operation asked for. */
export interface Batch<T> {
  readonly found: readonly T[];
  /** One line for each that is not there. */
  readonly unprocessed: readonly Shape[];
}

/** What a batch operation of Athena is like. */
export interface BatchKind<T> {
  /** Member of the request that lists the keys. */
  readonly member: string;
  /** Keys in one request. */
  readonly most: number;
  find(key: string): T | undefined;
  /** What is said of a key that nothing has: the member that names it, its kind in the message, and Athena's code. */
  readonly missing: { readonly member: string; readonly what: string; readonly code: string };
}

/** Looks up all that a batch operation asks for. @throws AwsError for a list that is none, empty or too long. */
export function batchOf<T>(input: Shape, { member, most, find, missing }: BatchKind<T>): Batch<T> {
  const given = input[member];
  const value = `Value at '${member.charAt(0).toLowerCase()}${member.slice(1)}' failed to satisfy constraint`;
  const detected = "1 validation error detected";
  if (!Array.isArray(given)) throw invalidRequest(`${detected}: ${value}: Member must not be null`);
  const keys = given.map(String);
  if (keys.length < 1)
    throw invalidRequest(`${detected}: ${value}: Member must have length greater than or equal to 1`);
  if (keys.length > most)
    throw invalidRequest(`${detected}: ${value}: Member must have length less than or equal to ${most}`);
  const looked = keys.map((key) => ({ key, item: find(key) }));
  return {
    found: looked.flatMap(({ item }) => item ?? []),
    unprocessed: looked
      .filter(({ item }) => item === undefined)
      .map(({ key }) => ({
        [missing.member]: key,
        ErrorCode: missing.code,
        ErrorMessage: `${missing.what} ${key} was not found`,
      })),
  };
}
