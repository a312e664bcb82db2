import { misreadConstruct, unreadConstruct } from "./constructs.ts";
import { type Position, SqlError } from "./errors.ts";

export interface Token {
  readonly kind: "word" | "quoted" | "string" | "number" | "symbol";
  /** Lower case for words. */
  readonly text: string;
  readonly offset: number;
}

const pattern =
  /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|[A-Za-z_]\w*|\d[\w.]*|\.\d+\w*|\s+|[<>!=|\-&:~*/]+|[\s\S]/g;

/** Symbols of Trino's grammar; the parser takes more, of other dialects. */
const symbols = new Set("( ) , . ; = <> != < > <= >= + - * / % || ? [ ] ->".split(" "));

function tokens(text: string): Token[] {
  const list: Token[] = [];
  for (const match of text.matchAll(pattern)) {
    const [found] = match;
    if (/^(\s|--|\/\*)/.test(found)) continue;
    const first = found[0] ?? "";
    const kind =
      first === "'"
        ? "string"
        : first === '"'
          ? "quoted"
          : /[A-Za-z_]/.test(first)
            ? "word"
            : /^\.?\d/.test(found)
              ? "number"
              : "symbol";
    // Signs may follow an operator without a blank: `>-1`, `*-1`.
    const split = kind === "symbol" ? found.match(/^(.+?)([-]+)$/) : null;
    if (split?.[1] !== undefined && split[2] !== undefined && !symbols.has(found)) {
      list.push(
        { kind, text: split[1], offset: match.index },
        { kind, text: "-", offset: match.index + split[1].length },
      );
    } else list.push({ kind, text: kind === "word" ? found.toLowerCase() : found, offset: match.index });
  }
  return list;
}

/**
 * Refuses what the parser understands from other dialects and Athena does not: their operators and quotes, a comma
 * before FROM, LIMIT before OFFSET, strings side by side, FROM first.
 * @param at gives the position of an offset.
 * @returns the text's tokens.
 */
export function checkLexically(text: string, at: (offset: number) => Position): readonly Token[] {
  const list = tokens(text);
  const mismatched = (token: Token): SqlError =>
    unreadConstruct(list, at) ?? new SqlError("SYNTAX_ERROR", `mismatched input '${token.text}'`, at(token.offset));
  const misread = misreadConstruct(list, at);
  if (misread !== undefined) throw misread;
  // `json_object('key': value)`
  const pairs = list.some(({ kind, text }) => kind === "word" && text === "json_object");
  list.forEach((token, i) => {
    const next = list[i + 1];
    const isColonOfPair = token.text === ":" && pairs && list[i - 1]?.kind === "string";
    if (token.kind === "symbol" && !symbols.has(token.text) && !isColonOfPair) throw mismatched(token);
    if (i === 0 && token.text === "from") throw mismatched(token);
    if (token.kind === "string" && next?.kind === "string") throw mismatched(next);
    if (token.text === "," && next?.kind !== "quoted" && (next?.text === "from" || next?.text === ")"))
      throw mismatched(next);
    if (token.text === "limit" && token.kind === "word" && list[i + 2]?.text === "offset") throw mismatched(token);
    if (token.text === "iff" && next?.text === "(")
      throw new SqlError("FUNCTION_NOT_FOUND", "Function 'iff' not registered", at(token.offset));
    if (token.text === "as" && next?.text === "text" && list[i + 2]?.text === ")")
      throw new SqlError("TYPE_MISMATCH", "Unknown type: text", at(next.offset));
  });
  return list;
}
