import type { Node } from "../ast.ts";
import type { Env, Expr } from "../scope.ts";
import { compare } from "./comparison.ts";
import { condition, expression, unify } from "./expression.ts";

function isNull({ kind, members }: Node, env: Env): boolean {
  return kind === "null" || (kind === "cast" && isNull(env.session.source.node(members["this"]), env));
}

/** CASE, with an operand or without. */
export function caseOf(node: Node, env: Env): Expr {
  const { source } = env.session;
  const { operand, whens, else_: otherwise } = source.only(node, "operand", "whens", "else_");
  const subject = operand ? expression(source.node(operand), env) : undefined;
  const pairs: readonly unknown[] = Array.isArray(whens) ? whens : [];
  const tests: string[] = [];
  const results: Expr[] = [];
  for (const pair of pairs) {
    const [when, result] = source.nodes(pair);
    if (when === undefined || result === undefined) throw source.refuse(node, "this form of CASE");
    const compared = subject && expression(when, env);
    // Trino takes this for true, even where x is NULL.
    if (compared && compared.sql === subject.sql) throw source.refuse(node, "CASE x WHEN x");
    // DuckDB would not work x out, which may fail.
    if (compared && isNull(when, env) && !["column", "literal"].includes(source.node(operand).kind))
      throw source.refuse(when, "CASE x WHEN NULL", "leave it out, as no x is; or test x IS NULL");
    tests.push(compared ? compare("=", subject, compared, when, env).sql : condition(when, env, "CASE WHEN clause"));
    results.push(expression(result, env));
  }
  if (otherwise) results.push(expression(source.node(otherwise), env));
  const all = unify(results, env, node, "CASE results");
  const body = tests.map((test, i) => `WHEN ${test} THEN ${all.values[i]}`).join(" ");
  return { sql: `CASE ${body}${otherwise ? ` ELSE ${all.values.at(-1)}` : ""} END`, type: all.type };
}

/** `if(p, x[, y])` */
export function ifOf(node: Node, env: Env): Expr {
  const { source } = env.session;
  const {
    condition: test,
    true_value: yes,
    false_value: no,
  } = source.only(node, "condition", "true_value", "false_value");
  const results = [yes, no].flatMap((value) => (value ? [expression(source.node(value), env)] : []));
  const all = unify(results, env, node, "IF results");
  const sql = `CASE WHEN ${condition(source.node(test), env, "IF condition")} THEN ${all.values[0]}${no ? ` ELSE ${all.values[1]}` : ""} END`;
  return { sql, type: all.type };
}
