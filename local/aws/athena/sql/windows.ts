import { aggregate, isAggregate } from "./aggregates.ts";
import type { Members, Node } from "./ast.ts";
import { expression, unify } from "./expression.ts";
import { orderList } from "./ordering.ts";
import type { Env, Expr } from "./scope.ts";
import { BIGINT, DOUBLE, display, isInteger } from "./types.ts";

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

const ranks: Readonly<Record<string, Expr["type"]>> = {
  row_number: BIGINT,
  rank: BIGINT,
  dense_rank: BIGINT,
  percent_rank: DOUBLE,
  cume_dist: DOUBLE,
};
/** Functions that give values of other rows. */
const values: Readonly<Record<string, string>> = {
  first_value: "(T) [IGNORE NULLS] → T",
  last_value: "(T) [IGNORE NULLS] → T",
  nth_value: "(T, n) [IGNORE NULLS] → T",
  lag: "(T[, n[, T]]) [IGNORE NULLS] → T",
  lead: "(T[, n[, T]]) [IGNORE NULLS] → T",
};

/** Functions that only stand with OVER, and how they are written; aggregates stand with it as well. */
export const windowForms: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(ranks).map(([name, type]) => [name, `() → ${display(type)}`])),
  ntile: "(bigint) → bigint",
  ...values,
};

/** A function with OVER: ranks, values of other rows, or an aggregate. */
export function windowFunction(node: Node, env: Env): Expr {
  const { source } = env.session;
  const { this: inner, over } = source.only(node, "this", "over");
  const call = source.node(inner);
  if (call.members["filter"])
    throw source.error("NOT_SUPPORTED", call, "FILTER is not yet supported for window functions");
  const clause = ` OVER (${window({ kind: "window", members: namedWindow(over, node, env) }, env)})`;
  const rank = ranks[call.kind];
  if (rank !== undefined) {
    source.only(call);
    return { sql: `${call.kind}()${clause}`, type: rank };
  }
  if (call.kind === "n_tile") {
    const buckets = expression(source.node(source.only(call, "num_buckets")["num_buckets"]), env);
    if (!isInteger(buckets.type)) throw source.refuse(call, "ntile of what is no integer");
    return { sql: `ntile(${buckets.sql})${clause}`, type: BIGINT };
  }
  if (Object.hasOwn(values, call.kind)) return valueFunction(call, clause, env);
  if (isAggregate(call, env)) return aggregate(call, env, clause);
  throw source.refuse(node, `window function ${call.kind}`);
}

/** What stands in OVER: itself, or what the query's WINDOW clause says of its name. */
function namedWindow(over: unknown, node: Node, env: Env): Members {
  if (!isObject(over)) return {};
  const { window_name: name, ...rest } = over;
  if (!name) return over;
  const { source } = env.session;
  const known = env.windows?.get(source.name(name).toLowerCase());
  if (known === undefined) throw source.error("SYNTAX_ERROR", node, `Cannot resolve WINDOW name ${source.name(name)}`);
  if (
    Object.values(rest).some((value) =>
      Array.isArray(value) ? value.length > 0 : value !== null && value !== undefined && value !== false,
    )
  )
    throw source.refuse(node, "a window that adds to a named one");
  return known;
}

function valueFunction(call: Node, clause: string, env: Env): Expr {
  const { source } = env.session;
  const {
    this: subject,
    offset,
    default: otherwise,
    ignore_nulls: ignore,
  } = source.only(call, "this", "offset", "default", "ignore_nulls");
  const value = expression(source.node(subject), env);
  const args = [value.sql];
  let { type } = value;
  if (offset) {
    const steps = expression(source.node(offset), env).sql;
    if (!/^\d+$/.test(steps)) throw source.refuse(call, `${call.kind} by what is no whole number`);
    args.push(steps);
  }
  if (otherwise) {
    const both = unify([value, expression(source.node(otherwise), env)], env, call, "value and default");
    args[0] = both.values[0] ?? value.sql;
    args.push(both.values[1] ?? "NULL");
    type = both.type;
  }
  return {
    sql: `${call.kind}(${args.join(", ")}${ignore === true ? " IGNORE NULLS" : ""})${clause}`,
    type,
  };
}

function window(over: Node, env: Env): string {
  const { source } = env.session;
  const { partition_by: partition, order_by: order, frame } = source.only(over, "partition_by", "order_by", "frame");
  const parts: string[] = [];
  const keys = source.nodes(partition).map((key) => expression(key, env).sql);
  if (keys.length > 0) parts.push(`PARTITION BY ${keys.join(", ")}`);
  if (Array.isArray(order) && order.length > 0) parts.push(`ORDER BY ${orderList(order, env)}`);
  if (isObject(frame)) parts.push(frameClause({ kind: "window frame", members: frame }, env));
  return parts.join(" ");
}

const bounds: Readonly<Record<string, string>> = {
  UnboundedPreceding: "UNBOUNDED PRECEDING",
  UnboundedFollowing: "UNBOUNDED FOLLOWING",
  CurrentRow: "CURRENT ROW",
};

function frameClause(frame: Node, env: Env): string {
  const { source } = env.session;
  // `kind` is ROWS, RANGE or GROUPS here.
  const { kind, start, end } = source.only(frame, "kind", "start", "end");
  const unit = String(kind).toUpperCase();
  const bound = (value: unknown): string => {
    if (typeof value === "string") {
      const fixed = bounds[value];
      if (fixed !== undefined) return fixed;
    }
    const [direction, amount] = isObject(value) ? (Object.entries(value)[0] ?? []) : [];
    if ((direction === "Preceding" || direction === "Following") && isObject(amount)) {
      const by = expression(source.node(amount), { ...env, relations: [] });
      const whole = isInteger(by.type) && /^\d+$/.test(by.sql);
      const span = unit === "RANGE" && /^INTERVAL '\d+ \w+'$/.test(by.sql);
      if (whole || span) return `${by.sql} ${direction.toUpperCase()}`;
    }
    throw source.refuse(frame, `this bound of a ${unit} frame`);
  };
  return end ? `${unit} BETWEEN ${bound(start)} AND ${bound(end)}` : `${unit} ${bound(start)}`;
}
