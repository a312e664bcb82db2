import type { Deallocate, Prepare } from "../sql/statement-types.ts";
import { askFor } from "../workgroups.ts";
import { NOTHING, type Result, type Run } from "./run.ts";

/** `PREPARE`: the statement is kept in the workgroup, as CreatePreparedStatement keeps it. */
export async function prepare({ name, query }: Prepare, run: Run): Promise<Result> {
  const { call, context, prepared, workgroup } = run;
  askFor(call, "CreatePreparedStatement", workgroup);
  prepared.create({ name, workgroup: workgroup.name, sql: query, modified: context.clock.now() });
  return NOTHING;
}

/** `DEALLOCATE PREPARE` */
export async function deallocate({ name }: Deallocate, { call, prepared, workgroup }: Run): Promise<Result> {
  askFor(call, "DeletePreparedStatement", workgroup);
  prepared.delete(workgroup.name, name);
  return NOTHING;
}
