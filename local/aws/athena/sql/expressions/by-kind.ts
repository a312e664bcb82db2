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
import { written } from "../written.ts";
import { bounded } from "./bounds.ts";
import { expression } from "./expression.ts";
import { once } from "./once.ts";
import { rowOfValues } from "./rows.ts";
import { expressionRules } from "./rules.ts";
import { tryOf } from "./try-form.ts";

/** An expression by the rule for its kind of node; a kind that has none is refused by name. */
export function expressionByKind(node: Node, env: Env): Expr {
  return bounded(node, env, () => once(node, env, byRule));
}

function byRule(node: Node, env: Env): Expr {
  const rule = expressionRules[node.kind];
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
    if (functions[name] === undefined) throw source.refuse(node, `function ${name}`, hints[name]);
  }
  const call = callOf(node, env);
  const definition = call && functions[call.name];
  if (call !== undefined && definition !== undefined) return definition(call, env);
  const hint = hints[node.kind];
  throw source.refuse(node, hint === undefined ? node.kind.replaceAll("_", " ") : node.kind, hint);
}

/** What looks like a function and is none. */
export const specialForms: Readonly<Record<string, LambdaRule>> = {
  row: written("ROW(x, ...)", (args, _node, env) => rowOfValues(args.map((arg) => expression(arg, env)))),
  try: written("TRY(x)", tryOf),
};
