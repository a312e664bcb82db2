import type { Node, Source } from "./ast.ts";
import { query } from "./queries/query.ts";
import type { Env, Session } from "./scope.ts";
import type { Statement } from "./statement-types.ts";
import { deletion, update } from "./statements/change.ts";
import { command } from "./statements/commands.ts";
import { insert } from "./statements/insert.ts";
import { merge } from "./statements/merge.ts";
import { partOf } from "./statements/part.ts";
import { type Written, written } from "./written.ts";

/** Translates a statement of any kind. */
export function compile(source: Source, session: Session): Statement {
  const other = command(partOf(session, compile));
  return other ?? statement(source.parse(), { session, relations: [], ctes: new Map() });
}

type StatementRule = ((root: Node, env: Env) => Statement) & Written;

/** The statements that change rows. */
export const changes: Readonly<Record<string, StatementRule>> = {
  insert: written("INSERT INTO t [(columns)] SELECT ... | VALUES ...", insert),
  update: written("UPDATE t SET column = x, ... [WHERE p]", update),
  delete: written("DELETE FROM t [WHERE p]", deletion),
  merge: written(
    "MERGE INTO t USING source ON p WHEN [NOT] MATCHED [AND q] THEN UPDATE SET ... | DELETE | INSERT ...",
    merge,
  ),
};

function statement(root: Node, env: Env): Statement {
  const change = Object.hasOwn(changes, root.kind) ? changes[root.kind] : undefined;
  if (change !== undefined) return change(root, env);
  const { sql, columns } = query(root, env);
  return { kind: "SELECT", sql, columns };
}
