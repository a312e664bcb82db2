import { isObject, type Members, type Node } from "../ast.ts";
import { expression, unify } from "../expressions/expression.ts";
import { orderList } from "../queries/ordering.ts";
import type { Env, Expr } from "../scope.ts";
import { BIGINT, DOUBLE, display, isInteger, isNumeric } from "../types.ts";
import { aggregate, isAggregate } from "./aggregates.ts";

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
  const members = namedWindow(over, node, env);
  checkWindow(call.kind, members, node, env);
  const clause = ` OVER (${window({ kind: "window", members }, env)})`;
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

const unframed = new Set(["rank", "dense_rank", "row_number", "percent_rank", "cume_dist", "n_tile", "lag", "lead"]);
const orderedOnly = new Set(["lag", "lead"]);

/** Ranks and steps go by the order of the rows and have no frame. */
function checkWindow(name: string, members: Members, node: Node, env: Env): void {
  const { source } = env.session;
  if (unframed.has(name) && says(members["frame"]))
    throw source.error("SYNTAX_ERROR", node, `Cannot specify window frame for ${name.replace("_t", "t")} function`);
  if (orderedOnly.has(name) && !says(members["order_by"]))
    throw source.error("SYNTAX_ERROR", node, `${name} function requires an ORDER BY window clause`);
}

/** What stands in OVER, with what the WINDOW clause says of the window that it names and adds to. */
function namedWindow(over: unknown, node: Node, env: Env): Members {
  const { source } = env.session;
  if (!isObject(over)) return {};
  const { window_name: name, ...own } = over;
  if (!name) return over;
  const known = env.windows?.get(source.name(name).toLowerCase());
  if (known === undefined) throw source.error("SYNTAX_ERROR", node, `Cannot resolve WINDOW name ${source.name(name)}`);
  const before = namedWindow(known, node, env);
  const added = Object.fromEntries(Object.entries(own).filter(([, value]) => says(value)));
  const fails = (what: string): Error =>
    source.error("SYNTAX_ERROR", node, `WINDOW specification with named WINDOW reference ${what}`);
  if (Object.keys(added).length === 0) return before;
  if (says(added["partition_by"])) throw fails("cannot specify PARTITION BY");
  if (says(added["order_by"]) && says(before["order_by"])) throw fails("cannot specify ORDER BY again");
  if (says(before["frame"])) throw fails("cannot have a frame in the referenced WINDOW");
  return { ...before, ...added };
}

const says = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 : value !== null && value !== undefined && value !== false;

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
    if (call.kind === "nth_value" && Number(steps) === 0)
      throw source.error("INVALID_FUNCTION_ARGUMENT", call, "Offset must be at least 1");
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
  if (isObject(frame))
    parts.push(frameClause({ kind: "window frame", members: frame }, Array.isArray(order) ? order : [], env));
  return parts.join(" ");
}

const MONTHS = /^INTERVAL '\d+ (?:month|year)/i;
const HOURS = /^INTERVAL '\d+ (?:hour|minute|second)/i;

/** Checks the distances of a RANGE frame, in DuckDB's words, against what the window is sorted by. */
function checkDistances(distances: readonly Expr[], key: Expr, frame: Node, env: Env): void {
  const { source } = env.session;
  const moment = ["date", "timestamp", "timestamptz"].includes(key.type.kind);
  if (!moment && !isNumeric(key.type)) throw source.refuse(frame, `RANGE by ${display(key.type)}`);
  const other = distances.find(({ type }) => isInteger(type) === moment);
  if (other !== undefined)
    throw source.error(
      "TYPE_MISMATCH",
      frame,
      `Window frame RANGE value type (${display(other.type)}) not compatible with sort item type (${display(key.type)})`,
    );
  if (key.type.kind === "date" && distances.some(({ sql }) => HOURS.test(sql)))
    throw source.refuse(frame, "RANGE by hours, minutes or seconds of a date", "cast the date to timestamp");
}

const bounds: Readonly<Record<string, string>> = {
  UnboundedPreceding: "UNBOUNDED PRECEDING",
  UnboundedFollowing: "UNBOUNDED FOLLOWING",
  CurrentRow: "CURRENT ROW",
};

/** In the order in which they may follow each other. */
const places = ["UNBOUNDED PRECEDING", "PRECEDING", "CURRENT ROW", "FOLLOWING", "UNBOUNDED FOLLOWING"];
const place = (bound: string): number => places.findIndex((name) => bound === name || bound.endsWith(` ${name}`));

function frameClause(frame: Node, keys: readonly unknown[], env: Env): string {
  const { source } = env.session;
  // `kind` is ROWS, RANGE or GROUPS here.
  const { kind, start, end } = source.only(frame, "kind", "start", "end");
  const unit = String(kind).toUpperCase();
  const distances: Expr[] = [];
  const bound = (value: unknown): string => {
    if (typeof value === "string") {
      const fixed = bounds[value];
      if (fixed !== undefined) return fixed;
    }
    const [direction, amount] = isObject(value) ? (Object.entries(value)[0] ?? []) : [];
    if ((direction === "Preceding" || direction === "Following") && isObject(amount)) {
      if (unit === "RANGE" && keys.length !== 1)
        throw source.error(
          "SYNTAX_ERROR",
          frame,
          "Window frame of type RANGE PRECEDING or FOLLOWING requires single sort item in ORDER BY",
        );
      if (unit === "GROUPS" && keys.length === 0)
        throw source.error("SYNTAX_ERROR", frame, "Window frame of type GROUPS requires ORDER BY");
      const by = expression(source.node(amount), env);
      const whole = isInteger(by.type) && /^\d+$/.test(by.sql);
      const span = unit === "RANGE" && /^INTERVAL '\d+ \w+'$/.test(by.sql);
      distances.push(by);
      if (whole || span) return `${by.sql} ${direction.toUpperCase()}`;
    }
    throw source.refuse(frame, `this bound of a ${unit} frame`, "write a whole number or an interval");
  };
  const [first, last] = [bound(start), end ? bound(end) : "CURRENT ROW"];
  const reversed = place(first) > place(last) || first === "UNBOUNDED FOLLOWING" || last === "UNBOUNDED PRECEDING";
  if (reversed)
    throw source.error("SYNTAX_ERROR", frame, `Window frame starting from ${first} cannot end with ${last}`);
  if (unit === "RANGE" && distances.length > 0) {
    const [only] = keys;
    checkDistances(distances, expression(source.node(isObject(only) ? only["this"] : only), env), frame, env);
    // There DuckDB looks for the one bound only where the other has been.
    if (place(first) === place(last) && MONTHS.test(first) !== MONTHS.test(last))
      throw source.refuse(frame, "RANGE between months and days on the same side");
  }
  return `${unit} BETWEEN ${first} AND ${last}`;
}
