import { NotImplementedLocally } from "../service.ts";
import { invalidInput } from "./table-input.ts";

/** A value as the expression writes it. */
export interface Literal {
  readonly kind: "text" | "number";
  /** Without quotes. */
  readonly text: string;
}

export type Comparison = "=" | "<>" | "<" | "<=" | ">" | ">=";

/** What an expression asks of a partition. */
export type Condition =
  | { readonly kind: "and" | "or"; readonly parts: readonly Condition[] }
  | { readonly kind: "compare"; readonly key: string; readonly operator: Comparison; readonly value: Literal }
  | { readonly kind: "in"; readonly key: string; readonly values: readonly Literal[]; readonly negated: boolean }
  | {
      readonly kind: "between";
      readonly key: string;
      readonly least: Literal;
      readonly most: Literal;
      readonly negated: boolean;
    }
  | { readonly kind: "like"; readonly key: string; readonly pattern: Literal; readonly negated: boolean }
  | { readonly kind: "null"; readonly key: string; readonly negated: boolean };

interface Token {
  readonly kind: "word" | "text" | "number" | "symbol" | "end";
  readonly text: string;
  /** Of its first character, from 1. */
  readonly at: number;
}

const SPACE = /\s+/y;
const TOKENS: readonly (readonly [Exclude<Token["kind"], "end">, RegExp])[] = [
  ["text", /'(?:[^']|'')*'/y],
  ["number", /-?(?:\d+(?:\.\d*)?|\.\d+)(?![\w.])/y],
  ["word", /[A-Za-z_]\w*/y],
  ["symbol", /<>|!=|<=|>=|[=<>(),]/y],
];

/**
 * Words that Glue's parser does not take for a column
 * (Trino leaves the columns of these names out of what it asks Glue: `GlueExpressionUtil`).
 */
const RESERVED = new Set(
  `AS BY DO IS IN OR ON ALL AND ANY KEY NOT SET ASC TOP END DESC INTO NULL LIKE DROP JOIN LEFT FROM OPEN CASE WHEN
   THEN ELSE SOME FULL WITH TABLE WHERE USING UNION GROUP BEGIN INDEX INNER LIMIT OUTER ORDER RIGHT DELETE CREATE SELECT
   OFFSET EXISTS HAVING INSERT UPDATE VALUES ESCAPE PRIMARY NATURAL REPLACE BETWEEN TRUNCATE DISTINCT INTERSECT`.split(
    /\s+/,
  ),
);

/** What Glue may do otherwise than SQL, or is not known to do, is refused by name. */
const refused = (what: string, { at }: Token): NotImplementedLocally =>
  new NotImplementedLocally(`glue:GetPartitions Expression with ${what} (at ${at})`);

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  for (;;) {
    at += take(SPACE)?.length ?? 0;
    if (at >= text.length) return [...tokens, { kind: "end", text: "", at: at + 1 }];
    const found = TOKENS.map(([kind, pattern]) => ({ kind, text: take(pattern), at: at + 1 })).find(
      (token) => token.text !== undefined,
    );
    if (found?.text === undefined) throw unreadable(text, at);
    tokens.push({ ...found, text: found.text });
    at += found.text.length;
  }
}

function unreadable(text: string, at: number): Error {
  const first = text[at] ?? "";
  const token = { kind: "symbol", text: first, at: at + 1 } as const;
  if (first === '"' || first === "`") return refused("a quoted column", token);
  if (/\d/.test(first)) return refused("a number of that form", token);
  return unsupported(text, token);
}

const unsupported = (expression: string, { at, text }: Token): Error =>
  invalidInput(`Unsupported expression '${expression}': ${text === "" ? "its end" : text} at ${at} is not expected`);

/**
 * Reads the `Expression` of GetPartitions: columns on the left, literals on the right, as Glue takes it.
 * @throws AwsError `InvalidInputException` for what is no expression, `NotImplementedLocally` for what Glue's
 * documentation does not define.
 */
export function parseExpression(expression: string): Condition {
  return new Parser(expression).whole();
}

