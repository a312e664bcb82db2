import type { Node } from "../ast.ts";
import { growth } from "../growth.ts";
import { allMacros } from "../prelude.ts";
import type { Env, Expr, Session } from "../scope.ts";

/**
 * Words and signs of one expression with the macros' bodies in it. DuckDB's binder takes 10 to 30 microseconds and up to
 * a kilobyte for each, which no limit of memory holds: seconds, and a few hundred megabytes.
 */
const MOST_WORDS = 200_000;
/** A long list has many words, each of them once. */
const WORDS_OF_A_BYTE = 4;
const CHARACTERS_OF_A_WORD = 10;

const words = growth(allMacros);

/** How many expressions around the next one are being translated. */
const depths = new WeakMap<Session, number>();

/** Translates an expression, and refuses one that calls inside of calls make larger than DuckDB can bear. */
export function bounded(node: Node, env: Env, translate: () => Expr): Expr {
  const { session } = env;
  const depth = depths.get(session) ?? 0;
  depths.set(session, depth + 1);
  let value: Expr;
  try {
    value = translate();
  } finally {
    depths.set(session, depth);
  }
  const most = MOST_WORDS + WORDS_OF_A_BYTE * session.source.text.length;
  const { sql } = value;
  if (sql.length > CHARACTERS_OF_A_WORD * most || (depth === 0 && words(sql) > most))
    throw session.source.refuse(
      node,
      "so many functions inside of one another",
      "name a part of the expression in a sub-query",
    );
  return value;
}
