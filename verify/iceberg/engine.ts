import type { Column } from "./model.ts";
import type { Digest, Value } from "./values.ts";

/** What an engine reads of a table. */
export interface Reading extends Digest {
  /** Columns in the order in which the engine shows them. */
  readonly names: readonly string[];
}

/** One row that must be found: the column by which, its type, and the value. */
export interface Point {
  readonly column: Column;
  readonly value: Value;
}

/** One engine's eyes. */
export interface Engine {
  readonly name: "Athena" | "PyIceberg" | "Trino";
  /** All rows, now or at a snapshot. */
  read(table: string, snapshot?: string): Promise<Reading>;
  /** False for a point that the engine's own SQL or expressions cannot ask for, whatever the table is. */
  canLookUp(point: Point): boolean;
  /** Rows found by each point, through the engine's own pruning. */
  lookUp(table: string, points: readonly Point[]): Promise<readonly number[]>;
}

/** `SELECT` of the rows that a point finds. */
export function pointCondition({ column, value }: Point, literal: (point: Point) => string): string {
  if (value === null) return `"${column.name}" IS NULL`;
  if (value === "NaN" && (column.kind === "float" || column.kind === "double")) return `is_nan("${column.name}")`;
  return `"${column.name}" = ${literal({ column, value })}`;
}

/** Points in one statement, so that a look-up of every column of every row is a few of them. */
export function pointStatements(
  table: string,
  points: readonly Point[],
  literal: (point: Point) => string,
): readonly string[] {
  const each = points.map(
    (point, at) => `SELECT ${at} AS point, count(*) AS found FROM ${table} WHERE ${pointCondition(point, literal)}`,
  );
  const most = 40;
  return Array.from({ length: Math.ceil(each.length / most) }, (_, part) =>
    each.slice(part * most, (part + 1) * most).join("\nUNION ALL\n"),
  );
}