class Parser {
  readonly #expression: string;
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(expression: string) {
    this.#expression = expression;
    this.#tokens = tokenize(expression);
  }

  whole(): Condition {
    const condition = this.#joined("or");
    if (this.#token().kind !== "end") throw this.#unexpected();
    return condition;
  }

  #token(ahead = 0): Token {
    return this.#tokens[this.#next + ahead] ?? { kind: "end", text: "", at: this.#expression.length + 1 };
  }

  #unexpected(): Error {
    return unsupported(this.#expression, this.#token());
  }

  #takes(text: string): boolean {
    const { kind, text: found } = this.#token();
    const isIt = kind !== "text" && found.toUpperCase() === text;
    if (isIt) this.#next += 1;
    return isIt;
  }

  #expect(text: string): void {
    if (!this.#takes(text)) throw this.#unexpected();
  }

  /** AND binds tighter than OR. */
  #joined(kind: "and" | "or"): Condition {
    const part = (): Condition => (kind === "or" ? this.#joined("and") : this.#condition());
    const first = part();
    const parts = [first];
    while (this.#takes(kind.toUpperCase())) parts.push(part());
    return parts.length === 1 ? first : { kind, parts };
  }

  #condition(): Condition {
    const token = this.#token();
    if (token.text.toUpperCase() === "NOT")
      throw refused("NOT before a condition: write <>, NOT IN, NOT LIKE or NOT BETWEEN", token);
    if (!this.#takes("(")) return this.#predicate(this.#key());
    const inner = this.#joined("or");
    this.#expect(")");
    return inner;
  }

  #key(): string {
    const token = this.#token();
    if (token.kind !== "word" || RESERVED.has(token.text.toUpperCase())) throw this.#unexpected();
    this.#next += 1;
    if (this.#token().text === "(") throw refused(`the function ${token.text}`, token);
    return token.text;
  }

  #predicate(key: string): Condition {
    const operator = this.#comparison();
    if (operator !== undefined) return { kind: "compare", key, operator, value: this.#literal() };
    if (this.#takes("IS")) {
      const negated = this.#takes("NOT");
      this.#expect("NULL");
      return { kind: "null", key, negated };
    }
    const negated = this.#takes("NOT");
    if (this.#takes("IN")) return { kind: "in", key, values: this.#list(), negated };
    if (this.#takes("LIKE")) {
      const pattern = this.#literal();
      if (this.#token().text.toUpperCase() === "ESCAPE") throw refused("LIKE ... ESCAPE", this.#token());
      return { kind: "like", key, pattern, negated };
    }
    if (!this.#takes("BETWEEN")) throw this.#unexpected();
    const least = this.#literal();
    this.#expect("AND");
    return { kind: "between", key, least, most: this.#literal(), negated };
  }

  #comparison(): Comparison | undefined {
    const { text } = this.#token();
    switch (text) {
      case "=":
      case "<>":
      case "<":
      case "<=":
      case ">":
      case ">=":
        this.#next += 1;
        return text;
      case "!=":
        this.#next += 1;
        return "<>";
      default:
        return undefined;
    }
  }

  #list(): readonly Literal[] {
    this.#expect("(");
    const values = [this.#literal()];
    while (this.#takes(",")) values.push(this.#literal());
    this.#expect(")");
    return values;
  }

  #literal(): Literal {
    const token = this.#token();
    const { kind, text } = token;
    if (kind !== "text" && kind !== "number") throw this.#notLiteral(token);
    this.#next += 1;
    if (kind === "number") return { kind, text };
    // Older versions of Glue's parser take it for a quote inside of the text.
    if (text.includes("\\'")) throw refused("a backslash before a quote", token);
    return { kind, text: text.slice(1, -1).replaceAll("''", "'") };
  }

  #notLiteral(token: Token): Error {
    if (token.text === "(") return refused("a value in parentheses", token);
    const isTyped = /^(date|time|timestamp)$/i.test(token.text) && this.#token(1).kind === "text";
    return isTyped
      ? refused(`${token.text.toUpperCase()} before a text: write the text alone`, token)
      : this.#unexpected();
  }
}
