import { ident, type Node } from "../ast.ts";
import { cast } from "../expressions/casts.ts";
import { ZONES } from "../expressions/expression.ts";
import type { Env, Query } from "../scope.ts";
import { CAST_REAL, commonType, display, inOtherZone, meetsReal, type TrinoType } from "../types.ts";
import { query } from "./query.ts";
import { tail, tailed } from "./tail.ts";
import { withClause } from "./with.ts";

/** The query's columns in given types. */
function retyped(inner: Query, types: readonly TrinoType[], node: Node, env: Env): string {
  if (inner.columns.every((column, i) => display(column.type) === display(types[i] ?? column.type))) return inner.sql;
  const alias = env.session.fresh("u");
  const list = inner.columns.map((column, i) => {
    const type = types[i] ?? column.type;
    const sql = cast(`${alias}.${ident(column.emitted)}`, column.type, type, false);
    if (sql === undefined) throw env.session.source.refuse(node, `${display(column.type)} as ${display(type)}`);
    return `${sql} AS ${ident(column.emitted)}`;
  });
  return `SELECT ${list.join(", ")} FROM (${inner.sql}) AS ${alias}`;
}

/** An operand that stands in no parentheses. */
const isOperation = (kind: string): boolean => kind === "union" || kind === "except";

/**
 * The operation as Trino reads it. The parser joins from the left whatever the operators, where INTERSECT binds tighter,
 * and leaves FETCH with the last operand.
 */
function arranged(node: Node, env: Env): Node {
  const { source } = env.session;
  const { kind, members } = node;
  const last = source.node(members["right"]);
  const { fetch, ...others } = last.members;
  const whole = last.kind === "select" && fetch ? { ...members, right: { select: others }, fetch } : members;
  if (kind !== "intersect") return { kind, members: whole };
  const first = source.node(members["left"]);
  const left = first.kind === "intersect" || isOperation(first.kind) ? arranged(first, env) : first;
  if (!isOperation(left.kind)) return { kind, members: { ...whole, left: { [left.kind]: left.members } } };
  const { all, distinct, right, ...rest } = whole;
  const { all: outerAll, distinct: outerDistinct, left: outerLeft, right: middle } = left.members;
  const inner = { intersect: { all, distinct, left: middle, right } };
  return {
    kind: left.kind,
    members: { ...rest, all: outerAll, distinct: outerDistinct, left: outerLeft, right: inner },
  };
}

/** UNION, INTERSECT and EXCEPT, with or without ALL. */
export function setOperation(written: Node, outer: Env): Query {
  const { source } = outer.session;
  const node = arranged(written, outer);
  const members = source.only(node, "left", "right", "all", "distinct", "with", ...tail);
  const word = node.kind.toUpperCase();
  const { prefix, env } = withClause(members["with"], outer);
  const left = query(source.node(members["left"]), env);
  const right = query(source.node(members["right"]), env);
  if (left.columns.length !== right.columns.length)
    throw source.error(
      "SYNTAX_ERROR",
      node,
      `${word} query has different number of fields: ${left.columns.length}, ${right.columns.length}`,
    );
  const types = left.columns.map((column, i) => {
    const other = right.columns[i]?.type ?? column.type;
    const common = commonType(column.type, other);
    if (common === undefined && inOtherZone(column.type, other)) throw source.refuse(node, `${word} ${ZONES}`);
    if (common === undefined && meetsReal(column.type, other))
      throw source.refuse(node, `${word} of ${display(column.type)} and ${display(other)}`, CAST_REAL);
    if (common === undefined)
      throw source.error(
        "TYPE_MISMATCH",
        node,
        `column ${i + 1} in ${word} query has incompatible types: ${display(column.type)}, ${display(other)}`,
      );
    return common;
  });
  const columns = left.columns.map((column, i) => ({ ...column, type: types[i] ?? column.type }));
  const both = `(${retyped(left, types, node, env)}) ${word} ${members["all"] === true ? "ALL " : ""}(${retyped(right, types, node, env)})`;
  const result = tailed({ sql: both, columns }, node, env);
  return { sql: `${prefix}${result.sql}`, columns };
}
