import type { Node } from "../ast.ts";
import type { Env, Expr } from "../scope.ts";
import { CAST_REAL, commonType, display, inOtherZone, meetsReal, type TrinoType, UNKNOWN } from "../types.ts";
import { cast } from "./casts.ts";

/** Translates one expression; every kind of node that has no rule is refused by name. */
export const expression = (node: Node, env: Env): Expr => env.session.grammar.expression(node, env);

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
