import type { Node, Source } from "./ast.ts";
import { query } from "./query.ts";
import type { Env, Session } from "./scope.ts";
import type { Statement } from "./statement-types.ts";
import { deletion, update } from "./statements/change.ts";
import { command } from "./statements/commands.ts";
import { insert } from "./statements/insert.ts";
import { merge } from "./statements/merge.ts";
import { partOf } from "./statements/part.ts";

/** Translates a statement of any kind. */
export function compile(source: Source, session: Session): Statement {
  const other = command(partOf(session, compile));
  return other ?? statement(source.parse(), { session, relations: [], ctes: new Map() });
}

/** The statements on rows. */
function statement(root: Node, env: Env): Statement {
  switch (root.kind) {
    case "insert":
      return insert(root, env);
    case "merge":
      return merge(root, env);
    case "delete":
      return deletion(root, env);
    case "update":
      return update(root, env);
    default: {
      const { sql, columns } = query(root, env);
      return { kind: "SELECT", sql, columns };
    }
  }
}
