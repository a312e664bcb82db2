/** Where something stands in a text; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A DQDL text that is wrong (`invalid`), or right but asks for what this runtime does not do (`unsupported`). */
export class DqdlError extends Error {
  override readonly name = "DqdlError";
  readonly kind: "invalid" | "unsupported";
  readonly position: Position;
  constructor(kind: "invalid" | "unsupported", message: string, position: Position) {
    super(`DQDL line ${position.line}, column ${position.column}: ${message}`);
    this.kind = kind;
    this.position = position;
  }
}

export interface Token {
  readonly kind: "string" | "number" | "word" | "symbol" | "end";
  /** Of a string: what is between the quotes, escapes resolved. */
  readonly text: string;
  readonly position: Position;
}

/** Longest first. */
const SYMBOLS = [">=", "<=", "!=", "[", "]", "(", ")", "{", "}", ",", ":", "=", ">", "<", "+", "-", "*", "/", "$"];
const NUMBER = /\d+(\.\d+)?(?![A-Za-z0-9_.])/y;
const WORD = /[A-Za-z0-9_.]+/y;
const STRING = /"((?:\\["\\]|[^"])*)"/y;
// A comment runs to the end of its line; the language wants that end.
const SKIPPED = /(?:[ \t\n]+|#[^\n]*\n)+/y;

/**
 * Splits a DQDL text into tokens.
 * @throws DqdlError for a character the language does not have, carriage returns included.
 */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  const positionAt = positions(text);
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  while (at < text.length) {
    const skipped = take(SKIPPED);
    if (skipped !== null) {
      at += skipped[0].length;
      continue;
    }
    const position = positionAt(at);
    const token = take(STRING) ?? take(NUMBER) ?? take(WORD);
    if (token !== null) {
      const quoted = token[0].startsWith('"');
      const kind = quoted ? "string" : /^\d+(\.\d+)?$/.test(token[0]) ? "number" : "word";
      tokens.push({ kind, text: quoted ? (token[1] ?? "").replaceAll(/\\(["\\])/g, "$1") : token[0], position });
      at += token[0].length;
      continue;
    }
    const symbol = SYMBOLS.find((candidate) => text.startsWith(candidate, at));
    if (symbol === undefined) throw new DqdlError("invalid", unexpectedCharacter(text[at] ?? ""), position);
    tokens.push({ kind: "symbol", text: symbol, position });
    at += symbol.length;
  }
  tokens.push({ kind: "end", text: "end of text", position: positionAt(text.length) });
  return tokens;
}

function unexpectedCharacter(character: string): string {
  if (character === "\r") return "carriage return; DQDL knows line feeds only";
  if (character === '"') return "a string that does not end";
  if (character === "#") return "a comment that does not end with a line feed";
  return `unexpected character ${JSON.stringify(character)}`;
}

function positions(text: string): (at: number) => Position {
  let line = 1;
  let lineStart = 0;
  let scanned = 0;
  return (at) => {
    for (; scanned < at; scanned += 1) {
      if (text[scanned] === "\n") {
        line += 1;
        lineStart = scanned + 1;
      }
    }
    return { line, column: at - lineStart + 1 };
  };
}
