import { duckType, identifier, isPrimitive } from "../format/types.ts";
import { type Cell, NULL_CELL, type Pools } from "./pools.ts";
import type { Condition } from "./steps.ts";
import { type Column, cellOf, cellSql, type Row, type TableModel, type Where } from "./table-model.ts";

const OPERATORS = ["=", "<", "<=", ">", ">=", "in", "is null", "is not null"] as const;

/** What the numbers of a generated step stand for in the table as it is. */
export class Choices {
  readonly #model: TableModel;
  readonly #pools: Pools;

  constructor(model: TableModel, pools: Pools) {
    this.#model = model;
    this.#pools = pools;
  }

  /** A condition on one of the columns, mostly about a value that a row has. */
  where({ column: at, operator, value }: Condition, columns = this.#model.columns, rows = this.#model.rows): Where {
    const column = pick(columns, at);
    if (!isPrimitive(column.type)) return { column, operator: pick(["is null", "is not null"], operator), cells: [] };
    const chosen = pick(OPERATORS, operator);
    if (chosen === "is null" || chosen === "is not null") return { column, operator: chosen, cells: [] };
    const present = rows.map((row) => cellOf(row, column)).filter((cell) => cell.texts !== null);
    const pool = value % 3 === 0 || present.length === 0 ? this.#pool(column.type) : present;
    const cells = chosen === "in" ? [0, 1, 7].map((step) => pick(pool, value + step)) : [pick(pool, value)];
    return { column, operator: chosen, cells };
  }

  /** A row of the table as it is now. */
  row(choices: readonly number[]): Row {
    return new Map(
      this.#model.columns.map((column, at) => [column.id, this.cell(column, choices[at % choices.length] ?? 0)]),
    );
  }

  /** A value of a column: NULL among others, and none near the ends of its type where the column is tame. */
  cell(column: Column, choice: number): Cell {
    if (choice % 8 === 0) return NULL_CELL;
    const pool = this.#pool(column.type);
    return pick(column.tame ? pool.filter((cell) => !cell.extreme) : pool, Math.floor(choice / 8));
  }

  #pool(type: Column["type"]): readonly Cell[] {
    return this.#pools.get(duckType(type)) ?? [];
  }
}

/** Rows as a query, with exactly the columns' types. */
export function selectOf(rows: readonly Row[], columns: readonly Column[]): string {
  const selects = rows.map((row) => {
    const cells = columns.map((column) => `${cellSql(cellOf(row, column), column)} AS ${identifier(column.name)}`);
    return `SELECT ${cells.join(", ")}`;
  });
  return selects.join(" UNION ALL ");
}

export function pick<T>(list: readonly T[], choice: number): T {
  const chosen = list[choice % list.length];
  if (chosen === undefined) throw new Error("Nothing to choose from");
  return chosen;
}
