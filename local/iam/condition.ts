import { BlockList, isIPv6 } from "node:net";
import { compileGlob, type Lookup, type Matcher, tokenize } from "./glob.ts";
import { conditionKeyType } from "./vocabulary.ts";

/** Condition keys of one request, by lower-case name. */
export type RequestContext = ReadonlyMap<string, readonly string[]>;

/** One `operator: { key: values }` of a statement, ready to be asked. */
export interface Condition {
  readonly operator: string;
  /** Lower case. */
  readonly key: string;
  readonly holds: (context: RequestContext, lookup: Lookup) => boolean;
}

type Test = (policyValue: string) => Matcher;

/** Global keys that the runtime gives with every request (some only to services); any other is refused at load. */
const GLOBAL_KEYS = new Set([
  "aws:currenttime",
  "aws:epochtime",
  "aws:principalaccount",
  "aws:principalarn",
  "aws:principalisawsservice",
  "aws:principalservicename",
  "aws:principaltype",
  "aws:requestedregion",
  "aws:resourceaccount",
  "aws:securetransport",
  "aws:sourceaccount",
  "aws:sourcearn",
  "aws:sourceip",
  "aws:viaawsservice",
]);

const text = (pattern: string): Matcher => compileGlob(pattern, "text");
/** The text with its policy variables replaced (wildcards stay what they are); undefined when one has no value. */
const plain = (value: string, lookup: Lookup): string | undefined => {
  let replaced = "";
  for (const token of tokenize(value)) {
    if (token.kind === "variable") {
      const found = lookup(token.key) ?? token.fallback;
      if (found === undefined) return undefined;
      replaced += found;
    } else replaced += token.kind === "text" ? token.text : token.kind === "any" ? "*" : "?";
  }
  return replaced;
};

const equals: Test = (expected) => (value, lookup) => value === plain(expected, lookup);
const equalsIgnoreCase: Test = (expected) => (value, lookup) =>
  value.toLowerCase() === plain(expected, lookup)?.toLowerCase();

const arnLike: Test = (expected) => {
  const parts = arnParts(expected).map((part) => text(part));
  return (value, lookup) => {
    const actual = arnParts(value);
    return actual.length === parts.length && parts.every((part, index) => part(actual[index] ?? "", lookup));
  };
};

/** The six parts of an ARN; the last keeps its colons. */
function arnParts(arn: string): readonly string[] {
  const parts = arn.split(":");
  return [...parts.slice(0, 5), parts.slice(5).join(":")];
}

function compare(parse: (value: string) => number, accept: (value: number, expected: number) => boolean): Test {
  return (expected) => {
    const number = parse(expected);
    if (Number.isNaN(number)) throw new Error(`condition value "${expected}" does not fit its operator`);
    return (value) => accept(parse(value), number);
  };
}

const numeric = (value: string): number => (value.trim() === "" ? Number.NaN : Number(value));
const instant = (value: string): number =>
  /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : /^\d{4}-\d\d-\d\d/.test(value) ? Date.parse(value) : Number.NaN;

const bool: Test = (expected) => {
  const wanted = expected.toLowerCase();
  if (wanted !== "true" && wanted !== "false") throw new Error(`condition value "${expected}" is not true or false`);
  return (value) => value.toLowerCase() === wanted;
};

const inNetwork: Test = (expected) => {
  const [address = "", bits] = expected.split("/");
  const family = isIPv6(address) ? "ipv6" : "ipv4";
  const list = new BlockList();
  list.addSubnet(address, bits === undefined ? (family === "ipv6" ? 128 : 32) : Number(bits), family);
  return (value) => list.check(value, isIPv6(value) ? "ipv6" : "ipv4");
};

