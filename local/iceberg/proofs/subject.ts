import { InvalidChange } from "../format/errors.ts";
import type { TableMetadata, Transform } from "../format/model.ts";
import { specFields } from "../format/partition.ts";
import { columnNamed, currentSchema } from "../format/schema.ts";
import { currentSnapshot } from "../format/snapshots.ts";
import { identifier, isPrimitive } from "../format/types.ts";
import { changeRows } from "../table/change.ts";
import { commit } from "../table/commit.ts";
import { type Alteration, alterTable } from "../table/evolve.ts";
import { expire } from "../table/expire.ts";
import { insertRows } from "../table/insert.ts";
import { optimize } from "../table/optimize.ts";
import { findOrphans, removeOrphans } from "../table/orphans.ts";
import { planScan } from "../table/plan.ts";
import { scanSql } from "../table/scan.ts";
import { loadTable } from "../table/state.ts";
import { change, type TestEnvironment } from "../table/writing-fixture.ts";
import { Choices, pick, selectOf } from "./choices.ts";
import { allTypes, type Cell, type Pools, widerTypes } from "./pools.ts";
import { type Action, type Partitioning, transformsOf } from "./steps.ts";
import {
  type Column,
  cellOf,
  cellSql,
  filterOf,
  holds,
  type Row,
  type TableModel,
  type Where,
  whereSql,
} from "./table-model.ts";

const NAMES = [
  "c1",
  "c2",
  "c3",
  "Order",
  "a-b",
  "é",
  "2024_sales",
  'a"b',
  "a.b",
  "with blank",
  "__p0",
  "file_path",
  "pos",
  "i",
];
const LIMITLESS = { openPartitions: 10_000 };

/** A table of the room and its model: every step is taken by both. */
export class Subject {
  readonly env: TestEnvironment;
  readonly model: TableModel;
  /** What the numbers of a step stand for. */
  readonly choices: Choices;
  /** How often each kind of step did something. */
  readonly done = new Map<Action["kind"], number>();

  constructor(env: TestEnvironment, model: TableModel, pools: Pools) {
    this.env = env;
    this.model = model;
    this.choices = new Choices(model, pools);
  }

  async take(action: Action): Promise<void> {
    const before = currentSnapshot(loadTable(this.env).metadata)?.["snapshot-id"];
    const acted = await this.#act(action);
    if (acted) this.done.set(action.kind, (this.done.get(action.kind) ?? 0) + 1);
    const snapshot = currentSnapshot(loadTable(this.env).metadata);
    if (snapshot === undefined || snapshot["snapshot-id"] === before) return;
    const { columns, rows, history } = this.model;
    const [snapshotId, timestampMs] = [snapshot["snapshot-id"], snapshot["timestamp-ms"]];
    this.model.history = [...history, { snapshotId, timestampMs, columns, rows }];
  }

