import type { Env, Expr } from "../scope.ts";
import { commonType, DOUBLE, duckType, isInteger } from "../types.ts";
import { written } from "../written.ts";
import { type FunctionCall, wrongArguments } from "./calls.ts";
import type { FunctionRule } from "./function-rule.ts";

/** `random()`, `random(stop)`, `random(start, stop)`: of an integer type in that type. */
function random(call: FunctionCall, env: Env): Expr {
  const [first, second, ...more] = call.args;
  if (first === undefined) return { sql: "random()", type: DOUBLE };
  const type = second === undefined ? first.type : commonType(first.type, second.type);
  if (type === undefined || more.length > 0 || ![first, second ?? first].every((arg) => isInteger(arg.type)))
    throw wrongArguments(call, env);
  const sql =
    second === undefined ? `trino_random_below(${first.sql})` : `trino_random_between(${first.sql}, ${second.sql})`;
  return { sql: `CAST(${sql} AS ${duckType(type)})`, type };
}

/** Functions that give another value for each row. */
export const randomFunctions: Readonly<Record<string, FunctionRule>> = {
  random: written(["() → double", "(bigint[, bigint]) → bigint"], random),
};
