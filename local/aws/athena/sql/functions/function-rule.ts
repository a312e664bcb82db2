import type { Env, Expr } from "../scope.ts";
import { display, isInteger, isNumeric, isText, type TrinoType } from "../types.ts";
import { type Written, written } from "../written.ts";
import { type FunctionCall, wrongArguments } from "./calls.ts";

export type FunctionRule = ((call: FunctionCall, env: Env) => Expr) & Written;
/** Whether a type will do; its form is the type's name. */
export type Check = ((type: TrinoType) => boolean) & Written;

export const text: Check = written("varchar", (type) => isText(type) || type.kind === "unknown");
export const integer: Check = written("bigint", (type) => isInteger(type) || type.kind === "unknown");
export const binary: Check = written("varbinary", (type) => type.kind === "varbinary");
export const number: Check = written("double", (type) => isNumeric(type) || type.kind === "unknown");
export const asDouble = (sql: string | undefined): string => `CAST(${sql} AS DOUBLE)`;

/** A function of fixed argument types: `sql` gets the arguments' SQL. The last `optional` ones may be absent. */
export function fixed(
  checks: readonly Check[],
  type: TrinoType,
  sql: (...args: string[]) => string,
  optional = 0,
): FunctionRule {
  return written(formOf(checks, type, optional), (call, env) => {
    const { length } = call.args;
    const fits = call.args.every((arg, i) => checks[i]?.(arg.type) === true);
    if (length > checks.length || length < checks.length - optional || !fits) throw wrongArguments(call, env);
    return { sql: sql(...call.args.map((arg) => arg.sql)), type };
  });
}

/** `(varchar, bigint[, bigint]) → varchar` */
function formOf(checks: readonly Check[], type: TrinoType, optional: number): string {
  const names = checks.map(({ forms }) => forms?.[0] ?? "");
  const needed = names.slice(0, names.length - optional).join(", ");
  const more = names.slice(names.length - optional).map((name) => `[, ${name}]`);
  return `(${needed}${more.join("")}) → ${display(type)}`;
}

/** The literal text of an argument. */
export function literalText(call: FunctionCall, index: number, env: Env): string {
  const node = call.nodes[index];
  const value = node?.members["value"];
  if (node?.kind !== "literal" || node.members["literal_type"] !== "string" || typeof value !== "string")
    throw env.session.source.refuse(call.node, `${call.name} with an argument ${index + 1} that is no literal text`);
  return value;
}
