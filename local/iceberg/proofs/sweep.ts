import { duckType, identifier, isPrimitive } from "../format/types.ts";
import { planScan } from "../table/plan.ts";
import { scanSql } from "../table/scan.ts";
import { loadTable, type TableState } from "../table/state.ts";
import { type Cell, NULL_CELL, type Pools } from "./pools.ts";
import type { Subject } from "./subject.ts";
import { type Column, filterOf, holds, type Row, type Where, whereSql } from "./table-model.ts";

/** A row and the data file that it is in. */
interface Placed {
  readonly row: Row;
  readonly file: string;
}

/**
 * Plans look-ups by every value of the pools in every column, and finds the rows whose file such a plan leaves out
 * though they meet the condition.
 */
export async function missedRows({ env, model }: Subject, pools: Pools): Promise<readonly string[]> {
  const state = loadTable(env);
  const rows = await placedRows(state, model.columns, pools);
  return model.columns.flatMap((column) =>
    conditionsOf(column, pools).flatMap((where) => {
      const { files } = planScan(state, { filters: [filterOf(where)] });
      const planned = new Set(files.map(({ entry }) => entry.file.path));
      const missed = rows.filter(({ row, file }) => !planned.has(file) && holds(where, row));
      return missed.map(({ file }) => `${whereSql(where)}: ${file}`);
    }),
  );
}

function conditionsOf(column: Column, pools: Pools): readonly Where[] {
  const nulls = (["is null", "is not null"] as const).map((operator) => ({ column, operator, cells: [] }));
  if (!isPrimitive(column.type)) return nulls;
  const pool = pools.get(duckType(column.type)) ?? [];
  const comparisons = (["=", "<", "<=", ">", ">="] as const).flatMap((operator) =>
    pool.map((cell) => ({ column, operator, cells: [cell] })),
  );
  const lists = pool.map((cell, at) => ({ column, operator: "in" as const, cells: [cell, pool[at - 1] ?? cell] }));
  return [...nulls, ...comparisons, ...lists];
}

async function placedRows(state: TableState, columns: readonly Column[], pools: Pools): Promise<readonly Placed[]> {
  const plan = planScan(state);
  const texts = columns.map(({ name }) => `${identifier(name)}::VARCHAR`);
  const scan = scanSql(plan, { positions: true });
  const reader = await state.env.connection.runAndReadAll(
    `SELECT __file::INTEGER, ${texts.join(", ")} FROM ${scan} AS t`,
  );
  const known = new Map(columns.map((column) => [column.id, cellsByText(column, pools)]));
  return reader.getRowsJson().map(([index, ...values]) => ({
    file: plan.files[Number(index)]?.entry.file.path ?? "no file",
    row: new Map(
      columns.map((column, at) => {
        const text = values[at];
        return [column.id, typeof text === "string" ? (known.get(column.id)?.get(text) ?? NULL_CELL) : NULL_CELL];
      }),
    ),
  }));
}

/** Values of narrower types too, which the column may have had. */
function cellsByText({ type }: Column, pools: Pools): ReadonlyMap<string, Cell> {
  const name = duckType(type);
  const cells = [...pools.values()].flat();
  return new Map(
    cells.flatMap((cell): [string, Cell][] => {
      const text = cell.texts?.get(name);
      return text === undefined ? [] : [[text, cell]];
    }),
  );
}
