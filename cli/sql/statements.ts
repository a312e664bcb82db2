/** A statement without its `;`, and the line it begins on, from 1. */
export interface Statement {
  readonly sql: string;
  readonly line: number;
}

/** What has been typed so far. */
export interface Typed {
  /** Statements that a `;` ends. */
  readonly complete: readonly Statement[];
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

/** The statements of a whole text; the last one needs no `;`. */
export function allStatements(text: string): readonly Statement[] {
  const { complete, rest, restLine } = statementsIn(text);
  return says(rest) ? [...complete, { sql: rest.trim(), line: restLine }] : complete;
}

/** A statement on one line, for the history; undefined where a comment or a text needs its lines. */
export function onOneLine(lines: readonly string[]): string | undefined {
  const text = lines.join("\n");
  for (const [token] of text.matchAll(opaque)) if (token.startsWith("--") || token.includes("\n")) return undefined;
  return lines
    .map((line) => line.trim())
    .filter(Boolean)
    .join(" ");
}

/** Whether there is more than white space and comments. */
export const says = (sql: string): boolean => sql.replace(/--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g, "").trim() !== "";

function lineOf(text: string, start: number, sql: string): number {
  const blank = sql.length - sql.trimStart().length;
  return text.slice(0, start + blank).split("\n").length;
}
