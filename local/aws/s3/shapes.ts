import { AwsError, NotImplementedLocally, type Shape } from "../service.ts";

/** Refuses members that an operation does not know, by name. */
export function onlyKnown(operation: string, input: Shape, known: readonly string[]): void {
  for (const [member, value] of Object.entries(input)) {
    if (value !== undefined && !known.includes(member))
      throw new NotImplementedLocally(`s3:${operation} with ${member}`);
  }
}

const invalid = (message: string): AwsError => new AwsError("InvalidArgument", message, 400);

export function text(input: Shape, member: string): string {
  const value = input[member];
  if (typeof value !== "string" || value === "") throw invalid(`${member} must be given.`);
  return value;
}

export function optionalText(input: Shape, member: string): string | undefined {
  const value = input[member];
  if (value === undefined) return undefined;
  if (typeof value !== "string") throw invalid(`${member} must be a string.`);
  return value;
}

/** A whole number, from JSON or from a query string. */
export function optionalNumber(input: Shape, member: string): number | undefined {
  const value = input[member];
  if (value === undefined) return undefined;
  const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof number !== "number" || !Number.isSafeInteger(number) || number < 0) {
    throw invalid(`${member} must be a whole number.`);
  }
  return number;
}

export function textMap(input: Shape, member: string): Readonly<Record<string, string>> | undefined {
  const value = input[member];
  if (value === undefined) return undefined;
  if (typeof value !== "object" || value === null) throw invalid(`${member} must be a map.`);
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]: [string, unknown]) => {
      if (typeof entry !== "string") throw invalid(`${member}.${key} must be a string.`);
      return [key.toLowerCase(), entry];
    }),
  );
}

export function body(input: Shape): Uint8Array | string {
  const value = input["Body"];
  if (value === undefined) return "";
  if (typeof value === "string" || value instanceof Uint8Array) return value;
  throw invalid("Body must be a string or bytes.");
}

/** The bytes of a `Range` header, or undefined for the whole object. Several ranges are refused. */
export function parseRange(
  range: string | undefined,
  size: number,
): { readonly start: number; readonly end: number } | undefined {
  if (range === undefined) return undefined;
  const match = /^bytes=(\d*)-(\d*)$/.exec(range);
  if (!match || (match[1] === "" && match[2] === ""))
    throw new NotImplementedLocally(`s3:GetObject with Range ${range}`);
  const [, first = "", last = ""] = match;
  const start = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === "" || last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (start >= size || end < start) {
    throw new AwsError("InvalidRange", "The requested range is not satisfiable", 416, { ActualObjectSize: size });
  }
  return { start, end };
}

/** ETags travel in quotes. */
export const quoted = (etag: string): string => `"${etag}"`;
export const unquoted = (etag: string): string => etag.replace(/^"(.*)"$/, "$1");
