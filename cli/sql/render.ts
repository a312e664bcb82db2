import { type Rows, toTable } from "../../analytics/client/index.ts";
import { csvText, rowsOf } from "../rows.ts";
import { type Layout, resultTable } from "./result-table.ts";

export const formats = ["table", "csv", "json"] as const;
export type Format = (typeof formats)[number];

export const isFormat = (text: string): text is Format => formats.some((format) => format === text);

/** A result as text; empty for statements that answer nothing. */
export function render({ columns, rows }: Pick<Rows, "columns" | "rows">, format: Format, layout: Layout): string {
  if (columns.length === 0) return "";
  if (format === "table") return `${resultTable(columns, rows, layout)}\n`;
  const table = toTable({ columns, rows });
  const cells = rowsOf(table);
  if (format === "json") return `${JSON.stringify(cells, undefined, 2)}\n`;
  const header = table.schema.fields.map(({ name }) => name);
  return csvText(header, cells);
}

/** How a stream shows tables. */
export function layoutOf(stream: { readonly isTTY?: boolean; readonly columns?: number }): Layout {
  const isTerminal = stream.isTTY === true;
  return {
    width: isTerminal ? stream.columns : undefined,
    styled: isTerminal && process.env["NO_COLOR"] === undefined,
  };
}

/** Warnings, a line each, for stderr. */
export const warningLines = (warnings: readonly string[], { styled }: Layout): string =>
  warnings.map((warning) => `${styled ? "\x1b[33mwarning\x1b[39m" : "warning"}: ${warning}\n`).join("");
