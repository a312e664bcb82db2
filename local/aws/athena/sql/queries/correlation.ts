import type { Correlation, Env, ScopeColumn } from "../scope.ts";

/** Parts with which Trino cannot take a sub-query apart that names columns around it. */
export type Hindrance =
  | "a column of two queries around"
  | "such a column inside an aggregate"
  | "such a column among VALUES"
  | "such a column in UNNEST"
  | "such a column in GROUP BY"
  | "GROUPING SETS"
  | "such a column in ORDER BY"
  | "an aggregate"
  | "a window function"
  | "UNION, INTERSECT or EXCEPT"
  | "OFFSET"
  | "WITH TIES"
  | "LIMIT after a comparison other than ="
  | "HAVING without GROUP BY";

export const correlationOf = (): Correlation => ({ uses: 0, hindrances: new Set() });

/** Notes a part of the sub-query that `env` is in, if it is in one. */
export const hinder = (env: Env, what: Hindrance): void => void env.correlation?.hindrances.add(what);

/** Does something, and notes `what` if columns around the sub-query were named in it. */
export function hinderingUses<T>(env: Env, what: Hindrance, act: () => T): T {
  const before = env.correlation?.uses;
  const result = act();
  if (env.correlation?.uses !== before) hinder(env, what);
  return result;
}

/** A query in FROM, whose parts hinder nothing when it names no column around the sub-query. */
export function apart<T>(env: Env, act: () => T): T {
  const { correlation } = env;
  const [uses, before] = [correlation?.uses, new Set(correlation?.hindrances)];
  const result = act();
  if (correlation === undefined || correlation.uses !== uses) return result;
  for (const name of correlation.hindrances) if (!before.has(name)) correlation.hindrances.delete(name);
  return result;
}

/** Notes that a column was found over the borders of sub-queries, from inside to outside. */
export function noteUse(borders: readonly Correlation[]): void {
  for (const correlation of borders) {
    correlation.uses += 1;
    if (borders.length > 1) correlation.hindrances.add("a column of two queries around");
  }
}

/** Columns found, and the borders of sub-queries on the way to them. */
export interface Found {
  readonly columns: readonly ScopeColumn[];
  readonly borders: readonly Correlation[];
}

/** What prevents the sub-query; undefined when nothing does. */
export function hindranceOf({ uses, hindrances }: Correlation, allowed: readonly Hindrance[]): string | undefined {
  const names = [...hindrances].filter((name) => !allowed.some((one) => one === name));
  return uses === 0 || names.length === 0 ? undefined : names.join(" and ");
}
