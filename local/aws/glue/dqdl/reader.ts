import { DqdlError, type Position, type Token, tokenize } from "./tokens.ts";

/** Walks over the tokens of a DQDL text. */
export class TokenReader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(text: string) {
    this.#tokens = tokenize(text);
  }

  /** The token that stands here. */
  get token(): Token {
    const token = this.#tokens[this.#at] ?? this.#tokens.at(-1);
    if (token === undefined) throw new Error("A text without tokens");
    return token;
  }

  get position(): Position {
    return this.token.position;
  }

  next(): Token {
    const { token } = this;
    this.#at += 1;
    return token;
  }

  isSymbol(text: string): boolean {
    return this.token.kind === "symbol" && this.token.text === text;
  }

  isWord(text: string): boolean {
    return this.token.kind === "word" && this.token.text === text;
  }

  isString(): boolean {
    return this.token.kind === "string";
  }

  /** True when the token after this one is that word. */
  followedBy(word: string): boolean {
    const token = this.#tokens[this.#at + 1];
    return token?.kind === "word" && token.text === word;
  }

  takeSymbol(text: string): boolean {
    const found = this.isSymbol(text);
    if (found) this.#at += 1;
    return found;
  }

  takeWord(text: string): boolean {
    const found = this.isWord(text);
    if (found) this.#at += 1;
    return found;
  }

  symbol(text: string): void {
    if (!this.takeSymbol(text)) throw this.unexpected(`"${text}"`);
  }

  word(text: string): void {
    if (!this.takeWord(text)) throw this.unexpected(text);
  }

  string(what: string): string {
    if (this.token.kind !== "string") throw this.unexpected(`${what} in double quotes`);
    return this.next().text;
  }

  number(): number {
    if (this.token.kind !== "number") throw this.unexpected("a number");
    return Number(this.next().text);
  }

  unexpected(wanted: string): DqdlError {
    const { kind, text, position } = this.token;
    return new DqdlError(
      "invalid",
      `expected ${wanted}, found ${kind === "string" ? JSON.stringify(text) : text}`,
      position,
    );
  }
}
