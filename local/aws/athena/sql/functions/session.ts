import { quote } from "../ast.ts";
import { VARCHAR } from "../types.ts";
import { written } from "../written.ts";
import type { FunctionRule } from "./function-rule.ts";

/** What the session says of itself; the catalog's name is the one that Athena gives in lower case. */
export const sessionFunctions: Readonly<Record<string, FunctionRule>> = {
  current_catalog: written("current_catalog → varchar", (call, env) => {
    const { source } = env.session;
    if (call.node.members["no_parens"] !== true) throw source.error("SYNTAX_ERROR", call.node, "mismatched input '('");
    return { sql: "'awsdatacatalog'", type: VARCHAR };
  }),
  current_schema: written("current_schema → varchar", (call, env) => {
    const { source, binder } = env.session;
    if (call.node.members["no_parens"] !== true) throw source.error("SYNTAX_ERROR", call.node, "mismatched input '('");
    if (binder.schema === undefined) throw source.refuse(call.node, "current_schema without a database of the session");
    return { sql: quote(binder.schema), type: VARCHAR };
  }),
};
