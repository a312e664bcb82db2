import type { IcebergType, Value } from "../format/model.ts";
import { duckType, identifier, isPrimitive } from "../format/types.ts";
import { parseValue } from "../format/value-text.ts";
import type { Filter } from "../table/prune.ts";
import { type Cell, NULL_CELL } from "./pools.ts";

/** A table as a plain array of rows: what the real one must always read as. */

export interface Column {
  /** Stays the same when the column is renamed. */
  readonly id: number;
  readonly name: string;
  readonly type: IcebergType;
  /** Was truncated once, which values at the ends of a number's type do not survive. */
  readonly tame: boolean;
}

/** Cells by the id of their column; a missing one is NULL. */
export type Row = ReadonlyMap<number, Cell>;

/** The table at one snapshot. */
export interface Moment {
  readonly snapshotId: bigint;
  readonly timestampMs: number;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}

export interface Where {
  readonly column: Column;
  readonly operator: Filter["operator"];
  readonly cells: readonly Cell[];
}

export class TableModel {
  columns: readonly Column[];
  rows: readonly Row[] = [];
  /** Oldest first. */
  history: readonly Moment[] = [];

  constructor(columns: readonly Column[]) {
    this.columns = columns;
  }

  replaceColumn(changed: Column): void {
    this.columns = this.columns.map((column) => (column.id === changed.id ? changed : column));
  }
}

export function cellOf(row: Row, column: Column): Cell {
  return row.get(column.id) ?? NULL_CELL;
}

export function holds({ column, operator, cells }: Where, row: Row): boolean {
  const cell = cellOf(row, column);
  if (operator === "is null") return cell.texts === null;
  if (operator === "is not null") return cell.texts !== null;
  if (cell.texts === null) return false;
  const [first = NULL_CELL] = cells;
  switch (operator) {
    case "=":
      return cell.rank === first.rank;
    case "<":
      return cell.rank < first.rank;
    case "<=":
      return cell.rank <= first.rank;
    case ">":
      return cell.rank > first.rank;
    case ">=":
      return cell.rank >= first.rank;
    case "in":
      return cells.some(({ rank }) => cell.rank === rank);
  }
}

/** A cell as SQL of its column's type. */
export function cellSql({ sql }: Cell, { type }: Column): string {
  return `(${sql})::${duckType(type)}`;
}

/** What the cell looks like in its column. */
export function cellText({ texts }: Cell, { type }: Column): string | null {
  return texts === null ? null : (texts.get(duckType(type)) ?? `no text as ${duckType(type)}`);
}

export function whereSql({ column, operator, cells }: Where): string {
  const values = cells.map((cell) => cellSql(cell, column)).join(", ");
  return `${identifier(column.name)} ${operator} ${operator === "in" ? `(${values})` : values}`;
}

/** The condition as the planner gets it. */
export function filterOf({ column, operator, cells }: Where): Filter {
  const values = cells.flatMap((cell): Value[] => {
    const text = cellText(cell, column);
    const value = text === null || !isPrimitive(column.type) ? undefined : parseValue(text, column.type);
    return value === undefined ? [] : [value];
  });
  if (values.length < cells.length) throw new Error(`A value of column ${column.name} cannot be parsed`);
  return { column: column.name, operator, values };
}

/** Rows in one order and form, whatever they came from. DuckDB makes 0 of -0, its equal, where it sorts or partitions by it. */
export function sorted(rows: readonly (readonly unknown[])[]): readonly string[] {
  return rows.map((row) => JSON.stringify(row.map((text) => (text === "-0.0" ? "0.0" : text)))).toSorted();
}

export function texts(columns: readonly Column[], rows: readonly Row[]): readonly string[] {
  return sorted(rows.map((row) => columns.map((column) => cellText(cellOf(row, column), column))));
}