const POSITIVE: Readonly<Record<string, Test>> = {
  StringEquals: equals,
  StringEqualsIgnoreCase: equalsIgnoreCase,
  StringLike: text,
  ArnEquals: arnLike,
  ArnLike: arnLike,
  Bool: bool,
  IpAddress: inNetwork,
  NumericEquals: compare(numeric, (value, expected) => value === expected),
  NumericLessThan: compare(numeric, (value, expected) => value < expected),
  NumericLessThanEquals: compare(numeric, (value, expected) => value <= expected),
  NumericGreaterThan: compare(numeric, (value, expected) => value > expected),
  NumericGreaterThanEquals: compare(numeric, (value, expected) => value >= expected),
  DateEquals: compare(instant, (value, expected) => value === expected),
  DateLessThan: compare(instant, (value, expected) => value < expected),
  DateLessThanEquals: compare(instant, (value, expected) => value <= expected),
  DateGreaterThan: compare(instant, (value, expected) => value > expected),
  DateGreaterThanEquals: compare(instant, (value, expected) => value >= expected),
};

/** Negated operator -> what it negates. A key the request does not have satisfies these. */
const NEGATED: Readonly<Record<string, string>> = {
  StringNotEquals: "StringEquals",
  StringNotEqualsIgnoreCase: "StringEqualsIgnoreCase",
  StringNotLike: "StringLike",
  ArnNotEquals: "ArnEquals",
  ArnNotLike: "ArnLike",
  NumericNotEquals: "NumericEquals",
  DateNotEquals: "DateEquals",
  NotIpAddress: "IpAddress",
};

const OPERATOR = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/;

/**
 * Prepares one condition.
 * @throws Error naming an operator or key that is unknown, or that the runtime cannot decide.
 */
export function compileCondition(operator: string, key: string, values: readonly string[]): Condition {
  const [, quantifier, base = "", ifExists] = OPERATOR.exec(operator) ?? [];
  checkKey(key, operator, quantifier !== undefined);
  const name = key.toLowerCase();
  if (base === "Null") {
    if (quantifier !== undefined || ifExists !== undefined)
      throw new Error(`condition operator ${operator} is not known`);
    const absent = values.map((value) => value.toLowerCase() === "true");
    return { operator, key: name, holds: (context) => absent.includes(!context.has(name)) };
  }
  const negates = NEGATED[base];
  const test = POSITIVE[negates ?? base];
  if (test === undefined) throw new Error(`condition operator ${operator} is not implemented`);
  const matchers = values.map(test);
  const negated = negates !== undefined;
  const fits = (value: string, lookup: Lookup): boolean =>
    matchers.some((matches) => matches(value, lookup)) !== negated;
  const holds = (context: RequestContext, lookup: Lookup): boolean => {
    const actual = context.get(name);
    if (actual === undefined || actual.length === 0) {
      if (quantifier === "ForAllValues") return true;
      if (quantifier === "ForAnyValue") return false;
      return ifExists !== undefined || negated;
    }
    if (quantifier === "ForAnyValue") return actual.some((value) => fits(value, lookup));
    return actual.every((value) => fits(value, lookup));
  };
  return { operator, key: name, holds };
}

function checkKey(key: string, operator: string, quantified: boolean): void {
  const lower = key.toLowerCase();
  if (GLOBAL_KEYS.has(lower) || lower.startsWith("aws:principaltag/")) return;
  if (lower.startsWith("aws:")) throw new Error(`condition key ${key} is not provided by the local runtime`);
  const type = conditionKeyType(key);
  if (type === undefined) throw new Error(`condition key ${key} does not exist`);
  if (type.startsWith("ArrayOf") && !quantified && !operator.startsWith("Null")) {
    throw new Error(`condition key ${key} has many values: ${operator} needs ForAllValues: or ForAnyValue:`);
  }
}

/** True when a policy variable's key can have a value in the local runtime. */
export function knowsVariable(key: string): boolean {
  const lower = key.toLowerCase();
  return GLOBAL_KEYS.has(lower) || lower.startsWith("aws:principaltag/") || conditionKeyType(key) !== undefined;
}
