import type { Token } from "./lexical.ts";

/** A part of the text that the parser is given in other words. */
export interface Form {
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

const operators = new Set(["union", "intersect", "except", "all", "distinct"]);

/** Whether a query may begin after the token. */
const opens = (before: Token | undefined): boolean =>
  before === undefined || before.text === "(" || (before.kind === "word" && operators.has(before.text));

/** `TABLE t`, of which the parser knows nothing. */
export const tableForms = (tokens: readonly Token[]): readonly Form[] =>
  tokens.flatMap(({ kind, text, offset }, i) => {
    const name = tokens[i + 1];
    const isForm = kind === "word" && text === "table" && (opens(tokens[i - 1]) || tokens[i - 1]?.text === ")");
    if (!isForm || (name?.kind !== "word" && name?.kind !== "quoted")) return [];
    return [{ offset, length: text.length, text: "SELECT * FROM" }];
  });

const followers = new Set(["order", "limit", "offset", "fetch", "union", "intersect", "except"]);

/** Where the rows after VALUES end. */
function endOf(tokens: readonly Token[], from: number): number | undefined {
  let depth = 0;
  for (const { kind, text, offset } of tokens.slice(from)) {
    if (kind === "symbol" && text === "(") depth += 1;
    if (kind === "symbol" && text === ")") depth -= 1;
    if (depth < 0 || (depth === 0 && (text === ";" || (kind === "word" && followers.has(text))))) return offset;
  }
  return undefined;
}

/**
 * `VALUES ...` as the FROM of a query, which the parser lets ORDER BY or an operator follow.
 * @param inList those after IN, which the parser may take for an expression
 */
export const valuesForms = (tokens: readonly Token[], length: number, inList: boolean): readonly Form[] =>
  tokens
    .flatMap(({ kind, text, offset }, i) =>
      kind === "word" &&
      text === "values" &&
      opens(tokens[i - 1]) &&
      (tokens[i - 2]?.text === "in" && tokens[i - 1]?.text === "(") === inList
        ? [
            { offset, length: 0, text: "SELECT * FROM (" },
            { offset: endOf(tokens, i + 1) ?? length, length: 0, text: ") AS _values " },
          ]
        : [],
    )
    .sort((a, b) => a.offset - b.offset);

/** Where the tokens after a bracket and all inside it begin. */
function closed(tokens: readonly Token[], from: number): number {
  let depth = 0;
  for (let i = from; i < tokens.length; i++) {
    if (tokens[i]?.text === "(") depth += 1;
    if (tokens[i]?.text === ")" && --depth === 0) return i + 1;
  }
  return tokens.length;
}

/** Whether a comma stands in the bracket that begins at `from`, and in none inside of it. */
function isList(tokens: readonly Token[], from: number): boolean {
  let depth = 0;
  for (const { kind, text } of tokens.slice(from)) {
    if (kind !== "symbol") continue;
    if (text === "(" || text === "[") depth += 1;
    if (text === ")" || text === "]") depth -= 1;
    if (depth === 0) return false;
    if (depth === 1 && text === ",") return true;
  }
  return false;
}

/** The token after a WITH clause, which begins at `from`. */
function afterWith(tokens: readonly Token[], from: number): Token | undefined {
  let i = from + (tokens[from + 1]?.text === "recursive" ? 2 : 1);
  for (;;) {
    i += 1;
    if (tokens[i]?.text === "(") i = closed(tokens, i);
    if (tokens[i]?.text !== "as" || tokens[i + 1]?.text !== "(") return undefined;
    i = closed(tokens, i + 1);
    if (tokens[i]?.text !== ",") return tokens[i];
    i += 1;
  }
}

/** `WITH ... (SELECT ...)`, of which the parser loses the WITH: the brackets become the FROM of a query. */
export const withForms = (tokens: readonly Token[]): readonly Form[] =>
  tokens
    .flatMap((token, i) => {
      const after = token.kind === "word" && token.text === "with" ? afterWith(tokens, i) : undefined;
      const last = after?.text === "(" ? tokens[closed(tokens, tokens.indexOf(after)) - 1] : undefined;
      return after === undefined || last === undefined
        ? []
        : [
            { offset: after.offset, length: 0, text: "SELECT * FROM " },
            { offset: last.offset + 1, length: 0, text: " AS _query" },
          ];
    })
    .sort((a, b) => a.offset - b.offset);

/** The first token that Trino does not take here, or that the parser leaves out without a word. */
export function unread(
  tokens: readonly Token[],
): { readonly token: Token; readonly missing?: string; readonly instead?: string } | undefined {
  for (const [i, token] of tokens.entries()) {
    const { kind, text } = token;
    if (kind !== "word") continue;
    const [second, third] = [tokens[i + 1], tokens[i + 2]];
    if (text === "group" && second?.text === "by" && third?.text === "distinct")
      return { token: third, missing: "GROUP BY DISTINCT", instead: "name each grouping set once" };
    const before = tokens[i - 1];
    if (text === "nulls" && (before?.text === "ignore" || before?.text === "respect") && second?.text === ")")
      return { token: before };
    if (text === "distinct" && before?.text === "(" && tokens[i - 2]?.text === "count" && isList(tokens, i - 1))
      return { token, missing: "count(DISTINCT x, y)", instead: "write count(DISTINCT (x, y))" };
    const after = text === "with" ? afterWith(tokens, i) : undefined;
    if (after?.text === "with" && after.kind === "word") return { token: after };
  }
  return undefined;
}
