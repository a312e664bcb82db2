import type { Node } from "../ast.ts";
import { isAggregate } from "../functions/aggregates.ts";
import type { Env, Expr, Session } from "../scope.ts";
import { changes, IN_FRONT, mentionsChange } from "./changing.ts";

/** An expression that is being translated, and what its parts gave that must be worked out once. */
interface Frame {
  readonly env: Env;
  /** TRY refuses what changes, so it must see it. */
  readonly sees: boolean;
  readonly bound: { readonly name: string; readonly sql: string }[];
}

const framesOf = new WeakMap<Session, Frame[] | undefined>();

/** Undefined for a text that says nothing of the kind. */
function openFrames(session: Session): Frame[] | undefined {
  if (!framesOf.has(session)) framesOf.set(session, mentionsChange(session.source.text) ? [] : undefined);
  return framesOf.get(session);
}

/**
 * Translates an expression so that what changes each time is worked out once, as in Trino, however often the text names it:
 * a part that changes becomes a name, and the expression around it says what the name is.
 */
export function once(node: Node, env: Env, translate: (node: Node, env: Env) => Expr): Expr {
  const { session } = env;
  const frames = openFrames(session);
  if (frames === undefined) return translate(node, env);
  const frame: Frame = { env, sees: isTry(node), bound: [] };
  frames.push(frame);
  let value: Expr;
  try {
    value = translate(node, env);
  } finally {
    frames.pop();
  }
  const sql = frame.bound.reduce((text, { name, sql: meant }) => {
    const body = named(text, name, meant);
    if (body === undefined && (node.kind === "window_function" || isAggregate(node, env)))
      throw session.source.refuse(node, `a random value inside ${node.kind.replaceAll("_", " ")}`, IN_FRONT);
    // DuckDB takes no sub-query inside a lambda.
    if (body === undefined && /\(SELECT\b/.test(text))
      throw session.source.refuse(node, "a random value beside a sub-query", IN_FRONT);
    return body ?? `list_transform([${meant}], lambda ${name}: ${text})[1]`;
  }, value.sql);
  const around = frames.at(-1);
  // In other surroundings (a sub-query, a lambda's body) it is worked out as often as those are.
  if (around === undefined || around.sees || around.env !== env || !changes(sql)) return { ...value, sql };
  const name = session.fresh("v");
  around.bound.push({ name, sql });
  return { ...value, sql: name };
}

const isTry = ({ kind, members }: Node): boolean =>
  kind === "function" && String(members["name"]).toLowerCase() === "try";

/** What the name means in its place, where nothing can name it twice; undefined else. */
function named(text: string, name: string, meant: string): string | undefined {
  const parts = text.split(new RegExp(`\\b${name}\\b`));
  if (parts.length === 1) return text;
  const plain = !/\btrino_|\blambda\b/.test(parts.join(""));
  return parts.length === 2 && plain ? parts.join(meant) : undefined;
}
