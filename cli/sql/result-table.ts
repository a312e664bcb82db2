import type { ResultColumn } from "../../analytics/client/index.ts";
import { counted } from "../output.ts";

/** Where a table is shown. */
export interface Layout {
  /** Columns of the terminal; undefined where nothing is cut: a file, a pipe. */
  readonly width: number | undefined;
  /** Whether escape codes are understood. */
  readonly styled: boolean;
  /** Rows that are shown at most. Default: all. */
  readonly most?: number;
  /** A block for every row, with whole values, even where a table has room. */
  readonly expanded?: boolean;
}

type Row = readonly (string | null)[];

/** Text columns are not cut below this. */
const NARROWEST = 8;
const GAP = "  ";

const numeric = /^(tinyint|smallint|integer|bigint|real|float|double|decimal)/;
const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{17000}-\u{18aff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\ufe0f/u;
const unseen = /^[\p{M}\p{Cf}]+$/u;
const segments = new Intl.Segmenter();

function segmentWidth(segment: string): number {
  if (wide.test(segment)) return 2;
  return unseen.test(segment) ? 0 : 1;
}

/** Columns that a text takes on a terminal. */
export function shownWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const { segment } of segments.segment(text)) width += segmentWidth(segment);
  return width;
}

/** The beginning of a text, with … in the last column when it is longer. */
export function cut(text: string, width: number): string {
  if (shownWidth(text) <= width) return text;
  let kept = "";
  let used = 0;
  for (const { segment } of segments.segment(text)) {
    used += segmentWidth(segment);
    if (used > width - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** Control characters would break the lines, and those of writing direction would turn them round. */
export const visible = (text: string): string => text.replace(hidden, (c) => shortEscapes[c] ?? escaped(c));

const hidden = /[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu;
const shortEscapes: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };
const escaped = (c: string): string => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** A NULL is `NULL`; a text that reads so is in quotes. */
function cellOf(value: string | null): string {
  if (value === null) return "NULL";
  return value === "NULL" ? '"NULL"' : visible(value);
}

/**
 * A result for reading: names above, and types if there are any, numbers to the right, NULLs told from texts. Long texts are cut until it
 * fits the terminal; where it cannot, each row is a block of lines.
 */
export function resultTable(columns: readonly ResultColumn[], all: readonly Row[], layout: Layout): string {
  const { most = all.length } = layout;
  const rows = all.slice(0, most);
  const widths = layout.expanded === true ? undefined : fitted(columns, rows, layout.width);
  const table = widths === undefined ? blocks(columns, rows, layout) : grid(columns, rows, widths, layout);
  return rows.length === all.length ? table : `${table}\n${left(all.length - rows.length, layout)}`;
}

const left = (count: number, layout: Layout): string =>
  dim(`… and ${counted(count, "row")} more: set PAGER to leaf through them, or write them to a file as CSV`, layout);

/** Widths of the columns; undefined when they cannot fit. Numbers are never cut: half a number is a wrong one. */
function fitted(
  columns: readonly ResultColumn[],
  rows: readonly Row[],
  limit: number | undefined,
): readonly number[] | undefined {
  const widths = columns.map(({ name, type }, i) =>
    rows.reduce(
      (widest, row) => Math.max(widest, shownWidth(cellOf(row[i] ?? null))),
      Math.max(shownWidth(name), type.length),
    ),
  );
  if (limit === undefined) return widths;
  const least = columns.map(({ name, type }, i) => {
    const own = widths[i] ?? 0;
    return numeric.test(type) ? own : Math.min(own, Math.max(NARROWEST, shownWidth(name)));
  });
  let over = widths.reduce((sum, width) => sum + width, GAP.length * (widths.length - 1)) - limit;
  while (over > 0) {
    const room = widths.map((width, i) => (width > (least[i] ?? 0) ? width : 0));
    const widest = Math.max(...room);
    if (widest === 0) return undefined;
    widths[room.indexOf(widest)] = widest - 1;
    over -= 1;
  }
  return widths;
}

const dim = (text: string, { styled }: Layout): string => (styled ? `\x1b[2m${text}\x1b[22m` : text);
const bold = (text: string, { styled }: Layout): string => (styled ? `\x1b[1m${text}\x1b[22m` : text);

function grid(
  columns: readonly ResultColumn[],
  rows: readonly Row[],
  widths: readonly number[],
  layout: Layout,
): string {
  const line = (cells: readonly string[], style: (text: string, at: number) => string): string =>
    cells
      .map((cell, at) => {
        const width = widths[at] ?? 0;
        const shown = cut(cell, width);
        const padding = " ".repeat(width - shownWidth(shown));
        const right = numeric.test(columns[at]?.type ?? "");
        return right ? padding + style(shown, at) : style(shown, at) + padding;
      })
      .join(GAP)
      .trimEnd();
  return [
    line(
      columns.map(({ name }) => name),
      (text) => bold(text, layout),
    ),
    ...(columns.some(({ type }) => type !== "")
      ? [
          line(
            columns.map(({ type }) => type),
            (text) => dim(text, layout),
          ),
        ]
      : []),
    dim(widths.map((width) => "-".repeat(width)).join(GAP), layout),
    ...rows.map((row) => line(row.map(cellOf), (text, at) => ((row[at] ?? null) === null ? dim(text, layout) : text))),
  ].join("\n");
}

/** One line a value, for results with more columns than the terminal has room for. */
function blocks(columns: readonly ResultColumn[], rows: readonly Row[], layout: Layout): string {
  const width = Math.max(...columns.map(({ name }) => shownWidth(name)));
  const isWhole = layout.expanded === true || layout.width === undefined;
  const room = isWhole ? Number.POSITIVE_INFINITY : Math.max(NARROWEST, (layout.width ?? 0) - width - GAP.length);
  const label = (name: string): string => name + " ".repeat(width - shownWidth(name));
  if (rows.length === 0)
    return columns.map(({ name, type }) => `${bold(label(name), layout)}${GAP}${dim(type, layout)}`).join("\n");
  return rows
    .map((row, i) =>
      [
        dim(`-- row ${i + 1} --`, layout),
        ...columns.map(({ name }, at) => {
          const value = row[at] ?? null;
          const shown = cut(cellOf(value), room);
          return `${bold(label(name), layout)}${GAP}${value === null ? dim(shown, layout) : shown}`;
        }),
      ].join("\n"),
    )
    .join("\n");
}
