import { DqdlError, type Position } from "./tokens.ts";

/** Words of SQL that mean the same to Spark, for which rules are written, and to DuckDB, which runs them here. */
const WORDS = new Set([
  "AND",
  "OR",
  "NOT",
  "IN",
  "IS",
  "NULL",
  "BETWEEN",
  "LIKE",
  "TRUE",
  "FALSE",
  "CASE",
  "WHEN",
  "THEN",
  "ELSE",
  "END",
]);
const TYPES = new Map([
  ["BIGINT", "BIGINT"],
  ["INT", "INTEGER"],
  ["DOUBLE", "DOUBLE"],
  ["STRING", "VARCHAR"],
  ["DATE", "DATE"],
  ["TIMESTAMP", "TIMESTAMP"],
]);
const AGGREGATES = new Set(["COUNT", "SUM", "MIN", "MAX"]);
const TOKEN = /\s*(?:(\d+(?:\.\d+)?)|('(?:[^']|'')*')|(<=|>=|<>|!=|[=<>+\-*(),])|(`[^`]+`|[A-Za-z_][A-Za-z0-9_]*))/y;

/**
 * Translates a predicate over one table's columns. Only what both dialects read alike passes: comparisons, AND/OR/NOT,
 * IN, IS NULL, BETWEEN, LIKE, CASE, + - *, CAST; functions and division (which truncates in neither or both) do not.
 * @throws DqdlError naming what is not implemented, or the column that the table does not have.
 */
export function translatePredicate(sql: string, columns: ReadonlyMap<string, string>, position: Position): string {
  return translate(sql, columns, position, false);
}

/**
 * Translates the SQL of a CustomSql rule with a number condition: `SELECT <aggregate> FROM primary [WHERE <predicate>]`.
 * @param relation what stands for `primary`
 */
export function translateCustomSql(
  sql: string,
  columns: ReadonlyMap<string, string>,
  relation: string,
  position: Position,
): string {
  const [, selected, predicate] = /^\s*select\s+(.+?)\s+from\s+primary(?:\s+where\s+(.+?))?\s*$/is.exec(sql) ?? [];
  if (selected === undefined) {
    throw new DqdlError(
      "unsupported",
      "CustomSql other than SELECT <aggregate> FROM primary [WHERE <predicate>] is not implemented locally",
      position,
    );
  }
  const where = predicate === undefined ? "" : ` WHERE ${translate(predicate, columns, position, false)}`;
  return `SELECT ${translate(selected, columns, position, true)} FROM ${relation}${where}`;
}

function translate(sql: string, columns: ReadonlyMap<string, string>, position: Position, aggregates: boolean): string {
  const out: string[] = [];
  TOKEN.lastIndex = 0;
  let previous = "";
  while (sql.slice(TOKEN.lastIndex).trim() !== "") {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(sql);
    if (match === null)
      throw new DqdlError(
        "unsupported",
        `"${sql.slice(from).trim().slice(0, 20)}" in SQL is not implemented locally`,
        position,
      );
    const [, number, text, symbol, word] = match;
    const next = /^\s*\(/.test(sql.slice(TOKEN.lastIndex)) ? "(" : "";
    out.push(number ?? text ?? symbol ?? translateWord(word ?? "", previous, next));
    previous = (word ?? symbol ?? "").toUpperCase();
  }
  return out.join(" ");

  function translateWord(word: string, before: string, next: string): string {
    const upper = word.toUpperCase();
    if (before === "AS") {
      const type = TYPES.get(upper);
      if (type === undefined)
        throw new DqdlError("unsupported", `CAST to ${word} is not implemented locally`, position);
      return type;
    }
    if (upper === "AS" || WORDS.has(upper)) return upper;
    if (next === "(") {
      if (upper === "CAST" || (aggregates && AGGREGATES.has(upper))) return upper;
      throw new DqdlError("unsupported", `function ${word} in SQL is not implemented locally`, position);
    }
    if (aggregates && upper === "DISTINCT") return upper;
    const column = columns.get(word.replaceAll("`", "").toLowerCase());
    if (column === undefined) throw new DqdlError("invalid", `there is no column ${word}`, position);
    return identifier(column);
  }
}

/** A quoted name. */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A quoted text. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
