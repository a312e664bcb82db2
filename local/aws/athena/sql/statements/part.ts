import { type Node, Source } from "../ast.ts";
import { query } from "../queries/query.ts";
import type { Env, Query, Session } from "../scope.ts";
import type { Statement } from "../statement-types.ts";

/** A query or statement inside another one. Its positions are those of the whole text. */
export interface Part {
  readonly session: Session;
  /** Where no name is known yet. */
  readonly env: Env;
  /** Parses the text from `start` to `end`, after a text that takes the place of as much before it. */
  parse(start: number, end: number, instead?: string): { readonly root: Node; readonly env: Env };
  query(start: number, end: number): Query;
  statement(start: number, end: number): Statement;
}

/** @param compile translates a whole statement. */
export function partOf(session: Session, compile: (source: Source, session: Session) => Statement): Part {
  const { text } = session.source;
  const alone = (start: number, end: number, instead = ""): Source =>
    new Source(instead + text.slice(instead.length, start).replace(/[^\n]/g, " ") + text.slice(start, end));
  const env = (source: Source): Env => ({ session: { ...session, source }, relations: [], ctes: new Map() });
  const parse: Part["parse"] = (start, end, instead) => {
    const source = alone(start, end, instead);
    return { root: source.parse(), env: env(source) };
  };
  return {
    session,
    env: env(session.source),
    parse,
    query(start, end) {
      const parsed = parse(start, end);
      return query(parsed.root, parsed.env);
    },
    statement: (start, end) => {
      const source = alone(start, end);
      return compile(source, { ...session, source });
    },
  };
}
