/** A text as DuckDB's SQL writes it. Identifiers: format/types.ts. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
