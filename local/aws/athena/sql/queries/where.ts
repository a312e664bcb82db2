import type { Node } from "../ast.ts";
import { changes } from "../expressions/changing.ts";
import { condition } from "../expressions/expression.ts";
import type { Env } from "../scope.ts";
import { hinder } from "./correlation.ts";
import { collectPredicates } from "./predicates.ts";

/** The conditions that AND joins, or OR. */
function joined(by: "and" | "or", node: Node, env: Env): Node[] {
  const { source } = env.session;
  const { kind, members } = node;
  if (kind === "paren") return joined(by, source.node(source.only(node, "this")["this"]), env);
  if (kind !== by) return [node];
  source.only(node, "left", "right");
  return [members["left"], members["right"]].flatMap((side) => joined(by, source.node(side), env));
}

interface Part {
  readonly sql: string;
  /** It compares a column of the query around, and not by =. */
  readonly unequal: boolean;
  /** `IN (SELECT ...)`, `= ANY (SELECT ...)` */
  readonly isMembership: boolean;
  readonly isConstant: boolean;
}

/** A condition that every row must meet: Trino finds rows `IN` a sub-query there by a join, where NULL and NaN meet nothing. */
function filter(node: Node, what: string, env: Env): readonly Part[] {
  return joined("and", node, env).map((part) => {
    const before = env.correlation?.uses;
    const sql = alternatives(part, what, env) ?? condition(part, { ...env, filter: part.members }, what);
    const unequal = part.kind !== "eq" && env.correlation?.uses !== before;
    return { sql, unequal, isMembership: isMembership(part), isConstant: isConstant(part) };
  });
}

const isMembership = ({ kind, members }: Node): boolean =>
  ["in", "any", "all"].includes(kind) && Boolean(members["query"] ?? members["subquery"]);

/** Conditions that OR joins, of which one asks a sub-query and one can be worked out before. */
function alternatives(part: Node, what: string, env: Env): string | undefined {
  const sides = joined("or", part, env);
  if (!sides.some(isMembership) || !sides.some(isConstant)) return undefined;
  const texts = sides.map((side) => {
    const sql = condition(side, { ...env, filter: part.members }, what);
    return isConstant(side) ? workedOut(sql) : sql;
  });
  return `(${texts.join(" OR ")})`;
}

/** The WHERE clause as text. */
export function whereClause(node: Node, limited: boolean, env: Env): string {
  collectPredicates(node, env);
  const parts = filter(node, "WHERE clause", env);
  if (limited && parts.some(({ unequal }) => unequal)) hinder(env, "LIMIT after a comparison other than =");
  const isJoin = parts.some(({ isMembership }) => isMembership);
  return ` WHERE ${parts.map(({ sql, isConstant }) => (isJoin && isConstant ? workedOut(sql) : sql)).join(" AND ")}`;
}

const SUB_QUERY = /\(SELECT\b/;

/**
 * A condition without columns beside `IN (SELECT ...)`: Trino, which makes a join of that, asks it of the rows before the
 * join, so that it fails for rows that meet nothing. DuckDB asks a sub-query of its own in any case.
 */
const workedOut = (sql: string): string =>
  /\btrino_/.test(sql) && !SUB_QUERY.test(sql) && !changes(sql) ? `(SELECT ${sql})` : sql;

const isConstant = ({ kind, members }: Node): boolean => kind !== "column" && !namesColumn(members);

/** Whether a column is named anywhere in a tree. */
function namesColumn(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return "column" in value || Object.values(value).some(namesColumn);
}

/** The HAVING clause as text. */
export function havingClause(node: Node, grouped: boolean, env: Env): string {
  if (!grouped) hinder(env, "HAVING without GROUP BY");
  const parts = filter(node, "HAVING clause", env);
  return ` HAVING ${parts.map(({ sql }) => sql).join(" AND ")}`;
}
