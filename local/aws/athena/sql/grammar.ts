import { expressionByKind } from "./expressions/by-kind.ts";
import { queryByKind } from "./queries/by-kind.ts";
import { relation } from "./queries/from.ts";
import type { Grammar } from "./scope.ts";

/** The whole of it: here the rules meet what they recurse into. */
export const grammar: Grammar = { expression: expressionByKind, query: queryByKind, relation };
