/** One row as Athena writes it: every value in quotes, NULL as nothing at all. */
export function csvRow(values: readonly (string | null)[]): string {
  return `${values.map((value) => (value === null ? "" : `"${value.replaceAll('"', '""')}"`)).join(",")}\n`;
}

/** Reads rows that {@link csvRow} wrote; an empty value without quotes is NULL. */
export function parseCsv(text: string): (string | null)[][] {
  const rows: (string | null)[][] = [];
  let row: (string | null)[] = [];
  let at = 0;
  while (at < text.length) {
    let value: string | null = null;
    if (text[at] === '"') {
      let end = text.indexOf('"', at + 1);
      while (text[end + 1] === '"') end = text.indexOf('"', end + 2);
      value = text.slice(at + 1, end).replaceAll('""', '"');
      at = end + 1;
    }
    row.push(value);
    if (text[at] === "\n") {
      rows.push(row);
      row = [];
    }
    // A comma before the line's end leaves one more, empty value.
    else if (text[at] === "," && text[at + 1] === "\n") {
      row.push(null);
      rows.push(row);
      row = [];
      at++;
    }
    at++;
  }
  return rows;
}
