import type { Node } from "../ast.ts";
import { aggregate, isAggregate } from "../functions/aggregates.ts";
import { callOf } from "../functions/calls.ts";
import { hints } from "../functions/hints.ts";
import { functions } from "../functions/index.ts";
import { type LambdaRule, lambdaFunctions } from "../functions/lambdas.ts";
import { replaceByLambda } from "../functions/regexps.ts";
import { hinder, hinderingUses } from "../queries/correlation.ts";
import { grouping } from "../queries/grouping.ts";
import type { Env, Expr } from "../scope.ts";
import { CAST_REAL, commonType, display, inOtherZone, meetsReal, type TrinoType, UNKNOWN } from "../types.ts";
import { written } from "../written.ts";
import { bounded } from "./bounds.ts";
import { cast } from "./casts.ts";
import { once } from "./once.ts";
import { rowOfValues } from "./rows.ts";
import { expressionRules } from "./rules.ts";
import { tryOf } from "./try-form.ts";

/** Translates one expression; every kind of node that has no rule here is refused by name. */
export function expression(node: Node, env: Env): Expr {
  return bounded(node, env, () => once(node, env, translated));
}

function translated(node: Node, env: Env): Expr {
  const rule = expressionRules()[node.kind];
  if (rule !== undefined) return rule(node, env);
  if (isAggregate(node, env)) {
    hinder(env, "an aggregate");
    const inside: Env = env.outputs === undefined ? env : { ...env, aggregated: true };
    return hinderingUses(env, "such a column inside an aggregate", () => aggregate(node, inside));
  }
  const { source } = env.session;
  if (node.kind === "function") {
    const name = source.name(node.members["name"]).toLowerCase();
    const form = specialForms[name] ?? lambdaFunctions[name];
    const args = source.nodes(node.members["args"]);
    if (name === "grouping") return grouping(node, env);
    if (form !== undefined || args.at(-1)?.kind === "lambda") {
      source.only(node, "name", "args");
      if (name === "regexp_replace") return replaceByLambda(args, node, env);
      if (form !== undefined) return form(args, node, env);
    }
    if (functions()[name] === undefined) throw source.refuse(node, `function ${name}`, hints[name]);
  }
  const call = callOf(node, env);
  const definition = call && functions()[call.name];
  if (call !== undefined && definition !== undefined) return definition(call, env);
  const hint = hints[node.kind];
  throw source.refuse(node, hint === undefined ? node.kind.replaceAll("_", " ") : node.kind, hint);
}

/** What looks like a function and is none. */
export const specialForms: Readonly<Record<string, LambdaRule>> = {
  row: written("ROW(x, ...)", (args, _node, env) => rowOfValues(args.map((arg) => expression(arg, env)))),
  try: written("TRY(x)", tryOf),
};

export const ZONES = "in several time zones";

/** Casts without a word where Trino would; undefined when it would not. */
export function coerce(value: Expr, to: TrinoType): string | undefined {
  const common = commonType(value.type, to);
  if (common === undefined || display(common) !== display(to)) return undefined;
  return cast(value.sql, value.type, to, false);
}

/** All values in the one type they share. @throws SqlError TYPE_MISMATCH when there is none. */
export function unify(
  values: readonly Expr[],
  env: Env,
  at: Node,
  what: string,
): { values: string[]; type: TrinoType } {
  let type: TrinoType = UNKNOWN;
  for (const value of values) {
    const common = commonType(type, value.type);
    if (common === undefined && inOtherZone(type, value.type)) throw env.session.source.refuse(at, `${what} ${ZONES}`);
    if (common === undefined && meetsReal(type, value.type))
      throw env.session.source.refuse(at, `${what} of ${display(type)} and ${display(value.type)}`, CAST_REAL);
    if (common === undefined)
      throw env.session.source.error(
        "TYPE_MISMATCH",
        at,
        `All ${what} must be the same type or coercible to a common type. Cannot find common type between ${display(type)} and ${display(value.type)}`,
      );
    type = common;
  }
  const target = type;
  return {
    type,
    values: values.map((value) => {
      const sql = cast(value.sql, value.type, target, false);
      if (sql === undefined) throw env.session.source.refuse(at, `${display(value.type)} as ${display(target)}`);
      return sql;
    }),
  };
}

export function condition(node: Node, env: Env, what: string): string {
  const value = expression(node, env);
  if (value.type.kind !== "boolean" && value.type.kind !== "unknown")
    throw env.session.source.error(
      "TYPE_MISMATCH",
      node,
      `${what} must evaluate to a boolean: actual type ${display(value.type)}`,
    );
  return value.sql;
}
