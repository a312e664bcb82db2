import { randomInt } from "node:crypto";
import { NotImplementedLocally } from "../service.ts";

/** One part of a prefix: text as it stands, or an expression to evaluate for each object. */
type Part =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "partition-key"; readonly name: string }
  | { readonly kind: "timestamp"; readonly pattern: readonly string[] }
  | { readonly kind: "random-string" }
  | { readonly kind: "error-output-type" };

/** A parsed custom prefix of a delivery stream. */
export interface Prefix {
  readonly parts: readonly Part[];
  /** Names of `!{partitionKeyFromLambda:...}`, in order of appearance. */
  readonly partitionKeys: readonly string[];
}

/** What an object's prefix is evaluated on. */
export interface PrefixValues {
  readonly partitionKeys: Readonly<Record<string, string>>;
  /** Arrival of the oldest record in the object, in epoch milliseconds. */
  readonly oldestArrival: number;
  readonly errorOutputType?: string;
}

const expression = /!\{([^:}]+):([^}]+)\}/g;

/** Parses a prefix. Expressions that are not implemented are refused by name. */
export function parsePrefix(prefix: string): Prefix {
  const parts: Part[] = [];
  let end = 0;
  for (const match of prefix.matchAll(expression)) {
    if (match.index > end) parts.push({ kind: "text", text: prefix.slice(end, match.index) });
    parts.push(parseExpression(match[1] ?? "", match[2] ?? ""));
    end = match.index + match[0].length;
  }
  if (end < prefix.length) parts.push({ kind: "text", text: prefix.slice(end) });
  const partitionKeys = [...new Set(parts.flatMap((part) => (part.kind === "partition-key" ? [part.name] : [])))];
  // Without a timestamp or a partition key of one's own, Firehose adds the hour of arrival.
  if (parts.every(({ kind }) => kind === "text" || kind === "random-string")) {
    parts.push(parseExpression("timestamp", "yyyy/MM/dd/HH/"));
  }
  return { parts, partitionKeys };
}

function parseExpression(namespace: string, value: string): Part {
  if (namespace === "partitionKeyFromLambda") return { kind: "partition-key", name: value };
  if (namespace === "timestamp") return { kind: "timestamp", pattern: parsePattern(value) };
  if (namespace === "firehose" && (value === "random-string" || value === "error-output-type")) return { kind: value };
  throw new NotImplementedLocally(`the Firehose prefix expression !{${namespace}:${value}}`);
}

const fields: Readonly<Record<string, (time: string) => string>> = {
  yyyy: (time) => time.slice(0, 4),
  MM: (time) => time.slice(5, 7),
  dd: (time) => time.slice(8, 10),
  HH: (time) => time.slice(11, 13),
  mm: (time) => time.slice(14, 16),
  ss: (time) => time.slice(17, 19),
};

/** Splits a Java DateTimeFormatter pattern; of its letters, those that name a UTC time's six parts. */
function parsePattern(pattern: string): readonly string[] {
  const tokens = pattern.match(/'[^']*'|([A-Za-z])\1*|[^A-Za-z']+/g) ?? [];
  for (const token of tokens) {
    if (/^[A-Za-z]/.test(token) && !(token in fields))
      throw new NotImplementedLocally(`the Firehose timestamp pattern ${token}`);
  }
  return tokens;
}

/** The prefix of one object. */
export function evaluatePrefix(prefix: Prefix, values: PrefixValues): string {
  return prefix.parts.map((part) => evaluatePart(part, values)).join("");
}

function evaluatePart(part: Part, values: PrefixValues): string {
  switch (part.kind) {
    case "text":
      return part.text;
    case "partition-key":
      return values.partitionKeys[part.name] ?? "";
    case "timestamp": {
      const time = new Date(values.oldestArrival).toISOString();
      return part.pattern.map((token) => fields[token]?.(time) ?? token.replaceAll("'", "")).join("");
    }
    case "random-string":
      return randomString(11);
    case "error-output-type":
      return values.errorOutputType ?? "";
  }
}

const alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

function randomString(length: number): string {
  return Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join("");
}
