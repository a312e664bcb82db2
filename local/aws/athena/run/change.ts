import type { NestedField } from "../../../iceberg/format/model.ts";
import { currentSchema } from "../../../iceberg/format/schema.ts";
import { isPrimitive } from "../../../iceberg/format/types.ts";
import { parseValue } from "../../../iceberg/format/value-text.ts";
import { changeRows } from "../../../iceberg/table/change.ts";
import { insertRows } from "../../../iceberg/table/insert.ts";
import { planScan } from "../../../iceberg/table/plan.ts";
import type { Filter } from "../../../iceberg/table/prune.ts";
import { NotImplementedLocally } from "../../service.ts";
import { ident } from "../sql/ast.ts";
import type { Change, Insert } from "../sql/statement-types.ts";
import { filtersOf } from "../tables/iceberg-filters.ts";
import type { IcebergTable } from "../tables/iceberg-table.ts";
import { committing } from "./errors.ts";
import type { Result, Run } from "./run.ts";
import { insertHive } from "./write-hive.ts";

/** The table of a statement that writes rows. */
function written({ binder }: Run, bound: Insert["target"]): IcebergTable {
  const { iceberg } = binder.opened(bound);
  if (iceberg === undefined) throw new NotImplementedLocally(`writing to table ${bound.name}, which is not Iceberg`);
  return iceberg;
}

/** Appends the rows of a query in one commit. */
export async function insert(statement: Insert, run: Run): Promise<Result> {
  const { target, sql } = statement;
  if (target.kind === "hive") return insertHive(statement, run.binder.opened(target).table, run);
  const { table, state } = written(run, target);
  await run.relations.open();
  const { rows } = await committing(table, insertRows(state.env, run.relations.place(sql)));
  return { columns: [], changed: rows };
}

/** Deletes, updates and inserts in one commit. Only files that may hold the rows are read. */
export async function change({ target, sql, source, keys = [] }: Change, run: Run): Promise<Result> {
  const { connection, relations } = run;
  const iceberg = written(run, target.table);
  const { table, state } = iceberg;
  await relations.open(target);
  // The source is computed once: files are chosen by it and rows matched with it.
  if (source !== undefined)
    await connection.run(`CREATE OR REPLACE TEMP TABLE ${source.name} AS ${relations.place(source.sql)}`);
  try {
    const schema = currentSchema(state.metadata);
    const filters = [...filtersOf(target.predicates, schema)];
    if (source !== undefined)
      for (const { column, sourceColumn } of keys) {
        const field = schema.fields.find(({ name }) => name.toLowerCase() === column);
        if (field !== undefined) filters.push(...(await spanOf(field, sourceColumn, source.name, run)));
      }
    const plan = planScan(state, { filters });
    relations.openTarget(target, iceberg, plan);
    const changes = relations.place(sql);
    const { rows } = await committing(table, changeRows(state.env, { plan, changes, filters }));
    return { columns: [], changed: rows };
  } finally {
    if (source !== undefined) await connection.run(`DROP TABLE IF EXISTS ${source.name}`);
  }
}

/** A target row can match only between the smallest and the largest key of the source. */
async function spanOf(
  field: NestedField,
  sourceColumn: string,
  source: string,
  { connection }: Run,
): Promise<Filter[]> {
  const { name, type } = field;
  if (!isPrimitive(type) || type === "float" || type === "binary" || type === "uuid") return [];
  const bounds = ["min", "max"].map((of) => `CAST(${of}(${ident(sourceColumn)}) AS VARCHAR)`);
  const [row] = (await connection.runAndReadAll(`SELECT ${bounds.join(", ")} FROM ${source}`)).getRows();
  const [least, most] = (row ?? []).map((text) => (text === null ? undefined : parseValue(String(text), type)));
  if (least === undefined || most === undefined) return [];
  return [
    { column: name, operator: ">=", values: [least] },
    { column: name, operator: "<=", values: [most] },
  ];
}
