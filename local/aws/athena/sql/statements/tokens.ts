import type { Source } from "../ast.ts";
import { notHere, type Position, SqlError } from "../errors.ts";

/** Athena reads DDL with Hive's grammar, and the statements that hold a query with Trino's. */
export type Grammar = "hive" | "trino";

interface Token {
  readonly kind: "word" | "quoted" | "string" | "number" | "symbol" | "end";
  /** Lower case for words, without quotes and escapes for the quoted ones. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** User guide, "Reserved keywords": names of columns and tables only in backticks, in DDL. */
const RESERVED = new Set(
  (
    "all alter and array as authorization between bigint binary boolean both by case cashe cast char column conf " +
    "constraint commit create cross cube current current_date current_timestamp cursor database date dayofweek decimal " +
    "delete describe distinct double drop else end exchange exists extended external extract false fetch float floor " +
    "following for foreign from full function grant group grouping having if import in inner insert int integer " +
    "intersect interval into is join lateral left less like local macro map more none not null numeric of on only or " +
    "order out outer over partialscan partition percent preceding precision preserve primary procedure range reads " +
    "reduce regexp references revoke right rlike rollback rollup row rows select set smallint start table tablesample " +
    "then time timestamp to transform trigger true truncate unbounded union uniquejoin update user using " +
    "utc_timestamp values varchar views when where window with"
  ).split(" "),
);

const common = String.raw`--[^\n]*|\/\*[\s\S]*?\*\/|[A-Za-z_]\w*|\d+(?:\.\d+)?|\s+`;
const patterns: Readonly<Record<Grammar, RegExp>> = {
  hive: new RegExp(String.raw`${common}|'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*"|${"`(?:[^`]|``)*`"}|[\s\S]`, "g"),
  trino: new RegExp(String.raw`${common}|'(?:[^']|'')*'|"(?:[^"]|"")*"|->|<>|!=|<=|>=|\|\||[\s\S]`, "g"),
};

const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", "0": "\0", Z: "\x1a" };

/** Hive's escapes: `\t`, `\001`, `\u0041`. Any other character stands for itself; `\%` and `\_` keep their backslash. */
const unescaped = (text: string): string =>
  text.replace(/\\(u[0-9a-fA-F]{4}|[0-1][0-7]{2}|[\s\S])/g, (all, what: string) => {
    if (what.length === 5) return String.fromCharCode(Number.parseInt(what.slice(1), 16));
    if (what.length === 3) return String.fromCharCode(Number.parseInt(what, 8));
    if (what === "%" || what === "_") return all;
    return escapes[what] ?? what;
  });

function tokenOf(found: string, start: number, grammar: Grammar): Token {
  const end = start + found.length;
  const [first = ""] = found;
  const inner = found.slice(1, -1);
  const closed = found.length > 1 && found.endsWith(first);
  if (first === "'" && closed)
    return { kind: "string", text: grammar === "hive" ? unescaped(inner) : inner.replaceAll("''", "'"), start, end };
  if (first === '"' && closed)
    return { kind: "quoted", text: grammar === "hive" ? unescaped(inner) : inner.replaceAll('""', '"'), start, end };
  if (first === "`" && closed) return { kind: "quoted", text: inner.replaceAll("``", "`"), start, end };
  if (/[A-Za-z_]/.test(first)) return { kind: "word", text: found.toLowerCase(), start, end };
  return { kind: /\d/.test(first) ? "number" : "symbol", text: found, start, end };
}

function tokensOf(text: string, grammar: Grammar): Token[] {
  const tokens: Token[] = [];
  for (const { 0: found, index } of text.matchAll(patterns[grammar]))
    if (!/^(\s|--|\/\*)/.test(found)) tokens.push(tokenOf(found, index, grammar));
  // One semicolon may end a statement.
  if (tokens.at(-1)?.kind === "symbol" && tokens.at(-1)?.text === ";") tokens.pop();
  return tokens;
}

/** Reads a statement word by word, for those that the parser library does not know. Errors say the position. */
export class Reader {
  readonly source: Source;
  readonly #grammar: Grammar;
  #tokens: readonly Token[];
  #next = 0;

  constructor(source: Source, grammar: Grammar, tokens: readonly Token[] = tokensOf(source.text, grammar)) {
    this.source = source;
    this.#grammar = grammar;
    this.#tokens = tokens;
  }

  /** Another reader at the same place, to look ahead with. */
  fork(): Reader {
    const other = new Reader(this.source, this.#grammar, this.#tokens);
    other.#next = this.#next;
    return other;
  }

  #peek(ahead = 0): Token {
    const { length } = this.source.text;
    return this.#tokens[this.#next + ahead] ?? { kind: "end", text: "<EOF>", start: length, end: length };
  }

  /** Where the next token starts. */
  get offset(): number {
    return this.#peek().start;
  }

  /** Where the last token ends. */
  get textEnd(): number {
    return this.#tokens.at(-1)?.end ?? 0;
  }

  /** Where the last token that was read ends. */
  get lastEnd(): number {
    return this.#tokens[this.#next - 1]?.end ?? 0;
  }

  get atEnd(): boolean {
    return this.#peek().kind === "end";
  }

  skipToEnd(): void {
    this.#next = this.#tokens.length;
  }

  /** The symbol comes somewhere. */
  has(symbol: string): boolean {
    return this.#tokens.slice(this.#next).some(({ kind, text }) => kind === "symbol" && text === symbol);
  }

  /** The next tokens are these words, or symbols. */
  is(words: string): boolean {
    return words.split(" ").every((word, i) => {
      const token = this.#peek(i);
      return (token.kind === "word" || token.kind === "symbol") && token.text === word;
    });
  }

  /** This word, or symbol, comes after the next one. */
  isBefore(word: string): boolean {
    return this.#peek(1).kind !== "string" && this.#peek(1).text === word;
  }

  /** Reads these words if they come next. */
  take(words: string): boolean {
    if (!this.is(words)) return false;
    this.#next += words.split(" ").length;
    return true;
  }

  expect(words: string): void {
    for (const word of words.split(" ")) if (!this.take(word)) throw this.mismatched(`'${word.toUpperCase()}'`);
  }

  #read(kinds: readonly Token["kind"][], what: string): string {
    const token = this.#peek();
    if (!kinds.includes(token.kind)) throw this.mismatched(what);
    this.#next++;
    return token.text;
  }

  /** A name, in lower case as the catalogue has all names. */
  name(): string {
    // Hive's grammar knows no word that begins so, and no name that is one of its own words.
    const { kind, text } = this.#peek();
    if (this.#grammar === "hive" && kind === "word" && (text.startsWith("_") || RESERVED.has(text)))
      throw this.mismatched("identifier (in backticks)");
    return this.#read(["word", "quoted"], "identifier").toLowerCase();
  }

  /** A name, reserved or not: for looking at statements that either grammar may read. */
  anyName(): string {
    return this.#read(["word", "quoted"], "identifier").toLowerCase();
  }

  /** The next word as it is, for errors and decisions. */
  word(): string {
    return this.#peek().text;
  }

  /** The next words, for errors. */
  words(count: number): string {
    return this.#tokens
      .slice(this.#next, this.#next + count)
      .map(({ text }) => text)
      .join(" ");
  }

  /** `name =` */
  assigned(): string {
    const name = this.name();
    this.expect("=");
    return name;
  }

  /** A text; Hive takes either quotes. */
  text(): string {
    return this.#read(this.#grammar === "hive" ? ["string", "quoted"] : ["string"], "string");
  }

  isText(): boolean {
    return this.#peek().kind === "string";
  }

  /** A number, or one after a bracket, comes next. */
  isNumberNext(): boolean {
    return this.#peek(this.is("(") ? 1 : 0).kind === "number";
  }

  number(): string {
    return this.#read(["number"], "number");
  }

  /** `(item, item)` */
  list<T>(item: () => T): T[] {
    this.expect("(");
    const items = [item()];
    while (this.take(",")) items.push(item());
    this.expect(")");
    return items;
  }

  /** Skips what is in brackets up to the one that closes the bracket that comes next. */
  skipBrackets(): void {
    let depth = 0;
    do {
      const token = this.#peek();
      if (token.kind === "end") throw this.mismatched("')'");
      if (token.kind === "symbol") depth += { "(": 1, ")": -1 }[token.text] ?? 0;
      this.#next++;
    } while (depth > 0);
  }

  /** Moves on to the words, outside of brackets; false, and not moved, when they do not come. */
  skipTo(words: string): boolean {
    const start = this.#next;
    while (this.#peek().kind !== "end") {
      if (this.is(words)) return true;
      if (this.is("(")) this.skipBrackets();
      else this.#next++;
    }
    this.#next = start;
    return false;
  }

  /** Cuts these words off the end, if the statement ends with them. */
  takeLast(words: string): boolean {
    const list = words.split(" ");
    const last = this.#tokens.slice(-list.length);
    if (last.length < list.length || this.#tokens.length - this.#next < list.length) return false;
    if (!last.every(({ kind, text }, i) => kind === "word" && text === list[i])) return false;
    this.#tokens = this.#tokens.slice(0, -list.length);
    return true;
  }

  end(): void {
    if (this.#peek().kind !== "end") throw this.mismatched("<EOF>");
  }

  mismatched(expected: string): SqlError {
    const token = this.#peek();
    const input = token.kind === "end" ? token.text : this.source.text.slice(token.start, token.end);
    return this.error("SYNTAX_ERROR", `mismatched input '${input}'. Expecting: ${expected}`);
  }

  /** An error at the next token; of a statement that is read to its end, one of the whole. */
  error(code: SqlError["code"], message: string): SqlError {
    return new SqlError(code, message, code === "SYNTAX_ERROR" ? this.source.at(this.offset) : this.#place());
  }

  #place(): Position | undefined {
    return this.#peek().kind === "end" ? undefined : this.source.at(this.offset);
  }

  /** `instead` says what to write. */
  refuse(what: string, instead?: string): SqlError {
    return notHere(what, instead, this.#place());
  }
}