  /** @returns whether anything may have changed. */
  async #act(action: Action): Promise<boolean> {
    const { model, env } = this;
    switch (action.kind) {
      case "insert": {
        const rows = action.rows.map((choices) => this.choices.row(choices));
        await insertRows(env, selectOf(rows, model.columns), LIMITLESS);
        model.rows = [...model.rows, ...rows];
        return true;
      }
      case "delete": {
        const where = this.choices.where(action.where);
        await change(env, { op: 0, where: whereSql(where), filters: [filterOf(where)] });
        const left = model.rows.filter((row) => !holds(where, row));
        const some = left.length < model.rows.length;
        model.rows = left;
        return some;
      }
      case "update":
        return this.#update(this.choices.where(action.where), action.set);
      case "merge":
        return this.#merge(action);
      case "add":
        return this.#add(pick(NAMES, action.name), action.type);
      case "drop": {
        const { id, name } = pick(model.columns, action.column);
        if (!(await this.#alter({ kind: "drop column", column: name }))) return false;
        model.columns = model.columns.filter((column) => column.id !== id);
        return true;
      }
      case "rename": {
        const column = pick(model.columns, action.column);
        const to = pick(NAMES, action.name);
        if (!(await this.#alter({ kind: "rename column", column: column.name, to }))) return false;
        model.replaceColumn({ ...column, name: to });
        return true;
      }
      case "widen": {
        const column = pick(model.columns, action.column);
        const wider = widerTypes(column.type);
        if (wider.length === 0) return false;
        const type = pick(wider, action.type);
        if (!(await this.#alter({ kind: "widen column", column: column.name, type }))) return false;
        model.replaceColumn({ ...column, type });
        return true;
      }
      case "repartition":
        return this.#repartition(action.by);
      case "sort":
        return this.#sort(pick(model.columns, action.column), action.descending);
      case "optimize": {
        const filters = action.where ? [filterOf(this.choices.where(action.where))] : [];
        return (await optimize(env, filters)).rewrittenFiles > 0;
      }
      case "vacuum":
        return this.#vacuum(action.keep);
    }
  }

  async #update(where: Where, set: readonly { readonly column: number; readonly value: number }[]): Promise<boolean> {
    const cells = new Map(
      set.map(({ column: at, value }): [Column, Cell] => {
        const column = pick(this.model.columns, at);
        return [column, this.choices.cell(column, value)];
      }),
    );
    const sql = Object.fromEntries([...cells].map(([column, cell]) => [column.name, cellSql(cell, column)]));
    await change(this.env, { op: 1, where: whereSql(where), filters: [filterOf(where)], set: sql });
    const touched = this.model.rows.filter((row) => holds(where, row)).length;
    this.model.rows = this.model.rows.map((row) =>
      holds(where, row) ? new Map([...row, ...[...cells].map(([column, cell]) => [column.id, cell] as const)]) : row,
    );
    return touched > 0;
  }

  async #merge({ on, rows, deletes }: Extract<Action, { kind: "merge" }>): Promise<boolean> {
    const { model, env } = this;
    const keys = model.columns.filter((column) => isPrimitive(column.type));
    const key = pick(keys, on);
    const source = new Map<number, Row>();
    for (const row of rows.map((choices) => this.choices.row(choices))) {
      const cell = cellOf(row, key);
      if (cell.texts !== null) source.set(cell.rank, row);
    }
    if (source.size === 0) return false;
    const filter = filterOf({
      column: key,
      operator: "in",
      cells: [...source.values()].map((row) => cellOf(row, key)),
    });
    const plan = planScan(loadTable(env), { filters: [filter] });
    const scan = scanSql(plan, { positions: true });
    const [from, at] = [
      `(${selectOf([...source.values()], this.model.columns)}) AS s`,
      `s.${identifier(key.name)} = t.${identifier(key.name)}`,
    ];
    const columns = model.columns.map((column) => `s.${identifier(column.name)}`).join(", ");
    const changes = `SELECT t.__file, t.__pos, ${deletes ? 0 : 1} AS __op, ${columns} FROM ${scan} AS t JOIN ${from} ON ${at}
      UNION ALL SELECT NULL, NULL, 2, ${columns} FROM ${from} WHERE NOT EXISTS (SELECT 1 FROM ${scan} AS t WHERE ${at})`;
    await changeRows(env, { plan, changes, filters: [filter] }, LIMITLESS);
    const matched = new Set<number>();
    const kept = model.rows.flatMap((row) => {
      const rank = cellOf(row, key).rank;
      const match = source.get(rank);
      if (match === undefined) return [row];
      matched.add(rank);
      return deletes ? [] : [match];
    });
    model.rows = [...kept, ...[...source].flatMap(([rank, row]) => (matched.has(rank) ? [] : [row]))];
    return true;
  }

  async #add(name: string, choice: number): Promise<boolean> {
    const type = pick(allTypes, choice);
    if (!(await this.#alter({ kind: "add columns", columns: [{ name, type }] }))) return false;
    const { id = 0 } = columnNamed(currentSchema(loadTable(this.env).metadata), name) ?? {};
    this.model.columns = [...this.model.columns, { id, name, type, tame: false }];
    return true;
  }

  /** Changes that the format does not allow are refused, and then are none. */
  async #alter(alteration: Alteration): Promise<boolean> {
    return this.#unlessRefused(() => alterTable(this.env, [alteration]));
  }

  async #unlessRefused(change: () => Promise<unknown>): Promise<boolean> {
    try {
      await change();
      return true;
    } catch (error) {
      if (error instanceof InvalidChange) return false;
      throw error;
    }
  }

  /** Trino and Spark do that; Athena has no statement for it. */
  async #repartition(by: readonly Partitioning[]): Promise<boolean> {
    const parts = by.flatMap(({ column: at, transform: choice }) => this.#part(at, choice) ?? []);
    const changed = await this.#unlessRefused(() =>
      this.#metadata((metadata) => {
        const named = parts.map(({ column, transform }) => ({ column: column.name, transform }));
        const { fields, last } = specFields(currentSchema(metadata), named, metadata["last-partition-id"]);
        const id = metadata["partition-specs"].length;
        return {
          ...metadata,
          "partition-specs": [...metadata["partition-specs"], { "spec-id": id, fields }],
          "default-spec-id": id,
          "last-partition-id": last,
        };
      }),
    );
    if (!changed) return false;
    for (const { column, transform } of parts) {
      if (truncatesNumber(column, transform)) this.model.replaceColumn({ ...column, tame: true });
    }
    return true;
  }

  #part(at: number, choice: number): { readonly column: Column; readonly transform: Transform } | undefined {
    const column = pick(this.model.columns, at);
    const known = transformsOf(column.type);
    if (known.length === 0) return undefined;
    const transform = pick(known, choice);
    const wild = this.model.rows.some((row) => cellOf(row, column).extreme);
    return wild && truncatesNumber(column, transform) ? { column, transform: "identity" } : { column, transform };
  }

  async #sort({ name, type }: Column, descending: boolean): Promise<boolean> {
    if (!isPrimitive(type)) return false;
    await this.#metadata((metadata) => {
      const field = currentSchema(metadata).fields.find((candidate) => candidate.name === name);
      const id = metadata["sort-orders"].length;
      const order = {
        transform: "identity",
        "source-id": field?.id ?? 0,
        direction: descending ? "desc" : "asc",
        "null-order": descending ? "nulls-last" : "nulls-first",
      } as const;
      const orders = [...metadata["sort-orders"], { "order-id": id, fields: [order] }];
      return { ...metadata, "sort-orders": orders, "default-sort-order-id": id };
    });
    return true;
  }

  async #metadata(update: (metadata: TableMetadata) => TableMetadata): Promise<void> {
    await commit(loadTable(this.env), { update });
  }

  async #vacuum(keep: number): Promise<boolean> {
    const later = Date.UTC(2200, 0, 1);
    const { snapshots } = await expire(this.env, { olderThanMs: later, keep, keepMetadataFiles: 1 });
    await removeOrphans(this.env, { olderThanMs: later });
    const orphans = findOrphans(this.env);
    if (orphans.length > 0) throw new Error(`VACUUM left ${orphans.length} files`);
    this.model.history = this.model.history.slice(-keep);
    return snapshots > 0;
  }
}

/** Whether values near the ends of the column's type would leave it. */
export function truncatesNumber({ type }: Pick<Column, "type">, transform: Transform): boolean {
  return transform.startsWith("truncate") && type !== "string" && type !== "binary";
}
