/** What has been typed so far. */
export interface Typed {
  /** Statements that a `;` ends, without it, and the line each begins on, from 1. */
  readonly complete: readonly { readonly sql: string; readonly line: number }[];
  /** What no `;` ends yet. */
  readonly rest: string;
  /** The line that `rest` begins on, white space left out. */
  readonly restLine: number;
}

/** Texts, quoted names, comments: where a `;` ends nothing. An unfinished one runs to the end. */
const opaque = /'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|`[^`]*(?:`|$)|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|;/g;

/** Takes a text apart into its statements. */
export function statementsIn(text: string): Typed {
  const complete: { sql: string; line: number }[] = [];
  let start = 0;
  for (const { 0: token, index } of text.matchAll(opaque)) {
    if (token !== ";") continue;
    const sql = text.slice(start, index);
    if (says(sql)) complete.push({ sql: sql.trim(), line: lineOf(text, start, sql) });
    start = index + 1;
  }
  const rest = text.slice(start);
  return { complete, rest, restLine: lineOf(text, start, rest) };
}

/** Whether there is more than white space and comments. */
export const says = (sql: string): boolean => sql.replace(/--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g, "").trim() !== "";

function lineOf(text: string, start: number, sql: string): number {
  const blank = sql.length - sql.trimStart().length;
  return text.slice(0, start + blank).split("\n").length;
}
