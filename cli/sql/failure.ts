import { QueryError } from "../../analytics/client/index.ts";
import { messageOf } from "../errors.ts";
import { cut, type Layout, shownWidth, visible } from "./result-table.ts";

/** Shown of a long line to either side of the place. */
const AROUND = 60;

/** What went wrong with a statement, and where in it: the line with a caret under the place. */
export function failureText(error: unknown, sql: string, layout: Layout): string {
  const message = messageOf(error);
  const place = pointed(message, sql, layout);
  const isTooMuch = error instanceof QueryError && error.kind === "scan-limit";
  return [message, ...(place === undefined ? [] : [place]), ...(isTooMuch ? [LESS] : [])].join("\n");
}

const LESS =
  "Name the columns that are needed and filter by the partitions' column, or have the workgroup's limit raised.";

function pointed(message: string, sql: string, { width = 2 * AROUND, styled }: Layout): string | undefined {
  const [, row, column] = /\bline (\d+):(\d+): /.exec(message) ?? [];
  const line = sql.split("\n")[Number(row) - 1];
  const at = Number(column) - 1;
  if (line === undefined || at > line.length) return undefined;
  const mark = `${row} | `;
  // A long line is shown from not far before the place.
  const skipped = at > AROUND ? at - AROUND / 2 : 0;
  const before = visible(`${skipped > 0 ? "…" : ""}${line.slice(skipped, at)}`);
  const shown = cut(before + visible(line.slice(at)), Math.max(AROUND, width - mark.length));
  const caret = styled ? "\x1b[31m^\x1b[39m" : "^";
  return `${mark}${shown}\n${" ".repeat(mark.length + shownWidth(before))}${caret}`;
}
