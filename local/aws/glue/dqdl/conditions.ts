import type { Comparison, Condition, DateOperand, Duration, Keyword, NumberCondition } from "./ast.ts";
import type { TokenReader } from "./reader.ts";
import { DqdlError } from "./tokens.ts";

type Operand =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "keyword"; readonly keyword: Keyword }
  | { readonly kind: "date"; readonly date: DateOperand }
  | { readonly kind: "duration"; readonly duration: Duration };

const UNITS: ReadonlyMap<string, Duration["unit"]> = new Map([
  ["days", "days"],
  ["hours", "hours"],
  ["minutes", "minutes"],
]);
const KEYWORDS: ReadonlyMap<string, Keyword> = new Map([
  ["null", "NULL"],
  ["NULL", "NULL"],
  ["empty", "EMPTY"],
  ["EMPTY", "EMPTY"],
  ["whitespaces_only", "WHITESPACES_ONLY"],
  ["WHITESPACES_ONLY", "WHITESPACES_ONLY"],
]);
const SIGNS = [">=", "<=", "!=", ">", "<", "="] as const;

/** Reads a condition if one stands here. */
export function readCondition(reader: TokenReader): Condition | undefined {
  const sign = SIGNS.find((candidate) => reader.isSymbol(candidate));
  if (sign !== undefined) {
    reader.next();
    return conditionOf(reader, sign, [readOperand(reader)]);
  }
  const negated = reader.takeWord("not");
  if (reader.takeWord("between")) {
    const low = readOperand(reader);
    if (!reader.takeWord("and") && !reader.takeWord("AND")) throw reader.unexpected("and");
    return conditionOf(reader, negated ? "not between" : "between", [low, readOperand(reader)]);
  }
  if (reader.takeWord("in")) return conditionOf(reader, negated ? "not in" : "in", readList(reader));
  if (reader.takeWord("matches")) {
    return { kind: "string", operator: negated ? "not matches" : "matches", operands: [reader.string("a pattern")] };
  }
  if (negated) throw reader.unexpected("between, in or matches");
  return undefined;
}

/** Reads the condition after `with threshold`. */
export function readThreshold(reader: TokenReader): NumberCondition {
  const position = reader.position;
  const condition = readCondition(reader);
  if (condition?.kind !== "number") throw new DqdlError("invalid", "a threshold is a condition on a number", position);
  return condition;
}

function readList(reader: TokenReader): Operand[] {
  reader.symbol("[");
  const operands = [readOperand(reader)];
  while (reader.takeSymbol(",")) operands.push(readOperand(reader));
  reader.symbol("]");
  return operands;
}

function readOperand(reader: TokenReader): Operand {
  const { token } = reader;
  if (token.kind === "string") {
    reader.next();
    // A quoted day is a date wherever it stands, by the language's lexer.
    return /^\d{4}-\d{2}-\d{2}$/.test(token.text)
      ? { kind: "date", date: { kind: "day", day: token.text } }
      : { kind: "string", value: token.text };
  }
  if (reader.isSymbol("$")) throw new DqdlError("unsupported", "variables are not implemented locally", token.position);
  const keyword = token.kind === "word" ? KEYWORDS.get(token.text) : undefined;
  if (keyword !== undefined) {
    reader.next();
    return { kind: "keyword", keyword };
  }
  if (reader.isWord("now") || (reader.isSymbol("(") && reader.followedBy("now")))
    return { kind: "date", date: readNow(reader) };
  const value = readSum(reader);
  const unit = reader.token.kind === "word" ? UNITS.get(reader.token.text) : undefined;
  if (unit === undefined) return { kind: "number", value };
  reader.next();
  return { kind: "duration", duration: { amount: value, unit } };
}

function readNow(reader: TokenReader): DateOperand {
  const bracketed = reader.takeSymbol("(");
  reader.word("now");
  reader.symbol("(");
  reader.symbol(")");
  if (!bracketed) return { kind: "now", offset: { amount: 0, unit: "hours" } };
  const sign = reader.takeSymbol("-") ? -1 : 1;
  if (sign === 1) reader.symbol("+");
  const amount = reader.number();
  const unit = UNITS.get(reader.token.text);
  if (unit === undefined) throw reader.unexpected("days, hours or minutes");
  reader.next();
  reader.symbol(")");
  return { kind: "now", offset: { amount: sign * amount, unit } };
}

function readSum(reader: TokenReader): number {
  let value = readProduct(reader);
  for (;;) {
    if (reader.takeSymbol("+")) value += readProduct(reader);
    else if (reader.takeSymbol("-")) value -= readProduct(reader);
    else return value;
  }
}

function readProduct(reader: TokenReader): number {
  let value = readFactor(reader);
  for (;;) {
    if (reader.takeSymbol("*")) value *= readFactor(reader);
    else if (reader.takeSymbol("/")) value /= readFactor(reader);
    else return value;
  }
}

function readFactor(reader: TokenReader): number {
  if (reader.takeSymbol("-")) return -readFactor(reader);
  if (reader.takeSymbol("(")) {
    const value = readSum(reader);
    reader.symbol(")");
    return value;
  }
  const { token } = reader;
  if (token.kind === "word") {
    throw new DqdlError(
      "unsupported",
      `${token.text}(...): rules on earlier results are evaluated by Glue ETL only, not on catalogue tables`,
      token.position,
    );
  }
  return reader.number();
}

function conditionOf(reader: TokenReader, operator: Comparison, operands: readonly Operand[]): Condition {
  const kinds = new Set(operands.map(({ kind }) => kind));
  const wrong = (): DqdlError =>
    new DqdlError(
      "invalid",
      `operands of different kinds, or of a kind that "${operator}" does not take`,
      reader.position,
    );
  const only = (...allowed: readonly Operand["kind"][]): boolean => [...kinds].every((kind) => allowed.includes(kind));
  const nullsOnly = operands.every((operand) => operand.kind !== "keyword" || operand.keyword === "NULL");
  if (only("number", "keyword") && kinds.has("number") && nullsOnly) {
    return {
      kind: "number",
      operator,
      operands: operands.map((operand) => (operand.kind === "number" ? operand.value : null)),
    };
  }
  if (only("duration"))
    return {
      kind: "duration",
      operator,
      operands: operands.flatMap((operand) => (operand.kind === "duration" ? [operand.duration] : [])),
    };
  if (only("date", "keyword") && kinds.has("date") && nullsOnly) {
    return {
      kind: "date",
      operator,
      operands: operands.map((operand) => (operand.kind === "date" ? operand.date : { kind: "null" })),
    };
  }
  if (operator !== "=" && operator !== "!=" && operator !== "in" && operator !== "not in") throw wrong();
  return {
    kind: "string",
    operator,
    operands: operands.map((operand) => {
      if (operand.kind === "string") return operand.value;
      if (operand.kind === "keyword") return { keyword: operand.keyword };
      if (operand.kind === "date" && operand.date.kind === "day") return operand.date.day;
      throw wrong();
    }),
  };
}
