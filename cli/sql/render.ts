import type { Rows } from "../../analytics/client/index.ts";
import { counted } from "../output.ts";
import { csvText, recordsOf } from "../rows.ts";
import { type Layout, resultTable } from "./result-table.ts";
import { mostRows } from "./screen.ts";

export const formats = ["table", "csv", "json"] as const;
export type Format = (typeof formats)[number];

export const isFormat = (text: string): text is Format => formats.some((format) => format === text);

type Result = Pick<Rows, "columns" | "rows" | "substatement" | "changed">;

/** A result as text. A changing statement's is how many rows it changed, under the name that Athena has for that. */
export function render(result: Result, format: Format, layout: Layout): string {
  if (format === "table") return `${readable(result, layout)}\n`;
  const { columns, changed } = result;
  const whole = changed === undefined ? result : { columns: columns.slice(0, 1), rows: [[String(changed)]] };
  if (format === "json") return `${JSON.stringify(recordsOf(whole), undefined, 2)}\n`;
  return columns.length === 0 ? "" : csvText(whole);
}

function readable({ columns, rows, substatement = "", changed }: Result, layout: Layout): string {
  if (changed !== undefined) return `${counted(changed, "row")} changed`;
  if (columns.length === 0) return `${substatement.replaceAll("_", " ")} done`.trimStart();
  return resultTable(columns, rows, layout);
}

/** How a stream shows tables. */
export function layoutOf(stream: { readonly isTTY?: boolean; readonly columns?: number }): Layout {
  const isTerminal = stream.isTTY === true;
  const { NO_COLOR: noColour = "", TERM: terminal = "" } = process.env;
  const most = mostRows(isTerminal, process.env);
  return {
    // A terminal that does not know its size says 0.
    width: isTerminal ? stream.columns || undefined : undefined,
    styled: isTerminal && noColour === "" && terminal !== "dumb",
    ...(most !== undefined && { most }),
  };
}

/** Warnings, a line each, for stderr. */
export const warningLines = (warnings: readonly string[], { styled }: Layout): string =>
  warnings.map((warning) => `${styled ? "\x1b[33mwarning\x1b[39m" : "warning"}: ${warning}\n`).join("");
