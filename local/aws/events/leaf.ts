import { BlockList, isIP } from "node:net";

/** A pattern the service refuses, with the place in it. */
export class InvalidPattern extends Error {
  constructor(path: string, what: string) {
    super(`Event pattern is not valid. Reason: ${what} at ${path === "" ? "the top" : path}`);
    this.name = "InvalidPattern";
  }
}

/** Whether one value of the event (never an array or an object) is what the pattern asks for. */
export type Test = (value: unknown) => boolean;

/** Wildcards in one text beyond which the service calls a rule too complex: its own limit is not published. */
const maxWildcards = 5;
const numberLimit = 5e9;

/** Compiles one operator, e.g. `{"prefix": "a"}`. `exists` is not here: it asks about the whole event. */
export function compileOperator(operator: string, argument: unknown, path: string): Test {
  switch (operator) {
    case "prefix":
    case "suffix":
      return affix(operator, argument, path);
    case "equals-ignore-case": {
      const wanted = text(argument, operator, path).toLowerCase();
      return (value) => typeof value === "string" && value.toLowerCase() === wanted;
    }
    case "wildcard":
      return wildcard(text(argument, operator, path), path);
    case "numeric":
      return numeric(argument, path);
    case "cidr":
      return cidr(text(argument, operator, path), path);
    case "anything-but":
      return anythingBut(argument, path);
    default:
      throw new InvalidPattern(path, `Unrecognized match type ${operator}`);
  }
}

/** The only member of an operator object. */
export function soleEntry(value: object, path: string): readonly [string, unknown] {
  const [entry, ...more] = Object.entries(value);
  if (entry === undefined) throw new InvalidPattern(path, "Empty match object");
  if (more.length > 0) throw new InvalidPattern(path, "Only one key allowed in match expression");
  return entry;
}

function text(argument: unknown, operator: string, path: string): string {
  if (typeof argument !== "string") throw new InvalidPattern(path, `${operator} match pattern must be a string`);
  return argument;
}

function affix(operator: "prefix" | "suffix", argument: unknown, path: string): Test {
  const fold = typeof argument === "object" && argument !== null;
  const [inner, wanted] = fold ? soleEntry(argument, path) : ["", argument];
  if (fold && inner !== "equals-ignore-case")
    throw new InvalidPattern(path, `Unsupported anything in ${operator}: ${inner}`);
  const needle = fold ? text(wanted, operator, path).toLowerCase() : text(wanted, operator, path);
  return (value) => {
    if (typeof value !== "string") return false;
    const hay = fold ? value.toLowerCase() : value;
    return operator === "prefix" ? hay.startsWith(needle) : hay.endsWith(needle);
  };
}

/** `*` is any text; `\*` and `\\` are the only escapes; `**` is refused. */
function wildcard(pattern: string, path: string): Test {
  let source = "";
  let stars = 0;
  for (let n = 0; n < pattern.length; n++) {
    const char = pattern.charAt(n);
    if (char === "*") {
      if (pattern.charAt(n + 1) === "*") throw new InvalidPattern(path, "Consecutive wildcard characters");
      stars += 1;
      source += "[^]*";
    } else if (char === "\\") {
      const escaped = pattern.charAt(++n);
      if (escaped !== "*" && escaped !== "\\") throw new InvalidPattern(path, "Invalid escape character");
      source += `\\${escaped}`;
    } else source += char.replace(/[.*+?^${}()|[\]\\/]/, "\\$&");
  }
  if (stars > maxWildcards) throw new InvalidPattern(path, "Rule is too complex - try using fewer wildcard characters");
  const expression = new RegExp(`^${source}$`);
  return (value) => typeof value === "string" && expression.test(value);
}

const comparisons: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  "=": (a, b) => a === b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
};

function numeric(argument: unknown, path: string): Test {
  if (!Array.isArray(argument) || argument.length === 0)
    throw new InvalidPattern(path, "Value of numeric must be an array of operators and numbers");
  if (argument.length % 2 !== 0 || argument.length > 4)
    throw new InvalidPattern(path, "Too many terms in numeric range expression");
  const terms = Array.from({ length: argument.length / 2 }, (_, n) => {
    const operator: unknown = argument[2 * n];
    const bound: unknown = argument[2 * n + 1];
    const holds = typeof operator === "string" ? comparisons[operator] : undefined;
    if (holds === undefined) throw new InvalidPattern(path, `Unrecognized numeric range operator: ${String(operator)}`);
    if (typeof bound !== "number" || Math.abs(bound) > numberLimit)
      throw new InvalidPattern(path, "Value of numeric must be a number between -5.0E9 and 5.0E9");
    return { operator: String(operator), bound, holds };
  });
  const [low, high] = terms;
  if (low !== undefined && high !== undefined) {
    if (!low.operator.startsWith(">") || !high.operator.startsWith("<"))
      throw new InvalidPattern(path, "Bad numeric range operator");
    if (low.bound >= high.bound) throw new InvalidPattern(path, "Bottom must be less than top");
  }
  return (value) => typeof value === "number" && terms.every(({ holds, bound }) => holds(value, bound));
}

function cidr(argument: string, path: string): Test {
  const [address = "", bits = ""] = argument.split("/");
  const version = isIP(address);
  const prefix = Number(bits);
  if (version === 0 || !/^\d+$/.test(bits) || prefix > (version === 4 ? 32 : 128))
    throw new InvalidPattern(path, `Malformed CIDR, one '/' required: ${argument}`);
  const network = new BlockList();
  network.addSubnet(address, prefix, version === 4 ? "ipv4" : "ipv6");
  return (value) =>
    typeof value === "string" && isIP(value) === version && network.check(value, version === 4 ? "ipv4" : "ipv6");
}

function anythingBut(argument: unknown, path: string): Test {
  const values: readonly unknown[] = Array.isArray(argument) ? argument : [argument];
  if (values.length === 0) throw new InvalidPattern(path, "Empty arrays are not allowed");
  const [first] = values;
  if (typeof first === "object" && first !== null) {
    if (values.length > 1)
      throw new InvalidPattern(path, "Inside anything but list, start|null|boolean is not supported");
    const [operator, inner] = soleEntry(first, path);
    if (!["prefix", "suffix", "equals-ignore-case", "wildcard"].includes(operator))
      throw new InvalidPattern(path, `Unsupported anything-but pattern: ${operator}`);
    const options: readonly unknown[] = Array.isArray(inner) ? inner : [inner];
    if (options.length === 0 || options.includes("")) throw new InvalidPattern(path, "Null prefix/suffix not allowed");
    const tests = options.map((option) => compileOperator(operator, option, path));
    return (value) => !tests.some((test) => test(value));
  }
  const kind = typeof first;
  if ((kind !== "string" && kind !== "number") || values.some((value) => typeof value !== kind)) {
    throw new InvalidPattern(path, "Inside anything-but, either all values must be strings or all must be numbers");
  }
  const listed = new Set(values);
  return (value) => !listed.has(value);
}
